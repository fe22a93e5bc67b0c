// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <cmath>

namespace strata::losses {
namespace {

ValueLoss of(double target, double prediction) {
    const double error = prediction - target;
    const double size = std::fmax(std::abs(target), 1e-7);
    const double sign = error > 0 ? 1.0 : error < 0 ? -1.0 : 0.0;
    return {100 * std::abs(error) / size, 100 * sign / size};
}

} // namespace

LossType mean_absolute_percentage_error() {
    return typeOf<LossType, MeanLoss<of>>(SchemaOf<NoParams>(
        {.id = "MeanAbsolutePercentageError",
         .category = "loss",
         .doc = "The mean error in percent of the target: for numbers of very different sizes.",
         .reference = "https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class",
         .synonyms = {"mean_absolute_percentage_error", "mape", "MAPE"}}));
}

} // namespace strata::losses
