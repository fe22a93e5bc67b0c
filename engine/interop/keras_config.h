// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "engine/training/settings.h"

#include <optional>
#include <string>
#include <vector>

namespace strata {

/// One layer of a Keras model as its file has it, and the card that it became: tells where its weights
/// belong.
struct KerasLayer {
    std::string name; ///< Keras's, before it was made to fit
    std::string className;
    NodeId node = 0; ///< 0: no card of its own (a model within the model, and its inputs)
    bool trainable = true;
    std::vector<KerasLayer> inner; ///< of a model within the model
};

/// The part of a drawing that Keras can have: of the flat drawing (flatten()) all that leads to an output.
struct KerasPart {
    ModelGraph graph;          ///< without cards that are bypassed or were put aside; repeated blocks written out
    std::vector<NodeId> order; ///< of Keras's model.layers
    std::vector<NodeId> inputs, outputs;
    bool sequential = false; ///< a chain: then model.layers leaves out the Input
};
/// Errors: the drawing's first problem (an unfinished drawing has no Keras model).
Result<KerasPart> kerasPart(const ModelGraph& graph);

/// Keras's default name of a model: the file's own name would make two files of the same network differ.
const char* kerasModelName(const KerasPart& part);

/// config.json of a `.keras` file: a Sequential where the drawing is a chain, else a Functional model.
/// Errors: as kerasPart
Result<std::string> kerasConfig(const ModelGraph& graph, const std::string& name,
                                const TrainingSettings* compiled);

struct KerasModel {
    ModelGraph graph; ///< laid out
    std::string name;
    bool sequential = false;
    std::vector<KerasLayer> layers;             ///< in the order of the file, which is that of model.layers
    bool compiled = false;                      ///< the file says how it was trained
    std::optional<TypedParams> optimizer, loss; ///< of that, what Strata has, too
    std::optional<TypedParams> schedule;        ///< of the learning rate
    std::vector<TypedParams> metrics;           ///< beside the accuracy
    /// Layers of classes that Strata does not have, as a sentence names them. Their cards have the class for a type, which
    /// is a mistake of the drawing, and none of their options.
    std::vector<std::string> foreign;
    std::vector<std::string> remarks;
};
/// Reads config.json (Keras 3), or a Keras 2 model_config. Errors name the layer and what Strata lacks.
Result<KerasModel> graphFromKeras(const std::string& json);

} // namespace strata
