// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/random_factor.h"

#include <fmt/ranges.h>

namespace strata::layers {
namespace {

struct Params : RandomValueParams {
    Params() { factor = {0, 0.1}; }
};

/// y = (x - mean) * factor + mean, within the range of values; the mean is that of the picture's channel.
class RandomContrast final : public Layer {
public:
    RandomContrast(const Params& p, const Shape& in)
        : m_seed(p)
        , m_factor(factorRange(p.factor, 0))
        , m_range(p.range())
        , m_channels(in[2]) {}

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) {
            const float factor = factorOf(pass, n);
            for (std::int64_t c = 0; c < m_channels; ++c) {
                const float mean = meanOf(x, c, pass.output.count);
                for (std::int64_t i = c; i < pass.output.count; i += m_channels)
                    y[i] = m_range.cut((x[i] - mean) * factor + mean);
            }
        });
    }

    void backward(const Pass& pass) override {
        backwardInTraining(pass, [&](std::int64_t n, const float* dy, float* dx) {
            const float factor = factorOf(pass, n);
            for (std::int64_t c = 0; c < m_channels; ++c)
                backwardChannel(pass.output.count, c, factor, pass.inputs[0].sample(n), dy, dx);
        });
    }

private:
    float factorOf(const Pass& pass, std::int64_t n) const {
        Rng rng(m_seed.keyOf(pass, n));
        return static_cast<float>(FactorRange{1 - m_factor.low, 1 + m_factor.high}.draw(rng));
    }

    float meanOf(const float* x, std::int64_t channel, std::int64_t count) const {
        double sum = 0;
        for (std::int64_t i = channel; i < count; i += m_channels)
            sum += static_cast<double>(x[i]);
        return static_cast<float>(sum * static_cast<double>(m_channels) / static_cast<double>(count));
    }

    void backwardChannel(std::int64_t count, std::int64_t channel, float factor, const float* x, const float* dy, float* dx) const {
        const float mean = meanOf(x, channel, count);
        double sum = 0; // of the slopes of what was not cut off
        for (std::int64_t i = channel; i < count; i += m_channels) {
            const float slope = m_range.slope((x[i] - mean) * factor + mean, dy[i]);
            sum += static_cast<double>(slope);
            dx[i] = factor * slope;
        }
        const auto toMean = static_cast<float>(sum * (1 - static_cast<double>(factor)) * static_cast<double>(m_channels) / static_cast<double>(count));
        for (std::int64_t i = channel; i < count; i += m_channels)
            dx[i] += toMean;
    }

    SeedParam m_seed;
    FactorRange m_factor;
    ValueLimits m_range;
    std::int64_t m_channels;
};

} // namespace

LayerType random_contrast() {
    SchemaOf<Params> schema({.id = "RandomContrast",
                             .category = "regularization",
                             .doc = "While training, makes each picture's values go further apart or come closer to their mean, by a "
                                    "random factor. Does nothing when the network is used.",
                             .reference = "https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_contrast/",
                             .synonyms = {"augmentation", "overfitting"}});
    RandomValueParams::addTo(schema, {.key = "factor",
                                      .label = "Amount",
                                      .doc = "Lower and upper: the factor lies between 1 - lower and 1 + upper. One number is the upper, "
                                             "and the lower is 0.",
                                      .min = 0,
                                      .max = 1});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) {
        Result<LayerPlan> plan = p.plan(inputs[0]);
        if (plan) plan->receptive = {.global = true};
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<RandomContrast>(p, inputs[0]);
    };
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.factor, ", ")); };
    parts.examples = {{"A little more", {}, {Shape{3, 4, 2}}},
                      {"Both ways, of values from -2 to 2",
                       {{"factor", ParamValue::RealList{0.3, 0.4}}, {"value_range", ParamValue::RealList{-2, 2}}, {"seed", 3}},
                       {Shape{3, 4, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "seed");
}

} // namespace strata::layers
