// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <algorithm>
#include <cmath>

namespace strata::losses {
namespace {

struct Params {
    bool fromLogits = false;
    double labelSmoothing = 0;
};

class BinaryCrossentropy final : public RowLoss {
public:
    explicit BinaryCrossentropy(const Params& p)
        : m_params(p) {}

protected:
    double row(std::int64_t n, const float* output, const float* target, double scale,
               float* gradient) const override {
        const double smoothing = m_params.labelSmoothing;
        const bool logits = m_params.fromLogits;
        return meanOfRow(n, output, target, scale, gradient, [=](double given, double y) -> ValueLoss {
            const double t = given * (1 - smoothing) + 0.5 * smoothing;
            if (logits) {
                // max(y, 0) - y t + log(1 + exp(-|y|)) does not overflow.
                const double loss = std::fmax(y, 0) - y * t + std::log1p(std::exp(-std::abs(y)));
                return {loss, 1 / (1 + std::exp(-y)) - t};
            }
            constexpr auto low = static_cast<double>(1e-7F);
            constexpr auto high = static_cast<double>(1.0F - 1e-7F);
            const double p = std::clamp(y, low, high);
            const double loss = -(t * std::log(p) + (1 - t) * std::log(1 - p));
            return {loss, y < low || y > high ? 0 : (p - t) / (p * (1 - p))};
        });
    }

private:
    Params m_params;
};

} // namespace

LossType binary_crossentropy() {
    SchemaOf<Params> s(
        {.id = "BinaryCrossentropy",
         .category = "loss",
         .doc = "For yes-or-no answers, one or several at a time: how surprised the network is by the right "
                "ones. The last layer has a sigmoid, or the loss applies it itself (from logits).",
         .reference = "https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class",
         .synonyms = {"binary_crossentropy", "bce", "sigmoid loss", "logistic"}});
    s.field(&Params::fromLogits, {.key = "from_logits",
                                  .label = "From logits",
                                  .doc = "The last layer has no sigmoid; the loss applies it itself."});
    s.field(&Params::labelSmoothing,
            {.key = "label_smoothing",
             .label = "Label smoothing",
             .doc = "Brings the targets so much nearer to one half, against too much certainty.",
             .min = 0,
             .max = 1});
    return typeOf<LossType, BinaryCrossentropy>(std::move(s));
}

} // namespace strata::losses
