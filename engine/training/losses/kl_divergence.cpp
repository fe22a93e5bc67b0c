// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <algorithm>
#include <cmath>

namespace strata::losses {
namespace {

class KLDivergence final : public RowLoss {
public:
    explicit KLDivergence(const NoParams&) {}

protected:
    double row(std::int64_t n, const float* output, const float* target, double scale,
               float* gradient) const override {
        double sum = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            const double t = std::clamp(static_cast<double>(target[i]), 1e-7, 1.0);
            const auto y = static_cast<double>(output[i]);
            const double safe = std::clamp(y, 1e-7, 1.0);
            sum += t * std::log(t / safe);
            if (gradient != nullptr)
                gradient[i] = static_cast<float>(y < 1e-7 || y > 1 ? 0 : -scale * t / safe);
        }
        return sum;
    }
};

} // namespace

LossType kl_divergence() {
    SchemaOf<NoParams> s({.id = "KLDivergence",
                          .category = "loss",
                          .doc = "How far one distribution of probabilities is from another (Kullback, "
                                 "Leibler): targets are rows of probabilities.",
                          .reference = "https://keras.io/api/losses/probabilistic_losses/#kldivergence-class",
                          .synonyms = {"kl_divergence", "kld", "KLD", "relative entropy"}});
    return typeOf<LossType, KLDivergence>(std::move(s));
}

} // namespace strata::losses
