// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/math/dense.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/sizes.h"
#include "engine/layers/weight_params.h"

namespace strata::layers {
namespace {

struct Params : KernelParams {
    std::int64_t units = 10;
};

SchemaOf<Params> makeSchema() {
    SchemaOf<Params> s({.id = "Dense",
                        .category = "core",
                        .doc = "Every output value is a weighted sum of all input values. As the last layer "
                               "it has one unit for each "
                               "class. Works over the last axis, so a picture is usually flattened before.",
                        .reference = "https://keras.io/api/layers/core_layers/dense/",
                        .synonyms = {"fully connected", "linear", "FC", "perceptron", "output"}});
    s.field(&Params::units,
            {.key = "units",
             .label = "Units",
             .doc = "How many values come out. In the last layer: as many as there are classes.",
             .min = 1,
             .max = 16777216});
    KernelParams::addTo(s);
    return s;
}

/// Weights that do not stay in a core's cache are better read once for the whole batch than once for every chunk.
bool isLarge(std::int64_t in, std::int64_t out) {
    return in * out > 64 * 1024;
}

class Dense final : public Layer {
public:
    Dense(const Params& p, const Shape& in)
        : m_in(in[-1])
        , m_out(p.units)
        , m_rows(in.count() / in[-1])
        , m_activation(p.activation, m_rows * p.units, p.units)
        , m_bias(p.useBias) {}

    void forward(const Pass& pass) override {
        const float* w = pass.weights[0];
        const float* bias = m_bias ? pass.weights[1] : nullptr;
        const bool relu = m_activation.isRelu();
        if (large()) {
            math::denseForward(pass.batch * m_rows, m_in, m_out, pass.inputs[0].data, w, bias,
                               m_activation.sums(pass, 0), relu, pass.sharedScratch, *pass.workers);
        }
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            if (!large()) {
                math::denseForward(r.size * m_rows, m_in, m_out, pass.inputs[0].sample(r.first), w, bias,
                                   m_activation.sums(pass, r.first), relu);
            }
            m_activation.forward(pass, r.first, r.size);
        });
    }

    void backward(const Pass& pass) override {
        const float* w = pass.weights[0];
        const bool wantsInput = pass.inputGrads[0].data != nullptr;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_activation.backward(pass, r.first, r.size);
            if (!wantsInput || large()) return;
            math::denseBackwardInput(r.size * m_rows, m_in, m_out, pass.outputGrad.sample(r.first), w,
                                     pass.inputGrads[0].sample(r.first));
        });
        const std::int64_t rows = pass.batch * m_rows;
        if (wantsInput && large()) {
            math::denseBackwardInput(rows, m_in, m_out, pass.outputGrad.data, w, pass.inputGrads[0].data,
                                     *pass.workers);
        }
        if (pass.weightGrads[0] == nullptr) return;
        math::denseBackwardWeights(rows, m_in, m_out, pass.inputs[0].data, pass.outputGrad.data,
                                   pass.weightGrads[0], m_bias ? pass.weightGrads[1] : nullptr,
                                   *pass.workers);
    }

private:
    bool large() const { return isLarge(m_in, m_out); }

    std::int64_t m_in, m_out;
    std::int64_t m_rows; ///< a sample's vectors: 1 for a flat input
    OutputActivation m_activation;
    bool m_bias;
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() < 1)
        return failure("layer.rank", said("it needs an input with at least one axis, but gets a single value; insert a Reshape"));
    const std::int64_t features = in[-1];
    if (features < 0) {
        return failure("layer.features_unknown",
                       said("the last size of its input {} is not known, so it cannot have "
                            "weights; say it in the Input",
                            in.text()));
    }
    LayerPlan plan;
    plan.output = in;
    plan.output.set(-1, p.units);
    plan.weights = p.weights({features, p.units}, p.units);
    plan.receptive.global = in.rank() == 1;
    plan.endsInSoftmax = p.activation == math::Activation::Softmax;
    plan.backwardReadsOutput = OutputActivation::readsOutput(p.activation);
    if (!plan.output.isKnown() || !productFits(plan.weights[0].dims) || !productFits(plan.output.dims()))
        return plan;
    const std::int64_t count = plan.output.count();
    plan.macs = saturatingProduct({count / p.units, features, p.units});
    if (isLarge(features, p.units)) plan.sharedScratch = math::denseScratchFloats(features, p.units);
    plan.savedPerSample = OutputActivation(p.activation, count, p.units).savedPerSample();
    return plan;
}

} // namespace

LayerType dense() {
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<Dense>(p, inputs[0]);
    };
    parts.summary = [](const Params& p) {
        return (p.units == 1 ? said("1 unit") : said("{} units", p.units)) + activationText(p.activation);
    };
    parts.examples = {
        {"Hidden layer", {{"units", 5}, {"activation", "relu"}}, {Shape{7}}},
        {"Probabilities of four classes", {{"units", 4}, {"activation", "softmax"}}, {Shape{6}}},
        {"For every cell of a picture, without bias",
         {{"units", 3}, {"use_bias", false}, {"activation", "silu"}},
         {Shape{2, 3, 4}}},
        {"So many weights that the batch is not cut", {{"units", 300}}, {Shape{260}}},
    };
    return withActivityRegularizer(layerTypeOf(makeSchema(), std::move(parts)));
}

} // namespace strata::layers
