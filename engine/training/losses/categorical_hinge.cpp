// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <algorithm>
#include <cmath>

namespace strata::losses {
namespace {

class CategoricalHinge final : public RowLoss {
public:
    explicit CategoricalHinge(const NoParams&) {}

protected:
    double row(std::int64_t n, const float* output, const float* target, double scale,
               float* gradient) const override {
        double right = 0;
        double wrong = static_cast<double>((1 - target[0]) * output[0]);
        std::int64_t best = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            right += static_cast<double>(target[i]) * static_cast<double>(output[i]);
            const double v = (1 - static_cast<double>(target[i])) * static_cast<double>(output[i]);
            if (v > wrong) {
                wrong = v;
                best = i;
            }
        }
        const double lacking = wrong - right + 1;
        if (gradient != nullptr) {
            for (std::int64_t i = 0; i < n; ++i) {
                const auto t = static_cast<double>(target[i]);
                const double slope = lacking > 0 ? (i == best ? 1 - t : 0) - t : 0;
                gradient[i] = static_cast<float>(scale * slope);
            }
        }
        return std::fmax(lacking, 0);
    }
};

} // namespace

LossType categorical_hinge() {
    SchemaOf<NoParams> s({.id = "CategoricalHinge",
                          .category = "loss",
                          .doc = "For several classes with one-hot targets: wants the right class at least 1 "
                                 "above the best wrong one.",
                          .reference = "https://keras.io/api/losses/hinge_losses/#categoricalhinge-class",
                          .synonyms = {"categorical_hinge", "SVM"}});
    return typeOf<LossType, CategoricalHinge>(std::move(s));
}

} // namespace strata::losses
