// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/mean_metric.h"

namespace strata {

/// (1 + beta^2) * precision * recall / (beta^2 * precision + recall) of each class.
class FScore : public Metric {
public:
    Result<> update(const MetricUpdate& batch) final;
    std::vector<double> result() const final;
    void reset() final { m_classes.clear(); }
    std::vector<double> state() const final;
    void setState(std::span<const double> state) final;

protected:
    /// average: "" (each class), "micro", "macro", "weighted". threshold: none = the largest of each row.
    FScore(std::string average, double beta, std::optional<double> threshold);

private:
    struct Counts {
        double truePositives = 0, falsePositives = 0, falseNegatives = 0, support = 0;
    };
    double score(const Counts& c) const;

    std::string m_average;
    double m_beta;
    std::optional<double> m_threshold;
    std::vector<Counts> m_classes;
    MetricScratch m_scratch;
};

Param averageParam();
Param fThresholdParam();

} // namespace strata
