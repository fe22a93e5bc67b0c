// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/run_tree.h"

#include "engine/core/said.h"
#include "engine/interop/keras_weights.h"

namespace strata {
namespace {

constexpr std::int64_t kMany = std::int64_t{1} << 31; ///< of epochs, batches, updates: more is no run of ours

void put(H5Node& parent, std::string name, H5Tree tree) {
    tree.name = std::move(name);
    parent.children.push_back(std::move(tree));
}

void putOptimizer(H5Node& parent, const OptimizerState& state) {
    H5Node& group = parent.group("optimizer");
    group.setText("name", state.optimizer);
    group.addDataset("iterations", {}, std::vector<std::int64_t>{state.iterations});
    group.addDataset("learning_rate", {}, std::vector<double>{state.learningRate});
    H5Node& slots = group.group("slots");
    for (const auto& [name, weights] : state.arrays)
        put(slots, name, looseWeightsTree(weights));
}

void putState(H5Node& parent, const RunState& state) {
    H5Node& group = parent.group("run");
    group.addDataset("position", {3}, std::vector<std::int64_t>{state.firstEpoch, state.epoch, state.batches});
    put(group, "weights", looseWeightsTree(state.weights));
    put(group, "last_good", looseWeightsTree(state.lastGood));
    put(group, "best", looseWeightsTree(state.best));
    put(group, "kept", looseWeightsTree(state.kept));
    H5Node& values = group.group("values");
    for (const auto& [name, numbers] : state.values)
        values.addDataset(name, {numbers.size()}, numbers);
    putOptimizer(group, state.optimizer);
}

Error damaged(std::string_view what) {
    return failure("run.damaged", said("strata.run.h5 is damaged: {}.", what));
}

template <class T>
const std::vector<T>* numbersAt(const H5Node& node, std::string_view path) {
    const H5Node* there = node.find(path);
    return there == nullptr || !there->dataset ? nullptr : std::get_if<std::vector<T>>(&there->dataset->values);
}

Result<Weights> weightsAt(const H5Node& group, std::string_view name) {
    const H5Node* there = group.child(name);
    if (there == nullptr) return Weights();
    return looseWeights(*there);
}

Result<OptimizerState> readOptimizer(const H5Node& group) {
    OptimizerState out;
    out.optimizer = group.text("name").value_or(std::string());
    const auto* iterations = numbersAt<std::int64_t>(group, "iterations");
    const auto* rate = numbersAt<double>(group, "learning_rate");
    if (iterations == nullptr || iterations->size() != 1 || rate == nullptr || rate->size() != 1)
        return damaged(said("the optimizer's numbers are missing"));
    out.iterations = iterations->front();
    out.learningRate = rate->front();
    if (out.iterations < 0 || out.iterations > kMany || !(out.learningRate >= 0))
        return damaged(said("the optimizer's numbers are out of range"));
    if (const H5Node* slots = group.child("slots")) {
        for (const H5Node& slot : slots->children) {
            Result<Weights> read = looseWeights(slot);
            if (!read) return read.error();
            out.arrays[slot.name] = std::move(*read);
        }
    }
    return out;
}

Result<RunState> readState(const H5Node& group) {
    RunState out;
    const auto* position = numbersAt<std::int64_t>(group, "position");
    if (position == nullptr || position->size() != 3) return damaged(said("the position of the run is missing"));
    out.firstEpoch = (*position)[0];
    out.epoch = (*position)[1];
    out.batches = (*position)[2];
    if (out.firstEpoch < 0 || out.epoch < out.firstEpoch || out.epoch > kMany || out.batches < 0 || out.batches > kMany)
        return damaged(said("the position of the run is out of range"));
    for (const auto& [name, to] : {std::pair("weights", &out.weights), std::pair("last_good", &out.lastGood),
                                   std::pair("best", &out.best), std::pair("kept", &out.kept)}) {
        Result<Weights> read = weightsAt(group, name);
        if (!read) return read.error();
        *to = std::move(*read);
    }
    if (const H5Node* values = group.child("values")) {
        for (const H5Node& v : values->children) {
            if (const auto* numbers = numbersAt<double>(*values, v.name)) out.values[v.name] = *numbers;
        }
    }
    const H5Node* optimizer = group.child("optimizer");
    if (optimizer == nullptr) return damaged(said("the optimizer's memory is missing"));
    Result<OptimizerState> read = readOptimizer(*optimizer);
    if (!read) return read.error();
    out.optimizer = std::move(*read);
    return out;
}

} // namespace

H5Tree runTree(const OptimizerState* optimizer, const RunState* state) {
    H5Tree root;
    if (optimizer != nullptr) putOptimizer(root, *optimizer);
    if (state != nullptr) putState(root, *state);
    return root;
}

Result<RunMemory> runFromTree(const H5Tree& tree) {
    RunMemory out;
    if (const H5Node* optimizer = tree.child("optimizer")) {
        Result<OptimizerState> read = readOptimizer(*optimizer);
        if (!read) return read.error();
        out.optimizer = std::move(*read);
    }
    if (const H5Node* run = tree.child("run")) {
        Result<RunState> read = readState(*run);
        if (!read) return read.error();
        out.state = std::move(*read);
    }
    return out;
}

} // namespace strata
