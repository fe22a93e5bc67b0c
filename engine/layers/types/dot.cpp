// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/sizes.h"

#include <algorithm>
#include <cmath>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 2> axes{-1, -1};
    bool normalize = false;
};

/// Keras's ops.normalize with its default epsilon: no length counts as shorter.
constexpr double kShortest = 1e-7;

/// A sample of one input as vectors along `axis`: where each begins, in the order of the other axes.
struct Vectors {
    std::vector<std::int32_t> begins;
    std::int64_t length = 1, stride = 1;

    Vectors(const Shape& shape, int axis)
        : length(shape[axis]) {
        for (int i = axis + 1; i < shape.rank(); ++i)
            stride *= shape[i];
        for (std::int64_t at = 0; at < shape.count(); ++at) {
            if (at / stride % length == 0) begins.push_back(static_cast<std::int32_t>(at));
        }
    }
    std::int64_t count() const { return static_cast<std::int64_t>(begins.size()); }

    double product(const float* x, std::int32_t begin, const float* y, const Vectors& other,
                   std::int32_t otherBegin) const {
        double sum = 0;
        for (std::int64_t i = 0; i < length; ++i)
            sum += static_cast<double>(x[begin + i * stride]) *
                   static_cast<double>(y[otherBegin + i * other.stride]);
        return sum;
    }
    /// 1, or 1 / length of the vector
    double factor(bool normalize, const float* x, std::int32_t begin) const {
        if (!normalize) return 1;
        return 1 / std::max(std::sqrt(product(x, begin, x, *this, begin)), kShortest);
    }
};

/// saved for a sample: (vectors of both inputs) what each is multiplied by.
class Dot final : public Layer {
public:
    Dot(const Params& p, std::span<const Shape> inputs)
        : m_normalize(p.normalize)
        , m_first(inputs[0], *sampleAxis(p.axes[0], inputs[0].rank()))
        , m_second(inputs[1], *sampleAxis(p.axes[1], inputs[1].rank())) {}

    void forward(const Pass& pass) override {
        forEachSample(pass, [&](std::int64_t n) {
            const float* a = pass.inputs[0].sample(n);
            const float* b = pass.inputs[1].sample(n);
            float* const factors = pass.savedOf(n);
            for (std::int64_t i = 0; i < m_first.count(); ++i)
                factors[i] = static_cast<float>(m_first.factor(m_normalize, a, begin(m_first, i)));
            for (std::int64_t k = 0; k < m_second.count(); ++k) {
                factors[m_first.count() + k] =
                    static_cast<float>(m_second.factor(m_normalize, b, begin(m_second, k)));
            }
            float* y = pass.output.sample(n);
            for (std::int64_t i = 0; i < m_first.count(); ++i) {
                for (std::int64_t k = 0; k < m_second.count(); ++k) {
                    const double product = m_first.product(a, begin(m_first, i), b, m_second, begin(m_second, k));
                    *y++ = static_cast<float>(product) * factors[i] * factors[m_first.count() + k];
                }
            }
        });
    }

    void backward(const Pass& pass) override {
        forEachSample(pass, [&](std::int64_t n) {
            for (const bool first : {true, false}) {
                if (pass.inputGrads[first ? 0 : 1].data != nullptr) backwardSample(pass, n, first);
            }
        });
    }

private:
    static std::int32_t begin(const Vectors& v, std::int64_t i) { return v.begins[static_cast<std::size_t>(i)]; }

    /// Each vector v of one input gets g = sum of dy * the other input's vectors; where v was divided by its length,
    /// (g - u (u . g)) / |v| with u = v / |v|.
    void backwardSample(const Pass& pass, std::int64_t n, bool first) const {
        const Vectors& mine = first ? m_first : m_second;
        const Vectors& others = first ? m_second : m_first;
        const float* x = pass.inputs[first ? 0 : 1].sample(n);
        const float* z = pass.inputs[first ? 1 : 0].sample(n);
        const float* dy = pass.outputGrad.sample(n);
        float* dx = pass.inputGrads[first ? 0 : 1].sample(n);
        const float* myFactors = pass.savedOf(n) + (first ? 0 : m_first.count());
        const float* otherFactors = pass.savedOf(n) + (first ? m_first.count() : 0);
        for (std::int64_t i = 0; i < mine.count(); ++i) {
            const std::int32_t at = begin(mine, i);
            for (std::int64_t d = 0; d < mine.length; ++d) {
                double sum = 0;
                for (std::int64_t k = 0; k < others.count(); ++k) {
                    const std::int64_t place = first ? i * others.count() + k : k * mine.count() + i;
                    sum += static_cast<double>(dy[place] * otherFactors[k] *
                                               z[begin(others, k) + d * others.stride]);
                }
                dx[at + d * mine.stride] = static_cast<float>(sum);
            }
            if (m_normalize) throughLength(mine, x, dx, at, static_cast<double>(myFactors[i]));
        }
    }

