// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/optimizer_params.h"

namespace strata {

struct AdamParams : OptimizerCommon {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
    bool amsgrad = false;
};

/// Kingma, Ba: "Adam: a method for stochastic optimization" (2015), in the form at the end of its section 2,
/// as Keras has it: the bias corrections go into the rate, so epsilon is what the paper calls epsilon hat.
class Adam final : public Optimizer {
public:
    explicit Adam(const AdamParams& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return m_params.amsgrad ? 3 : 2; }
    std::string slotName(int slot) const override {
        return slot == 0 ? "momentum" : slot == 1 ? "velocity" : "velocity_hat";
    }
    int interleavedSlots() const override { return 2; }

protected:
    void prepare(std::int64_t iteration, double learningRate) override;
    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override;

private:
    AdamParams m_params;
    float m_rate = 0;
};

/// Adds Adam's parameters to a schema whose parameters derive from AdamParams.
template <class P>
void addAdamParams(SchemaOf<P>& s) {
    addLearningRate(s);
    s.field(&P::beta1,
            forgetting("beta_1", "Beta 1", "How slowly the running mean of the gradient forgets."));
    s.field(&P::beta2,
            forgetting("beta_2", "Beta 2", "How slowly the running mean of the squared gradient forgets."));
    s.field(&P::epsilon, epsilonParam());
    s.field(
        &P::amsgrad,
        {.key = "amsgrad",
         .label = "AMSGrad",
         .doc =
             "Never lets a weight's step grow again because its gradients got smaller (Reddi et al., 2018).",
         .advanced = true});
    addDecayAndClipping(s);
}

} // namespace strata
