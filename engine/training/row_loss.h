// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/loss.h"
#include "engine/training/typed_parts.h"

namespace strata {

/// A loss that compares one row of predictions with one row of targets.
class RowLoss : public Loss {
public:
    void evaluate(const LossPass& pass, std::span<double> perSample, float* gradient) const override {
        for (std::int64_t n = 0; n < pass.samples; ++n) {
            const double weight =
                pass.sampleWeights != nullptr ? static_cast<double>(pass.sampleWeights[n]) : 1;
            double sum = 0;
            for (std::int64_t r = n * pass.rows; r < (n + 1) * pass.rows; ++r) {
                const std::int64_t at = r * pass.columns;
                sum += row(pass.columns, pass.output + at, pass.targets + at, weight * pass.gradientScale,
                           gradient != nullptr ? gradient + at : nullptr);
            }
            perSample[static_cast<std::size_t>(n)] = sum * weight;
        }
    }

protected:
    /// The row's loss; gradient(n), unless null, is overwritten with scale * d loss / d output.
    virtual double row(std::int64_t n, const float* output, const float* target, double scale,
                       float* gradient) const = 0;
};

/// What one value adds, and how it changes with the prediction.
struct ValueLoss {
    double loss = 0, slope = 0;
};

/// The mean over the row of what F says of each value: F(target, prediction) -> ValueLoss.
template <class F>
double meanOfRow(std::int64_t n, const float* output, const float* target, double scale, float* gradient,
                 const F& f) {
    double sum = 0;
    const double share = scale / static_cast<double>(n);
    for (std::int64_t i = 0; i < n; ++i) {
        const ValueLoss v = f(static_cast<double>(target[i]), static_cast<double>(output[i]));
        sum += v.loss;
        if (gradient != nullptr) gradient[i] = static_cast<float>(share * v.slope);
    }
    return sum / static_cast<double>(n);
}

/// A loss without parameters that is the mean of a function of each value.
struct NoParams {};
template <ValueLoss (*F)(double, double)>
class MeanLoss final : public RowLoss {
public:
    explicit MeanLoss(const NoParams&) {}

protected:
    double row(std::int64_t n, const float* output, const float* target, double scale,
               float* gradient) const override {
        return meanOfRow(n, output, target, scale, gradient, F);
    }
};

} // namespace strata
