// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <algorithm>
#include <cmath>

namespace strata::losses {
namespace {

struct Params {
    double delta = 1;
};

class Huber final : public RowLoss {
public:
    explicit Huber(const Params& p)
        : m_params(p) {}

protected:
    double row(std::int64_t n, const float* output, const float* target, double scale,
               float* gradient) const override {
        const double delta = m_params.delta;
        return meanOfRow(n, output, target, scale, gradient, [delta](double t, double y) -> ValueLoss {
            const double error = y - t;
            if (std::abs(error) <= delta) return {0.5 * error * error, error};
            return {delta * std::abs(error) - 0.5 * delta * delta, error > 0 ? delta : -delta};
        });
    }

private:
    Params m_params;
};

} // namespace

LossType huber() {
    SchemaOf<Params> s({.id = "Huber",
                        .category = "loss",
                        .doc = "The square of small errors, the magnitude of large ones (above delta): for "
                               "numbers to be predicted when some targets are far off.",
                        .reference = "https://keras.io/api/losses/regression_losses/#huber-class",
                        .synonyms = {"huber", "smooth L1"}});
    s.field(&Params::delta, {.key = "delta",
                             .label = "Delta",
                             .doc = "Where the square ends and the magnitude begins.",
                             .min = 0,
                             .exclusiveMin = true});
    return typeOf<LossType, Huber>(std::move(s));
}

} // namespace strata::losses
