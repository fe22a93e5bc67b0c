// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::vector<double> scale{1.0 / 255};
    std::vector<double> offset{0};
};

/// One number for each of `channels` (one, where every channel has the same), from one for all or one each.
std::vector<float> perChannel(const std::vector<double>& given, std::size_t channels) {
    std::vector<float> out(channels);
    for (std::size_t c = 0; c < out.size(); ++c)
        out[c] = static_cast<float>(given[given.size() == 1 ? 0 : c]);
    return out;
}

class Rescaling final : public Layer {
public:
    explicit Rescaling(const Params& p)
        : m_scale(perChannel(p.scale, std::max(p.scale.size(), p.offset.size())))
        , m_offset(perChannel(p.offset, m_scale.size()))
        , m_none(m_offset.size(), 0.0F) {}

    void forward(const Pass& pass) override { apply(pass, pass.inputs[0], pass.output, m_offset); }
    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data != nullptr) apply(pass, pass.outputGrad, pass.inputGrads[0], m_none);
    }

private:
    void apply(const Pass& pass, const Tensor& from, const Tensor& to, std::span<const float> offset) const {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            const float* x = from.sample(r.first);
            float* y = to.sample(r.first);
            const std::int64_t n = r.size * to.count;
            const auto channels = static_cast<std::int64_t>(m_scale.size());
            if (channels == 1) {
                const float scale = m_scale[0], added = offset[0];
                for (std::int64_t i = 0; i < n; ++i)
                    y[i] = x[i] * scale + added;
                return;
            }
            for (std::int64_t row = 0; row < n; row += channels) {
                for (std::int64_t c = 0; c < channels; ++c)
                    y[row + c] = x[row + c] * m_scale[static_cast<std::size_t>(c)] + offset[static_cast<std::size_t>(c)];
            }
        });
    }

    std::vector<float> m_scale, m_offset, m_none; ///< (channels), or one each for all of them
};

Result<> checkCount(const char* key, std::size_t given, const Shape& in) {
    if (given == 1) return {};
    if (in.rank() > 0 && given > 0 && (in[-1] == Shape::kUnknown || in[-1] == static_cast<std::int64_t>(given))) return {};
    return failure("layer.rescaling_values",
                   said("{} has {} values but its input {} has another number of channels; give one for each channel, "
                        "or a single one",
                        key, given, in.text()));
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    for (const auto& [key, values] : {std::pair("scale", &p.scale), std::pair("offset", &p.offset)}) {
        if (const Result<> fits = checkCount(key, values->size(), inputs[0]); !fits) return fits.error();
    }
    LayerPlan plan;
    plan.output = inputs[0];
    plan.backwardReadsInput = false;
    plan.backwardReadsOutput = false;
    return plan;
}

std::string summary(const Params& p) {
    if (p.scale.size() != 1 || p.offset.size() != 1) return said("each channel");
    const double offset = p.offset[0];
    const std::string scale = p.scale[0] == 1.0 / 255 ? "× 1/255" : fmt::format("× {:.6g}", p.scale[0]);
    return offset == 0 ? scale : fmt::format("{} {} {:.6g}", scale, offset < 0 ? "−" : "+", std::abs(offset));
}

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
    schema.field(&Params::scale, {.key = "scale",
                                  .label = "Scale",
                                  .doc = "Every value is multiplied by this; 1/255 = 0.00392157. One for all, or one "
                                         "for each channel."});
    schema.field(&Params::offset, {.key = "offset",
                                   .label = "Offset",
                                   .doc = "Added after the multiplication: one for all, or one for each channel."});
    LayerParts<Params> parts;
    parts.takesRawImages = true;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape>) -> std::unique_ptr<Layer> {
        return std::make_unique<Rescaling>(p);
    };
    parts.summary = summary;
    parts.examples = {{"Pixels to 0..1", {}, {Shape{3, 4, 2}}},
                      {"Pixels to -1..1", {{"scale", 1 / 127.5}, {"offset", -1.0}}, {Shape{6}}},
                      {"Each channel by itself",
                       {{"scale", ParamValue::RealList{1 / 58.4, 1 / 57.1, 1 / 57.4}},
                        {"offset", ParamValue::RealList{-2.12, -2.04, -1.8}}},
                       {Shape{2, 2, 3}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
