// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

#include <cmath>

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    double initialAccumulatorValue = 0.1;
    double epsilon = 1e-7;
};

class Adagrad final : public Optimizer {
public:
    explicit Adagrad(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 1; }
    float initialSlot(int) const override { return static_cast<float>(m_params.initialAccumulatorValue); }
    std::string slotName(int) const override { return "accumulator"; }

protected:
    void prepare(std::int64_t, double learningRate) override { m_rate = static_cast<float>(learningRate); }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const sum = slots[0];
        const auto epsilon = static_cast<float>(m_params.epsilon);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            sum[i] += g * g;
            weights[i] -= m_rate * g / std::sqrt(sum[i] + epsilon);
        }
    }

private:
    Params m_params;
    float m_rate = 0;
};

} // namespace

OptimizerType adagrad() {
    SchemaOf<Params> s({.id = "Adagrad",
                        .category = "optimizer",
                        .doc = "Weights that have moved much so far move less and less (Duchi et al., 2011). "
                               "Made for features that "
                               "are seldom seen.",
                        .reference = "https://keras.io/api/optimizers/adagrad/",
                        .synonyms = {"adaptive gradient"}});
    addLearningRate(s);
    s.field(&Params::initialAccumulatorValue, {.key = "initial_accumulator_value",
                                               .label = "Initial accumulator",
                                               .doc = "With what the sum of squared gradients begins.",
                                               .min = 0,
                                               .advanced = true});
    s.field(&Params::epsilon, epsilonParam());
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Adagrad>(std::move(s));
}

} // namespace strata::optimizers
