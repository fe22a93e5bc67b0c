// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"
#include "engine/layers/sizes.h"

namespace strata::layers {
namespace {

class MaxPooling2D final : public Layer {
public:
    explicit MaxPooling2D(const math::PoolGeometry& g)
        : m_geometry(g) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::maxPoolForward(m_geometry, r.size, pass.inputs[0].sample(r.first),
                                 pass.output.sample(r.first),
                                 pass.training ? indexOf(pass, r.first) : nullptr);
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::maxPoolBackward(m_geometry, r.size, pass.outputGrad.sample(r.first), indexOf(pass, r.first),
                                  pass.inputGrads[0].sample(r.first));
        });
    }

private:
    static std::byte* indexOf(const Pass& pass, std::int64_t sample) {
        return reinterpret_cast<std::byte*>(pass.savedOf(sample));
    }

    math::PoolGeometry m_geometry;
};

} // namespace

LayerType max_pooling2d() {
    LayerParts<Pooling2DParams> parts;
    parts.plan = [](const Pooling2DParams& p, std::span<const Shape> inputs) {
        Result<LayerPlan> plan = planPooling2D(p, inputs);
        if (plan && inputs[0].isKnown() && productFits(plan->output.dims())) {
            plan->savedPerSample = (math::maxPoolIndexBytes(poolGeometry(p, inputs[0])) + 3) / 4;
        }
        return plan;
    };
    parts.create = [](const Pooling2DParams& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<MaxPooling2D>(poolGeometry(p, inputs[0]));
    };
    parts.summary = poolingSummary;
    parts.window = [](const Pooling2DParams& p, const Shape& input) {
        return windowGeometry(p.window(), input);
    };
    parts.examples = pooling2DExamples();
    return layerTypeOf(
        pooling2DSchema(
            {.id = "MaxPooling2D",
             .category = "pooling",
             .doc = "Makes a picture smaller: of each window only the largest value of each channel is kept. "
                    "What was found stays, its exact place is forgotten.",
             .reference = "https://keras.io/api/layers/pooling_layers/max_pooling2d/",
             .synonyms = {"MaxPool2D", "pool", "downsample", "subsampling"}}),
        std::move(parts));
}

} // namespace strata::layers
