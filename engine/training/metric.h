// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/schema/schema.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace strata {

/// An array of any rank, row-major; a scalar has no dimensions.
struct MetricValues {
    std::vector<std::int64_t> shape;
    std::vector<double> data;
};

/// One batch for a metric.
struct MetricUpdate {
    MetricValues target;                ///< one-hot (N, C), values (N, ...) or class numbers (N)
    MetricValues prediction;            ///< (N, C) or (N, ...)
    std::optional<MetricValues> weight; ///< of rank 1 to the prediction's, broadcast as numpy does
};

/// A figure over all batches of an epoch, as Keras's class of the same name computes it. Not thread-safe.
class Metric {
public:
    virtual ~Metric() = default;
    /// Errors: shapes that do not go together.
    virtual Result<> update(const MetricUpdate& batch) = 0;
    /// One value, or one a class or threshold.
    virtual std::vector<double> result() const = 0;
    virtual void reset() = 0;
    /// All that it has counted, for a checkpoint; setState() takes what state() gave.
    virtual std::vector<double> state() const = 0;
    virtual void setState(std::span<const double> state) = 0;
};

/// What a metric compares the prediction with.
enum class MetricTarget { ClassNumbers, OneHot, Values };

struct MetricType {
    Schema schema; ///< id: Keras's class name; synonyms[0]: its name in compile(), where it has one
    MetricTarget target = MetricTarget::OneHot;
    bool higherIsBetter = true;
    bool ofLoss = false; ///< a loss's mean
    std::function<std::unique_ptr<Metric>(const ParamMap& params)> create;
};

/// The metrics of the folder metrics/, and every loss as a metric: its mean.
std::span<const MetricType> metricTypes();
/// By class name, or by snake-case name ("top_k_categorical_accuracy").
const MetricType* findMetricType(std::string_view id);
const SchemaFamily& metricFamily();
Result<TypedParams> checkMetric(const TypedParams& metric);
/// requires: `which` came out of checkMetric()
std::unique_ptr<Metric> createMetric(const TypedParams& which);
/// Its name in logs, Keras's snake case: "auc", "f1_score".
std::string metricName(std::string_view id);

} // namespace strata
