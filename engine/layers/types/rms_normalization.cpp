// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/normalization_rows.h"
#include "engine/layers/sizes.h"
#include "engine/math/reductions.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::vector<std::int64_t> axis{-1};
    double epsilon = 1e-6;
};

/// The sizes of the learnt factors, in the order of the axes as they are written, negative ones first. The error refuses
/// factors that do not lie along the last axes of the input: it is these that Keras multiplies, whatever axes were
/// normalised.
Result<Shape> factorsOf(const Params& p, const Shape& in) {
    const Result<std::vector<int>> axes = sampleAxes(p.axis, in.rank());
    if (!axes) return axes.error();
    std::vector<std::int64_t> written = p.axis;
    std::ranges::sort(written);
    std::vector<std::int64_t> dims;
    for (const std::int64_t axis : written)
        dims.push_back(in[*sampleAxis(axis, in.rank())]);
    const Shape factors(dims);
    if (!factors.isKnown())
        return failure("layer.axis_unknown", said("the sizes of the normalised axes are not known; say them in the Input"));
    for (int i = 1; i <= factors.rank(); ++i) {
        if (factors[-i] == 1 || factors[-i] == in[-i]) continue;
        return failure("layer.axis_not_last",
                       said("axis ({}): the learnt factors are {} and go along the last axes of the input, which is {}; put a "
                            "Permute before it",
                            fmt::join(p.axis, ", "), factors.text(), in.text()));
    }
    return factors;
}

/// The axes are the last ones, in their order: rows of neighbours, a factor for each place of a row.
bool normalisesRows(const Params& p, const Shape& in) {
    const std::vector<int> axes = *sampleAxes(p.axis, in.rank());
    return axes.front() == in.rank() - static_cast<int>(axes.size()) && (p.axis.size() == 1 || std::ranges::is_sorted(p.axis));
}

/// The mean square over any axes, the factors along the last ones. saved for a sample: (rows) 1 / sqrt(mean square +
/// epsilon).
class AcrossAxes final : public Layer {
public:
    AcrossAxes(const Params& p, const Shape& in, const Shape& factors)
        : m_epsilon(p.epsilon)
        , m_factors(factors.count())
        , m_factorOf(static_cast<std::size_t>(in.count())) {
        const std::vector<int> axes = *sampleAxes(p.axis, in.rank());
        Shape rows = in;
        for (const int axis : axes)
            rows.set(axis, 1);
        m_rows.resize(static_cast<std::size_t>(rows.count()));
        for (std::int64_t at = 0; at < in.count(); ++at) {
            std::int64_t row = 0, rowStride = 1, factor = 0, factorStride = 1, rest = at;
            for (int axis = 1; axis <= in.rank(); ++axis) {
                const std::int64_t place = rest % in[-axis];
                rest /= in[-axis];
                if (rows[-axis] > 1) row += place * rowStride;
                rowStride *= rows[-axis];
                if (axis > factors.rank()) continue;
                if (factors[-axis] > 1) factor += place * factorStride;
                factorStride *= factors[-axis];
            }
            m_rows[static_cast<std::size_t>(row)].push_back(static_cast<std::int32_t>(at));
            m_factorOf[static_cast<std::size_t>(at)] = static_cast<std::int32_t>(factor);
        }
    }

    void forward(const Pass& pass) override {
        forEachSample(pass, [&](std::int64_t n) {
            for (std::size_t row = 0; row < m_rows.size(); ++row)
                forwardRow(pass, n, row);
        });
    }

    void backward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            float* const toFactors = pass.chunkScratch + chunk * m_factors;
            std::fill_n(toFactors, m_factors, 0.0F);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                for (std::size_t row = 0; row < m_rows.size(); ++row)
                    backwardRow(pass, n, row, toFactors);
            }
        });
        if (pass.weightGrads[0] != nullptr) math::reduceParts(pass.chunks, m_factors, pass.chunkScratch, pass.weightGrads[0]);
    }

