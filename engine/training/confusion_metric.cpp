// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

#include "engine/core/said.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata {
namespace {

constexpr double kNever = -1e10; ///< a prediction that is not among the top k

double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
}

/// All but the k largest of each row become kNever; of equals the first ones stay, and what is not a number comes last.
/// `order`: memory that it may use.
void keepTop(MetricValues& values, std::int64_t k, std::vector<std::int64_t>& order) {
    const std::int64_t columns = values.shape.empty() ? 1 : values.shape.back();
    if (k >= columns) return;
    order.resize(static_cast<std::size_t>(columns));
    for (std::size_t first = 0; first < values.data.size(); first += order.size()) {
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = static_cast<std::int64_t>(i);
        const double* row = values.data.data() + first;
        const auto rank = [&](std::int64_t i) { return std::isnan(row[i]) ? -std::numeric_limits<double>::infinity() : row[i]; };
        std::ranges::nth_element(order, order.begin() + k, [&](std::int64_t a, std::int64_t b) {
            return rank(a) == rank(b) ? a < b : rank(a) > rank(b);
        });
        for (std::size_t i = static_cast<std::size_t>(k); i < order.size(); ++i)
            values.data[first + static_cast<std::size_t>(order[i])] = kNever;
    }
}

} // namespace

double ConfusionCounts::precision() const {
    return ratio(truePositives, truePositives + falsePositives);
}
double ConfusionCounts::recall() const {
    return ratio(truePositives, truePositives + falseNegatives);
}
double ConfusionCounts::specificity() const {
    return ratio(trueNegatives, trueNegatives + falsePositives);
}

ConfusionMetric::ConfusionMetric(Options options)
    : m_options(std::move(options))
    , m_counts(m_options.thresholds.size()) {}

void ConfusionMetric::count(std::span<ConfusionCounts> at, double prediction, bool positive, double weight) const {
    const auto n = static_cast<std::int64_t>(at.size());
    std::int64_t interval = 0;
    if (m_options.even && n > 1) {
        const float last = static_cast<float>(n - 1);
        const float scaled = std::ceil(static_cast<float>(prediction) * last);
        interval = scaled > 1 ? static_cast<std::int64_t>(std::min(scaled, last)) - 1 : 0; // not a number: the first
    }
    for (std::int64_t i = 0; i < n; ++i) {
        const bool above = m_options.even && n > 1 ? i <= interval
                                                   : prediction > m_options.thresholds[static_cast<std::size_t>(i)];
        ConfusionCounts& c = at[static_cast<std::size_t>(i)];
        double& entry = above ? (positive ? c.truePositives : c.falsePositives)
                              : (positive ? c.falseNegatives : c.trueNegatives);
        entry += weight;
    }
}

Result<> ConfusionMetric::update(const MetricUpdate& batch) {
    m_scratch.take(batch);
    auto& [target, prediction] = m_scratch;
    if (Result<> same = alignShapes(target, prediction); !same) return same;
    const std::int64_t columns = prediction.shape.size() < 2 ? 1 : prediction.shape.back();
    if (m_options.classId && *m_options.classId >= columns) {
        return failure("metric.class_id", said("class_id {}: there are {} columns, counted from 0.",
                                               *m_options.classId, columns));
    }
    if (!m_options.labelWeights.empty() && static_cast<std::int64_t>(m_options.labelWeights.size()) != columns) {
        return failure("metric.label_weights", said("{} label weights for {} columns; give one a column.",
                                                    m_options.labelWeights.size(), columns));
    }
    std::optional<MetricValues> weight;
    if (batch.weight) {
        MetricValues given = *batch.weight;
        if (given.shape.size() + 1 == prediction.shape.size()) given.shape.push_back(1);
        Result<MetricValues> each = broadcastWeight(given, prediction.shape);
        if (!each) return each.error();
        weight = std::move(*each);
    }
    if (m_options.topK) keepTop(prediction, *m_options.topK, m_order);
    const std::size_t n = m_options.thresholds.size();
    if (m_options.eachColumn) m_counts.resize(n * static_cast<std::size_t>(columns));
    for (std::size_t i = 0; i < prediction.data.size(); ++i) {
        const auto column = static_cast<std::int64_t>(i) % columns;
        if (m_options.classId && column != *m_options.classId) continue;
        double p = prediction.data[i];
        if (m_options.fromLogits) p = 1 / (1 + std::exp(-p));
        double w = weight ? weight->data[i] : 1;
        if (!m_options.labelWeights.empty()) w *= m_options.labelWeights[static_cast<std::size_t>(column)];
        const std::size_t first = m_options.eachColumn ? n * static_cast<std::size_t>(column) : 0;
        count(std::span(m_counts).subspan(first, n), p, target.data[i] != 0, w);
    }
    return {};
}

std::vector<double> ConfusionMetric::state() const {
    std::vector<double> out;
    for (const ConfusionCounts& c : m_counts)
        out.insert(out.end(), {c.truePositives, c.falsePositives, c.trueNegatives, c.falseNegatives});
    return out;
}

void ConfusionMetric::setState(std::span<const double> state) {
    if (state.empty() || state.size() % (4 * m_options.thresholds.size()) != 0) return;
    m_counts.clear();
    for (std::size_t i = 0; i < state.size(); i += 4)
        m_counts.push_back({state[i], state[i + 1], state[i + 2], state[i + 3]});
}

std::vector<double> evenThresholds(std::int64_t n) {
    if (n == 1) return {0.5};
    std::vector<double> out;
    for (std::int64_t i = 0; i < n; ++i)
        out.push_back(static_cast<double>(i) / static_cast<double>(n - 1));
    return out;
}

std::vector<double> thresholdsOr(const std::vector<double>& given, bool topK) {
    if (!given.empty()) return given;
    return {topK ? kNever : 0.5};
}

ConfusionMetric::Options optionsOf(const ThresholdParams& params) {
    return {.thresholds = thresholdsOr(params.thresholds.value_or(std::vector<double>()), params.topK.has_value()),
            .topK = params.topK,
            .classId = params.classId};
}

Param thresholdsParam() {
    return {.key = "thresholds",
            .label = "Thresholds",
            .doc = "A prediction above it counts as yes; several give several results. None: 0.5."};
}
Param classIdParam() {
    return {.key = "class_id", .label = "Class", .doc = "Only this class counts. None: all.", .min = 0};
}
Param topKParam() {
    return {.key = "top_k",
            .label = "Top k",
            .doc = "A class counts as predicted when it is among the k largest. None: by the threshold.",
            .min = 1};
}
Param thresholdCountParam() {
    return {.key = "num_thresholds",
            .label = "Thresholds",
            .doc = "At how many thresholds the predictions are counted.",
            .min = 1,
            .max = 100000};
}

} // namespace strata
