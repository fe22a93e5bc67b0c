// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/sizes.h"
#include "engine/layers/window.h"
#include "engine/math/pooling2d.h"

namespace strata::layers {
namespace {

struct Params {
    bool keepdims = false;
};

class GlobalAveragePooling2D final : public Layer {
public:
    explicit GlobalAveragePooling2D(const Shape& in)
        : m_positions(in[0] * in[1])
        , m_channels(in[2]) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::globalAverageForward(r.size, m_positions, m_channels, pass.inputs[0].sample(r.first),
                                       pass.output.sample(r.first));
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::globalAverageBackward(r.size, m_positions, m_channels, pass.outputGrad.sample(r.first),
                                        pass.inputGrads[0].sample(r.first));
        });
    }

private:
    std::int64_t m_positions, m_channels;
};

} // namespace

LayerType global_average_pooling2d() {
    SchemaOf<Params> schema(
        {.id = "GlobalAveragePooling2D",
         .category = "pooling",
         .doc = "Replaces each channel by its mean over the whole picture: one value a channel, whatever the "
                "picture's size. Newer networks end with it where older ones have Flatten, which saves many "
                "weights.",
         .reference = "https://keras.io/api/layers/pooling_layers/global_average_pooling2d/",
         .synonyms = {"GlobalAvgPool2D", "GAP", "mean"}});
    schema.field(&Params::keepdims,
                 {.key = "keepdims",
                  .label = "Keep dimensions",
                  .doc = "The output stays a picture, of 1 × 1 cells, instead of a plain row of values."});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        if (in.rank() != 3) return wrongRank(in, "height × width × channels");
        LayerPlan plan;
        plan.output = p.keepdims ? Shape{1, 1, in[2]} : Shape{in[2]};
        plan.receptive.global = true;
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        return plan;
    };
    parts.create = [](const Params&, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<GlobalAveragePooling2D>(inputs[0]);
    };
    parts.summary = [](const Params& p) { return std::string(p.keepdims ? "keeps 1×1" : ""); };
    parts.examples = {{"To one value a channel", {}, {Shape{4, 3, 5}}},
                      {"Still a picture", {{"keepdims", true}}, {Shape{2, 5, 3}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
