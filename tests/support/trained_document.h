// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/interop/document_state.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_weights.h"

namespace strata::test {

/// Input > Conv2D > BatchNormalization > Flatten > Dense.
inline ModelGraph smallNetwork() {
    ModelGraph g;
    NodeId at =
        g.add({.type = "Input", .name = "image", .params = {{"shape", ParamValue::IntList{6, 6, 2}}}});
    const auto next = [&](Node node) {
        const NodeId id = g.add(std::move(node));
        (void)g.connect(at, id);
        at = id;
        return id;
    };
    next({.type = "Conv2D",
          .name = "conv",
          .params = {{"filters", 3}, {"kernel_size", ParamValue::IntList{3, 3}}},
          .position = {12.5, -3}});
    next({.type = "BatchNormalization", .name = "bn"});
    next({.type = "Flatten", .name = "flat"});
    next({.type = "Dense",
          .name = "out",
          .params = {{"units", 4}, {"activation", "softmax"}},
          .trainable = false});
    return g;
}

/// Every number in them is another one.
inline Weights numbered(const ModelGraph& graph) {
    const Result<KerasPart> part = kerasPart(graph);
    Weights w = completeWeights(*part, analyse(part->graph), nullptr, 7);
    float value = 0;
    for (auto& [id, arrays] : w.nodes) {
        for (WeightArray& a : arrays) {
            for (float& v : a.values)
                v = (value += 0.25F);
        }
    }
    return w;
}

/// Trained for two epochs, with a setting of each kind off its default.
inline DocumentState trainedState(const ModelGraph& graph) {
    DocumentState state;
    state.graph = graph;
    state.data = {.source = "mnist", .resizeHeight = 6, .resizeWidth = 6, .colour = "rgb", .scaling = "none"};
    state.training.optimizer = {"SGD", {{"learning_rate", 0.01}, {"momentum", 0.9}}};
    state.training.batchSize = 17;
    state.training.epochs = 3;
    state.training.seed = 0xFFFFFFFFFFFFFFFFULL;
    state.training.validationSplit = 0.25;
    state.training.shuffle = false;
    state.silenced = {{"kernel.even", 0}, {"filters.fewer", 3}};
    state.notes = "Über \"alles\"\n\xE2\x9C\x93";
    auto trained = std::make_shared<TrainedState>();
    trained->weights = numbered(graph);
    trained->history = {
        {.epoch = 1, .loss = 0.5, .accuracy = 0.75},
        {.epoch = 2, .loss = 0.25, .accuracy = 0.875, .validationLoss = 0.5, .validationAccuracy = 0.75}};
    trained->bestEpoch = 2;
    trained->testAccuracy = 0.8125;
    trained->classNames = {"cat", "\xC3\x89", "two words", ""};
    trained->trainedGraph = graph;
    state.trained = trained;
    return state;
}

inline bool sameState(const DocumentState& a, const DocumentState& b) {
    if (!(a.graph == b.graph) || !(a.data == b.data) || a.notes != b.notes || a.silenced != b.silenced) return false;
    if ((a.trained == nullptr) != (b.trained == nullptr)) return false;
    if (a.trained == nullptr) return true;
    return a.trained->weights == b.trained->weights && a.trained->history == b.trained->history &&
           a.trained->bestEpoch == b.trained->bestEpoch &&
           a.trained->testAccuracy == b.trained->testAccuracy &&
           a.trained->classNames == b.trained->classNames &&
           a.trained->trainedGraph == b.trained->trainedGraph;
}

} // namespace strata::test
