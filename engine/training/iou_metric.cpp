// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/iou_metric.h"

#include "engine/core/said.h"

#include <numeric>

namespace strata {
namespace {

constexpr double kEpsilon = 1e-7; // Keras's backend.epsilon()

/// Class numbers of one-hot values along any axis, in place: none is written where one is still to be read.
Result<> toClassesAlong(MetricValues& values, std::int64_t axis) {
    const auto rank = static_cast<std::int64_t>(values.shape.size());
    if (axis < -rank || axis >= rank)
        return failure("metric.axis", said("axis {}: the values have {} axes.", axis, rank));
    const auto at = static_cast<std::ptrdiff_t>(axis < 0 ? axis + rank : axis);
    const auto product = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
        return std::accumulate(values.shape.begin() + from, values.shape.begin() + to, std::int64_t{1}, std::multiplies<>());
    };
    const std::int64_t n = values.shape[static_cast<std::size_t>(at)], inner = product(at + 1, rank);
    const auto count = static_cast<std::size_t>(product(0, at) * inner);
    values.shape.erase(values.shape.begin() + at);
    if (n == 0) values.data.assign(count, 0);
    for (std::size_t i = 0; n > 0 && i < count; ++i) {
        const std::int64_t first = static_cast<std::int64_t>(i) / inner * n * inner + static_cast<std::int64_t>(i) % inner;
        std::int64_t best = 0;
        for (std::int64_t c = 1; c < n; ++c) {
            if (values.data[static_cast<std::size_t>(first + c * inner)] > values.data[static_cast<std::size_t>(first + best * inner)]) best = c;
        }
        values.data[i] = static_cast<double>(best);
    }
    values.data.resize(count);
    return {};
}

/// A value as a class number; -1: none of 0 to n - 1, as also what is not a number.
std::int64_t classNumber(double value, std::int64_t n) {
    return value > -1 && value < static_cast<double>(n) ? static_cast<std::int64_t>(value) : -1;
}

} // namespace

IouMetric::IouMetric(Options options)
    : m_options(std::move(options))
    , m_counts(static_cast<std::size_t>(m_options.classes * m_options.classes)) {
    if (!m_options.targets.empty()) return;
    m_options.targets.resize(static_cast<std::size_t>(m_options.classes));
    std::iota(m_options.targets.begin(), m_options.targets.end(), std::int64_t{0});
}

Result<> IouMetric::update(const MetricUpdate& batch) {
    m_scratch.take(batch);
    auto& [target, prediction] = m_scratch;
    if (!m_options.sparseTarget) {
        if (Result<> classes = toClassesAlong(target, m_options.axis); !classes) return classes;
    }
    if (!m_options.sparsePrediction) {
        if (Result<> classes = toClassesAlong(prediction, m_options.axis); !classes) return classes;
    }
    if (target.data.size() != prediction.data.size())
        return failure("metric.shapes", said("{} targets do not go with {} predictions.", target.data.size(), prediction.data.size()));
    std::optional<MetricValues> weight;
    if (batch.weight) {
        MetricValues given = *batch.weight;
        toSameRank(target, given);
        Result<MetricValues> each = broadcastWeight(given, target.shape);
        if (!each) return each.error();
        weight = std::move(*each);
    }
    const std::int64_t n = m_options.classes;
    for (std::size_t i = 0; i < target.data.size(); ++i) {
        if (m_options.ignored && target.data[i] == static_cast<double>(*m_options.ignored)) continue;
        const std::int64_t truth = classNumber(target.data[i], n);
        const auto said = m_options.threshold ? std::int64_t{prediction.data[i] >= *m_options.threshold}
                                              : classNumber(prediction.data[i], n);
        if (truth < 0 || said < 0 || said >= n) continue; // no class of ours, as Keras
        m_counts[static_cast<std::size_t>(truth * n + said)] += weight ? weight->data[i] : 1;
    }
    return {};
}

std::vector<double> IouMetric::result() const {
    const std::int64_t n = m_options.classes;
    const auto at = [&](std::int64_t truth, std::int64_t said) { return m_counts[static_cast<std::size_t>(truth * n + said)]; };
    double sum = 0, valid = 0;
    for (const std::int64_t c : m_options.targets) {
        if (c < 0 || c >= n) continue;
        double either = -at(c, c);
        for (std::int64_t k = 0; k < n; ++k) either += at(c, k) + at(k, c);
        if (either <= 1e-9) continue;
        sum += at(c, c) / (either + kEpsilon);
        ++valid;
    }
    return {valid == 0 ? 0 : sum / valid};
}

Param classCountParam() {
    return {.key = "num_classes", .label = "Classes", .doc = "How many classes there are.", .min = 1, .max = 4096};
}
Param targetClassesParam() {
    return {.key = "target_class_ids", .label = "Classes that count", .doc = "The result is their mean.", .min = 0};
}
Param ignoredClassParam() {
    return {.key = "ignore_class", .label = "Ignored class", .doc = "Places of this true class do not count. None: all count."};
}
Param iouAxisParam() {
    return {.key = "axis", .label = "Axis", .doc = "Where the classes lie in one-hot arrays.", .min = -4, .max = 3};
}
Param sparseParam(const char* key, const char* label) {
    return {.key = key, .label = label, .doc = "Class numbers; else one value a class, of which the largest counts."};
}

} // namespace strata
