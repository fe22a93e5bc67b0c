// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/batch_statistics.h"
#include "engine/layers/initializers.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/sizes.h"
#include "engine/math/elementwise.h"

#include <cmath>
#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    double momentum = 0.99;
    double epsilon = 1e-3;
    bool center = true;
    bool scale = true;
    TypedParams betaInitializer = initializer("Zeros");
    TypedParams gammaInitializer = initializer("Ones");
    TypedParams movingMeanInitializer = initializer("Zeros");
    TypedParams movingVarianceInitializer = initializer("Ones");
};

SchemaOf<Params> makeSchema() {
    SchemaOf<Params> s(
        {.id = "BatchNormalization",
         .category = "normalization",
         .doc = "Brings each channel to mean 0 and spread 1 over the batch, then scales and shifts it by "
                "learnt amounts "
                "(Ioffe, Szegedy, 2015). Deep networks learn faster and more steadily with it. When the "
                "network is used, "
                "or when the layer is frozen, running means from training stand in for the batch's.",
         .reference = "https://keras.io/api/layers/normalization_layers/batch_normalization/",
         .synonyms = {"BN", "batchnorm", "normalize"}});
    s.field(&Params::momentum,
            {.key = "momentum",
             .label = "Momentum",
             .doc = "How slowly the running mean and variance forget: the part that is kept at each batch.",
             .min = 0,
             .max = 1});
    s.field(&Params::epsilon,
            {.key = "epsilon",
             .label = "Epsilon",
             .doc = "Added to the variance, so that a channel that never changes does no harm.",
             .min = 0,
             .advanced = true});
    s.field(&Params::center, {.key = "center",
                              .label = "Center",
                              .doc = "Learns a shift (beta) for each channel.",
                              .advanced = true});
    s.field(&Params::scale, {.key = "scale",
                             .label = "Scale",
                             .doc = "Learns a factor (gamma) for each channel.",
                             .advanced = true});
    const auto init = [&](TypedParams Params::*member, const char* key, const char* label, const char* doc) {
        s.field(member,
                {.key = key, .label = label, .doc = doc, .advanced = true, .family = initializerFamily});
    };
    init(&Params::betaInitializer, "beta_initializer", "Beta initializer",
         "The numbers with which the shifts begin.");
    init(&Params::gammaInitializer, "gamma_initializer", "Gamma initializer",
         "The numbers with which the factors begin.");
    init(&Params::movingMeanInitializer, "moving_mean_initializer", "Moving mean initializer",
         "The numbers with which the running means begin.");
    init(&Params::movingVarianceInitializer, "moving_variance_initializer", "Moving variance initializer",
         "The numbers with which the running variances begin.");
    return s;
}

/// saved for the batch: (4, channels) scale, shift, mean, 1 / sqrt(variance + epsilon).
class BatchNormalization final : public Layer {
public:
    BatchNormalization(const Params& p, const Shape& in)
        : m_params(p)
        , m_channels(in[-1])
        , m_rows(in.count() / in[-1]) {}

    void forward(const Pass& pass) override {
        if (usesBatch(pass))
            takeBatchStatistics(pass);
        else
            takeMovingStatistics(pass);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::scaleShift(r.size * m_rows, m_channels, pass.inputs[0].sample(r.first), scale(pass),
                             shift(pass), pass.output.sample(r.first));
        });
    }

    void backward(const Pass& pass) override {
        const BatchSums sums = batchProducts(pass, m_rows, m_channels, pass.outputGrad, pass.inputs[0]);
        float* const dGamma = m_params.scale ? pass.weightGrads[0] : nullptr;
        float* const dBeta = m_params.center ? pass.weightGrads[m_params.scale ? 1 : 0] : nullptr;
        float* const a = pass.sharedScratch; // (3, channels): dx = a dy + b x + c
        float* const b = a + m_channels;
        float* const c = b + m_channels;
        const double rows = static_cast<double>(pass.batch * m_rows);
        for (std::int64_t i = 0; i < m_channels; ++i) {
            const double mean = static_cast<double>(means(pass)[i]);
            const double inverse = static_cast<double>(inverses(pass)[i]);
            const double toGamma =
                (sums.second[i] - mean * sums.first[i]) * inverse; // sum of dy * normalised x
            if (dGamma != nullptr) dGamma[i] = static_cast<float>(toGamma);
            if (dBeta != nullptr) dBeta[i] = static_cast<float>(sums.first[i]);
            const double slope = gamma(pass, i) * inverse;
            const double byX = usesBatch(pass) ? -slope * inverse * toGamma / rows : 0;
            a[i] = static_cast<float>(slope);
            b[i] = static_cast<float>(byX);
            c[i] = usesBatch(pass) ? static_cast<float>(-slope * sums.first[i] / rows - byX * mean) : 0;
        }
        if (pass.inputGrads[0].data == nullptr) return;
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::combineChannels(r.size * m_rows, m_channels, pass.outputGrad.sample(r.first),
                                  pass.inputs[0].sample(r.first), a, b, c,
                                  pass.inputGrads[0].sample(r.first));
        });
    }

