// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_optimizer.h"

#include "engine/interop/hdf5_lookup.h"
#include "engine/core/said.h"
#include "engine/training/gradient_sum.h"
#include "engine/training/parameter_update.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace strata {
namespace {

/// One trainable variable of the model.
struct Variable {
    NodeId node;
    const WeightSpec* spec;
};

void addVariables(const GraphReport& report, NodeId node, bool trainable, std::vector<Variable>& out) {
    const NodeReport* r = report.find(node);
    if (!trainable || r == nullptr || r->state != NodeState::Ready) return;
    for (const WeightSpec& spec : r->plan.weights) {
        if (spec.trainable) out.push_back({node, &spec});
    }
}

void addVariables(const GraphReport& report, const std::vector<KerasLayer>& layers, std::vector<Variable>& out) {
    for (const KerasLayer& layer : layers) {
        addVariables(report, layer.inner, out);
        addVariables(report, layer.node, layer.trainable, out);
    }
}

/// Which variable's which slot comes next in the file; no slot: its sum of gradients.
struct Place {
    std::size_t variable;
    std::optional<int> slot;
};

std::vector<Place> placesOf(const Optimizer& optimizer, std::size_t variables) {
    std::vector<Place> out;
    for (std::size_t v = 0; optimizer.common().gradientAccumulationSteps && v < variables; ++v)
        out.push_back({v, {}});
    const int slots = optimizer.slots();
    const int together = std::min(slots, optimizer.interleavedSlots());
    for (std::size_t v = 0; v < variables; ++v) {
        for (int s = 0; s < together; ++s)
            out.push_back({v, s});
    }
    for (int s = together; s < slots; ++s) {
        for (std::size_t v = 0; v < variables; ++v)
            out.push_back({v, s});
    }
    return out;
}

using Dims = std::vector<std::int64_t>;

const std::vector<float>* valuesOf(const Weights& weights, const Variable& variable, const Dims& dims) {
    const auto* arrays = weights.find(variable.node);
    if (arrays == nullptr) return nullptr;
    const auto it = std::ranges::find(*arrays, variable.spec->name, &WeightArray::name);
    return it != arrays->end() && it->dims == dims ? &it->values : nullptr;
}

std::int64_t countOf(const Dims& dims) {
    return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies());
}

std::string nameOf(const Optimizer& optimizer, std::optional<int> slot) {
    return slot ? optimizer.slotName(*slot) : kGradientSum;
}

Dims dimsOf(const Optimizer& optimizer, std::optional<int> slot, const Variable& variable) {
    return slot ? optimizer.slotDims(*slot, variable.spec->dims) : variable.spec->dims;
}

/// What stands for a variable at a place: what is remembered, else what it begins with.
std::vector<float> valuesOf(const Optimizer& optimizer, std::optional<int> slot, const Variable& variable, const Weights& weights,
                            const OptimizerState* state) {
    const Dims dims = dimsOf(optimizer, slot, variable);
    const std::vector<float>* values = nullptr;
    if (state != nullptr) {
        const auto kept = state->arrays.find(nameOf(optimizer, slot));
        if (kept != state->arrays.end()) values = valuesOf(kept->second, variable, dims);
    }
    if (values == nullptr && slot && optimizer.slotBeginsAsWeights(*slot)) values = valuesOf(weights, variable, dims);
    const float initial = slot ? optimizer.initialSlot(*slot) : 0;
    return values != nullptr ? *values : std::vector<float>(static_cast<std::size_t>(countOf(dims)), initial);
}

/// The number in a scalar dataset.
std::optional<double> scalar(const H5Array& array) {
    const std::optional<std::vector<float>> floats = array.toFloats();
    if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&array.values); whole && whole->size() == 1)
        return static_cast<double>(whole->front());
    return floats && floats->size() == 1 ? std::optional<double>(floats->front()) : std::nullopt;
}

std::vector<const H5Array*> storedVariables(const H5Tree& file) {
    std::vector<const H5Array*> out;
    const H5Node* vars = file.find("optimizer/vars");
    if (vars == nullptr) return out;
    for (const H5Node* v : H5Lookup().numbered(*vars)) out.push_back(&*v->dataset);
    return out;
}

} // namespace

