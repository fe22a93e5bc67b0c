// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/random_params.h"

namespace strata::layers {
namespace {

struct Params : SeedParam {
    double stddev = 0.1;
};

class GaussianNoise final : public Layer {
public:
    explicit GaussianNoise(const Params& p)
        : m_params(p) {}

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) {
            Rng rng(m_params.keyOf(pass, n));
            for (std::int64_t i = 0; i < pass.output.count; ++i)
                y[i] = x[i] + static_cast<float>(m_params.stddev * rng.normal());
        });
    }

    void backward(const Pass& pass) override {
        backwardBySample(pass, [&](std::int64_t, const float* dy, float* dx) { math::copy(pass.output.count, dy, dx); });
    }

private:
    Params m_params;
};

} // namespace

LayerType gaussian_noise() {
    SchemaOf<Params> schema({.id = "GaussianNoise",
                             .category = "regularization",
                             .doc = "While training, adds normally distributed noise to every value, so that "
                                    "the network does not cling "
                                    "to small details. Does nothing when the network is used.",
                             .reference = "https://keras.io/api/layers/regularization_layers/gaussian_noise/",
                             .synonyms = {"overfitting", "augmentation"}});
    schema.field(&Params::stddev, {.key = "stddev",
                                   .label = "Standard deviation",
                                   .doc = "How strong the noise is, in units of the values.",
                                   .min = 0});
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
        return std::make_unique<GaussianNoise>(p);
    };
    parts.summary = [](const Params& p) { return said("deviation {:.4g}", p.stddev); };
    parts.examples = {{"A little", {}, {Shape{3, 4, 2}}},
                      {"A seed of its own", {{"stddev", 0.3}, {"seed", 7}}, {Shape{9}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
