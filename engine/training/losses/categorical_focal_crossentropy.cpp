// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/crossentropy.h"
#include "engine/training/row_loss.h"

#include <cmath>

namespace strata::losses {
namespace {

struct Params {
    double alpha = 0.25;
    double gamma = 2;
    bool fromLogits = false;
    double labelSmoothing = 0;
};

class CategoricalFocalCrossentropy final : public RowLoss {
public:
    explicit CategoricalFocalCrossentropy(const Params& p)
        : m_params(p) {}

protected:
    /// -alpha * sum over c of t(c) (1 - p(c))^gamma log p(c): Lin et al. 2017, equation 5, for several classes.
    double row(std::int64_t n, const float* output, const float* target, double scale, float* gradient) const override {
        const double keep = 1 - m_params.labelSmoothing, spread = m_params.labelSmoothing / static_cast<double>(n);
        const Divisor by = divisor(n, output);
        double loss = 0, common = 0; // common: sum of slope(c) * p(c)
        for (std::int64_t c = 0; c < n; ++c) {
            const double p = by.share(output[c]);
            const ValueLoss v = ofProbability(static_cast<double>(target[c]) * keep + spread, p);
            loss += v.loss;
            common += v.slope * p;
        }
        if (gradient == nullptr) return loss;
        for (std::int64_t c = 0; c < n; ++c) {
            const double p = by.share(output[c]);
            const double slope = ofProbability(static_cast<double>(target[c]) * keep + spread, p).slope - common;
            // Through the softmax, or through the division by the sum.
            gradient[c] = static_cast<float>(scale * (m_params.fromLogits ? slope * p : slope / by.sum));
        }
        return loss;
    }

private:
    /// What makes an output a probability: a softmax, or the sum of the row.
    struct Divisor {
        bool logits = false;
        double sum = 1; ///< of the row, or log of the sum of exponentials
        double share(float y) const {
            return logits ? std::exp(static_cast<double>(y) - sum) : static_cast<double>(y) / sum;
        }
    };
    Divisor divisor(std::int64_t n, const float* output) const {
        if (m_params.fromLogits) return {true, logSumExp(n, output)};
        double sum = 0;
        for (std::int64_t c = 0; c < n; ++c) sum += static_cast<double>(output[c]);
        return {false, sum};
    }

    ValueLoss ofProbability(double t, double p) const {
        constexpr double low = 1e-7, high = 1 - 1e-7; // Keras's fuzz factor
        if (t == 0) return {};
        const double safe = p < low ? low : p > high ? high : p;
        const double miss = 1 - safe, surprise = -std::log(safe);
        const double factor = m_params.alpha * t * std::pow(miss, m_params.gamma);
        if (p < low || p > high) return {factor * surprise, 0};
        const double bend = m_params.alpha * t * m_params.gamma * std::pow(miss, m_params.gamma - 1);
        return {factor * surprise, -bend * surprise - factor / safe};
    }

    Params m_params;
};

} // namespace

LossType categorical_focal_crossentropy() {
    SchemaOf<Params> s({.id = "CategoricalFocalCrossentropy",
                        .category = "loss",
                        .doc = "For telling classes apart when most images are easy or of a few classes: what the network knows "
                               "already counts little, so that the rare and hard ones are learned.",
                        .reference = "https://keras.io/api/losses/probabilistic_losses/#categoricalfocalcrossentropy-class",
                        .synonyms = {"categorical_focal_crossentropy", "focal loss", "imbalanced"}});
    s.field(&Params::alpha, {.key = "alpha", .label = "Alpha", .doc = "The loss is multiplied by this.", .min = 0});
    s.field(&Params::gamma, {.key = "gamma",
                             .label = "Gamma",
                             .doc = "How much less the easy ones count: the power of what is still missed.",
                             .min = 0});
    s.field(&Params::fromLogits, {.key = "from_logits",
                                  .label = "From logits",
                                  .doc = "The last layer has no softmax; the loss applies it itself."});
    s.field(&Params::labelSmoothing,
            {.key = "label_smoothing",
             .label = "Label smoothing",
             .doc = "Takes this share of each target and spreads it over all classes, against too much certainty.",
             .min = 0,
             .max = 1});
    return typeOf<LossType, CategoricalFocalCrossentropy>(std::move(s));
}

} // namespace strata::losses
