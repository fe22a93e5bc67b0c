// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/border_types.h"

#include "engine/core/said.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/window.h"

namespace strata {
namespace {

int axesOf(Border border) {
    return static_cast<int>(border.size() / 2);
}
std::int64_t before(Border border, int axis) {
    return border[static_cast<std::size_t>(2 * axis)];
}
std::int64_t both(Border border, int axis) {
    return before(border, axis) + border[static_cast<std::size_t>(2 * axis + 1)];
}

/// Output cell i along an axis is input cell i + sign * border; there is none outside of the input.
std::unique_ptr<Layer> makeMoved(const Shape& input, const Shape& output, Border border, int sign) {
    return std::make_unique<IndexLayer>(indexTable(output, [&](std::array<std::int64_t, Shape::kMaxRank> at) -> std::int64_t {
        for (int axis = 0; axis < axesOf(border); ++axis) {
            std::int64_t& place = at[static_cast<std::size_t>(axis)];
            place += sign * before(border, axis);
            if (place < 0 || place >= input[axis]) return -1;
        }
        return flatIndex(input, at);
    }));
}

} // namespace

Result<LayerPlan> croppingPlan(const Shape& input, Border cut) {
    if (input.rank() != axesOf(cut) + 1) return wrongRank(input, axesOf(cut));
    Shape out = input;
    for (int axis = 0; axis < axesOf(cut); ++axis) {
        if (input[axis] < 0) continue;
        if (both(cut, axis) >= input[axis]) {
            return failure("layer.cropped_away",
                           said("cropping takes {} of the {} cells along axis {}, and nothing would be left; crop at most {}", both(cut, axis),
                                input[axis], axis + 1, input[axis] - 1));
        }
        out.set(axis, input[axis] - both(cut, axis));
    }
    return indexPlan(out);
}

std::unique_ptr<Layer> makeCropping(const Shape& input, Border cut) {
    return makeMoved(input, croppingPlan(input, cut)->output, cut, 1);
}

Result<LayerPlan> zeroPaddingPlan(const Shape& input, Border zeros) {
    if (input.rank() != axesOf(zeros) + 1) return wrongRank(input, axesOf(zeros));
    Shape out = input;
    for (int axis = 0; axis < axesOf(zeros); ++axis) {
        if (input[axis] >= 0) out.set(axis, input[axis] + both(zeros, axis));
    }
    return indexPlan(out);
}

std::unique_ptr<Layer> makeZeroPadding(const Shape& input, Border zeros) {
    return makeMoved(input, zeroPaddingPlan(input, zeros)->output, zeros, -1);
}

} // namespace strata
