// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <cmath>

namespace strata::losses {
namespace {

ValueLoss of(double target, double prediction) {
    const double safe = std::fmax(prediction, 1e-7);
    const double error = std::log(safe + 1) - std::log(std::fmax(target, 1e-7) + 1);
    return {error * error, prediction < 1e-7 ? 0 : 2 * error / (safe + 1)};
}

} // namespace

LossType mean_squared_logarithmic_error() {
    return typeOf<LossType, MeanLoss<of>>(SchemaOf<NoParams>(
        {.id = "MeanSquaredLogarithmicError",
         .category = "loss",
         .doc = "The mean square of the difference of logarithms: a prediction twice too large counts like "
                "one twice too small.",
         .reference = "https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class",
         .synonyms = {"mean_squared_logarithmic_error", "msle", "MSLE"}}));
}

} // namespace strata::losses
