// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

namespace strata::losses {
namespace {

/// Targets are -1 and 1; a 0 is taken for -1, as in Keras.
double sided(double target) {
    return target == 0 ? -1 : target;
}

ValueLoss of(double target, double prediction) {
    const double lacking = 1 - sided(target) * prediction;
    if (lacking <= 0) return {};
    return {lacking * lacking, -2 * lacking * sided(target)};
}

} // namespace

LossType squared_hinge() {
    return typeOf<LossType, MeanLoss<of>>(
        SchemaOf<NoParams>({.id = "SquaredHinge",
                            .category = "loss",
                            .doc = "As Hinge, squared: smooth, and hard on large mistakes.",
                            .reference = "https://keras.io/api/losses/hinge_losses/#squaredhinge-class",
                            .synonyms = {"squared_hinge", "SVM"}}));
}

} // namespace strata::losses
