// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_h5.h"

#include "engine/interop/hdf5_lookup.h"
#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_read_layer.h"
#include "engine/interop/keras_weights.h"

#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Json = nlohmann::json;

/// One weight of a layer: of which card, and which of its arrays.
struct Place {
    NodeId node;
    std::size_t index;
};

/// The order in which Keras writes a layer's (or a nested model's) weights: the trainable ones of all its
/// layers, then the others.
class WeightOrder {
public:
    explicit WeightOrder(const GraphReport& report)
        : m_report(report) {}

    std::vector<Place> of(const KerasLayer& layer) const {
        std::vector<Place> out;
        add(layer, true, out);
        add(layer, false, out);
        return out;
    }

private:
    void add(const KerasLayer& layer, bool trainable, std::vector<Place>& out) const {
        for (const KerasLayer& inner : layer.inner)
            add(inner, trainable, out);
        const NodeReport* report = m_report.find(layer.node);
        if (report == nullptr || report->state != NodeState::Ready) return;
        const std::vector<WeightSpec>& specs = report->plan.weights;
        for (std::size_t k = 0; k < specs.size(); ++k) {
            if ((specs[k].trainable && layer.trainable) == trainable) out.push_back({layer.node, k});
        }
    }

    const GraphReport& m_report;
};

Result<std::vector<const H5Array*>> arraysOf(const H5Node& group, const std::string& place) {
    const std::optional<std::vector<std::string>> names = group.textList("weight_names");
    if (!names)
        return failure("keras.damaged", said("{}: weight_names is missing in the file.", place));
    std::vector<const H5Array*> out;
    H5Lookup lookup;
    for (const std::string& name : *names) {
        const H5Node* node = lookup.find(group, name);
        if (node == nullptr || !node->dataset) {
            return failure("keras.weights_missing",
                           said("{}: the weight \"{}\" is not in the file.", place, shortText(name)));
        }
        out.push_back(&*node->dataset);
    }
    return out;
}

Result<> readLayer(const H5Node& weights, H5Lookup& lookup, const KerasLayer& layer, const GraphReport& report, bool foreign, Weights& out) {
    const std::vector<Place> order = WeightOrder(report).of(layer);
    if (order.empty()) return {};
    const std::string place = keras::placeOf(layer.name, layer.className);
    const H5Node* group = lookup.find(weights, layer.name);
    if (group == nullptr)
        return failure("keras.weights_missing", said("{}: its weights are not in the file.", place));
    Result<std::vector<const H5Array*>> arrays = arraysOf(*group, place);
    if (!arrays) return arrays.error();
    if (foreign && arrays->size() != order.size()) return {}; // of a model within the model, some wait for such a layer
    if (arrays->size() != order.size()) {
        return failure("keras.weights_missing",
                       said("{}: the file has {} weight arrays, the layer has {}.", place,
                            arrays->size(), order.size()));
    }
    std::map<NodeId, std::vector<const H5Array*>> byCard;
    for (std::size_t k = 0; k < order.size(); ++k) {
        std::vector<const H5Array*>& card = byCard[order[k].node];
        card.resize(report.nodes.at(order[k].node).plan.weights.size());
        card[order[k].index] = (*arrays)[k];
    }
    for (const auto& [node, list] : byCard) {
        Result<std::vector<WeightArray>> checked =
            checkedArrays(place, report.nodes.at(node).plan.weights, list);
        if (!checked) return checked.error();
        out.nodes[node] = std::move(*checked);
    }
    return {};
}

/// The model's text with the training configuration beside it, as graphFromKeras reads them.
Result<std::string> configOf(const H5Tree& file, const std::string& modelConfig) {
    Result<Json> config = parseForeignJson(modelConfig, "model_config");
    if (!config) return config.error();
    if (!config->is_object()) return failure("keras.no_model", said("model_config is no Keras model."));
    (*config)["keras_version"] = file.text("keras_version").value_or("");
    if (const std::optional<std::string> training = file.text("training_config")) {
        // A training configuration that cannot be read costs the optimiser, not the model.
        if (Result<Json> t = parseForeignJson(*training, "training_config"); t)
            (*config)["training_config"] = std::move(*t);
    }
    return config->dump(-1, ' ', true, Json::error_handler_t::replace);
}

} // namespace

Result<KerasH5> modelFromKerasH5(const H5Tree& file) {
    const std::optional<std::string> modelConfig = file.text("model_config");
    if (!modelConfig) {
        const bool weights = file.attribute("layer_names") != nullptr ||
                             file.attribute("layer_names0") != nullptr || file.child("layers") != nullptr ||
                             file.child("_layer_checkpoint_dependencies") != nullptr;
        if (weights) {
            return failure("keras.weights_only", said("The file has weights but no model. Save the whole model in "
                                                      "Keras (model.save(\"name.keras\")) and open that."));
        }
        return failure("keras.no_model", said("The HDF5 file holds no Keras model."));
    }
    Result<std::string> config = configOf(file, *modelConfig);
    if (!config) return config.error();
    Result<KerasModel> model = graphFromKeras(*config);
    if (!model) return model.error();
    KerasH5 out{.model = std::move(*model), .weights = {}};
    const H5Node* weights = file.child("model_weights");
    if (weights == nullptr)
        return failure("keras.weights_missing", said("The file has no group \"model_weights\"."));
    const GraphReport report = analyse(out.model.graph);
    H5Lookup lookup;
    for (const KerasLayer& layer : out.model.layers) {
        if (Result<> r = readLayer(*weights, lookup, layer, report, !out.model.foreign.empty(), out.weights); !r) return r.error();
    }
    return out;
}

} // namespace strata
