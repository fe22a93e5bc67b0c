// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/model_statements.h"

#include <cmath>

namespace strata::keras_cases {
namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;

class Statements {
public:
    explicit Statements(const Json& oneCase)
        : m_case(oneCase) {}

    void add(const Pointer& at) {
        if (m_case.contains(at) && !m_case[at].is_null()) m_all.push_back({at});
    }
    /// All values below except names, and what says how the batch's losses become one, which is Strata's only way.
    void addValues(const Pointer& at) {
        if (!m_case.contains(at)) return;
        const Json& value = m_case[at];
        if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i)
                addValues(at / i);
        } else if (value.is_object()) {
            for (const auto& [key, inner] : value.items())
                if (key != "name" && key != "reduction") addValues(at / key);
        } else {
            add(at);
        }
    }
    void addLayer(const Pointer& layer) {
        for (const char* key : {"name", "class_name", "params", "trainable_params"})
            add(layer / key);
        add(layer / "output_shape" / (m_case[layer / "output_shape"].size() - 1));
        // Whether a Sequential's Input is listed is left open.
        if (m_case[layer / "class_name"] != "InputLayer") m_all.push_back({layer, true});
        add(layer);
        const std::size_t weights = m_case[layer].value("weights", Json::array()).size();
        for (std::size_t k = 0; k < weights; ++k) {
            for (const char* key : {"name", "path"})
                add(layer / "weights" / k / key);
            add(layer / "weights" / k / "shape" / 0);
            add(layer / "weights" / k);
        }
    }
    /// That these were measured, and each as often as the others.
    void addHistory(const Pointer& at) {
        if (!m_case.contains(at) || m_case[at].is_null()) return;
        add(at);
        if (m_case[at].size() < 2) return;
        for (const auto& [key, values] : m_case[at].items())
            add(at / key);
    }
    std::vector<ModelStatement> take() { return std::move(m_all); }

private:
    const Json& m_case;
    std::vector<ModelStatement> m_all;
};

/// Another value of the same kind, farther away than any tolerance.
void makeFalse(Json& value) {
    if (value.is_boolean()) value = !value.get<bool>();
    else if (value.is_number_integer()) value = value.get<std::int64_t>() + 1;
    else if (value.is_number()) value = value.get<double>() + 0.01 + 0.01 * std::abs(value.get<double>());
    else if (value.is_string()) value = value.get<std::string>() + "_disturbed";
    else if (value.is_array()) value.push_back("disturbed");
    else if (value.is_object()) value["unheard_of"] = 1; // a field that nothing compares
}

} // namespace

std::string ModelStatement::field() const {
    Pointer top = at;
    while (!top.parent_pointer().empty())
        top = top.parent_pointer();
    return top.back();
}

std::vector<ModelStatement> modelStatements(const Json& c) {
    Statements all(c);
    for (const char* key : {"class_name", "total_params", "trainable_params", "non_trainable_params", "compiled",
                            "has_training_config", "input_names"})
        all.add(Pointer() / key);
    for (std::size_t i = 0; i < c.at("layers").size(); ++i)
        all.addLayer(Pointer() / "layers" / i);
    all.addValues(Pointer() / "training_config");
    all.addHistory(Pointer() / "fit_history_float32");
    if (c.contains("outputs")) {
        const Pointer output = Pointer() / "outputs" / 0;
        all.add(output / "shape" / 0);
        all.add(output / "data" / (c[output / "data"].size() / 2));
    }
    return all.take();
}

MadeFalse::MadeFalse(Json& c, const ModelStatement& statement)
    : m_place(statement.whole ? c[statement.at.parent_pointer()] : c[statement.at])
    , m_before(m_place) {
    if (statement.whole) m_place.erase(static_cast<std::size_t>(std::stoul(statement.at.back())));
    else makeFalse(m_place);
}

MadeFalse::~MadeFalse() {
    m_place = std::move(m_before);
}

} // namespace strata::keras_cases