private:
    float factorAt(const Pass& pass, std::int32_t at) const { return pass.weights[0][m_factorOf[static_cast<std::size_t>(at)]]; }

    void forwardRow(const Pass& pass, std::int64_t n, std::size_t row) const {
        const float* x = pass.inputs[0].sample(n);
        float* y = pass.output.sample(n);
        double squares = 0;
        for (const std::int32_t at : m_rows[row])
            squares += static_cast<double>(x[at]) * static_cast<double>(x[at]);
        const auto inverse = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(m_rows[row].size()) + m_epsilon));
        pass.savedOf(n)[row] = inverse;
        for (const std::int32_t at : m_rows[row])
            y[at] = x[at] * inverse * factorAt(pass, at);
    }

    void backwardRow(const Pass& pass, std::int64_t n, std::size_t row, float* toFactors) const {
        const float* x = pass.inputs[0].sample(n);
        const float* dy = pass.outputGrad.sample(n);
        const float inverse = pass.savedOf(n)[row];
        double products = 0; // of the slope with the normalised x
        for (const std::int32_t at : m_rows[row]) {
            const float normal = x[at] * inverse;
            toFactors[m_factorOf[static_cast<std::size_t>(at)]] += dy[at] * normal;
            products += static_cast<double>(dy[at] * factorAt(pass, at) * normal);
        }
        if (pass.inputGrads[0].data == nullptr) return;
        float* dx = pass.inputGrads[0].sample(n);
        const auto along = static_cast<float>(products / static_cast<double>(m_rows[row].size()));
        for (const std::int32_t at : m_rows[row])
            dx[at] = inverse * (dy[at] * factorAt(pass, at) - x[at] * inverse * along);
    }

    double m_epsilon;
    std::int64_t m_factors;
    std::vector<std::int32_t> m_factorOf;          ///< which factor each value of a sample has
    std::vector<std::vector<std::int32_t>> m_rows; ///< the places of the values that have one mean square
};

/// saved and scratch as AcrossAxes says.
void planAcross(LayerPlan& plan, const Params& p, const Shape& in, const Shape& factors) {
    plan.backwardReadsOutput = false;
    plan.savedInInference = true;
    plan.scratchPerChunk = alignedFloats(factors.count());
    if (!in.isKnown()) return;
    std::int64_t size = 1;
    for (const std::int64_t axis : p.axis)
        size *= in[*sampleAxis(axis, in.rank())];
    plan.savedPerSample = in.count() / size;
    plan.macs = in.count();
}

} // namespace

LayerType rms_normalization() {
    SchemaOf<Params> schema(
        {.id = "RMSNormalization",
         .category = "normalization",
         .doc = "Divides each sample by the root of its mean square and multiplies it by learnt factors (Zhang, "
                "Sennrich, 2019): LayerNormalization without its mean, and so a little cheaper.",
         .reference = "https://keras.io/api/layers/normalization_layers/rms_normalization/",
         .synonyms = {"RMS", "root mean square", "normalize"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axes",
                  .doc = "The axes over which the mean square is taken: -1 for the last one, or several. The learnt "
                         "factors go along the last axes, as in Keras, and must fit there.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank,
                  .advanced = true});
    schema.field(&Params::epsilon, {.key = "epsilon",
                                    .label = "Epsilon",
                                    .doc = "Added to the mean square, so that values that are all zero do no harm.",
                                    .min = 0,
                                    .advanced = true});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Result<Shape> factors = factorsOf(p, inputs[0]);
        if (!factors) return factors.error();
        LayerPlan plan;
        plan.output = inputs[0];
        plan.weights.push_back({.name = "scale",
                                .dims = {factors->dims().begin(), factors->dims().end()},
                                .initializer = initializer("Ones")});
        if (normalisesRows(p, inputs[0])) planRows(plan, inputs[0], factors->count());
        else planAcross(plan, p, inputs[0], *factors);
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        const Shape factors = *factorsOf(p, inputs[0]);
        if (!normalisesRows(p, inputs[0])) return std::make_unique<AcrossAxes>(p, inputs[0], factors);
        NormalizationParams rows;
        rows.epsilon = p.epsilon;
        rows.center = false;
        return makeRowNormalization(rows, inputs[0], factors.count(), Spread::RootMeanSquare);
    };
    parts.examples = {{"Over the channels", {}, {Shape{3, 2, 5}}},
                      {"Over cells and channels", {{"axis", ParamValue::IntList{-2, -1}}, {"epsilon", 0.01}}, {Shape{2, 4, 3}}},
                      {"Over whole pictures", {{"axis", ParamValue::IntList{1, 2, 3}}}, {Shape{2, 3, 2}}},
                      {"Over rows and channels", {{"axis", ParamValue::IntList{1, 3}}}, {Shape{3, 3, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
