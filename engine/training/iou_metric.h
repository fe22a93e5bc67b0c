// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/mean_metric.h"

namespace strata {

/// Intersection over union: true positives / (true + false positives + false negatives) of each class, and the mean
/// over the classes that occur.
class IouMetric : public Metric {
public:
    Result<> update(const MetricUpdate& batch) final;
    std::vector<double> result() const final;
    void reset() final { m_counts.assign(m_counts.size(), 0); }
    std::vector<double> state() const final { return m_counts; }
    void setState(std::span<const double> state) final {
        if (state.size() == m_counts.size()) m_counts.assign(state.begin(), state.end());
    }

protected:
    struct Options {
        std::int64_t classes = 2;
        std::vector<std::int64_t> targets{}; ///< classes whose mean is the result; empty: all
        std::optional<std::int64_t> ignored; ///< samples whose true class this is do not count
        bool sparseTarget = true;            ///< class numbers; else one-hot along `axis`
        bool sparsePrediction = true;
        std::int64_t axis = -1;
        std::optional<double> threshold{};   ///< predictions from here on are class 1, below class 0
    };
    explicit IouMetric(Options options);

private:
    Options m_options;
    std::vector<double> m_counts; // (true class, predicted class)
    MetricScratch m_scratch;
};

Param classCountParam();
Param targetClassesParam();
Param ignoredClassParam();
Param iouAxisParam();
Param sparseParam(const char* key, const char* label);

} // namespace strata
