// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    double scale = 1.0 / 255;
    double offset = 0;
};

class Rescaling final : public Layer {
public:
    explicit Rescaling(const Params& p)
        : m_scale(static_cast<float>(p.scale))
        , m_offset(static_cast<float>(p.offset)) {}

    void forward(const Pass& pass) override { apply(pass, pass.inputs[0], pass.output, m_offset); }
    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data != nullptr) apply(pass, pass.outputGrad, pass.inputGrads[0], 0);
    }

private:
    void apply(const Pass& pass, const Tensor& from, const Tensor& to, float offset) const {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            const float* x = from.sample(r.first);
            float* y = to.sample(r.first);
            for (std::int64_t i = 0; i < r.size * to.count; ++i)
                y[i] = x[i] * m_scale + offset;
        });
    }

    float m_scale, m_offset;
};

} // namespace

LayerType rescaling() {
    SchemaOf<Params> schema(
        {.id = "Rescaling",
         .category = "io",
         .doc = "Multiplies every value by scale and adds offset. As the first layer it brings pixels from "
                "0..255 to "
                "0..1 (scale 1/255), so that the network itself knows what its input looks like.",
         .reference = "https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/",
         .synonyms = {"normalize", "scale", "preprocessing"}});
    schema.field(
        &Params::scale,
        {.key = "scale", .label = "Scale", .doc = "Every value is multiplied by this; 1/255 = 0.00392157."});
    schema.field(&Params::offset,
                 {.key = "offset", .label = "Offset", .doc = "Added after the multiplication."});
    LayerParts<Params> parts;
    parts.takesRawImages = true;
    parts.plan = [](const Params&, std::span<const Shape> inputs) -> Result<LayerPlan> {
        LayerPlan plan;
        plan.output = inputs[0];
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape>) -> std::unique_ptr<Layer> {
        return std::make_unique<Rescaling>(p);
    };
    parts.summary = [](const Params& p) {
        const std::string scale = p.scale == 1.0 / 255 ? "× 1/255" : fmt::format("× {:.6g}", p.scale);
        return p.offset == 0
                   ? scale
                   : fmt::format("{} {} {:.6g}", scale, p.offset < 0 ? "−" : "+", std::abs(p.offset));
    };
    parts.examples = {{"Pixels to 0..1", {}, {Shape{3, 4, 2}}},
                      {"Pixels to -1..1", {{"scale", 1 / 127.5}, {"offset", -1.0}}, {Shape{6}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
