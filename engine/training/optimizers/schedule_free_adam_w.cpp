// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

#include <algorithm>
#include <cmath>

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    Params() { learningRate = 0.0025; }
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    std::int64_t warmupSteps = 0;
};

/// Defazio et al.: "The road less scheduled" (2024), as Keras does it: `momentum` is the paper's z, the network's weights
/// are its y, where gradients are taken. Keras finds x, the mean of all z, from y and z; with its TensorFlow and PyTorch
/// backends it reads z after the step for that (`momentum_old` names the variable, not its value before), beta 1 drops
/// out, and the weights themselves become the mean of all z. Keras's files and its own cases are of these.
class ScheduleFreeAdamW final : public Optimizer {
public:
    explicit ScheduleFreeAdamW(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 2; }
    bool slotBeginsAsWeights(int slot) const override { return slot == 0; }
    std::string slotName(int slot) const override { return slot == 0 ? "momentum" : "velocity"; }
    int interleavedSlots() const override { return 2; }

protected:
    void prepare(std::int64_t iteration, double learningRate) override {
        const auto t = static_cast<double>(iteration);
        const double warm = m_params.warmupSteps > 0 ? std::min(1.0, t / static_cast<double>(m_params.warmupSteps)) : 1.0;
        m_rate = static_cast<float>(learningRate * warm);
        m_correction = static_cast<float>(1 / (1 - std::pow(m_params.beta2, t)));
        m_share = static_cast<float>(1 / t);
    }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const z = slots[0];
        float* const v = slots[1];
        const auto toV = static_cast<float>(1 - m_params.beta2);
        const auto epsilon = static_cast<float>(m_params.epsilon);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            v[i] += (g * g - v[i]) * toV;
            z[i] -= m_rate * g / (std::sqrt(v[i] * m_correction) + epsilon);
            weights[i] = (1 - m_share) * weights[i] + m_share * z[i];
        }
    }

private:
    Params m_params;
    float m_rate = 0, m_correction = 1, m_share = 1;
};

} // namespace

OptimizerType schedule_free_adam_w() {
    SchemaOf<Params> s({.id = "ScheduleFreeAdamW",
                        .category = "optimizer",
                        .doc = "AdamW that averages its way instead of slowing down (Defazio et al., 2024): it needs no learning rate "
                               "schedule and need not know how long the training will be.",
                        .reference = "https://keras.io/api/optimizers/schedule_free_adamw/",
                        .synonyms = {"schedule-free", "averaging"}});
    addLearningRate(s);
    Param beta1 = forgetting("beta_1", "Beta 1", "Kept for Keras's files: in Keras, too, the steps do not depend on it.");
    beta1.exclusiveMin = true; // Keras divides by it
    s.field(&Params::beta1, beta1);
    s.field(&Params::beta2,
            forgetting("beta_2", "Beta 2", "How slowly the running mean of the squared gradient forgets."));
    s.field(&Params::epsilon, epsilonParam());
    s.field(&Params::warmupSteps, {.key = "warmup_steps",
                                   .label = "Warm-up steps",
                                   .doc = "In so many updates the learning rate rises to its full value.",
                                   .min = 0,
                                   .advanced = true});
    addDecayAndClipping(s);
    return typeOf<OptimizerType, ScheduleFreeAdamW>(std::move(s));
}

} // namespace strata::optimizers
