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
    return {lacking, -sided(target)};
}

} // namespace

LossType hinge() {
    return typeOf<LossType, MeanLoss<of>>(
        SchemaOf<NoParams>({.id = "Hinge",
                            .category = "loss",
                            .doc = "For two classes with targets -1 and 1 (or 0 and 1): wants each "
                                   "prediction beyond 1 on the right side.",
                            .reference = "https://keras.io/api/losses/hinge_losses/#hinge-class",
                            .synonyms = {"hinge", "SVM"}}));
}

} // namespace strata::losses
