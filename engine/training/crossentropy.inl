// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

namespace strata {

/// Keras's fuzz factor and its complement as float32 numbers: what a clipped float32 probability becomes.
inline constexpr float kLowestProbability = 1e-7F;
inline constexpr float kHighestProbability = 1.0F - 1e-7F;

template <class F>
double crossentropyFromLogits(const CrossentropyRow& row, const F& target) {
    const double norm = logSumExp(row.classes, row.output);
    double loss = 0;
    double total = 0;
    for (std::int64_t c = 0; c < row.classes; ++c) {
        const double t = target(c);
        total += t;
        if (t != 0) loss -= t * (static_cast<double>(row.output[c]) - norm);
    }
    if (row.gradient != nullptr) {
        for (std::int64_t c = 0; c < row.classes; ++c) {
            const double p = std::exp(static_cast<double>(row.output[c]) - norm);
            row.gradient[c] = static_cast<float>(row.scale * (total * p - target(c)));
        }
    }
    return loss;
}

template <class F>
double crossentropyRow(const CrossentropyRow& row, const F& target) {
    if (row.fromLogits) return crossentropyFromLogits(row, target);
    double sum = 0;
    for (std::int64_t c = 0; c < row.classes; ++c) sum += static_cast<double>(row.output[c]);
    double loss = 0;
    double total = 0; // of the targets
    double slopes = 0;  // sum of dL/dp(c) * p(c)
    const auto clipped = [](float p) { return p < kLowestProbability || p > kHighestProbability; };
    for (std::int64_t c = 0; c < row.classes; ++c) {
        const double t = target(c);
        total += t;
        if (t == 0) continue;
        const auto p = static_cast<float>(static_cast<double>(row.output[c]) / sum);
        const float safe = p < kLowestProbability ? kLowestProbability : p > kHighestProbability ? kHighestProbability : p;
        loss -= t * std::log(static_cast<double>(safe));
        if (!clipped(p)) slopes -= t;
    }
    if (row.gradient == nullptr) return loss;
    for (std::int64_t c = 0; c < row.classes; ++c) {
        const double t = target(c);
        const double p = static_cast<double>(row.output[c]) / sum;
        double slope = 0;
        if (row.skipSoftmax) {
            slope = total * p - t;
        } else {
            // d/dy(c) of -sum t log(y / sum y): each class's own slope, less what the common divisor takes back.
            slope = ((t != 0 && !clipped(static_cast<float>(p)) ? -t / p : 0) - slopes) / sum;
        }
        row.gradient[c] = static_cast<float>(row.scale * slope);
    }
    return loss;
}

} // namespace strata
