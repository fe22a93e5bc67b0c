// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/overlap_loss.h"

namespace strata {

void OverlapLoss::evaluate(const LossPass& pass, std::span<double> perSample, float* gradient) const {
    const std::int64_t count = pass.samples * pass.rows * pass.columns;
    double both = 0, wanted = 0, given = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto t = static_cast<double>(pass.targets[i]), y = static_cast<double>(pass.output[i]);
        both += t * y;
        wanted += t;
        given += y;
    }
    const auto& [missed, wrong, epsilon] = m_weights;
    const double own = 1 - missed - wrong;
    const double all = own * both + missed * wanted + wrong * given + epsilon;
    const double loss = 1 - both / all;
    double weights = 0;
    for (std::int64_t n = 0; n < pass.samples; ++n) {
        const double weight = pass.sampleWeights != nullptr ? static_cast<double>(pass.sampleWeights[n]) : 1;
        perSample[static_cast<std::size_t>(n)] = loss * weight * static_cast<double>(pass.rows);
        weights += weight;
    }
    if (gradient == nullptr) return;
    const double scale = weights * static_cast<double>(pass.rows) * pass.gradientScale;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto t = static_cast<double>(pass.targets[i]);
        gradient[i] = static_cast<float>(scale * (both * (own * t + wrong) / all - t) / all);
    }
}

} // namespace strata
