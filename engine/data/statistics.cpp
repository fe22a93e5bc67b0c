// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/statistics.h"

#include <cmath>

namespace strata {

DataStatistics statistics(const Dataset& dataset, std::stop_token stop) {
    const Shape shape = dataset.sampleShape();
    const auto count = static_cast<std::size_t>(shape.count());
    const auto channels = static_cast<std::size_t>(shape.rank() > 0 ? shape[-1] : 1);
    std::vector<std::uint64_t> sum(channels);
    std::vector<std::uint64_t> squares(channels);
    std::vector<float> values(count); // (H, W, C)
    for (std::int64_t i = 0; i < dataset.size(); ++i) {
        if (stop.stop_requested()) return {};
        dataset.read(i, values);
        for (std::size_t at = 0; at < count; at += channels) {
            for (std::size_t c = 0; c < channels; ++c) {
                const auto value = static_cast<std::uint64_t>(values[at + c]);
                sum[c] += value;
                squares[c] += value * value;
            }
        }
    }

    DataStatistics result;
    const double n = static_cast<double>(dataset.size()) * static_cast<double>(count / channels);
    for (std::size_t c = 0; c < channels && n > 0; ++c) {
        const double mean = static_cast<double>(sum[c]) / n;
        const double variance = static_cast<double>(squares[c]) / n - mean * mean;
        result.mean.push_back(mean / 255.0);
        result.standardDeviation.push_back(std::sqrt(variance > 0 ? variance : 0) / 255.0);
    }
    return result;
}

} // namespace strata
