// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {
namespace {

class AveragePooling2D final : public Layer {
public:
    explicit AveragePooling2D(const math::PoolGeometry& g)
        : m_geometry(g) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::averagePoolForward(m_geometry, r.size, pass.inputs[0].sample(r.first),
                                     pass.output.sample(r.first));
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::averagePoolBackward(m_geometry, r.size, pass.outputGrad.sample(r.first),
                                      pass.inputGrads[0].sample(r.first));
        });
    }

private:
    math::PoolGeometry m_geometry;
};

} // namespace

LayerType average_pooling2d() {
    LayerParts<Pooling2DParams> parts;
    parts.plan = planPooling2D;
    parts.create = [](const Pooling2DParams& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<AveragePooling2D>(poolGeometry(p, inputs[0]));
    };
    parts.summary = poolingSummary;
    parts.window = [](const Pooling2DParams& p, const Shape& input) {
        return windowGeometry(p.window(), input);
    };
    parts.examples = pooling2DExamples();
    return layerTypeOf(
        pooling2DSchema(
            {.id = "AveragePooling2D",
             .category = "pooling",
             .doc = "Makes a picture smaller: each window becomes the mean of its cells, channel by channel. "
                    "Smoother than taking the largest value; the classic LeNet-5 uses it.",
             .reference = "https://keras.io/api/layers/pooling_layers/average_pooling2d/",
             .synonyms = {"AvgPool2D", "mean", "pool", "downsample", "subsampling"}}),
        std::move(parts));
}

} // namespace strata::layers
