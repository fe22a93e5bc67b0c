// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/graph/templates.h"
#include "engine/training/settings.h"

#include <optional>

namespace strata {

/// The settings that go with a template.
TrainingSettings recipeOf(const Template& t);

/// `optimizer` by its Keras or its short name ("adam"), with what is given of learning rate and momentum. Errors:
/// unknown names (with the known ones); an optimiser that has no such parameter.
Result<TypedParams> makeOptimizer(const std::string& name, std::optional<double> learningRate, std::optional<double> momentum);

/// The optimizer's, as it is set or by default; a schedule takes its place. 0: it is not what the optimizer takes.
double learningRateOf(const TrainingSettings& settings);

/// `loss` by its Keras class or compile() name. Where the loss can take logits it does so when the network does not
/// end in a softmax.
Result<TypedParams> makeLoss(const std::string& name, const ModelGraph& graph);

} // namespace strata
