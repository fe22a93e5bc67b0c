// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_weights.h"

#include "engine/interop/hdf5_lookup.h"
#include "engine/core/said.h"
#include "engine/interop/keras_read_layer.h"
#include "engine/interop/keras_tables.h"
#include "engine/layers/initializers.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <set>

namespace strata {
namespace {

/// Numbers the groups as Keras does: the first of a class has no number, then _1, _2, ...
class GroupNames {
public:
    std::string next(std::string_view className) {
        const std::string base = ModelGraph::snakeCase(className);
        const int n = m_count[base]++;
        return n == 0 ? base : fmt::format("{}_{}", base, n);
    }

private:
    std::map<std::string, int> m_count;
};

std::string nameAttribute(const H5Node& group) {
    const H5Node* vars = group.child("vars");
    return vars == nullptr ? std::string() : vars->text("name").value_or(std::string());
}

/// Keras 2.12 to 2.14 had another name for the first group.
const H5Node* layersGroup(const H5Node& model) {
    const H5Node* now = model.child("layers");
    return now != nullptr ? now : model.child("_layer_checkpoint_dependencies");
}

std::string shapeText(const std::vector<std::int64_t>& dims) {
    return fmt::format("({})", fmt::join(dims, ", "));
}

class WeightReader {
public:
    WeightReader(const GraphReport& report, Weights& out)
        : m_report(report)
        , m_out(out) {}

    Result<> readModel(const H5Node& model, const std::vector<KerasLayer>& layers, bool sequential) {
        const H5Node* groups = layersGroup(model);
        if (groups == nullptr) {
            return failure("keras.weights_missing",
                           said("The weights file has no group \"layers\"; it does not belong to this model."));
        }
        std::map<std::string, const H5Node*> byName;
        for (const H5Node& g : groups->children) {
            if (std::string name = nameAttribute(g); !name.empty()) byName.emplace(std::move(name), &g);
        }
        GroupNames names;
        for (const KerasLayer& layer : layers) {
            if (sequential && layer.className == keras::kInputLayer) continue;
            const H5Node* group = m_lookup.child(*groups, names.next(layer.className));
            // The name is sure; the number is what older versions leave.
            if (const auto named = byName.find(layer.name); named != byName.end()) group = named->second;
            if (Result<> r = readLayer(group, layer); !r) return r;
        }
        return {};
    }

private:
    Result<> readLayer(const H5Node* group, const KerasLayer& layer) {
        if (!layer.inner.empty()) {
            if (group == nullptr) return missing(layer);
            return readModel(*group, layer.inner, layer.className == "Sequential");
        }
        const NodeReport* report = m_report.find(layer.node);
        if (report == nullptr || report->state != NodeState::Ready || report->plan.weights.empty()) return {};
        const H5Node* vars = group == nullptr ? nullptr : group->child("vars");
        if (vars == nullptr) return missing(layer);
        std::vector<const H5Array*> arrays;
        for (const H5Node* v : m_lookup.numbered(*vars)) arrays.push_back(&*v->dataset);
        Result<std::vector<WeightArray>> read =
            checkedArrays(keras::placeOf(layer.name, layer.className), report->plan.weights, arrays);
        if (!read) return read.error();
        m_out.nodes[layer.node] = std::move(*read);
        return {};
    }

    static Error missing(const KerasLayer& layer) {
        return failure("keras.weights_missing", said("{}: its weights are not in the file.",
                                                     keras::placeOf(layer.name, layer.className)));
    }

