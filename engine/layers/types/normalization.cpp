// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/weight_params.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>

namespace strata::layers {
namespace {

struct Params {
    std::optional<std::vector<std::int64_t>> axis = std::vector<std::int64_t>{-1};
    std::optional<std::vector<double>> mean, variance;
    bool invert = false;
};

/// Keras's backend.epsilon(): no deviation counts as smaller.
constexpr double kSmallest = 1e-7;

/// The axes that keep their own mean and variance; none for one mean of everything.
Result<std::vector<int>> keptAxes(const Params& p, int rank) {
    if (!p.axis || p.axis->empty()) return std::vector<int>{};
    return sampleAxes(*p.axis, rank);
}

/// (x - mean) / deviation, or its inverse, with one mean and deviation for each place of the kept axes.
class Normalization final : public Layer {
public:
    Normalization(const Params& p, const Shape& in, std::span<const int> kept)
        : m_invert(p.invert) {
        std::vector<std::int64_t> dims;
        for (const int axis : kept)
            dims.push_back(in[axis]);
        const Shape places(dims);
        m_table = indexTable(in, [&](const std::array<std::int64_t, Shape::kMaxRank>& at) {
            std::array<std::int64_t, Shape::kMaxRank> place{};
            for (std::size_t i = 0; i < kept.size(); ++i)
                place[i] = at[static_cast<std::size_t>(kept[i])];
            return flatIndex(places, place);
        });
        if (!p.mean) return;
        // Fewer values than places belong to the last of the kept axes, and repeat.
        for (std::size_t i = 0; i < static_cast<std::size_t>(places.count()); ++i) {
            m_mean.push_back(static_cast<float>((*p.mean)[i % p.mean->size()]));
            m_variance.push_back(static_cast<float>((*p.variance)[i % p.variance->size()]));
        }
    }

    void forward(const Pass& pass) override {
        const float* mean = m_mean.empty() ? pass.weights[0] : m_mean.data();
        forEach(pass, [&](std::int64_t n, std::size_t i, float deviation) {
            const float x = pass.inputs[0].sample(n)[i];
            const float m = mean[m_table[i]];
            pass.output.sample(n)[i] = m_invert ? m + x * deviation : (x - m) / deviation;
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        forEach(pass, [&](std::int64_t n, std::size_t i, float deviation) {
            const float dy = pass.outputGrad.sample(n)[i];
            pass.inputGrads[0].sample(n)[i] = m_invert ? dy * deviation : dy / deviation;
        });
    }

private:
    /// f(sample, place of the value, its deviation)
    template <class F>
    void forEach(const Pass& pass, const F& f) const {
        const float* variance = m_variance.empty() ? pass.weights[1] : m_variance.data();
        forEachSample(pass, [&](std::int64_t n) {
            for (std::size_t i = 0; i < m_table.size(); ++i)
                f(n, i, std::max(std::sqrt(variance[m_table[i]]), static_cast<float>(kSmallest)));
        });
    }

    bool m_invert;
    std::vector<std::int32_t> m_table;    ///< which mean each value of a sample has
    std::vector<float> m_mean, m_variance; ///< given as parameters; empty: weights
};

Result<void> checkValues(const Params& p, std::int64_t places) {
    if (p.mean.has_value() != p.variance.has_value()) {
        return failure("layer.mean_and_variance", p.mean ? said("mean ({}) is given without variance; give both or neither", fmt::join(*p.mean, ", "))
                                                         : said("variance ({}) is given without mean; give both or neither", fmt::join(*p.variance, ", ")));
    }
    if (!p.mean) return {};
    const auto means = static_cast<std::int64_t>(p.mean->size());
    if (means != static_cast<std::int64_t>(p.variance->size()) || means == 0 || places % means != 0) {
        return failure("layer.mean_and_variance",
                       said("mean has {} values and variance {}; give both {} values, one for each place of "
                            "the kept axes, or both a single one",
                            means, p.variance->size(), places));
    }
    return {};
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    const Result<std::vector<int>> kept = keptAxes(p, in.rank());
    if (!kept) return kept.error();
    std::vector<std::int64_t> dims;
    for (const int axis : *kept) {
        if (in[axis] < 0) {
            return failure("layer.axis_unknown",
                           said("axis {} of its input {} has no known size; say it in the Input", axis + 1,
                                in.text()));
        }
        dims.push_back(in[axis]);
    }
    if (const Result<void> fits = checkValues(p, Shape(dims).count()); !fits) return fits.error();
    Result<LayerPlan> table = indexPlan(in);
    if (!table || p.mean) return table;
    LayerPlan plan = std::move(*table);
    const auto state = [&](const char* name, std::vector<std::int64_t> size, const char* first) {
        plan.weights.push_back(
            {.name = name, .dims = std::move(size), .initializer = initializer(first), .trainable = false});
    };
    state("mean", dims, "Zeros");
    state("variance", dims, "Ones");
    state("count", {}, "Zeros");
    return plan;
}

} // namespace

LayerType normalization() {
    SchemaOf<Params> schema(
        {.id = "Normalization",
         .category = "normalization",
         .doc = "Subtracts a known mean and divides by a known deviation, as a first layer that knows what the data "
                "look like. Mean and variance are given, or came with a file in which Keras adapted the layer to its "
                "data; training does not change them.",
         .reference = "https://keras.io/api/layers/preprocessing_layers/numerical/normalization/",
         .synonyms = {"standardize", "preprocessing", "mean", "variance"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axes",
                  .doc = "The axes whose places have a mean and variance each: -1 for one a channel; None for a "
                         "single one of everything.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank});
    schema.field(&Params::mean, {.key = "mean",
                                 .label = "Mean",
                                 .doc = "One value for each place of the axes, or one for all. None: a weight."});
    schema.field(&Params::variance,
                 {.key = "variance",
                  .label = "Variance",
                  .doc = "The squared deviation, as many values as the mean has. None: a weight.",
                  .min = 0});
    schema.field(&Params::invert,
                 {.key = "invert",
                  .label = "Invert",
                  .doc = "Goes back: multiplies by the deviation and adds the mean.",
                  .advanced = true});
    LayerParts<Params> parts;
    parts.takesRawImages = true;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<Normalization>(p, inputs[0], *keptAxes(p, inputs[0].rank()));
    };
    parts.summary = [](const Params& p) { return std::string(p.invert ? "inverted" : ""); };
    parts.examples = {
        {"Adapted by Keras, each channel", {}, {Shape{3, 2, 4}}},
        {"Pixels with a known mean",
         {{"mean", ParamValue::RealList{0.5, 0.4, 0.3}}, {"variance", ParamValue::RealList{0.04, 0.09, 0.01}}},
         {Shape{2, 2, 3}}},
        {"One mean of everything",
         {{"axis", ParamValue::IntList{}}, {"mean", ParamValue::RealList{0.5}}, {"variance", ParamValue::RealList{4}}},
         {Shape{2, 3}}},
        {"Back", {{"invert", true}, {"axis", ParamValue::IntList{1, 2}}}, {Shape{2, 3}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