    static void throughLength(const Vectors& v, const float* x, float* dx, std::int32_t at, double factor) {
        const bool cut = factor >= 1 / kShortest;
        const double along = cut ? 0 : v.product(x, at, dx, v, at) * factor * factor;
        for (std::int64_t d = 0; d < v.length; ++d) {
            const std::int64_t place = at + d * v.stride;
            dx[place] = static_cast<float>(
                (static_cast<double>(dx[place]) - along * static_cast<double>(x[place])) * factor);
        }
    }

    bool m_normalize;
    Vectors m_first, m_second;
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    std::array<int, 2> axes{};
    for (std::size_t i = 0; i < 2; ++i) {
        const Result<int> axis = sampleAxis(p.axes[i], inputs[i].rank());
        if (!axis) return axis.error();
        axes[i] = *axis;
    }
    const std::int64_t m = inputs[0][axes[0]];
    const std::int64_t n = inputs[1][axes[1]];
    if (m >= 0 && n >= 0 && m != n) {
        return failure("layer.shapes_differ",
                       said("axis {} of {} has {} values and axis {} of {} has {}; they must be as many",
                            axes[0] + 1, inputs[0].text(), m, axes[1] + 1, inputs[1].text(), n));
    }
    std::vector<std::int64_t> dims;
    std::int64_t vectors = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        std::int64_t count = 1;
        for (int axis = 0; axis < inputs[i].rank(); ++axis) {
            if (axis == axes[i]) continue;
            dims.push_back(inputs[i][axis]);
            count = saturatingProduct({count, std::max<std::int64_t>(inputs[i][axis], 0)});
        }
        vectors += count;
    }
    if (dims.empty()) dims.push_back(1);
    if (dims.size() > static_cast<std::size_t>(Shape::kMaxRank)) {
        return failure("layer.rank", said("its output would have {} axes, and at most {} are possible; merge some with a Reshape before it", dims.size(),
                                          Shape::kMaxRank));
    }
    LayerPlan plan;
    plan.output = Shape(dims);
    plan.backwardReadsOutput = false;
    plan.savedPerSample = vectors;
    plan.savedInInference = true;
    if (plan.output.isKnown() && productFits(plan.output.dims()) && m >= 0)
        plan.macs = saturatingProduct({plan.output.count(), m});
    return plan;
}

} // namespace

LayerType dot() {
    SchemaOf<Params> schema(
        {.id = "Dot",
         .category = "merging",
         .doc = "Multiplies every vector of its first input with every vector of its second one: how alike they are. "
                "With normalize it is the cosine of the angle between them.",
         .reference = "https://keras.io/api/layers/merging_layers/dot/",
         .synonyms = {"scalar product", "inner product", "matrix product", "cosine similarity"}});
    schema.field(&Params::axes,
                 {.key = "axes",
                  .label = "Axes",
                  .doc = "Along which axis of the first and of the second input the vectors lie: -1 for the last one; "
                         "0 would be the batch.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank});
    schema.field(&Params::normalize,
                 {.key = "normalize", .label = "Normalize", .doc = "Divides every vector by its length first."});
    LayerParts<Params> parts;
    parts.minInputs = 2;
    parts.maxInputs = 2;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<Dot>(p, inputs);
    };
    parts.summary = [](const Params& p) {
        return said("axes {}, {}{}", p.axes[0], p.axes[1], p.normalize ? said(", normalized") : "");
    };
    parts.examples = {{"How alike two vectors are", {{"normalize", true}}, {Shape{5}, Shape{5}}},
                      {"Every row with every column", {{"axes", ParamValue::IntList{2, 1}}}, {Shape{2, 3}, Shape{3, 4}}},
                      {"A matrix and its like", {{"axes", 1}}, {Shape{3, 3}, Shape{3, 3}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