    const GraphReport& m_report;
    Weights& m_out;
    H5Lookup m_lookup;
};

bool fits(const WeightArray& array, const WeightSpec& spec) {
    return array.dims == spec.dims && static_cast<std::int64_t>(array.values.size()) == spec.count();
}

std::vector<std::uint64_t> unsignedDims(const std::vector<std::int64_t>& dims) {
    return {dims.begin(), dims.end()};
}

} // namespace

Weights completeWeights(const KerasPart& part, const GraphReport& report, const Weights* given,
                        std::uint64_t seed, std::vector<NodeId>* fitting) {
    Weights out;
    for (std::size_t at = 0; at < part.order.size(); ++at) {
        const NodeId id = part.order[at];
        const std::vector<WeightSpec>& specs = report.nodes.at(id).plan.weights;
        if (specs.empty()) continue;
        const std::vector<WeightArray>* old = given == nullptr ? nullptr : given->find(id);
        bool all = old != nullptr && old->size() == specs.size();
        std::vector<WeightArray>& arrays = out.nodes[id];
        for (std::size_t k = 0; k < specs.size(); ++k) {
            if (old != nullptr && k < old->size() && fits((*old)[k], specs[k])) {
                arrays.push_back((*old)[k]);
                arrays.back().name = specs[k].name;
                continue;
            }
            all = false;
            WeightArray fresh{specs[k].name, specs[k].dims,
                              std::vector<float>(static_cast<std::size_t>(specs[k].count()))};
            initialise(specs[k].initializer, specs[k].dims, {.seed = seed, .stream = mix(at), .step = k},
                       fresh.values);
            arrays.push_back(std::move(fresh));
        }
        if (all && fitting != nullptr) fitting->push_back(id);
    }
    return out;
}

H5Tree kerasWeightsTree(const KerasPart& part, const std::string& modelName, const Weights& weights) {
    H5Tree root;
    GroupNames names;
    H5Node& layers = root.group("layers");
    for (const NodeId id : part.order) {
        const Node& node = *part.graph.find(id);
        if (part.sequential && node.type == keras::kInputCard) continue;
        H5Node& vars = layers.group(names.next(keras::kerasClassName(node.type))).group("vars");
        vars.setText("name", node.name);
        const std::vector<WeightArray>* arrays = weights.find(id);
        for (std::size_t k = 0; arrays != nullptr && k < arrays->size(); ++k) {
            vars.addDataset(std::to_string(k), unsignedDims((*arrays)[k].dims), (*arrays)[k].values);
        }
    }
    root.group("vars").setText("name", modelName);
    return root;
}

Result<std::vector<WeightArray>> checkedArrays(const std::string& place, const std::vector<WeightSpec>& specs,
                                               const std::vector<const H5Array*>& arrays) {
    if (arrays.size() != specs.size()) {
        return failure("keras.weights_missing",
                       said("{}: the file has {} weight arrays, the layer has {}.", place,
                            arrays.size(), specs.size()));
    }
    std::vector<WeightArray> out;
    for (std::size_t k = 0; k < specs.size(); ++k) {
        const std::vector<std::int64_t> dims(arrays[k]->dims.begin(), arrays[k]->dims.end());
        if (dims != specs[k].dims) {
            return failure("keras.weights_shape",
                           said("{}: {} has the shape {} in the file; the layer needs {}.", place,
                                specs[k].name, shapeText(dims), shapeText(specs[k].dims)));
        }
        std::optional<std::vector<float>> values = arrays[k]->toFloats();
        if (!values || static_cast<std::int64_t>(values->size()) != specs[k].count()) {
            return failure("keras.weights_shape",
                           said("{}: {} holds no numbers in the file.", place, specs[k].name));
        }
        out.push_back({specs[k].name, dims, std::move(*values)});
    }
    return out;
}

Result<Weights> weightsFromKeras(const H5Tree& file, const KerasModel& model, const GraphReport& report) {
    Weights out;
    WeightReader reader(report, out);
    if (Result<> r = reader.readModel(file, model.layers, model.sequential); !r) return r.error();
    return out;
}

H5Tree looseWeightsTree(const Weights& weights) {
    H5Tree root;
    for (const auto& [id, arrays] : weights.nodes) {
        H5Node& card = root.group(std::to_string(id));
        for (std::size_t k = 0; k < arrays.size(); ++k) {
            card.addDataset(std::to_string(k), unsignedDims(arrays[k].dims), arrays[k].values)
                .setText("name", arrays[k].name);
        }
    }
    return root;
}

Result<Weights> looseWeights(const H5Tree& file) {
    Weights out;
    for (const H5Node& card : file.children) {
        NodeId id = 0;
        const auto [end, error] = std::from_chars(card.name.data(), card.name.data() + card.name.size(), id);
        if (error != std::errc() || end != card.name.data() + card.name.size() || id <= 0) continue;
        std::vector<WeightArray> arrays;
        for (const H5Node* v : H5Lookup().numbered(card)) {
            std::optional<std::vector<float>> values = v->dataset->toFloats();
            if (!values)
                return failure("keras.weights_shape",
                               said("The loose weights of card {} are no numbers.", id));
            arrays.push_back({v->text("name").value_or(std::string()),
                              {v->dataset->dims.begin(), v->dataset->dims.end()},
                              std::move(*values)});
        }
        if (!arrays.empty()) out.nodes[id] = std::move(arrays);
    }
    return out;
}

} // namespace strata
