// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

#include <cmath>

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    double rho = 0.9;
    double momentum = 0;
    double epsilon = 1e-7;
    bool centered = false;
};

/// Slots in Keras's order: velocity, momentum (if any), average gradient (if centred).
class RmsProp final : public Optimizer {
public:
    explicit RmsProp(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 1 + (m_params.momentum > 0 ? 1 : 0) + (m_params.centered ? 1 : 0); }
    std::string slotName(int slot) const override {
        if (slot == 0) return "velocity";
        return slot == 1 && m_params.momentum > 0 ? "momentum" : "average_gradient";
    }

protected:
    void prepare(std::int64_t, double learningRate) override { m_rate = static_cast<float>(learningRate); }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        const bool moves = m_params.momentum > 0;
        float* const velocity = slots[0];
        float* const momentum = moves ? slots[1] : nullptr;
        float* const average = m_params.centered ? slots[moves ? 2 : 1] : nullptr;
        const auto rho = static_cast<float>(m_params.rho);
        const auto toNew = static_cast<float>(1 - m_params.rho);
        const auto epsilon = static_cast<float>(m_params.epsilon);
        const auto keep = static_cast<float>(m_params.momentum);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            velocity[i] = rho * velocity[i] + toNew * g * g;
            float spread = velocity[i];
            if (average != nullptr) {
                average[i] = rho * average[i] + toNew * g;
                spread -= average[i] * average[i];
            }
            const float pull = m_rate * g / std::sqrt(spread + epsilon);
            if (moves) momentum[i] = keep * momentum[i] + pull;
            weights[i] -= moves ? momentum[i] : pull;
        }
    }

private:
    Params m_params;
    float m_rate = 0;
};

} // namespace

OptimizerType rmsprop() {
    SchemaOf<Params> s({.id = "RMSprop",
                        .category = "optimizer",
                        .doc = "Divides each weight's step by a running mean of its gradient's size, so that "
                               "steep and flat directions "
                               "move at a like pace (Hinton's lecture, 2012).",
                        .reference = "https://keras.io/api/optimizers/rmsprop/",
                        .synonyms = {"root mean square"}});
    addLearningRate(s);
    s.field(&Params::rho,
            forgetting("rho", "Rho", "How slowly the running mean of the squared gradient forgets."));
    s.field(&Params::momentum, {.key = "momentum",
                                .label = "Momentum",
                                .doc = "Which part of the last step is kept.",
                                .min = 0,
                                .max = 1});
    s.field(&Params::epsilon, epsilonParam());
    s.field(&Params::centered,
            {.key = "centered",
             .label = "Centered",
             .doc = "Divides by the gradient's spread around its mean instead of its size.",
             .advanced = true});
    addDecayAndClipping(s);
    return typeOf<OptimizerType, RmsProp>(std::move(s));
}

} // namespace strata::optimizers
