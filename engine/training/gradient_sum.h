// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace strata {

/// What Keras calls the sum in the names of its variables.
inline constexpr const char* kGradientSum = "gradient_accumulator";

/// Keras's gradient_accumulation_steps, for the gradients of batch `batch` (1, 2, ...): true where an update is due; then
/// `gradient` becomes the mean of the last `steps` ones and `sum` 0. Else they are added to `sum`, and `gradient` stays.
/// Element by element, so that runs may be computed by any thread.
bool gatherGradient(std::int64_t batch, std::int64_t steps, std::span<float> gradient, std::span<float> sum);

} // namespace strata
