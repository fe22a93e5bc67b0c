// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

#include <array>
#include <string_view>

namespace strata {

enum class Interpolation { Nearest, Bilinear };
inline std::span<const std::string_view> choiceNames(Interpolation) {
    static constexpr std::array<std::string_view, 2> names{"nearest", "bilinear"};
    return names;
}

/// A part of a picture's rows or columns, and how many are to be made of it.
struct Resample {
    std::int64_t first = 0, size = 0; ///< of the input
    std::int64_t wanted = 0;
};

/// The plan of a layer whose output is its input (height, width, channels) made larger or smaller.
LayerPlan resamplingPlan(const Shape& output);
/// Nearest takes the cell whose place, half a cell in, is met; bilinear mixes the two next to it along each axis, and at
/// the border takes the border's.
std::unique_ptr<Layer> makeResampling(const Shape& input, const Resample& rows, const Resample& columns, Interpolation how);

} // namespace strata
