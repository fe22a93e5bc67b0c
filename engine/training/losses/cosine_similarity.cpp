// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_loss.h"

#include <algorithm>
#include <cmath>

namespace strata::losses {
namespace {

class CosineSimilarity final : public RowLoss {
public:
    explicit CosineSimilarity(const NoParams&) {}

protected:
    double row(std::int64_t n, const float* output, const float* target, double scale,
               float* gradient) const override {
        double dot = 0;
        double outputs = 0;
        double targets = 0;
        for (std::int64_t i = 0; i < n; ++i) {
            const auto t = static_cast<double>(target[i]);
            const auto y = static_cast<double>(output[i]);
            dot += t * y;
            outputs += y * y;
            targets += t * t;
        }
        // Keras never divides by less than the root of 1e-12.
        const double length = std::sqrt(std::fmax(outputs, 1e-12));
        const double other = std::sqrt(std::fmax(targets, 1e-12));
        const double cosine = dot / (length * other);
        if (gradient != nullptr) {
            for (std::int64_t i = 0; i < n; ++i) {
                const double along =
                    outputs > 1e-12 ? cosine * static_cast<double>(output[i]) / (length * length) : 0;
                gradient[i] =
                    static_cast<float>(scale * (along - static_cast<double>(target[i]) / (length * other)));
            }
        }
        return -cosine;
    }
};

} // namespace

LossType cosine_similarity() {
    SchemaOf<NoParams> s(
        {.id = "CosineSimilarity",
         .category = "loss",
         .doc = "Minus the cosine of the angle between prediction and target: -1 when they point the same "
                "way, whatever their lengths.",
         .reference = "https://keras.io/api/losses/regression_losses/#cosinesimilarity-class",
         .synonyms = {"cosine_similarity", "angle"}});
    return typeOf<LossType, CosineSimilarity>(std::move(s));
}

} // namespace strata::losses
