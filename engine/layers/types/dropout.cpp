// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/random_params.h"
#include "engine/math/elementwise.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params : SeedParam {
    double rate = 0.5;
};

class Dropout final : public Layer {
public:
    explicit Dropout(const Params& p)
        : m_params(p)
        , m_scale(p.rate < 1 ? static_cast<float>(1 / (1 - p.rate)) : 0) {}

    void forward(const Pass& pass) override {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            if (!pass.training)
                return math::copy(r.size * pass.output.count, pass.inputs[0].sample(r.first),
                                  pass.output.sample(r.first));
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                drop(pass, n, pass.inputs[0].sample(n), pass.output.sample(n));
            }
        });
    }

    void backward(const Pass& pass) override {
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                if (pass.training)
                    drop(pass, n, pass.outputGrad.sample(n), pass.inputGrads[0].sample(n));
                else
                    math::copy(pass.output.count, pass.outputGrad.sample(n), pass.inputGrads[0].sample(n));
            }
        });
    }

private:
    /// Which values fall follows from the key alone, so the backward pass asks again instead of remembering.
    /// One draw of 32 bits decides for one value.
    void drop(const Pass& pass, std::int64_t n, const float* x, float* y) const {
        Rng rng(m_params.keyOf(pass, n));
        const auto limit = static_cast<std::uint64_t>(m_params.rate * 4294967296.0);
        for (std::int64_t i = 0; i < pass.output.count; ++i)
            y[i] = rng.nextUint() < limit ? 0 : x[i] * m_scale;
    }

    Params m_params;
    float m_scale;
};

} // namespace

LayerType dropout() {
    SchemaOf<Params> schema(
        {.id = "Dropout",
         .category = "regularization",
         .doc =
             "While training, sets a random part of the values to zero, anew for each sample, and makes the "
             "others "
             "larger by 1 / (1 - rate), so that the sum stays about the same. Keeps a network from relying "
             "on single "
             "values and so from learning the training data by heart. Does nothing when the network is used.",
         .reference = "https://keras.io/api/layers/regularization_layers/dropout/ (Srivastava et al., 2014)",
         .synonyms = {"overfitting", "noise"}});
    schema.field(&Params::rate, {.key = "rate",
                                 .label = "Rate",
                                 .doc = "The part of the values that is set to zero, from 0 to 1.",
                                 .min = 0,
                                 .max = 1});
    schema.field(&Params::seed, seedParam());
    LayerParts<Params> parts;
    parts.plan = [](const Params&, std::span<const Shape> inputs) -> Result<LayerPlan> {
        LayerPlan plan;
        plan.output = inputs[0];
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape>) -> std::unique_ptr<Layer> {
        return std::make_unique<Dropout>(p);
    };
    parts.summary = [](const Params& p) { return fmt::format("rate {:.4g}", p.rate); };
    parts.examples = {{"Half of the values", {}, {Shape{3, 4, 2}}},
                      {"A fifth, with a seed of its own", {{"rate", 0.2}, {"seed", 7}}, {Shape{9}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
