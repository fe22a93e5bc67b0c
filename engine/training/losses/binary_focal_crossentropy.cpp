// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <algorithm>
#include <cmath>

namespace strata::losses {
namespace {

struct Params {
    bool applyClassBalancing = false;
    double alpha = 0.25;
    double gamma = 2;
    bool fromLogits = false;
    double labelSmoothing = 0;
};

class BinaryFocalCrossentropy final : public RowLoss {
public:
    explicit BinaryFocalCrossentropy(const Params& p)
        : m_params(p) {}

protected:
    double row(std::int64_t n, const float* output, const float* target, double scale,
               float* gradient) const override {
        return meanOfRow(n, output, target, scale, gradient, [this](double given, double y) {
            const double t = given * (1 - m_params.labelSmoothing) + 0.5 * m_params.labelSmoothing;
            if (!m_params.fromLogits) return ofProbability(t, y);
            const double p = 1 / (1 + std::exp(-y));
            const ValueLoss v = ofProbability(t, p);
            return ValueLoss{v.loss, v.slope * p * (1 - p)};
        });
    }

private:
    /// (1 - p_t)^gamma * crossentropy(t, p), p_t = t p + (1 - t)(1 - p): Lin et al. 2017, equation 4.
    ValueLoss ofProbability(double t, double p) const {
        constexpr double low = 1e-7, high = 1 - 1e-7; // Keras's fuzz factor
        const double safe = std::clamp(p, low, high);
        const double surprise = -(t * std::log(safe) + (1 - t) * std::log(1 - safe));
        const double slope = p < low || p > high ? 0 : (safe - t) / (safe * (1 - safe));
        const double miss = 1 - (t * p + (1 - t) * (1 - p));
        const double factor = std::pow(miss, m_params.gamma);
        // d miss / d p = 1 - 2 t; where nothing is missed the power has no slope worth having.
        const double bend = miss > 0 ? m_params.gamma * std::pow(miss, m_params.gamma - 1) * (1 - 2 * t) : 0;
        const double balance = m_params.applyClassBalancing ? t * m_params.alpha + (1 - t) * (1 - m_params.alpha) : 1;
        return {balance * factor * surprise, balance * (bend * surprise + factor * slope)};
    }

    Params m_params;
};

} // namespace

LossType binary_focal_crossentropy() {
    SchemaOf<Params> s({.id = "BinaryFocalCrossentropy",
                        .category = "loss",
                        .doc = "Yes-or-no answers of which most are easy: what the network knows already counts little, so that "
                               "the rare and hard ones are learned. Gamma 0 is the plain binary cross-entropy.",
                        .reference = "https://keras.io/api/losses/probabilistic_losses/#binaryfocalcrossentropy-class",
                        .synonyms = {"binary_focal_crossentropy", "focal loss", "imbalanced"}});
    s.field(&Params::applyClassBalancing, {.key = "apply_class_balancing",
                                           .label = "Class balancing",
                                           .doc = "Weighs the yes by alpha and the no by 1 - alpha."});
    s.field(&Params::alpha, {.key = "alpha",
                             .label = "Alpha",
                             .doc = "The weight of the yes, where classes are balanced.",
                             .min = 0,
                             .max = 1});
    s.field(&Params::gamma, {.key = "gamma",
                             .label = "Gamma",
                             .doc = "How much less the easy ones count: the power of what is still missed.",
                             .min = 0});
    s.field(&Params::fromLogits, {.key = "from_logits",
                                  .label = "From logits",
                                  .doc = "The last layer has no sigmoid; the loss applies it itself."});
    s.field(&Params::labelSmoothing, {.key = "label_smoothing",
                                      .label = "Label smoothing",
                                      .doc = "Brings the targets so much nearer to one half, against too much certainty.",
                                      .min = 0,
                                      .max = 1});
    return typeOf<LossType, BinaryFocalCrossentropy>(std::move(s));
}

} // namespace strata::losses
