// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/random_params.h"

#include <cmath>

namespace strata::layers {
namespace {

struct Params : SeedParam {
    double rate = 0.5;
};

class GaussianDropout final : public Layer {
public:
    explicit GaussianDropout(const Params& p)
        : m_params(p)
        , m_deviation(std::sqrt(p.rate / (1 - p.rate))) {}

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) { multiply(pass, n, x, y); });
    }
    void backward(const Pass& pass) override {
        backwardInTraining(pass, [&](std::int64_t n, const float* dy, float* dx) { multiply(pass, n, dy, dx); });
    }

private:
    /// The noise follows from the key alone, so the backward pass asks again instead of remembering.
    void multiply(const Pass& pass, std::int64_t n, const float* from, float* to) const {
        Rng rng(m_params.keyOf(pass, n));
        for (std::int64_t i = 0; i < pass.output.count; ++i)
            to[i] = from[i] * static_cast<float>(1 + m_deviation * rng.normal());
    }

    Params m_params;
    double m_deviation;
};

} // namespace

LayerType gaussian_dropout() {
    SchemaOf<Params> schema(
        {.id = "GaussianDropout",
         .category = "regularization",
         .doc = "While training, multiplies every value by normally distributed noise around 1, as strong as "
                "Dropout with the same rate, but without zeros. Does nothing when the network is used.",
         .reference = "https://keras.io/api/layers/regularization_layers/gaussian_dropout/",
         .synonyms = {"overfitting", "noise", "multiplicative"}});
    schema.field(&Params::rate, {.key = "rate",
                                 .label = "Rate",
                                 .doc = "As for Dropout: the noise's deviation is the root of rate / (1 - rate).",
                                 .min = 0,
                                 .max = 1,
                                 .exclusiveMax = true});
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
        return std::make_unique<GaussianDropout>(p);
    };
    parts.summary = [](const Params& p) { return said("rate {:.4g}", p.rate); };
    parts.examples = {{"As strong as half of the values", {}, {Shape{3, 4, 2}}},
                      {"A seed of its own", {{"rate", 0.2}, {"seed", 7}}, {Shape{9}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
