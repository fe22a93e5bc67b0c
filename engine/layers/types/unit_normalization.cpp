// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"

#include <algorithm>
#include <cmath>

namespace strata::layers {
namespace {

struct Params {
    std::vector<std::int64_t> axis{-1};
};

/// Keras's ops.normalize: no length counts as shorter than this.
constexpr double kShortest = 1e-12;

/// A sample is a number of rows of `length` values; each is divided by its Euclidean length.
class UnitRows final : public Layer {
public:
    explicit UnitRows(std::int64_t length)
        : m_length(length) {}

    void forward(const Pass& pass) override {
        forEachRow(pass, [&](std::int64_t n, std::int64_t row) {
            const float* x = pass.inputs[0].sample(n) + row;
            float* y = pass.output.sample(n) + row;
            const auto factor = static_cast<float>(1 / lengthOf(x));
            for (std::int64_t i = 0; i < m_length; ++i)
                y[i] = x[i] * factor;
        });
    }

    /// y = x / |x|: dx = (dy - y (y . dy)) / |x|
    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        forEachRow(pass, [&](std::int64_t n, std::int64_t row) {
            const float* x = pass.inputs[0].sample(n) + row;
            const float* dy = pass.outputGrad.sample(n) + row;
            float* dx = pass.inputGrads[0].sample(n) + row;
            const double length = lengthOf(x);
            double along = 0;
            for (std::int64_t i = 0; i < m_length; ++i)
                along += static_cast<double>(x[i]) * static_cast<double>(dy[i]);
            along = length > kShortest ? along / (length * length) : 0;
            for (std::int64_t i = 0; i < m_length; ++i)
                dx[i] = static_cast<float>((static_cast<double>(dy[i]) - along * static_cast<double>(x[i])) / length);
        });
    }

private:
    double lengthOf(const float* x) const {
        double squares = 0;
        for (std::int64_t i = 0; i < m_length; ++i)
            squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
        return std::max(std::sqrt(squares), kShortest);
    }
    template <class F>
    void forEachRow(const Pass& pass, const F& f) const {
        forEachSample(pass, [&](std::int64_t n) {
            for (std::int64_t row = 0; row < pass.output.count; row += m_length)
                f(n, row);
        });
    }

    std::int64_t m_length;
};

LastAxes overLast(std::size_t axes) {
    return {[](const Shape& in) -> Result<LayerPlan> {
                LayerPlan plan;
                plan.output = in;
                plan.backwardReadsOutput = false;
                return plan;
            },
            [axes](const Shape& in) -> std::unique_ptr<Layer> {
                const Shape row(in.dims().subspan(static_cast<std::size_t>(in.rank()) - axes));
                return std::make_unique<UnitRows>(row.count());
            }};
}

} // namespace

LayerType unit_normalization() {
    SchemaOf<Params> schema(
        {.id = "UnitNormalization",
         .category = "normalization",
         .doc = "Divides each vector by its length, so that only its direction is left. Nothing is learnt.",
         .reference = "https://keras.io/api/layers/normalization_layers/unit_normalization/",
         .synonyms = {"l2 normalize", "unit length", "cosine"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axes",
                  .doc = "The axes along which a vector lies: -1 for the last one; 0 would be the batch.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Result<std::vector<int>> axes = sampleAxes(p.axis, inputs[0].rank());
        if (!axes) return axes.error();
        return axesLastPlan(inputs[0], *axes, overLast(axes->size()));
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        const std::vector<int> axes = *sampleAxes(p.axis, inputs[0].rank());
        return axesLastLayer(inputs[0], axes, overLast(axes.size()));
    };
    parts.examples = {{"Each cell's channels", {}, {Shape{3, 2, 4}}},
                      {"Whole rows of a picture", {{"axis", ParamValue::IntList{1, 3}}}, {Shape{3, 2, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
