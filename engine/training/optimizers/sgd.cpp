// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/updates.h"
#include "engine/training/optimizer_params.h"

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    Params() { learningRate = 0.01; }
    double momentum = 0;
    bool nesterov = false;
};

class Sgd final : public Optimizer {
public:
    explicit Sgd(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return m_params.momentum != 0 ? 1 : 0; }
    std::string slotName(int) const override { return "momentum"; }

protected:
    void prepare(std::int64_t, double learningRate) override { m_rate = static_cast<float>(learningRate); }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const w = weights.data();
        const float* const g = gradient.data();
        const std::size_t n = weights.size();
        if (m_params.momentum == 0) {
            for (std::size_t i = 0; i < n; ++i)
                w[i] -= m_rate * g[i];
            return;
        }
        const auto momentum = static_cast<float>(m_params.momentum);
        float* const v = slots[0];
        math::momentumUpdate(static_cast<std::int64_t>(n), m_rate, momentum, m_params.nesterov, g, v, w);
    }

private:
    Params m_params;
    float m_rate = 0;
};

} // namespace

OptimizerType sgd() {
    SchemaOf<Params> s({.id = "SGD",
                        .category = "optimizer",
                        .doc = "Stochastic gradient descent: each batch moves the weights a little downhill. "
                               "With momentum (0.9, say) "
                               "it keeps part of its last step, which is faster and steadier.",
                        .reference = "https://keras.io/api/optimizers/sgd/",
                        .synonyms = {"gradient descent", "momentum", "nesterov"}});
    addLearningRate(s);
    s.field(&Params::momentum, {.key = "momentum",
                                .label = "Momentum",
                                .doc = "Which part of the last step is kept.",
                                .min = 0,
                                .max = 1});
    s.field(&Params::nesterov, {.key = "nesterov",
                                .label = "Nesterov",
                                .doc = "Looks ahead along the momentum before it measures the slope."});
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Sgd>(std::move(s));
}

} // namespace strata::optimizers
