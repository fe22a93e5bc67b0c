// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

#include <cmath>

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    double power = -0.5;
    double initialAccumulatorValue = 0.1;
    double l1 = 0;
    double l2 = 0;
    double l2Shrinkage = 0;
    double beta = 0;
};

/// McMahan et al.: "Ad click prediction: a view from the trenches" (2013), algorithm 1, with Keras's shrinkage besides.
class Ftrl final : public Optimizer {
public:
    explicit Ftrl(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 2; }
    float initialSlot(int slot) const override {
        return slot == 0 ? static_cast<float>(m_params.initialAccumulatorValue) : 0.0F;
    }
    std::string slotName(int slot) const override { return slot == 0 ? "accumulator" : "linear"; }
    int interleavedSlots() const override { return 2; }

protected:
    void prepare(std::int64_t, double learningRate) override { m_rate = static_cast<float>(learningRate); }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const sum = slots[0];
        float* const linear = slots[1];
        if (m_rate == 0) return; // at the end of a schedule
        const auto power = static_cast<float>(-m_params.power);
        const auto l1 = static_cast<float>(m_params.l1);
        const float l2 = 2 * static_cast<float>(m_params.l2) + static_cast<float>(m_params.beta) / m_rate;
        const auto shrink = static_cast<float>(2 * m_params.l2Shrinkage);
        const auto raised = [power](float v) { return power == 0.5F ? std::sqrt(v) : std::pow(v, power); };
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            const float before = raised(sum[i]);
            sum[i] += g * g;
            const float now = raised(sum[i]);
            linear[i] += g + shrink * weights[i] - (now - before) / m_rate * weights[i];
            const float z = linear[i];
            const float kept = z < -l1 ? -l1 : z > l1 ? l1 : z; // a NaN stays one
            const float divisor = now / m_rate + l2;
            if (divisor != 0) weights[i] = (kept - z) / divisor; // without any gradient so far Keras's own step is 0 / 0
        }
    }

private:
    Params m_params;
    float m_rate = 0;
};

Param strength(const char* key, const char* label, const char* doc) {
    return {.key = key, .label = label, .doc = doc, .min = 0, .advanced = true};
}

} // namespace

OptimizerType ftrl() {
    SchemaOf<Params> s({.id = "Ftrl",
                        .category = "optimizer",
                        .doc = "Follow the regularized leader (McMahan et al., 2013): finds each weight anew from all gradients so far, "
                               "and with L1 many of them are exactly 0. Made for shallow models with features that are seldom seen; "
                               "the weights that a network begins with are forgotten by the first step.",
                        .reference = "https://keras.io/api/optimizers/ftrl/",
                        .synonyms = {"follow the regularized leader", "sparse"}});
    addLearningRate(s);
    s.field(&Params::power, {.key = "learning_rate_power",
                             .label = "Learning rate power",
                             .doc = "How fast the steps of a weight become smaller with its squared gradients. 0: not at all.",
                             .max = 0,
                             .advanced = true});
    s.field(&Params::initialAccumulatorValue, {.key = "initial_accumulator_value",
                                               .label = "Initial accumulator",
                                               .doc = "With what the sum of squared gradients begins.",
                                               .min = 0,
                                               .advanced = true});
    s.field(&Params::l1, strength("l1_regularization_strength", "L1 strength", "Draws small weights to exactly 0."));
    s.field(&Params::l2, strength("l2_regularization_strength", "L2 strength", "Keeps the weights small and the steps steady."));
    s.field(&Params::l2Shrinkage, strength("l2_shrinkage_regularization_strength", "L2 shrinkage",
                                           "As if this part of each weight's square were added to the loss."));
    s.field(&Params::beta, {.key = "beta",
                            .label = "Beta",
                            .doc = "Makes the first steps smaller: the paper's beta.",
                            .min = 0,
                            .advanced = true});
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Ftrl>(std::move(s));
}

} // namespace strata::optimizers
