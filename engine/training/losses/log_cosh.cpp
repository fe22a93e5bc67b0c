// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <cmath>

namespace strata::losses {
namespace {

ValueLoss of(double target, double prediction) {
    const double error = prediction - target;
    // log(cosh(x)) = |x| + log(1 + exp(-2 |x|)) - log(2), which does not overflow.
    return {std::abs(error) + std::log1p(std::exp(-2 * std::abs(error))) - std::log(2.0), std::tanh(error)};
}

} // namespace

LossType log_cosh() {
    return typeOf<LossType, MeanLoss<of>>(
        SchemaOf<NoParams>({.id = "LogCosh",
                            .category = "loss",
                            .doc = "The logarithm of the hyperbolic cosine of the error: like the square for "
                                   "small errors, like the magnitude for large ones, smooth in between.",
                            .reference = "https://keras.io/api/losses/regression_losses/#logcosh-class",
                            .synonyms = {"log_cosh", "logcosh"}}));
}

} // namespace strata::losses
