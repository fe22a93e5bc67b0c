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

class Adamax final : public Optimizer {
public:
    explicit Adamax(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 2; }
    std::string slotName(int slot) const override { return slot == 0 ? "momentum" : "norm"; }
    int interleavedSlots() const override { return 2; }

protected:
    void prepare(std::int64_t iteration, double learningRate) override {
        m_rate =
            static_cast<float>(learningRate / (1 - std::pow(m_params.beta1, static_cast<double>(iteration))));
    }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const m = slots[0];
        float* const top = slots[1];
        const auto toM = static_cast<float>(1 - m_params.beta1);
        const auto fade = static_cast<float>(m_params.beta2);
        const auto epsilon = static_cast<float>(m_params.epsilon);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            m[i] += (g - m[i]) * toM;
            const float faded = fade * top[i];
            const float size = std::abs(g);
            top[i] = faded < size ? size : faded;
            weights[i] -= m_rate * m[i] / (top[i] + epsilon);
        }
    }

private:
    Params m_params;
    float m_rate = 0;
};

} // namespace

OptimizerType adamax() {
    SchemaOf<Params> s({.id = "Adamax",
                        .category = "optimizer",
                        .doc = "Adam with the largest recent gradient in place of the mean square (Kingma, "
                               "Ba, 2015, section 7).",
                        .reference = "https://keras.io/api/optimizers/adamax/",
                        .synonyms = {"infinity norm"}});
    addLearningRate(s);
    s.field(&Params::beta1,
            forgetting("beta_1", "Beta 1", "How slowly the running mean of the gradient forgets."));
    s.field(&Params::beta2, forgetting("beta_2", "Beta 2", "How slowly the largest gradient fades."));
    s.field(&Params::epsilon, epsilonParam());
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Adamax>(std::move(s));
}

} // namespace strata::optimizers
