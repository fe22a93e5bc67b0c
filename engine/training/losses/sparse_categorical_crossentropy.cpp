// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/crossentropy.h"
#include "engine/training/loss.h"
#include "engine/training/typed_parts.h"

#include <algorithm>

namespace strata::losses {
namespace {

struct Params {
    bool fromLogits = false;
    std::optional<std::int64_t> ignoreClass;
};

class SparseCategoricalCrossentropy final : public Loss {
public:
    explicit SparseCategoricalCrossentropy(const Params& p)
        : m_params(p) {}

    void evaluate(const LossPass& pass, std::span<double> perSample, float* gradient) const override {
        for (std::int64_t n = 0; n < pass.samples; ++n) {
            const double weight =
                pass.sampleWeights != nullptr ? static_cast<double>(pass.sampleWeights[n]) : 1;
            double sum = 0;
            for (std::int64_t r = n * pass.rows; r < (n + 1) * pass.rows; ++r) {
                float* const slope = gradient != nullptr ? gradient + r * pass.columns : nullptr;
                const std::int64_t label = pass.labels[r];
                if (ignores(pass.labels[r])) {
                    if (slope != nullptr) std::fill_n(slope, pass.columns, 0.0F);
                    continue;
                }
                sum += crossentropyRow({.classes = pass.columns,
                                        .output = pass.output + r * pass.columns,
                                        .fromLogits = m_params.fromLogits,
                                        .skipSoftmax = pass.skipSoftmax,
                                        .scale = weight * pass.gradientScale,
                                        .gradient = slope},
                                       [=](std::int64_t c) { return c == label ? 1.0 : 0.0; });
            }
            perSample[static_cast<std::size_t>(n)] = sum * weight;
        }
    }
    bool takesLabels() const override { return true; }
    bool ignores(std::int32_t label) const override { return m_params.ignoreClass == std::int64_t{label}; }
    bool fusesSoftmax() const override { return !m_params.fromLogits; }

private:
    Params m_params;
};

} // namespace

LossType sparse_categorical_crossentropy() {
    SchemaOf<Params> s(
        {.id = "SparseCategoricalCrossentropy",
         .category = "loss",
         .doc = "For telling classes apart when each target is the number of its class: the usual loss of a "
                "classifier. "
                "Measures how surprised the network is by the right answer: 0 when it was certain of it.",
         .reference = "https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class",
         .synonyms = {"sparse_categorical_crossentropy", "softmax loss", "class numbers"}});
    s.field(&Params::fromLogits, {.key = "from_logits",
                                  .label = "From logits",
                                  .doc = "The last layer has no softmax; the loss applies it itself."});
    s.field(
        &Params::ignoreClass,
        {.key = "ignore_class",
         .label = "Ignored class",
         .doc = "Targets of this class count nothing (the unlabelled cells of a map, say); the mean is taken over the "
                "others. None: all count.",
         .min = -2147483648.0,
         .max = 2147483647.0,
         .advanced = true});
    return typeOf<LossType, SparseCategoricalCrossentropy>(std::move(s));
}

} // namespace strata::losses