private:
    static bool usesBatch(const Pass& pass) { return pass.training && !pass.frozen; }
    float* scale(const Pass& pass) const { return pass.savedBatch; }
    float* shift(const Pass& pass) const { return pass.savedBatch + m_channels; }
    float* means(const Pass& pass) const { return pass.savedBatch + 2 * m_channels; }
    float* inverses(const Pass& pass) const { return pass.savedBatch + 3 * m_channels; }
    std::size_t firstMoving() const { return (m_params.scale ? 1U : 0U) + (m_params.center ? 1U : 0U); }
    double gamma(const Pass& pass, std::int64_t i) const {
        return m_params.scale ? static_cast<double>(pass.weights[0][i]) : 1;
    }
    double beta(const Pass& pass, std::int64_t i) const {
        return m_params.center ? static_cast<double>(pass.weights[m_params.scale ? 1 : 0][i]) : 0;
    }

    void take(const Pass& pass, std::int64_t i, double mean, double variance) const {
        const double inverse = 1 / std::sqrt(variance + m_params.epsilon);
        means(pass)[i] = static_cast<float>(mean);
        inverses(pass)[i] = static_cast<float>(inverse);
        scale(pass)[i] = static_cast<float>(gamma(pass, i) * inverse);
        shift(pass)[i] = static_cast<float>(beta(pass, i) - mean * gamma(pass, i) * inverse);
    }

    void takeMovingStatistics(const Pass& pass) const {
        const float* mean = pass.weights[firstMoving()];
        const float* variance = pass.weights[firstMoving() + 1];
        for (std::int64_t i = 0; i < m_channels; ++i)
            take(pass, i, static_cast<double>(mean[i]), static_cast<double>(variance[i]));
    }

    void takeBatchStatistics(const Pass& pass) const {
        const BatchSums sums = batchMoments(pass, m_rows, m_channels, pass.inputs[0]);
        float* const movingMean = pass.weights[firstMoving()];
        float* const movingVariance = pass.weights[firstMoving() + 1];
        const double rows = static_cast<double>(pass.batch * m_rows);
        const double keep = m_params.momentum;
        for (std::int64_t i = 0; i < m_channels; ++i) {
            const double mean = sums.first[i] / rows;
            const double variance = std::max(sums.second[i] / rows - mean * mean, 0.0);
            take(pass, i, mean, variance);
            movingMean[i] = static_cast<float>(static_cast<double>(movingMean[i]) * keep + mean * (1 - keep));
            movingVariance[i] =
                static_cast<float>(static_cast<double>(movingVariance[i]) * keep + variance * (1 - keep));
        }
    }

    Params m_params;
    std::int64_t m_channels;
    std::int64_t m_rows; ///< a sample's cells
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() < 1)
        return failure("layer.rank", "it needs an input with at least one axis, but gets a single value");
    const std::int64_t channels = in[-1];
    if (channels < 0)
        return failure("layer.channels_unknown",
                       "the number of channels of its input is not known; say it in the Input");
    LayerPlan plan;
    plan.output = in;
    const auto weight = [&](const char* name, const TypedParams& init, bool trainable) {
        plan.weights.push_back(
            {.name = name, .dims = {channels}, .initializer = init, .trainable = trainable});
    };
    if (p.scale) weight("gamma", p.gammaInitializer, true);
    if (p.center) weight("beta", p.betaInitializer, true);
    weight("moving_mean", p.movingMeanInitializer, false);
    weight("moving_variance", p.movingVarianceInitializer, false);
    plan.backwardReadsOutput = false;
    plan.savedPerBatch = 4 * channels;
    plan.sharedScratch = alignedFloats(3 * channels);
    plan.scratchPerChunk = batchSumsFloats(channels);
    plan.macs = countOrZero(in);
    return plan;
}

} // namespace

LayerType batch_normalization() {
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<BatchNormalization>(p, inputs[0]);
    };
    parts.summary = [](const Params& p) { return fmt::format("momentum {:.4g}", p.momentum); };
    parts.examples = {
        {"After a convolution", {}, {Shape{3, 4, 5}}},
        {"After a dense layer, quick to forget", {{"momentum", 0.8}, {"epsilon", 0.01}}, {Shape{6}}},
        {"No shift", {{"center", false}}, {Shape{2, 2, 3}}},
        {"No factor", {{"scale", false}}, {Shape{2, 2, 3}}},
    };
    return layerTypeOf(makeSchema(), std::move(parts));
}

} // namespace strata::layers
