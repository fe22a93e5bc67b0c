// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <cmath>

namespace strata::losses {
namespace {

ValueLoss of(double target, double prediction) {
    const double error = prediction - target;
    return {std::abs(error), error > 0 ? 1.0 : error < 0 ? -1.0 : 0.0};
}

} // namespace

LossType mean_absolute_error() {
    return typeOf<LossType, MeanLoss<of>>(SchemaOf<NoParams>(
        {.id = "MeanAbsoluteError",
         .category = "loss",
         .doc = "The mean magnitude of the errors: for numbers to be predicted, less troubled by outliers "
                "than the mean square.",
         .reference = "https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class",
         .synonyms = {"mean_absolute_error", "mae", "MAE", "L1 loss"}}));
}

} // namespace strata::losses
