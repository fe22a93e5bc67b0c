// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/mean_metric.h"

#include <span>

namespace strata {

/// Of two rows of the same length; 0 where a row has no length or no spread.
double cosine(std::span<const double> target, std::span<const double> prediction);
/// K. Pearson's correlation coefficient.
double pearson(std::span<const double> target, std::span<const double> prediction);
/// L. I. Lin, "A concordance correlation coefficient to evaluate reproducibility", Biometrics 45 (1989).
double concordance(std::span<const double> target, std::span<const double> prediction);

using RowStatistic = double (*)(std::span<const double> target, std::span<const double> prediction);
/// `target` (N, ..., C) becomes (N, ...): the statistic of each pair of rows. Error: the shapes differ.
Result<> statisticOfRows(MetricValues& target, MetricValues& prediction, RowStatistic statistic);

/// The mean over samples of a statistic along the last axis.
template <RowStatistic kStatistic>
class RowMetric final : public MeanMetric {
public:
    explicit RowMetric(const NoMetricParams&) {}

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        return statisticOfRows(target, prediction, kStatistic);
    }
};

} // namespace strata
