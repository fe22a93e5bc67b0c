// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/sizes.h"
#include "engine/layers/weight_params.h"
#include "engine/math/reductions.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    TypedParams alphaInitializer = initializer("Zeros");
    std::optional<TypedParams> alphaRegularizer, alphaConstraint;
    std::optional<std::vector<std::int64_t>> sharedAxes;
};

/// The input's shape, 1 along the shared axes.
Result<Shape> alphaShape(const Params& p, const Shape& in) {
    Shape shape = in;
    for (const std::int64_t axis : p.sharedAxes.value_or(std::vector<std::int64_t>{})) {
        if (axis < 1 || axis > in.rank()) {
            return failure("layer.axis",
                           said("shared_axes {} is none of the input's axes, which are 1 to {}; use some of those", axis,
                                in.rank()));
        }
        shape.set(static_cast<int>(axis) - 1, 1);
    }
    if (shape.isKnown()) return shape;
    return failure(
        "layer.size_unknown",
        said("it has a slope for every value, but its input's sizes are not known; share it along those "
             "axes (shared_axes 1, 2) or say the sizes in the Input"));
}

class PReLU final : public Layer {
public:
    PReLU(const Shape& in, const Shape& alpha)
        : m_alphas(alpha.count())
        , m_table(static_cast<std::size_t>(in.count())) {
        for (std::size_t i = 0; i < m_table.size(); ++i) {
            auto rest = static_cast<std::int64_t>(i);
            std::int64_t stride = 1;
            for (int axis = in.rank() - 1; axis >= 0; --axis) {
                if (alpha[axis] > 1) m_table[i] += static_cast<std::int32_t>(rest % in[axis] * stride);
                stride *= alpha[axis];
                rest /= in[axis];
            }
        }
    }

    void forward(const Pass& pass) override {
        const float* alpha = pass.weights[0];
        forwardBySample(pass, [&](std::int64_t, const float* x, float* y) {
            for (std::size_t i = 0; i < m_table.size(); ++i)
                y[i] = x[i] > 0 ? x[i] : x[i] * alpha[m_table[i]];
        });
    }

    void backward(const Pass& pass) override {
        const float* alpha = pass.weights[0];
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            float* const toAlpha = pass.chunkScratch + chunk * m_alphas;
            std::fill_n(toAlpha, m_alphas, 0.0F);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                const float* x = pass.inputs[0].sample(n);
                const float* dy = pass.outputGrad.sample(n);
                float* dx = pass.inputGrads[0].data != nullptr ? pass.inputGrads[0].sample(n) : nullptr;
                for (std::size_t i = 0; i < m_table.size(); ++i) {
                    if (dx != nullptr) dx[i] = x[i] > 0 ? dy[i] : dy[i] * alpha[m_table[i]];
                    if (!(x[i] > 0)) toAlpha[m_table[i]] += dy[i] * x[i];
                }
            }
        });
        if (pass.weightGrads[0] != nullptr)
            math::reduceParts(pass.chunks, m_alphas, pass.chunkScratch, pass.weightGrads[0]);
    }

private:
    std::int64_t m_alphas;
    std::vector<std::int32_t> m_table; ///< which slope each value of a sample has
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Result<Shape> alpha = alphaShape(p, inputs[0]);
    if (!alpha) return alpha.error();
    LayerPlan plan;
    plan.output = inputs[0];
    plan.weights.push_back({.name = "alpha",
                            .dims = {alpha->dims().begin(), alpha->dims().end()},
                            .initializer = p.alphaInitializer,
                            .regularizer = p.alphaRegularizer,
                            .constraint = p.alphaConstraint});
    plan.backwardReadsOutput = false;
    plan.scratchPerChunk = alignedFloats(alpha->count());
    return plan;
}

} // namespace

LayerType p_re_lu() {
    SchemaOf<Params> schema(
        {.id = "PReLU",
         .category = "activation",
         .doc = "As LeakyReLU, but the slope of negative values is learnt (He et al., 2015).",
         .reference = "https://keras.io/api/layers/activation_layers/prelu/",
         .synonyms = {"parametric relu"}});
    schema.field(&Params::alphaInitializer, initializerParam("alpha"));
    schema.field(&Params::alphaRegularizer, regularizerParam("alpha"));
    schema.field(&Params::alphaConstraint, constraintParam("alpha"));
    schema.field(
        &Params::sharedAxes,
        {.key = "shared_axes",
         .label = "Shared axes",
         .doc = "Along these axes, counted from 1, all values have one slope: 1, 2 for one slope a channel "
                "of a picture. None: every value has its own.",
         .min = 1,
         .max = Shape::kMaxRank});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<PReLU>(inputs[0], *alphaShape(p, inputs[0]));
    };
    parts.summary = [](const Params& p) {
        return p.sharedAxes ? said("shared along {}", fmt::join(*p.sharedAxes, ", ")) : std::string();
    };
    parts.examples = {
        {"A slope for each value", {}, {Shape{2, 3, 2}}},
        {"A slope for each channel", {{"shared_axes", ParamValue::IntList{1, 2}}}, {Shape{3, 2, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
