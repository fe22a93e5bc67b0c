// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"

#include <algorithm>
#include <cstring>

namespace strata::layers {
namespace {

struct Params {
    std::int64_t axis = -1;
};

class Concatenate final : public Layer {
public:
    Concatenate(std::span<const Shape> inputs, int axis) {
        const Shape& first = inputs[0];
        for (int i = 0; i < axis; ++i)
            m_rows *= first[i];
        for (const Shape& s : inputs) {
            std::int64_t width = 1;
            for (int i = axis; i < s.rank(); ++i)
                width *= s[i];
            m_widths.push_back(width);
        }
    }

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            float* to = pass.output.sample(r.first);
            for (std::int64_t row = r.first * m_rows; row < (r.first + r.size) * m_rows; ++row) {
                for (std::size_t i = 0; i < m_widths.size(); ++i) {
                    std::memcpy(to, pass.inputs[i].data + row * m_widths[i], bytes(m_widths[i]));
                    to += m_widths[i];
                }
            }
        });
    }

    void backward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            const float* from = pass.outputGrad.sample(r.first);
            for (std::int64_t row = r.first * m_rows; row < (r.first + r.size) * m_rows; ++row) {
                for (std::size_t i = 0; i < m_widths.size(); ++i) {
                    float* to = pass.inputGrads[i].data;
                    if (to != nullptr) std::memcpy(to + row * m_widths[i], from, bytes(m_widths[i]));
                    from += m_widths[i];
                }
            }
        });
    }

private:
    static std::size_t bytes(std::int64_t floats) { return static_cast<std::size_t>(floats) * sizeof(float); }

    std::int64_t m_rows = 1;            ///< a sample's pieces before the axis
    std::vector<std::int64_t> m_widths; ///< floats that each input adds to a piece
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& first = inputs[0];
    const Result<int> axis = sampleAxis(p.axis, first.rank());
    if (!axis) return axis.error();
    LayerPlan plan;
    plan.output = first;
    plan.backwardReadsInput = false;
    plan.backwardReadsOutput = false;
    for (std::size_t n = 1; n < inputs.size(); ++n) {
        const Shape& s = inputs[n];
        bool fits = s.rank() == first.rank();
        for (int i = 0; fits && i < s.rank(); ++i) {
            if (i == *axis) continue;
            fits = s[i] == plan.output[i] || s[i] < 0 || plan.output[i] < 0;
            if (plan.output[i] < 0) plan.output.set(i, s[i]);
        }
        if (!fits) {
            return failure(
                "layer.shapes_differ",
                said("{} and {} cannot be joined along axis {}: all other sizes must be equal; make them so, or join along another axis",
                     first.text(), s.text(), p.axis));
        }
        const std::int64_t sum =
            plan.output[*axis] < 0 || s[*axis] < 0 ? Shape::kUnknown : plan.output[*axis] + s[*axis];
        plan.output.set(*axis, sum);
    }
    return plan;
}

} // namespace

LayerType concatenate() {
    SchemaOf<Params> schema({.id = "Concatenate",
                             .category = "merging",
                             .doc = "Puts its inputs side by side along one axis, usually the channels: the "
                                    "next layer sees all of them. "
                                    "The building stone of Inception, DenseNet and U-Net.",
                             .reference = "https://keras.io/api/layers/merging_layers/concatenate/",
                             .synonyms = {"concat", "stack", "join", "merge"}});
    schema.field(&Params::axis, {.key = "axis",
                                 .label = "Axis",
                                 .doc = "Along which axis the inputs are joined; 0 is the batch and not "
                                        "allowed. -1 is the last one, the "
                                        "channels.",
                                 .min = -Shape::kMaxRank,
                                 .max = Shape::kMaxRank});
    LayerParts<Params> parts;
    parts.minInputs = 2;
    parts.maxInputs = -1;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<Concatenate>(inputs, *sampleAxis(p.axis, inputs[0].rank()));
    };
    parts.summary = [](const Params& p) {
        return p.axis == -1 ? std::string() : said("axis {}", p.axis);
    };
    parts.examples = {
        {"Channels of two branches", {}, {Shape{2, 3, 2}, Shape{2, 3, 4}}},
        {"Below each other", {{"axis", 1}}, {Shape{2, 3, 2}, Shape{1, 3, 2}, Shape{2, 3, 2}}},
        {"Side by side", {{"axis", 2}}, {Shape{2, 3, 2}, Shape{2, 3, 2}}},
    };
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
