// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/random_factor.h"

#include <fmt/ranges.h>

namespace strata::layers {
namespace {

struct Params : RandomValueParams {
    Params() { factor = {-0.1, 0.1}; }
};

class RandomBrightness final : public Layer {
public:
    explicit RandomBrightness(const Params& p)
        : m_seed(p)
        , m_factor(factorRange(p.factor, -1))
        , m_range(p.range()) {}

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) {
            const float added = addedTo(pass, n);
            for (std::int64_t i = 0; i < pass.output.count; ++i)
                y[i] = m_range.cut(x[i] + added);
        });
    }

    void backward(const Pass& pass) override {
        backwardInTraining(pass, [&](std::int64_t n, const float* dy, float* dx) {
            const float* x = pass.inputs[0].sample(n);
            const float added = addedTo(pass, n);
            for (std::int64_t i = 0; i < pass.output.count; ++i)
                dx[i] = m_range.slope(x[i] + added, dy[i]);
        });
    }

private:
    float addedTo(const Pass& pass, std::int64_t n) const {
        Rng rng(m_seed.keyOf(pass, n));
        return static_cast<float>(m_factor.draw(rng)) * (m_range.high - m_range.low);
    }

    SeedParam m_seed;
    FactorRange m_factor;
    ValueLimits m_range;
};

} // namespace

LayerType random_brightness() {
    SchemaOf<Params> schema({.id = "RandomBrightness",
                             .category = "regularization",
                             .doc = "While training, makes each picture brighter or darker by a random amount, so that the "
                                    "network does not learn the light. Does nothing when the network is used.",
                             .reference = "https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_brightness/",
                             .synonyms = {"augmentation", "light", "overfitting"}});
    RandomValueParams::addTo(schema, {.key = "factor",
                                      .label = "Amount",
                                      .doc = "How much is added, as a part of the range of values: 0.1 is up to a tenth of it, to both "
                                             "sides; two numbers are the least and the most.",
                                      .min = -1,
                                      .max = 1});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) { return p.plan(inputs[0]); };
    parts.create = [](const Params& p, std::span<const Shape>) -> std::unique_ptr<Layer> { return std::make_unique<RandomBrightness>(p); };
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.factor, "..")); };
    parts.examples = {{"A tenth", {}, {Shape{3, 4, 2}}},
                      {"Brighter, of values from -2 to 2",
                       {{"factor", ParamValue::RealList{0.1, 0.3}}, {"value_range", ParamValue::RealList{-2, 2}}, {"seed", 3}},
                       {Shape{3, 4, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
