// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/top_k.h"

#include "engine/core/said.h"

#include <algorithm>
#include <functional>

namespace strata {
namespace {

/// hit(target, row) for every row, in place of the target.
template <class Hit>
Result<> eachRow(MetricValues& target, const MetricValues& prediction, Hit hit) {
    const std::int64_t columns = prediction.shape.empty() ? 0 : prediction.shape.back();
    if (columns == 0 || target.data.size() * static_cast<std::size_t>(columns) != prediction.data.size())
        return failure("metric.shapes", said("There must be one class for each row of predictions."));
    if (target.shape.size() == prediction.shape.size()) target.shape.pop_back();
    for (std::size_t r = 0; r < target.data.size(); ++r) {
        const auto n = static_cast<std::size_t>(columns);
        target.data[r] = hit(target.data[r], std::span(prediction.data).subspan(r * n, n)) ? 1 : 0;
    }
    return {};
}

} // namespace

Result<> inTopK(MetricValues& target, const MetricValues& prediction, std::int64_t k) {
    return eachRow(target, prediction, [k](double wanted, std::span<const double> row) {
        const auto at = static_cast<std::size_t>(wanted);
        if (wanted < 0 || at >= row.size()) return false;
        const auto larger = std::ranges::count_if(row, [&](double v) { return v > row[at]; });
        return larger < k;
    });
}

Result<> amongFirst(MetricValues& target, const MetricValues& prediction, std::int64_t k) {
    return eachRow(target, prediction, [k](double wanted, std::span<const double> row) {
        const auto some = row.first(std::min(row.size(), static_cast<std::size_t>(k)));
        return std::ranges::find(some, wanted) != some.end();
    });
}

} // namespace strata
