// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/drop_noise.h"
#include "engine/layers/layer_type_of.h"

#include <cmath>

namespace strata::layers {
namespace {

struct Params : DropParams {};

/// y = a * (kept ? x : alpha') + b, with a and b such that mean 0 and variance 1 stay what they are
/// (Klambauer et al., 2017).
class AlphaDropout final : public Layer {
public:
    AlphaDropout(const Params& p, const Shape& in)
        : m_noise(p, in) {
        constexpr double dropped = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;
        const double a = 1 / std::sqrt((1 - p.rate) * (1 + p.rate * dropped * dropped));
        const double b = -a * dropped * p.rate;
        m_scale = static_cast<float>(a);
        m_shift = static_cast<float>(b);
        m_dropped = static_cast<float>(a * dropped + b);
    }

    void forward(const Pass& pass) override {
        forwardInTraining(pass, [&](std::int64_t n, const float* x, float* y) {
            m_noise.draw(pass, n);
            m_noise.forEach(pass, n, [&](std::int64_t i, bool kept) { y[i] = kept ? m_scale * x[i] + m_shift : m_dropped; });
        });
    }

    void backward(const Pass& pass) override {
        backwardInTraining(pass, [&](std::int64_t n, const float* dy, float* dx) {
            m_noise.forEach(pass, n, [&](std::int64_t i, bool kept) { dx[i] = kept ? m_scale * dy[i] : 0.0F; });
        });
    }

private:
    DropNoise m_noise;
    float m_scale = 1, m_shift = 0, m_dropped = 0;
};

} // namespace

LayerType alpha_dropout() {
    SchemaOf<Params> schema(
        {.id = "AlphaDropout",
         .category = "regularization",
         .doc = "Dropout for networks of selu activations: dropped values become the value to which selu tends, "
                "and mean and spread stay what they are. Does nothing when the network is used.",
         .reference = "https://keras.io/api/layers/regularization_layers/alpha_dropout/",
         .synonyms = {"overfitting", "selu", "self-normalizing"}});
    DropParams::addTo(schema, "The part of the values that is dropped, from 0 to below 1.", true);
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) { return DropNoise::plan(p, inputs[0]); };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<AlphaDropout>(p, inputs[0]);
    };
    parts.summary = [](const Params& p) { return said("rate {:.4g}", p.rate); };
    parts.examples = {{"Half of the values", {}, {Shape{3, 4, 2}}},
                      {"A fifth, with a seed of its own", {{"rate", 0.2}, {"seed", 7}}, {Shape{9}}},
                      {"Whole columns of every picture of a batch alike",
                       {{"noise_shape", ParamValue::IntList{1, 1, -1, 1}}},
                       {Shape{3, 4, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
