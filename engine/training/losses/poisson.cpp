// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <cmath>

namespace strata::losses {
namespace {

ValueLoss of(double target, double prediction) {
    return {prediction - target * std::log(prediction + 1e-7), 1 - target / (prediction + 1e-7)};
}

} // namespace

LossType poisson() {
    return typeOf<LossType, MeanLoss<of>>(
        SchemaOf<NoParams>({.id = "Poisson",
                            .category = "loss",
                            .doc = "For counts to be predicted: the surprise at the target if the prediction "
                                   "were the mean of a Poisson distribution.",
                            .reference = "https://keras.io/api/losses/probabilistic_losses/#poisson-class",
                            .synonyms = {"poisson"}}));
}

} // namespace strata::losses
