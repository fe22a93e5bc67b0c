// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/spatial_dropout.h"

#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/random_params.h"
#include "engine/layers/window.h"

namespace strata {
namespace {

struct Params : SeedParam {
    double rate = 0.5;
};

/// saved for a sample: (channels) the factor of each channel, 0 or 1 / (1 - rate).
class SpatialDropout final : public Layer {
public:
    SpatialDropout(const Params& p, const Shape& in)
        : m_params(p)
        , m_channels(in[-1])
        , m_cells(in.count() / in[-1]) {}

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) {
            choose(pass, n);
            apply(pass.savedOf(n), x, y);
        });
    }

    void backward(const Pass& pass) override {
        backwardInTraining(pass, [&](std::int64_t n, const float* dy, float* dx) { apply(pass.savedOf(n), dy, dx); });
    }

private:
    void choose(const Pass& pass, std::int64_t n) const {
        Rng rng(m_params.keyOf(pass, n));
        const auto limit = static_cast<std::uint64_t>(m_params.rate * 4294967296.0);
        const float scale = m_params.rate < 1 ? static_cast<float>(1 / (1 - m_params.rate)) : 0;
        float* factors = pass.savedOf(n);
        for (std::int64_t c = 0; c < m_channels; ++c)
            factors[c] = rng.nextUint() < limit ? 0 : scale;
    }

    void apply(const float* factors, const float* from, float* to) const {
        for (std::int64_t at = 0; at < m_cells * m_channels; at += m_channels)
            math::multiply(m_channels, from + at, factors, to + at);
    }

    Params m_params;
    std::int64_t m_channels, m_cells;
};

} // namespace

LayerType spatialDropoutType(Schema head, int spatialAxes) {
    SchemaOf<Params> schema(std::move(head));
    schema.field(&Params::rate, {.key = "rate",
                                 .label = "Rate",
                                 .doc = "The part of the channels that is set to zero, from 0 to 1.",
                                 .min = 0,
                                 .max = 1});
    schema.field(&Params::seed, seedParam());
    LayerParts<Params> parts;
    parts.plan = [spatialAxes](const Params&, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        if (in.rank() != spatialAxes + 1) return wrongRank(in, spatialAxes);
        LayerPlan plan = gradientOnlyPlan(in);
        plan.savedPerSample = in[-1] < 0 ? 0 : in[-1];
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<SpatialDropout>(p, inputs[0]);
    };
    parts.summary = [](const Params& p) { return said("rate {:.4g}", p.rate); };
    const Shape shapes[] = {Shape{4, 6}, Shape{2, 3, 6}, Shape{2, 2, 2, 6}};
    parts.examples = {{"Half of the channels", {}, {shapes[spatialAxes - 1]}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata
