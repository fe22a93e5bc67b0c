// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer_params.h"

#include <algorithm>
#include <cmath>

namespace strata::optimizers {
namespace {

struct Params : OptimizerCommon {
    double beta2Decay = -0.8;
    double epsilon1 = 1e-30;
    double epsilon2 = 1e-3;
    double clipThreshold = 1;
    bool relativeStep = true;
};

/// Shazeer, Stern: "Adafactor: adaptive learning rates with sublinear memory cost" (2018), algorithms 4 and 5. As in
/// Keras the product of row and column means is a slot of its own (`velocity`), so memory is not saved; arrays of one
/// axis have nothing but that.
class Adafactor final : public WholeArrayOptimizer {
public:
    explicit Adafactor(const Params& p)
        : WholeArrayOptimizer(p)
        , m_params(p) {}

    int slots() const override { return 3; }
    std::string slotName(int slot) const override { return slot == 0 ? "row" : slot == 1 ? "column" : "velocity"; }
    int interleavedSlots() const override { return 3; }
    /// Keras has a single zero where an array has no rows and columns.
    std::vector<std::int64_t> slotDims(int slot, std::span<const std::int64_t> dims) const override {
        std::vector<std::int64_t> out(dims.begin(), dims.end());
        if (slot == 2) return out;
        if (out.size() < 2) return {};
        out.erase(slot == 0 ? out.end() - 1 : out.end() - 2);
        return out;
    }

protected:
    void prepare(std::int64_t iteration, double learningRate) override {
        const auto t = static_cast<double>(iteration);
        m_rate = std::min(learningRate, 1 / std::sqrt(t));
        m_toNew = static_cast<float>(std::pow(t, m_params.beta2Decay));
    }

    void updateArray(std::span<const std::int64_t> dims, std::span<float> weights, std::span<const float> gradient,
                     std::span<float* const> slots) const override {
        if (weights.empty()) return;
        float* const v = slots[2];
        if (dims.size() < 2) {
            for (std::size_t i = 0; i < weights.size(); ++i)
                v[i] = (1 - m_toNew) * v[i] + m_toNew * squared(gradient[i]);
        } else {
            const auto columns = static_cast<std::size_t>(dims.back()), rows = static_cast<std::size_t>(dims[dims.size() - 2]);
            for (std::size_t m = 0; m * rows * columns < weights.size(); ++m)
                updateMatrix(rows, columns, &gradient[m * rows * columns], slots[0] + m * rows, slots[1] + m * columns, v + m * rows * columns);
        }
        double ofWeights = 0, ofStep = 0; // squares
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const double w = weights[i], step = stepOf(gradient[i], v[i]);
            ofWeights += w * w;
            ofStep += step * step;
        }
        const auto count = static_cast<double>(weights.size());
        const double size = std::max(m_params.epsilon2, std::sqrt(ofWeights / count));
        const double tooLong = std::max(1.0, std::sqrt(ofStep / count) / m_params.clipThreshold);
        const auto rate = static_cast<float>(size * m_rate / tooLong);
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] -= rate * stepOf(gradient[i], v[i]);
    }

private:
    /// Where neither a row nor a column has a gradient, the product of their means is too small for a float. Keras then
    /// divides nothing by nothing, and the whole array is lost.
    float stepOf(float g, float v) const { return g / std::sqrt(v > 0 ? v : static_cast<float>(m_params.epsilon1)); }

    float squared(float g) const { return g * g + static_cast<float>(m_params.epsilon1); }

    /// The last two axes of an array. `v` (rows, columns) from the running means of its rows and of its columns
    void updateMatrix(std::size_t rows, std::size_t columns, const float* gradient, float* row, float* column, float* v) const {
        const float keep = 1 - m_toNew;
        for (std::size_t c = 0; c < columns; ++c)
            column[c] *= keep;
        double ofRows = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            double sum = 0;
            for (std::size_t c = 0; c < columns; ++c) {
                const float square = squared(gradient[r * columns + c]);
                sum += static_cast<double>(square);
                column[c] += m_toNew / static_cast<float>(rows) * square;
            }
            row[r] = keep * row[r] + m_toNew * static_cast<float>(sum / static_cast<double>(columns));
            ofRows += static_cast<double>(row[r]);
        }
        const double mean = ofRows / static_cast<double>(rows);
        for (std::size_t r = 0; r < rows; ++r) {
            const auto share = static_cast<float>(static_cast<double>(row[r]) / mean);
            for (std::size_t c = 0; c < columns; ++c)
                v[r * columns + c] = share * column[c];
        }
    }

    Params m_params;
    double m_rate = 0;
    float m_toNew = 1;
};

} // namespace

OptimizerType adafactor() {
    SchemaOf<Params> s({.id = "Adafactor",
                        .category = "optimizer",
                        .doc = "Judges a gradient by the running means of its array's rows and columns and steps in proportion to the size of "
                               "the weights (Shazeer, Stern, 2018).",
                        .reference = "https://keras.io/api/optimizers/adafactor/",
                        .synonyms = {"factored", "adaptive"}});
    addLearningRate(s);
    s.field(&Params::beta2Decay, {.key = "beta_2_decay",
                                  .label = "Beta 2 decay",
                                  .doc = "How the newest gradient's share of the running means falls: the number of updates to this power.",
                                  .max = 0,
                                  .advanced = true});
    s.field(&Params::epsilon1, {.key = "epsilon_1",
                                .label = "Epsilon 1",
                                .doc = "Added to each squared gradient: keeps the division from blowing up.",
                                .min = 0,
                                .advanced = true});
    s.field(&Params::epsilon2, {.key = "epsilon_2",
                                .label = "Epsilon 2",
                                .doc = "Smaller weights than this step as if they were so large.",
                                .min = 0,
                                .advanced = true});
    s.field(&Params::clipThreshold, {.key = "clip_threshold",
                                     .label = "Clip threshold",
                                     .doc = "A step whose root mean square exceeds this is made shorter.",
                                     .min = 0,
                                     .exclusiveMin = true,
                                     .advanced = true});
    s.field(&Params::relativeStep, {.key = "relative_step",
                                    .label = "Relative step",
                                    .doc = "Kept for Keras's files. The rate is never larger than one by the root of the number of updates, "
                                           "in Keras too, with it or without.",
                                    .advanced = true});
    addDecayAndClipping(s);
    return typeOf<OptimizerType, Adafactor>(std::move(s));
}

} // namespace strata::optimizers
