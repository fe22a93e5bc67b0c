// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_config.h"
#include "engine/network/weights.h"

namespace strata {

/// The arrays that Keras wants for each card: `given` where they fit the plan, else the initial values that
/// the seed gives. `fitting` collects the cards whose arrays all came from `given`.
Weights completeWeights(const KerasPart& part, const GraphReport& report, const Weights* given,
                        std::uint64_t seed, std::vector<NodeId>* fitting = nullptr);

/// model.weights.h5 of a `.keras` archive, for the config that kerasConfig() writes of the same drawing.
/// requires: `weights` has the arrays of every card of the part (completeWeights)
H5Tree kerasWeightsTree(const KerasPart& part, const std::string& modelName, const Weights& weights);

/// The weights of a `.keras` archive or of a `.weights.h5` beside a config. Shapes and numbers are checked
/// against the plan of each card; a card that has no plan (the drawing has a mistake there) is left out.
/// Errors: keras.weights_missing, keras.weights_shape; they name the layer.
Result<Weights> weightsFromKeras(const H5Tree& file, const KerasModel& model, const GraphReport& report);

/// Takes the arrays of one card out of a file, in get_weights() order, and checks them. `place` names the
/// layer.
Result<std::vector<WeightArray>> checkedArrays(const std::string& place, const std::vector<WeightSpec>& specs,
                                               const std::vector<const H5Array*>& arrays);

/// Arrays that no config covers, keyed by card: strata.weights.h5.
H5Tree looseWeightsTree(const Weights& weights);
Result<Weights> looseWeights(const H5Tree& file);

} // namespace strata
