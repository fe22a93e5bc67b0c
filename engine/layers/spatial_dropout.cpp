// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/spatial_dropout.h"

#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/random_params.h"
#include "engine/layers/window.h"
#include "engine/math/elementwise.h"

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
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                if (pass.training) choose(pass, n);
                apply(pass, n, pass.inputs[0], pass.output);
            }
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n)
                apply(pass, n, pass.outputGrad, pass.inputGrads[0]);
        });
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

    void apply(const Pass& pass, std::int64_t n, const Tensor& from, const Tensor& to) const {
        if (!pass.training) return math::copy(to.count, from.sample(n), to.sample(n));
        for (std::int64_t cell = 0; cell < m_cells; ++cell) {
            const std::int64_t at = cell * m_channels;
            math::multiply(m_channels, from.sample(n) + at, pass.savedOf(n), to.sample(n) + at);
        }
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
        if (in.rank() != spatialAxes + 1) {
            return wrongRank(in, spatialAxes == 1   ? "steps × channels"
                                 : spatialAxes == 2 ? "height × width × channels"
                                                    : "depth × height × width × channels");
        }
        LayerPlan plan;
        plan.output = in;
        plan.savedPerSample = in[-1] < 0 ? 0 : in[-1];
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
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
