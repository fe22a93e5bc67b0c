// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    double beta1 = 0.9;
    double beta2 = 0.99;
};

class Lion final : public Optimizer {
public:
    explicit Lion(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 1; }
    std::string slotName(int) const override { return "momentum"; }

protected:
    void prepare(std::int64_t, double learningRate) override { m_rate = static_cast<float>(learningRate); }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const m = slots[0];
        const auto beta1 = static_cast<float>(m_params.beta1);
        const auto toNow = static_cast<float>(1 - m_params.beta1);
        const auto beta2 = static_cast<float>(m_params.beta2);
        const auto toM = static_cast<float>(1 - m_params.beta2);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            const float way = m[i] * beta1 + g * toNow;
            weights[i] -= way > 0 ? m_rate : way < 0 ? -m_rate : way; // a NaN shows
            m[i] = m[i] * beta2 + g * toM;
        }
    }

private:
    Params m_params;
    float m_rate = 0;
};

} // namespace

OptimizerType lion() {
    SchemaOf<Params> s(
        {.id = "Lion",
         .category = "optimizer",
         .doc = "Every weight moves by exactly the learning rate, up or down; only the sign of a running "
                "mean counts "
                "(Chen et al., 2023). Wants a learning rate three to ten times smaller than Adam's.",
         .reference = "https://keras.io/api/optimizers/lion/",
         .synonyms = {"sign momentum"}});
    addLearningRate(s);
    s.field(&Params::beta1,
            forgetting("beta_1", "Beta 1", "How much the running mean counts against the newest gradient."));
    s.field(&Params::beta2, forgetting("beta_2", "Beta 2", "How slowly the running mean forgets."));
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Lion>(std::move(s));
}

} // namespace strata::optimizers
