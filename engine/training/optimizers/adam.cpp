// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/updates.h"
#include "engine/training/optimizer.h"
#include "engine/training/typed_parts.h"

#include <algorithm>
#include <cmath>

namespace strata::optimizers {
namespace {

struct Params {
    double learningRate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
    bool amsgrad = false;
};

/// Kingma, Ba: "Adam: a method for stochastic optimization" (2015), in the form before section 2.1, as Keras
/// has it: the bias corrections go into the rate, so epsilon is what the paper calls epsilon hat.
class Adam final : public Optimizer {
public:
    explicit Adam(const Params& p)
        : m_params(p) {}

    int slots() const override { return m_params.amsgrad ? 3 : 2; }
    std::string slotName(int slot) const override {
        return slot == 0 ? "momentum" : slot == 1 ? "velocity" : "velocity_hat";
    }
    void beginIteration(std::int64_t iteration, double learningRate) override {
        const auto t = static_cast<double>(iteration);
        m_rate = static_cast<float>(learningRate * std::sqrt(1 - std::pow(m_params.beta2, t)) /
                                    (1 - std::pow(m_params.beta1, t)));
    }

    void step(std::span<float> weights, std::span<const float> gradient,
              std::span<float* const> slots) const override {
        float* const w = weights.data();
        const float* const g = gradient.data();
        float* const m = slots[0];
        float* const v = slots[1];
        const auto toM = static_cast<float>(1 - m_params.beta1);
        const auto toV = static_cast<float>(1 - m_params.beta2);
        const auto epsilon = static_cast<float>(m_params.epsilon);
        const std::size_t n = weights.size();
        if (m_params.amsgrad) {
            float* const top = slots[2];
            for (std::size_t i = 0; i < n; ++i) {
                m[i] += (g[i] - m[i]) * toM;
                v[i] += (g[i] * g[i] - v[i]) * toV;
                top[i] = std::max(top[i], v[i]);
                w[i] -= m[i] * m_rate / (std::sqrt(top[i]) + epsilon);
            }
            return;
        }
        math::adamUpdate(static_cast<std::int64_t>(n), m_rate, toM, toV, epsilon, g, m, v, w);
    }

private:
    Params m_params;
    float m_rate = 0;
};

} // namespace

OptimizerType adam() {
    SchemaOf<Params> s({.id = "Adam",
                        .category = "optimizer",
                        .doc = "Gives every weight a step of its own size, from running means of its "
                               "gradient and of the gradient's square. "
                               "Works well without much tuning: a good first choice.",
                        .reference = "https://keras.io/api/optimizers/adam/",
                        .synonyms = {"adaptive moment"}});
    s.field(&Params::learningRate,
            {.key = "learning_rate",
             .label = "Learning rate",
             .doc = "How far each step goes. Too large: the loss jumps or grows; too small: it hardly falls.",
             .min = 0});
    s.field(&Params::beta1, {.key = "beta_1",
                             .label = "Beta 1",
                             .doc = "How slowly the running mean of the gradient forgets.",
                             .min = 0,
                             .max = 1,
                             .exclusiveMax = true,
                             .advanced = true});
    s.field(&Params::beta2, {.key = "beta_2",
                             .label = "Beta 2",
                             .doc = "How slowly the running mean of the squared gradient forgets.",
                             .min = 0,
                             .max = 1,
                             .exclusiveMax = true,
                             .advanced = true});
    s.field(&Params::epsilon, {.key = "epsilon",
                               .label = "Epsilon",
                               .doc = "A small number that keeps the division from blowing up.",
                               .min = 0,
                               .advanced = true});
    s.field(
        &Params::amsgrad,
        {.key = "amsgrad",
         .label = "AMSGrad",
         .doc =
             "Never lets a weight's step grow again because its gradients got smaller (Reddi et al., 2018).",
         .advanced = true});
    return typeOf<OptimizerType, Adam>(std::move(s));
}

} // namespace strata::optimizers
