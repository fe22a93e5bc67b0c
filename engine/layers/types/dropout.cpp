// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/drop_noise.h"
#include "engine/layers/layer_type_of.h"

namespace strata::layers {
namespace {

struct Params : DropParams {};

class Dropout final : public Layer {
public:
    Dropout(const Params& p, const Shape& in)
        : m_noise(p, in)
        , m_scale(p.rate < 1 ? static_cast<float>(1 / (1 - p.rate)) : 0) {}

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) {
            m_noise.draw(pass, n);
            drop(pass, n, x, y);
        });
    }

    void backward(const Pass& pass) override {
        backwardInTraining(pass, [&](std::int64_t n, const float* dy, float* dx) { drop(pass, n, dy, dx); });
    }

private:
    void drop(const Pass& pass, std::int64_t n, const float* x, float* y) const {
        m_noise.forEach(pass, n, [&](std::int64_t i, bool kept) { y[i] = kept ? x[i] * m_scale : 0; });
    }

    DropNoise m_noise;
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
    DropParams::addTo(schema, "The part of the values that is set to zero, from 0 to 1.", false);
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) { return DropNoise::plan(p, inputs[0]); };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<Dropout>(p, inputs[0]);
    };
    parts.summary = [](const Params& p) { return said("rate {:.4g}", p.rate); };
    parts.examples = {{"Half of the values", {}, {Shape{3, 4, 2}}},
                      {"A fifth, with a seed of its own", {{"rate", 0.2}, {"seed", 7}}, {Shape{9}}},
                      {"Whole columns", {{"noise_shape", ParamValue::IntList{-1, 1, -1, 1}}}, {Shape{3, 4, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
