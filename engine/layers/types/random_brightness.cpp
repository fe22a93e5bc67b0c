// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/random_factor.h"
#include "engine/layers/random_params.h"
#include "engine/layers/window.h"
#include "engine/math/elementwise.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace strata::layers {
namespace {

struct Params : SeedParam {
    std::vector<double> factor{-0.1, 0.1};
    std::vector<double> valueRange{0, 255};
};

class RandomBrightness final : public Layer {
public:
    explicit RandomBrightness(const Params& p)
        : m_seed(p)
        , m_factor(factorRange(p.factor, -1))
        , m_low(static_cast<float>(std::ranges::min(p.valueRange)))
        , m_high(static_cast<float>(std::ranges::max(p.valueRange))) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                const float* x = pass.inputs[0].sample(n);
                float* y = pass.output.sample(n);
                if (!pass.training) {
                    math::copy(pass.output.count, x, y);
                    continue;
                }
                const float added = addedTo(pass, n);
                for (std::int64_t i = 0; i < pass.output.count; ++i)
                    y[i] = std::clamp(x[i] + added, m_low, m_high);
            }
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                const float* x = pass.inputs[0].sample(n);
                const float* dy = pass.outputGrad.sample(n);
                float* dx = pass.inputGrads[0].sample(n);
                const float added = addedTo(pass, n);
                for (std::int64_t i = 0; i < pass.output.count; ++i) {
                    const float v = x[i] + added;
                    dx[i] = v < m_low || v > m_high ? 0 : dy[i];
                }
            }
        });
    }

private:
    float addedTo(const Pass& pass, std::int64_t n) const {
        Rng rng(m_seed.keyOf(pass, n));
        return static_cast<float>(m_factor.draw(rng)) * (m_high - m_low);
    }

    SeedParam m_seed;
    FactorRange m_factor;
    float m_low, m_high;
};

} // namespace

LayerType random_brightness() {
    SchemaOf<Params> schema({.id = "RandomBrightness",
                             .category = "regularization",
                             .doc = "While training, makes each picture brighter or darker by a random amount, so that the "
                                    "network does not learn the light. Does nothing when the network is used.",
                             .reference = "https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_brightness/",
                             .synonyms = {"augmentation", "light", "overfitting"}});
    schema.field(&Params::factor, {.key = "factor",
                                   .label = "Amount",
                                   .doc = "How much is added, as a part of the range of values: 0.1 is up to a tenth of it, to both "
                                          "sides; two numbers are the least and the most.",
                                   .min = -1,
                                   .max = 1});
    schema.field(&Params::valueRange, {.key = "value_range",
                                       .label = "Range of values",
                                       .doc = "The smallest and the largest value a picture has; the result stays within. 0, 1 for "
                                              "pictures that are divided by 255 already."});
    schema.field(&Params::seed, seedParam());
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        if (inputs[0].rank() != 3) return wrongRank(inputs[0], "height × width × channels");
        if (const Result<> fits = checkFactor("factor", p.factor); !fits) return fits.error();
        if (const Result<> fits = checkRange("value_range", p.valueRange); !fits) return fits.error();
        LayerPlan plan;
        plan.output = inputs[0];
        plan.backwardReadsOutput = false;
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape>) -> std::unique_ptr<Layer> { return std::make_unique<RandomBrightness>(p); };
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.factor, "..")); };
    parts.examples = {{"A tenth", {}, {Shape{3, 4, 2}}},
                      {"Brighter, of values from -2 to 2",
                       {{"factor", ParamValue::RealList{0.1, 0.3}}, {"value_range", ParamValue::RealList{-2, 2}}, {"seed", 3}},
                       {Shape{3, 4, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
