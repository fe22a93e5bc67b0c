// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/conv_windows.h"

#include <utility>

namespace strata::math {
namespace {

std::int64_t floorDiv(std::int64_t a, std::int64_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
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
    std::vector<ConvPhase> phases;
    for (std::int64_t ph = 0; ph < g.strideH; ++ph) {
        for (std::int64_t pw = 0; pw < g.strideW; ++pw) {
            ConvPhase phase;
            phase.firstRow = ((ph - g.padTop) % g.strideH + g.strideH) % g.strideH;
            phase.firstColumn = ((pw - g.padLeft) % g.strideW + g.strideW) % g.strideW;
            if (phase.firstRow >= g.inH || phase.firstColumn >= g.inW) continue;
            phase.rows = (g.inH - phase.firstRow - 1) / g.strideH + 1;
            phase.columns = (g.inW - phase.firstColumn - 1) / g.strideW + 1;
            phase.base = ((phase.firstRow + g.padTop) / g.strideH - backward.top) * backward.rowFloats() +
                         ((phase.firstColumn + g.padLeft) / g.strideW - backward.left) * g.outC;
            for (std::int64_t kh = 0; kh < g.kernelH; ++kh) {
                for (std::int64_t kw = 0; kw < g.kernelW; ++kw) {
                    const std::int64_t dh = ph - kh * g.dilationH;
                    const std::int64_t dw = pw - kw * g.dilationW;
                    if (dh % g.strideH != 0 || dw % g.strideW != 0) continue;
                    phase.gradients.push_back(dh / g.strideH * backward.rowFloats() +
                                              dw / g.strideW * g.outC);
                    phase.taps.push_back(kh * g.kernelW + kw);
                }
            }
            phases.push_back(std::move(phase));
        }
    }
    return phases;
}

} // namespace strata::math
