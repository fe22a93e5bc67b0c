// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/conv_windows.h"

#include <map>
#include <utility>

namespace strata::math {
namespace {

std::int64_t floorDiv(std::int64_t a, std::int64_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

struct Axis {
    std::int64_t in, kernel, stride, dilation, pad;
};
struct AxisTap {
    std::int64_t tap, output; ///< output: relative to that of the phase
};
struct AxisPhase {
    std::int64_t first, count; ///< inputs
    std::int64_t output;       ///< that belongs to the first
    std::vector<AxisTap> taps;
};
using PhasesOfAxis = std::vector<AxisPhase>;

/// By rising remainder. Each tap belongs to one: strides may be as large as they like.
PhasesOfAxis phasesOf(const Axis& a) {
    std::map<std::int64_t, std::vector<AxisTap>> taps; // by remainder
    for (std::int64_t tap = 0; tap < a.kernel; ++tap) {
        const std::int64_t remainder = tap * a.dilation % a.stride;
        taps[remainder].push_back({tap, (remainder - tap * a.dilation) / a.stride});
    }
    PhasesOfAxis phases;
    for (auto& [remainder, ofPhase] : taps) {
        const std::int64_t first = ((remainder - a.pad) % a.stride + a.stride) % a.stride;
        if (first >= a.in) continue;
        phases.push_back({first, (a.in - first - 1) / a.stride + 1, (first + a.pad) / a.stride, std::move(ofPhase)});
    }
    return phases;
}

} // namespace

PaddedImage forwardWindow(const ConvGeometry& g) {
    PaddedImage image;
    image.height = g.inH;
    image.width = g.inW;
    image.channels = g.inC;
    image.top = -g.padTop;
    image.left = -g.padLeft;
    image.windowHeight = (g.outH - 1) * g.strideH + (g.kernelH - 1) * g.dilationH + 1;
    image.windowWidth = (g.outW - 1) * g.strideW + (g.kernelW - 1) * g.dilationW + 1;
    return image;
}

PaddedImage backwardWindow(const ConvGeometry& g) {
    PaddedImage image;
    image.height = g.outH;
    image.width = g.outW;
    image.channels = g.outC;
    image.top = floorDiv(g.padTop - (g.kernelH - 1) * g.dilationH, g.strideH);
    image.left = floorDiv(g.padLeft - (g.kernelW - 1) * g.dilationW, g.strideW);
    image.windowHeight = floorDiv(g.inH - 1 + g.padTop, g.strideH) - image.top + 1;
    image.windowWidth = floorDiv(g.inW - 1 + g.padLeft, g.strideW) - image.left + 1;
    return image;
}

std::vector<ConvPhase> convPhases(const ConvGeometry& g, const PaddedImage& backward) {
    const PhasesOfAxis rows = phasesOf({g.inH, g.kernelH, g.strideH, g.dilationH, g.padTop});
    const PhasesOfAxis columns = phasesOf({g.inW, g.kernelW, g.strideW, g.dilationW, g.padLeft});
    std::vector<ConvPhase> phases;
    for (const AxisPhase& row : rows) {
        for (const AxisPhase& column : columns) {
            ConvPhase phase;
            phase.firstRow = row.first;
            phase.firstColumn = column.first;
            phase.rows = row.count;
            phase.columns = column.count;
            phase.base = (row.output - backward.top) * backward.rowFloats() + (column.output - backward.left) * g.outC;
            for (const AxisTap& kh : row.taps) {
                for (const AxisTap& kw : column.taps) {
                    phase.gradients.push_back(kh.output * backward.rowFloats() + kw.output * g.outC);
                    phase.taps.push_back(kh.tap * g.kernelW + kw.tap);
                }
            }
            phases.push_back(std::move(phase));
        }
    }
    return phases;
}

bool missesInputs(const ConvGeometry& g, const std::vector<ConvPhase>& phases) {
    std::int64_t met = 0;
    for (const ConvPhase& phase : phases)
        met += phase.rows * phase.columns;
    return met < g.inH * g.inW;
}

} // namespace strata::math
