// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace strata {

/// What happens to the raw values 0..255 between the data set and the network's input. It has to be the same
/// in training, evaluation and prediction, so it is saved with the model.
enum class Scaling {
    UnitRange, ///< divided by 255, as `x.astype("float32") / 255` in NumPy
    None,      ///< left alone, for a model that begins with Rescaling or Normalization
};

/// The names of the command line and the file: "unit" and "none".
std::string_view scalingName(Scaling scaling);
std::optional<Scaling> scalingFromName(std::string_view name);
std::vector<std::string_view> scalingNames();

/// In place.
void applyScaling(Scaling scaling, std::span<float> values);

} // namespace strata
