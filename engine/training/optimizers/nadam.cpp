// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

#include <cmath>

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
};

/// Dozat: "Incorporating Nesterov momentum into Adam" (2016), with its momentum schedule u(t) = beta1 (1 -
/// 0.96^t / 2).
class Nadam final : public Optimizer {
public:
    explicit Nadam(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 2; }
    std::string slotName(int slot) const override { return slot == 0 ? "momentum" : "velocity"; }
    int interleavedSlots() const override { return 2; }
    /// Keras's `_u_product`.
    std::vector<double> scalarsAfter(std::int64_t iterations) const override {
        return {productUpTo(iterations)};
    }

protected:
    void prepare(std::int64_t iteration, double learningRate) override {
        // The product of all u up to now; continued when the iterations come one after the other, else made
        // anew.
        if (iteration != m_iteration + 1) m_product = productUpTo(iteration - 1);
        m_iteration = iteration;
        const double now = momentumAt(iteration);
        const double next = momentumAt(iteration + 1);
        m_product *= now;
        m_byMomentum = static_cast<float>(learningRate * next / (1 - m_product * next));
        m_byGradient = static_cast<float>(learningRate * (1 - now) / (1 - m_product));
        m_correction = static_cast<float>(1 / (1 - std::pow(m_params.beta2, static_cast<double>(iteration))));
    }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const m = slots[0];
        float* const v = slots[1];
        const auto toM = static_cast<float>(1 - m_params.beta1);
        const auto toV = static_cast<float>(1 - m_params.beta2);
        const auto epsilon = static_cast<float>(m_params.epsilon);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            m[i] += (g - m[i]) * toM;
            v[i] += (g * g - v[i]) * toV;
            weights[i] -=
                (m_byMomentum * m[i] + m_byGradient * g) / (std::sqrt(v[i] * m_correction) + epsilon);
        }
    }

private:
    double momentumAt(std::int64_t t) const {
        return m_params.beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t)));
    }

    double productUpTo(std::int64_t iteration) const {
        double product = 1;
        for (std::int64_t t = 1; t <= iteration && product > 0; ++t)
            product *= momentumAt(t);
        return product;
    }

    Params m_params;
    std::int64_t m_iteration = 0;
    double m_product = 1;
    float m_byMomentum = 0, m_byGradient = 0, m_correction = 1;
};

} // namespace

OptimizerType nadam() {
    SchemaOf<Params> s({.id = "Nadam",
                        .category = "optimizer",
                        .doc = "Adam that looks ahead along its momentum, as Nesterov's does (Dozat, 2016).",
                        .reference = "https://keras.io/api/optimizers/nadam/",
                        .synonyms = {"nesterov adam"}});
    addLearningRate(s);
    s.field(&Params::beta1,
            forgetting("beta_1", "Beta 1", "How slowly the running mean of the gradient forgets."));
    s.field(&Params::beta2,
            forgetting("beta_2", "Beta 2", "How slowly the running mean of the squared gradient forgets."));
    s.field(&Params::epsilon, epsilonParam());
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Nadam>(std::move(s));
}

} // namespace strata::optimizers