void addKerasOptimizer(H5Tree& root, const KerasPart& part, const GraphReport& report,
                       const TypedParams& typed, bool scheduled, const Weights& weights, const OptimizerState* state) {
    const std::unique_ptr<Optimizer> optimizer = createOptimizer(typed);
    if (state != nullptr && state->optimizer != typed.id) state = nullptr;
    std::vector<Variable> variables;
    for (const NodeId id : part.order)
        addVariables(report, id, part.graph.find(id)->trainable, variables);
    H5Node& vars = root.group("optimizer").group("vars");
    vars.setText("name", ModelGraph::snakeCase(typed.id));
    const std::int64_t iterations = state == nullptr ? 0 : state->iterations;
    int next = 0;
    const auto add = [&](std::vector<std::uint64_t> dims, H5Array::Values values) {
        vars.addDataset(std::to_string(next++), std::move(dims), std::move(values));
    };
    add({}, std::vector<std::int64_t>{iterations});
    if (!scheduled) {
        const double rate = state == nullptr ? optimizer->common().learningRate : state->learningRate;
        add({}, std::vector<float>{static_cast<float>(rate)});
    }
    for (const Place& place : placesOf(*optimizer, variables.size())) {
        const Variable& variable = variables[place.variable];
        const Dims dims = dimsOf(*optimizer, place.slot, variable);
        add({dims.begin(), dims.end()}, valuesOf(*optimizer, place.slot, variable, weights, state));
    }
    for (const double value : optimizer->scalarsAfter(optimizer->updatesAfter(iterations)))
        add({}, std::vector<float>{static_cast<float>(value)});
}

int optimizerArrays(const TypedParams& optimizer) {
    return createOptimizer(optimizer)->keptArrays();
}

std::optional<OptimizerState> optimizerFromKeras(const H5Tree& file, const KerasModel& model,
                                                 const GraphReport& report, std::vector<std::string>& remarks) {
    const std::vector<const H5Array*> stored = storedVariables(file);
    if (!model.optimizer || stored.empty()) return {};
    const Result<TypedParams> typed = checkOptimizer(*model.optimizer);
    if (!typed) return {};
    const std::unique_ptr<Optimizer> optimizer = createOptimizer(*typed);
    std::vector<Variable> variables;
    addVariables(report, model.layers, variables);
    const std::vector<Place> places = placesOf(*optimizer, variables.size());
    if (!places.empty() && stored.size() <= 2) return {}; // compiled and never trained
    const std::size_t arrays = places.size() + optimizer->scalarsAfter(0).size();
    const auto refused = [&]() -> std::optional<OptimizerState> {
        remarks.push_back(said("What {} remembers in the file does not fit the model; it begins anew.",
                               typed->id));
        return {};
    };
    if (stored.size() < arrays + 1 || stored.size() > arrays + 2) return refused();
    const std::size_t head = stored.size() - arrays; // with a schedule there is no learning rate
    const std::optional<double> iterations = scalar(*stored[0]);
    const std::optional<double> rate = head == 2 ? scalar(*stored[1]) : optimizer->common().learningRate;
    constexpr double kMany = 1LL << 31; // Keras counts in 32 bits
    if (!iterations || !(*iterations >= 0 && *iterations <= kMany) || !rate || !(*rate >= 0)) return refused();
    OptimizerState out{typed->id, static_cast<std::int64_t>(*iterations), *rate, {}};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Variable& variable = variables[places[i].variable];
        const H5Array& array = *stored[head + i];
        std::vector<std::int64_t> dims(array.dims.begin(), array.dims.end());
        std::optional<std::vector<float>> values = array.toFloats();
        if (dims != dimsOf(*optimizer, places[i].slot, variable) || !values || std::ssize(*values) != countOf(dims))
            return refused();
        out.arrays[nameOf(*optimizer, places[i].slot)].nodes[variable.node].push_back(
            {variable.spec->name, std::move(dims), std::move(*values)});
    }
    return out;
}

} // namespace strata
