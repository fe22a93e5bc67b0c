// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/random_factor.h"
#include "engine/layers/random_params.h"
#include "engine/layers/window.h"
#include "engine/math/elementwise.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace strata::layers {
namespace {

struct Params : SeedParam {
    std::vector<double> factor{0, 0.1};
    std::vector<double> valueRange{0, 255};
};

/// y = (x - mean) * factor + mean, within the range of values; the mean is that of the picture's channel.
class RandomContrast final : public Layer {
public:
    RandomContrast(const Params& p, const Shape& in)
        : m_seed(p)
        , m_factor(factorRange(p.factor, 0))
        , m_low(static_cast<float>(std::ranges::min(p.valueRange)))
        , m_high(static_cast<float>(std::ranges::max(p.valueRange)))
        , m_channels(in[2]) {}

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
                const float factor = factorOf(pass, n);
                for (std::int64_t c = 0; c < m_channels; ++c) {
                    const float mean = meanOf(x, c, pass.output.count);
                    for (std::int64_t i = c; i < pass.output.count; i += m_channels)
                        y[i] = std::clamp((x[i] - mean) * factor + mean, m_low, m_high);
                }
            }
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                const float factor = factorOf(pass, n);
                for (std::int64_t c = 0; c < m_channels; ++c)
                    backwardChannel(pass, n, c, factor);
            }
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

    void backwardChannel(const Pass& pass, std::int64_t n, std::int64_t channel, float factor) const {
        const float* x = pass.inputs[0].sample(n);
        const float* dy = pass.outputGrad.sample(n);
        float* dx = pass.inputGrads[0].sample(n);
        const std::int64_t count = pass.output.count;
        const float mean = meanOf(x, channel, count);
        double sum = 0; // of the slopes of what was not cut off
        for (std::int64_t i = channel; i < count; i += m_channels) {
            const float v = (x[i] - mean) * factor + mean;
            const float slope = v < m_low || v > m_high ? 0 : dy[i];
            sum += static_cast<double>(slope);
            dx[i] = factor * slope;
        }
        const auto toMean = static_cast<float>(sum * (1 - static_cast<double>(factor)) * static_cast<double>(m_channels) / static_cast<double>(count));
        for (std::int64_t i = channel; i < count; i += m_channels)
            dx[i] += toMean;
    }

    SeedParam m_seed;
    FactorRange m_factor;
    float m_low, m_high;
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
    schema.field(&Params::factor, {.key = "factor",
                                   .label = "Amount",
                                   .doc = "Lower and upper: the factor lies between 1 - lower and 1 + upper. One number is the upper, "
                                          "and the lower is 0.",
                                   .min = 0,
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
        plan.receptive = {.global = true};
        plan.backwardReadsOutput = false;
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
