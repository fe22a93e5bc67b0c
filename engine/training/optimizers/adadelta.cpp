// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

#include <cmath>

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    double rho = 0.95;
    double epsilon = 1e-7;
};

/// Zeiler: "ADADELTA: an adaptive learning rate method" (2012), algorithm 1, with a learning rate besides.
class Adadelta final : public Optimizer {
public:
    explicit Adadelta(const Params& p)
        : Optimizer(p)
        , m_params(p) {}

    int slots() const override { return 2; }
    std::string slotName(int slot) const override {
        return slot == 0 ? "accumulated_grad" : "accumulated_delta_var";
    }
    int interleavedSlots() const override { return 2; }

protected:
    void prepare(std::int64_t, double learningRate) override { m_rate = static_cast<float>(learningRate); }

    void update(std::span<float> weights, std::span<const float> gradient,
                std::span<float* const> slots) const override {
        float* const grads = slots[0];
        float* const moves = slots[1];
        const auto rho = static_cast<float>(m_params.rho);
        const auto toNew = static_cast<float>(1 - m_params.rho);
        const auto epsilon = static_cast<float>(m_params.epsilon);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const float g = gradient[i];
            grads[i] = rho * grads[i] + toNew * g * g;
            const float move = -std::sqrt(moves[i] + epsilon) * g / std::sqrt(grads[i] + epsilon);
            moves[i] = rho * moves[i] + toNew * move * move;
            weights[i] += m_rate * move;
        }
    }

private:
    Params m_params;
    float m_rate = 0;
};

} // namespace

OptimizerType adadelta() {
    SchemaOf<Params> s({.id = "Adadelta",
                        .category = "optimizer",
                        .doc = "Finds the size of its steps from the steps before (Zeiler, 2012). Starts "
                               "slowly; the paper's own rate is 1.",
                        .reference = "https://keras.io/api/optimizers/adadelta/",
                        .synonyms = {"adaptive"}});
    addLearningRate(s);
    s.field(&Params::rho, forgetting("rho", "Rho", "How slowly both running means forget."));
    s.field(&Params::epsilon, epsilonParam());
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Adadelta>(std::move(s));
}

} // namespace strata::optimizers
