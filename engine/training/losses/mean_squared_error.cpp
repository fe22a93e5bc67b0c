// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

namespace strata::losses {
namespace {

ValueLoss of(double target, double prediction) {
    const double error = prediction - target;
    return {error * error, 2 * error};
}

} // namespace

LossType mean_squared_error() {
    return typeOf<LossType, MeanLoss<of>>(SchemaOf<NoParams>(
        {.id = "MeanSquaredError",
         .category = "loss",
         .doc = "The mean square of the errors: for numbers to be predicted. A large error counts much more "
                "than a small one.",
         .reference = "https://keras.io/api/losses/regression_losses/#meansquarederror-class",
         .synonyms = {"mean_squared_error", "mse", "MSE", "L2 loss"}}));
}

} // namespace strata::losses
