// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

#include "engine/core/said.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace strata {
namespace {

std::int64_t sizeOf(const std::vector<std::int64_t>& shape, std::size_t from = 0) {
    return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(from), shape.end(), std::int64_t{1},
                           std::multiplies<>());
}

/// Everything after the first `keep` axes becomes one value.
void reduceAfter(MetricValues& values, std::size_t keep, bool mean) {
    if (values.shape.size() <= keep) return;
    const std::int64_t inner = sizeOf(values.shape, keep);
    values.shape.resize(keep);
    const auto count = static_cast<std::size_t>(sizeOf(values.shape));
    if (inner == 0) values.data.assign(count, 0);
    for (std::size_t i = 0; inner > 0 && i < count; ++i) {
        const auto first = values.data.begin() + static_cast<std::ptrdiff_t>(i) * inner;
        const double sum = std::accumulate(first, first + inner, 0.0);
        values.data[i] = mean ? sum / static_cast<double>(inner) : sum;
    }
    values.data.resize(count);
}

} // namespace

void toSameRank(MetricValues& a, MetricValues& b) {
    if (a.shape.size() == b.shape.size()) return;
    MetricValues& longer = a.shape.size() > b.shape.size() ? a : b;
    MetricValues& shorter = a.shape.size() > b.shape.size() ? b : a;
    if (longer.shape.size() != shorter.shape.size() + 1 || longer.shape.back() != 1) return;
    if (shorter.shape.size() == 1)
        shorter.shape.resize(2, 1);
    else
        longer.shape.pop_back();
}

void toCommonShape(MetricValues& a, MetricValues& b) {
    toSameRank(a, b);
    if (a.shape == b.shape || a.shape.size() != b.shape.size()) return;
    std::vector<std::int64_t> common;
    for (std::size_t axis = 0; axis < a.shape.size(); ++axis) {
        if (a.shape[axis] != b.shape[axis] && a.shape[axis] != 1 && b.shape[axis] != 1) return;
        common.push_back(std::max(a.shape[axis], b.shape[axis]));
    }
    a = *broadcastWeight(a, common);
    b = *broadcastWeight(b, common);
}

Result<> alignShapes(MetricValues& target, MetricValues& prediction) {
    toSameRank(target, prediction);
    if (target.shape == prediction.shape) return {};
    return failure("metric.shapes", said("Targets of shape ({}) do not go with predictions of shape ({}).",
                                         fmt::join(target.shape, ", "), fmt::join(prediction.shape, ", ")));
}

Result<MetricValues> broadcastWeight(const MetricValues& weight, const std::vector<std::int64_t>& shape) {
    const std::size_t rank = shape.size(), missing = rank - std::min(rank, weight.shape.size());
    std::vector<std::int64_t> steps(rank, 0);
    std::int64_t step = 1;
    bool fits = weight.shape.size() <= rank;
    for (std::size_t axis = rank; fits && axis-- > missing;) {
        const std::int64_t own = weight.shape[axis - missing];
        fits = own == 1 || own == shape[axis];
        steps[axis] = own == 1 ? 0 : step;
        step *= own;
    }
    if (!fits) {
        return failure("metric.weight_shape",
                       said("Sample weights of shape ({}) do not broadcast to ({}).",
                            fmt::join(weight.shape, ", "), fmt::join(shape, ", ")));
    }
    MetricValues out{shape, std::vector<double>(static_cast<std::size_t>(sizeOf(shape)))};
    for (std::size_t i = 0; i < out.data.size(); ++i) {
        auto rest = static_cast<std::int64_t>(i);
        std::int64_t at = 0;
        for (std::size_t axis = rank; axis-- > 0;) {
            at += rest % shape[axis] * steps[axis];
            rest /= shape[axis];
        }
        out.data[i] = weight.data[static_cast<std::size_t>(at)];
    }
    return out;
}

Result<SampleSums> sumSamples(MetricValues& values, const std::optional<MetricValues>& weight, bool mean) {
    SampleSums sums;
    if (weight) {
        MetricValues given = *weight;
        toSameRank(values, given);
        const std::size_t rank = given.shape.size();
        reduceAfter(values, rank, mean);
        Result<MetricValues> each = broadcastWeight(given, values.shape);
        if (!each) return each.error();
        for (std::size_t i = 0; i < values.data.size(); ++i)
            values.data[i] *= each->data[i];
        if (rank > 1) reduceAfter(*each, 1, mean);
        sums.weights = std::accumulate(each->data.begin(), each->data.end(), 0.0);
    } else {
        sums.weights = values.shape.empty() ? 1 : static_cast<double>(values.shape.front());
    }
    reduceAfter(values, 1, mean);
    sums.values = std::accumulate(values.data.begin(), values.data.end(), 0.0);
    return sums;
}

Result<> MeanMetric::update(const MetricUpdate& batch) {
    m_scratch.take(batch);
    if (Result<> each = values(m_scratch.target, m_scratch.prediction); !each) return each;
    const Result<SampleSums> sums = sumSamples(m_scratch.target, batch.weight, true);
    if (!sums) return sums.error();
    m_total += sums->values;
    m_count += sums->weights;
    return {};
}

void MeanMetric::setState(std::span<const double> state) {
    if (state.size() != 2) return;
    m_total = state[0];
    m_count = state[1];
}

void argmaxRows(MetricValues& values) {
    if (values.shape.empty()) {
        values.data.clear();
        return;
    }
    const std::int64_t columns = values.shape.back();
    values.shape.pop_back();
    const auto rows = static_cast<std::size_t>(sizeOf(values.shape));
    if (columns == 0) values.data.assign(rows, 0);
    for (std::size_t r = 0; columns > 0 && r < rows; ++r) {
        const auto row = values.data.begin() + static_cast<std::ptrdiff_t>(r) * columns;
        values.data[r] = static_cast<double>(std::max_element(row, row + columns) - row);
    }
    values.data.resize(rows);
}

void toMatches(MetricValues& target, const MetricValues& prediction) {
    for (std::size_t i = 0; i < target.data.size(); ++i) target.data[i] = target.data[i] == prediction.data[i] ? 1 : 0;
}

} // namespace strata
