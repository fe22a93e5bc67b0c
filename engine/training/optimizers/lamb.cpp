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

/// You et al.: "Large batch optimization for deep learning: training BERT in 76 minutes" (2020), algorithm 2, with the
/// norms themselves as their scaling and without a part of the weights in the step, as Keras has it.
class Lamb final : public WholeArrayOptimizer {
public:
    explicit Lamb(const Params& p)
        : WholeArrayOptimizer(p)
        , m_params(p) {}

    int slots() const override { return 2; }
    std::string slotName(int slot) const override { return slot == 0 ? "momentum" : "velocity"; }
    int interleavedSlots() const override { return 2; }

protected:
    void prepare(std::int64_t iteration, double learningRate) override {
        const auto t = static_cast<double>(iteration);
        m_rate = learningRate;
        m_correctM = static_cast<float>(1 / (1 - std::pow(m_params.beta1, t)));
        m_correctV = static_cast<float>(1 / (1 - std::pow(m_params.beta2, t)));
    }

    void updateArray(std::span<const std::int64_t>, std::span<float> weights, std::span<const float> gradient,
                     std::span<float* const> slots) const override {
        float* const m = slots[0];
        float* const v = slots[1];
        const auto toM = static_cast<float>(1 - m_params.beta1);
        const auto toV = static_cast<float>(1 - m_params.beta2);
        const auto epsilon = static_cast<float>(m_params.epsilon);
        const auto stepOf = [&](std::size_t i) { return m[i] * m_correctM / (std::sqrt(v[i] * m_correctV) + epsilon); };
        double ofWeights = 0, ofStep = 0; // squares
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            m[i] += (g - m[i]) * toM;
            v[i] += (g * g - v[i]) * toV;
            const double w = weights[i], step = stepOf(i);
            ofWeights += w * w;
            ofStep += step * step;
        }
        const double ratio = ofWeights > 0 && ofStep > 0 ? std::sqrt(ofWeights / ofStep) : 1;
        const auto rate = static_cast<float>(m_rate * ratio);
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] -= rate * stepOf(i);
    }

private:
    Params m_params;
    double m_rate = 0;
    float m_correctM = 1, m_correctV = 1;
};

} // namespace

OptimizerType lamb() {
    SchemaOf<Params> s({.id = "Lamb",
                        .category = "optimizer",
                        .doc = "Adam whose step in every weight array is as long as the array's own norm times the learning rate "
                               "(You et al., 2020). Made for very large batches.",
                        .reference = "https://keras.io/api/optimizers/lamb/",
                        .synonyms = {"layer-wise adaptive moments", "large batch"}});
    addLearningRate(s);
    s.field(&Params::beta1,
            forgetting("beta_1", "Beta 1", "How slowly the running mean of the gradient forgets."));
    s.field(&Params::beta2,
            forgetting("beta_2", "Beta 2", "How slowly the running mean of the squared gradient forgets."));
    s.field(&Params::epsilon, epsilonParam());
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Lamb>(std::move(s));
}

} // namespace strata::optimizers
