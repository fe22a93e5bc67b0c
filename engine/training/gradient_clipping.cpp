// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/gradient_clipping.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

double squares(std::span<const float> values) {
    double sum = 0;
    for (const float v : values)
        sum += static_cast<double>(v) * static_cast<double>(v);
    return sum;
}

void shrink(std::span<float> values, double norm, double limit) {
    if (!(norm > limit)) return;
    const double factor = limit / norm;
    for (float& v : values)
        v = static_cast<float>(static_cast<double>(v) * factor);
}

} // namespace

bool clips(const OptimizerCommon& common) {
    return common.clipNorm || common.globalClipNorm || common.clipValue;
}

void clipGradients(const OptimizerCommon& common, std::span<const std::span<float>> gradients) {
    if (common.clipNorm && *common.clipNorm > 0) {
        for (const std::span<float> g : gradients)
            shrink(g, std::sqrt(squares(g)), *common.clipNorm);
    } else if (common.globalClipNorm && *common.globalClipNorm > 0) {
        double sum = 0;
        for (const std::span<float> g : gradients)
            sum += squares(g);
        for (const std::span<float> g : gradients)
            shrink(g, std::sqrt(sum), *common.globalClipNorm);
    } else if (common.clipValue && *common.clipValue > 0) {
        const auto limit = static_cast<float>(*common.clipValue);
        for (const std::span<float> g : gradients) {
            for (float& v : g)
                v = v < -limit ? -limit : v > limit ? limit : v; // a NaN stays one
        }
    }
}

} // namespace strata
