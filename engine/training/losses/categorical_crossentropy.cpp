// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/crossentropy.h"
#include "engine/training/loss.h"
#include "engine/training/typed_parts.h"

namespace strata::losses {
namespace {

struct Params {
    bool fromLogits = false;
    double labelSmoothing = 0;
};

class CategoricalCrossentropy final : public Loss {
public:
    explicit CategoricalCrossentropy(const Params& p)
        : m_params(p) {}

    void evaluate(const LossPass& pass, std::span<double> perSample, float* gradient) const override {
        const double keep = 1 - m_params.labelSmoothing;
        const double spread = m_params.labelSmoothing / static_cast<double>(pass.columns);
        for (std::int64_t n = 0; n < pass.samples; ++n) {
            const double weight =
                pass.sampleWeights != nullptr ? static_cast<double>(pass.sampleWeights[n]) : 1;
            double sum = 0;
            for (std::int64_t r = n * pass.rows; r < (n + 1) * pass.rows; ++r) {
                const float* targets = pass.targets + r * pass.columns;
                sum += crossentropyRow(
                    {.classes = pass.columns,
                     .output = pass.output + r * pass.columns,
                     .fromLogits = m_params.fromLogits,
                     .skipSoftmax = pass.skipSoftmax,
                     .scale = weight * pass.gradientScale,
                     .gradient = gradient != nullptr ? gradient + r * pass.columns : nullptr},
                    [=](std::int64_t c) { return static_cast<double>(targets[c]) * keep + spread; });
            }
            perSample[static_cast<std::size_t>(n)] = sum * weight;
        }
    }
    bool fusesSoftmax() const override { return !m_params.fromLogits; }

private:
    Params m_params;
};

} // namespace

LossType categorical_crossentropy() {
    SchemaOf<Params> s(
        {.id = "CategoricalCrossentropy",
         .category = "loss",
         .doc = "For telling classes apart when each target is a row of probabilities (one-hot). Measures "
                "how surprised the "
                "network is by the right answer: 0 when it was certain of it.",
         .reference = "https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class",
         .synonyms = {"categorical_crossentropy", "softmax loss", "one-hot"}});
    s.field(&Params::fromLogits, {.key = "from_logits",
                                  .label = "From logits",
                                  .doc = "The last layer has no softmax; the loss applies it itself."});
    s.field(
        &Params::labelSmoothing,
        {.key = "label_smoothing",
         .label = "Label smoothing",
         .doc =
             "Takes this share of each target and spreads it over all classes, against too much certainty.",
         .min = 0,
         .max = 1});
    return typeOf<LossType, CategoricalCrossentropy>(std::move(s));
}

} // namespace strata::losses
