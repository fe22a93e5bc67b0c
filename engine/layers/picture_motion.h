// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/random_params.h"
#include "engine/layers/resampling.h"

#include <array>
#include <functional>

namespace strata {

/// Where the value of an output cell comes from, in cells of the input:
/// row = rowByRow * i + rowByColumn * j + row, and the same for the column.
struct PictureMotion {
    double rowByRow = 1, rowByColumn = 0, row = 0;
    double columnByRow = 0, columnByColumn = 1, column = 0;
};

enum class FillMode { Constant, Nearest, Reflect, Wrap };
inline std::span<const std::string_view> choiceNames(FillMode) {
    static constexpr std::array<std::string_view, 4> names{"constant", "nearest", "reflect", "wrap"};
    return names;
}

/// The parameters of the layers that move pictures at random: what stands where the picture has left, and how values
/// between two cells are made.
struct MotionParams : SeedParam {
    FillMode fillMode = FillMode::Reflect;
    Interpolation interpolation = Interpolation::Bilinear;
    double fillValue = 0;

    template <class P>
    static void addTo(SchemaOf<P>& s) {
        s.field(&MotionParams::fillMode, {.key = "fill_mode",
                                          .label = "Filling",
                                          .doc = "What stands where the picture has left: reflect mirrors it at its edge, wrap "
                                                 "takes the other side, nearest the edge itself, constant the filling value.",
                                          .advanced = true});
        s.field(&MotionParams::interpolation, {.key = "interpolation",
                                               .label = "Interpolation",
                                               .doc = "Between the cells: bilinear mixes the four nearest ones, nearest takes one.",
                                               .advanced = true});
        s.field(&SeedParam::seed, seedParam());
        s.field(&MotionParams::fillValue, {.key = "fill_value",
                                           .label = "Filling value",
                                           .doc = "What stands where the picture has left, where the filling is constant.",
                                           .advanced = true});
    }
};

/// The plan of a layer that moves pictures (height, width, channels) and keeps their size.
Result<LayerPlan> motionPlan(const Shape& input);
/// While training each sample is moved as `draw` says, by the sample's own random numbers; else nothing is.
/// requires: motionPlan() of the same input succeeded, and its sizes are known
std::unique_ptr<Layer> makeMotionLayer(const MotionParams& params, const Shape& input, std::function<PictureMotion(Rng&)> draw);

} // namespace strata
