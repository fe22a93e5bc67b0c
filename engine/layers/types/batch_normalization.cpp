// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/batch_statistics.h"
#include "engine/layers/chunked_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/sizes.h"
#include "engine/layers/weight_params.h"
#include "engine/math/elementwise.h"

#include <algorithm>
#include <cmath>

namespace strata::layers {
namespace {

/// Limits of batch renormalization's corrections; none: no limit.
struct Clipping {
    std::optional<double> rmax, rmin, dmax;
};

const SchemaOf<Clipping>& clippingSchema() {
    static const SchemaOf<Clipping> s = [] {
        SchemaOf<Clipping> made({.id = "RenormClipping",
                                 .category = "renorm_clipping",
                                 .doc = "Limits of the corrections r and d of batch renormalization.",
                                 .reference = "https://arxiv.org/abs/1702.03275"});
        made.field(&Clipping::rmax,
                   {.key = "rmax", .label = "Largest r", .doc = "r is at most this. None: no limit."});
        made.field(&Clipping::rmin,
                   {.key = "rmin", .label = "Smallest r", .doc = "r is at least this. None: no limit."});
        made.field(&Clipping::dmax,
                   {.key = "dmax", .label = "Largest d", .doc = "d lies between -dmax and dmax. None: no limit."});
        return made;
    }();
    return s;
}

const SchemaFamily& clippingFamily() {
    static const SchemaFamily family{"renorm_clipping", {&clippingSchema().schema()}};
    return family;
}

struct Params {
    std::int64_t axis = -1;
    double momentum = 0.99;
    double epsilon = 1e-3;
    bool center = true;
    bool scale = true;
    TypedParams betaInitializer = initializer("Zeros");
    TypedParams gammaInitializer = initializer("Ones");
    TypedParams movingMeanInitializer = initializer("Zeros");
    TypedParams movingVarianceInitializer = initializer("Ones");
    std::optional<TypedParams> betaRegularizer, gammaRegularizer, betaConstraint, gammaConstraint;
    bool renorm = false;
    std::optional<TypedParams> renormClipping;
    double renormMomentum = 0.99;

    Clipping clipping() const { return renormClipping ? clippingSchema().bind(renormClipping->params) : Clipping{}; }
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
    s.field(&Params::axis,
            {.key = "axis",
             .label = "Axis",
             .doc = "Which axis holds the channels: -1 for the last one, 1 for channels_first.",
             .min = -Shape::kMaxRank,
             .max = Shape::kMaxRank,
             .advanced = true});
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
    s.field(&Params::betaInitializer, initializerParam("beta"));
    s.field(&Params::gammaInitializer, initializerParam("gamma"));
    s.field(&Params::movingMeanInitializer, initializerParam("moving_mean"));
    s.field(&Params::movingVarianceInitializer, initializerParam("moving_variance"));
    s.field(&Params::betaRegularizer, regularizerParam("beta"));
    s.field(&Params::gammaRegularizer, regularizerParam("gamma"));
    s.field(&Params::betaConstraint, constraintParam("beta"));
    s.field(&Params::gammaConstraint, constraintParam("gamma"));
    s.field(&Params::renorm,
            {.key = "renorm",
             .label = "Renormalize",
             .doc = "Corrects the batch's mean and deviation towards running ones while training too (Ioffe, 2017): "
                    "for small batches.",
             .advanced = true});
    s.field(&Params::renormClipping, {.key = "renorm_clipping",
                                      .label = "Limits of renormalization",
                                      .doc = "How far the corrections may go. None: as far as they like.",
                                      .advanced = true,
                                      .family = clippingFamily});
    s.field(&Params::renormMomentum,
            {.key = "renorm_momentum",
             .label = "Momentum of renormalization",
             .doc = "How slowly the running mean and deviation of the correction forget.",
             .min = 0,
             .max = 1,
             .advanced = true});
    return s;
}

/// What renormalization makes of a channel's normalised values: times r, plus d. No gradient goes through them.
struct Correction {
    double r = 1, d = 0;
};

/// saved for the batch: (10, channels) scale, shift, the backward pass's a, b, c of dx = a dy + b x + c and the sums
/// of dx, mean, 1 / sqrt(variance + epsilon), and renormalization's r and d:
/// y = ((x - mean) / deviation * r + d) * gamma + beta, with r = 1 and d = 0 where it is off.
class BatchNormalization final : public ChunkedLayer {
public:
    BatchNormalization(const Params& p, const Shape& in)
        : m_params(p)
        , m_clipping(p.clipping())
        , m_channels(in[-1])
        , m_rows(in.count() / in[-1]) {}

    bool gathersForward(const Pass& pass) const override { return usesBatch(pass); }
    void gatherForward(const Pass& pass, std::int64_t chunk) override {
        chunkMoments(pass, chunk, m_rows, m_channels, pass.inputs[0]);
    }
    void endGatherForward(const Pass& pass) override { takeBatchStatistics(pass, sumOfChunks(pass, m_channels)); }
    void beginForward(const Pass& pass) override {
        if (!usesBatch(pass)) takeMovingStatistics(pass);
    }
    void forwardChunk(const Pass& pass, std::int64_t chunk, int) override {
        if (pass.leavesOutput) return;
        const ChunkRange r = pass.samplesOf(chunk);
        math::scaleShift(r.size * m_rows, m_channels, pass.inputs[0].sample(r.first), scale(pass), shift(pass),
                         pass.output.sample(r.first), pass.relu);
    }

    bool gathersBackward(const Pass&) const override { return true; }
    void gatherBackward(const Pass& pass, std::int64_t chunk) override {
        if (pass.relu)
            chunkProductsBehindRelu(pass, chunk, m_rows, m_channels, pass.outputGrad, pass.inputs[0], scale(pass),
                                    shift(pass));
        else
            chunkProducts(pass, chunk, m_rows, m_channels, pass.outputGrad, pass.inputs[0]);
    }
    void endGatherBackward(const Pass& pass) override {
        const BatchSums sums = sumOfChunks(pass, m_channels);
        float* const dGamma = m_params.scale ? pass.weightGrads[0] : nullptr;
        float* const dBeta = m_params.center ? pass.weightGrads[m_params.scale ? 1 : 0] : nullptr;
        float* const a = slopes(pass);
        float* const b = a + m_channels;
        float* const c = b + m_channels;
        float* const total = c + m_channels;
        const double rows = static_cast<double>(pass.batch * m_rows);
        for (std::int64_t i = 0; i < m_channels; ++i) {
            const double mean = static_cast<double>(means(pass)[i]);
            const double inverse = static_cast<double>(inverses(pass)[i]);
            const double r = static_cast<double>(rs(pass)[i]);
            const double d = static_cast<double>(ds(pass)[i]);
            const double along = (sums.second[i] - mean * sums.first[i]) * inverse; // sum of dy * normalised x
            if (dGamma != nullptr) dGamma[i] = static_cast<float>(r * along + d * sums.first[i]);
            if (dBeta != nullptr) dBeta[i] = static_cast<float>(sums.first[i]);
            const double slope = gamma(pass, i) * r * inverse;
            const double byX = usesBatch(pass) ? -slope * inverse * along / rows : 0;
            a[i] = static_cast<float>(slope);
            b[i] = static_cast<float>(byX);
            c[i] = usesBatch(pass) ? static_cast<float>(-slope * sums.first[i] / rows - byX * mean) : 0;
            total[i] = usesBatch(pass) ? 0 : static_cast<float>(slope * sums.first[i]); // in training dx has no mean
        }
    }
    void backwardChunk(const Pass& pass, std::int64_t chunk, int) override {
        if (pass.inputGrads[0].data == nullptr || pass.leavesInputGrad) return;
        const ChunkRange r = pass.samplesOf(chunk);
        const float* const a = slopes(pass);
        math::combineChannels(r.size * m_rows, m_channels, pass.outputGrad.sample(r.first),
                              pass.inputs[0].sample(r.first), a, a + m_channels, a + 2 * m_channels,
                              pass.inputGrads[0].sample(r.first));
    }

private:
    static bool usesBatch(const Pass& pass) { return pass.training && !pass.frozen; }
    float* scale(const Pass& pass) const { return pass.savedBatch; }
    float* shift(const Pass& pass) const { return pass.savedBatch + m_channels; }
    float* slopes(const Pass& pass) const { return pass.savedBatch + 2 * m_channels; } // (4, channels)
    float* means(const Pass& pass) const { return pass.savedBatch + 6 * m_channels; }
    float* inverses(const Pass& pass) const { return pass.savedBatch + 7 * m_channels; }
    float* rs(const Pass& pass) const { return pass.savedBatch + 8 * m_channels; }
    float* ds(const Pass& pass) const { return pass.savedBatch + 9 * m_channels; }
    std::size_t firstMoving() const { return (m_params.scale ? 1U : 0U) + (m_params.center ? 1U : 0U); }
    double gamma(const Pass& pass, std::int64_t i) const {
        return m_params.scale ? static_cast<double>(pass.weights[0][i]) : 1;
    }
    double beta(const Pass& pass, std::int64_t i) const {
        return m_params.center ? static_cast<double>(pass.weights[m_params.scale ? 1 : 0][i]) : 0;
    }

    void take(const Pass& pass, std::int64_t i, double mean, double variance, Correction c = {}) const {
        const double inverse = 1 / std::sqrt(variance + m_params.epsilon);
        const double factor = gamma(pass, i) * c.r * inverse;
        means(pass)[i] = static_cast<float>(mean);
        inverses(pass)[i] = static_cast<float>(inverse);
        rs(pass)[i] = static_cast<float>(c.r);
        ds(pass)[i] = static_cast<float>(c.d);
        scale(pass)[i] = static_cast<float>(factor);
        shift(pass)[i] = static_cast<float>(beta(pass, i) + c.d * gamma(pass, i) - mean * factor);
    }

    void takeMovingStatistics(const Pass& pass) const {
        const float* mean = pass.weights[firstMoving()];
        const float* variance = pass.weights[firstMoving() + 1];
        for (std::int64_t i = 0; i < m_channels; ++i)
            take(pass, i, static_cast<double>(mean[i]), static_cast<double>(variance[i]));
    }

    void takeBatchStatistics(const Pass& pass, const BatchSums& sums) const {
        const double rows = static_cast<double>(pass.batch * m_rows);
        for (std::int64_t i = 0; i < m_channels; ++i) {
            const double mean = sums.first[i] / rows;
            const double variance = std::max(sums.second[i] / rows - mean * mean, 0.0);
            const double deviation = std::sqrt(variance + m_params.epsilon);
            take(pass, i, mean, variance, m_params.renorm ? correction(pass, i, mean, deviation) : Correction{});
            moveOn(pass.weights[firstMoving()][i], mean, m_params.momentum);
            float& movingVariance = pass.weights[firstMoving() + 1][i];
            if (m_params.renorm) {
                float& movingDeviation = pass.weights[firstMoving() + 2][i];
                moveOn(movingDeviation, deviation, m_params.momentum);
                moveOn(pass.weights[firstMoving() + 3][i], mean, m_params.renormMomentum);
                moveOn(pass.weights[firstMoving() + 4][i], deviation, m_params.renormMomentum);
                const auto moved = static_cast<double>(movingDeviation);
                movingVariance = static_cast<float>(std::max(moved * moved - m_params.epsilon, 0.0));
            } else {
                moveOn(movingVariance, variance, m_params.momentum);
            }
        }
    }

    static void moveOn(float& moving, double now, double keep) {
        moving = static_cast<float>(static_cast<double>(moving) * keep + now * (1 - keep));
    }

    /// From the running statistics as they were before this batch.
    Correction correction(const Pass& pass, std::int64_t i, double mean, double deviation) const {
        const auto runningMean = static_cast<double>(pass.weights[firstMoving() + 3][i]);
        const double running = std::max(static_cast<double>(pass.weights[firstMoving() + 4][i]),
                                        std::sqrt(m_params.epsilon));
        Correction c{deviation / running, (mean - runningMean) / running};
        c.r = std::max(c.r, m_clipping.rmin.value_or(c.r));
        c.r = std::min(c.r, m_clipping.rmax.value_or(c.r));
        const double dmax = m_clipping.dmax.value_or(std::abs(c.d));
        c.d = std::clamp(c.d, -dmax, dmax);
        return c;
    }

    Params m_params;
    Clipping m_clipping;
    std::int64_t m_channels;
    std::int64_t m_rows; ///< a sample's cells
};

/// The initialiser of a deviation whose square `variance` initialises, for those that give a single value.
Result<TypedParams> rootOf(const TypedParams& variance) {
    if (variance.id == "Ones" || variance.id == "Zeros") return variance;
    const auto value = variance.params.find("value");
    const double* number = value == variance.params.end() ? nullptr : value->second.asReal();
    if (variance.id == "Constant" && number != nullptr && *number >= 0)
        return TypedParams{"Constant", {{"value", std::sqrt(*number)}}};
    return failure("layer.renorm_initializer",
                   said("renorm needs the root of the first variance, and moving_variance_initializer {} has "
                        "none; use Ones, Zeros or Constant",
                        variance.id));
}

Result<void> checkClipping(const Clipping& c) {
    if (c.rmax && c.rmin && *c.rmax < *c.rmin) {
        return failure("layer.renorm_clipping", said("renorm_clipping: rmax {} is less than rmin {}; let rmin be "
                                                     "at most rmax",
                                                     *c.rmax, *c.rmin));
    }
    if (c.dmax && *c.dmax < 0)
        return failure("layer.renorm_clipping",
                       said("renorm_clipping: dmax {} is negative, and it is a largest magnitude; use 0 or more, or None", *c.dmax));
    return {};
}

Result<LayerPlan> planLast(const Params& p, const Shape& in) {
    const std::int64_t channels = in[-1];
    if (channels < 0)
        return failure("layer.channels_unknown",
                       said("the number of channels of its input is not known; say it in the Input"));
    LayerPlan plan;
    plan.output = in;
    const auto learnt = [&](const char* name, const TypedParams& init,
                            const std::optional<TypedParams>& regularizer,
                            const std::optional<TypedParams>& constraint) {
        plan.weights.push_back({.name = name,
                                .dims = {channels},
                                .initializer = init,
                                .regularizer = regularizer,
                                .constraint = constraint});
    };
    const auto moving = [&](const char* name, const TypedParams& init) {
        plan.weights.push_back({.name = name, .dims = {channels}, .initializer = init, .trainable = false});
    };
    if (p.scale) learnt("gamma", p.gammaInitializer, p.gammaRegularizer, p.gammaConstraint);
    if (p.center) learnt("beta", p.betaInitializer, p.betaRegularizer, p.betaConstraint);
    moving("moving_mean", p.movingMeanInitializer);
    moving("moving_variance", p.movingVarianceInitializer);
    if (p.renorm) {
        if (const Result<void> fits = checkClipping(p.clipping()); !fits) return fits.error();
        const Result<TypedParams> deviation = rootOf(p.movingVarianceInitializer);
        if (!deviation) return deviation.error();
        moving("moving_stddev", *deviation);
        moving("renorm_mean", p.movingMeanInitializer);
        moving("renorm_stddev", *deviation);
    }
    plan.backwardReadsOutput = false;
    plan.byChunks = plan.gathers = plan.gradientInPlace = plan.takesRelu = true;
    plan.fusion.leavesMap = plan.fusion.leavesGradientMap = true;
    plan.savedPerBatch = 10 * channels;
    plan.scratchPerChunk = batchSumsFloats(channels);
    plan.macs = countOrZero(in);
    return plan;
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Result<int> axis = sampleAxis(p.axis, inputs[0].rank());
    if (!axis) return axis.error();
    if (*axis == inputs[0].rank() - 1) return planLast(p, inputs[0]);
    Result<LayerPlan> inner = planLast(p, axisMovedLast(inputs[0], *axis));
    if (!inner) return inner;
    return movedAxisPlan(std::move(*inner), inputs, *axis);
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const int axis = *sampleAxis(p.axis, inputs[0].rank());
    const Shape last = axisMovedLast(inputs[0], axis);
    auto layer = std::make_unique<BatchNormalization>(p, last);
    if (axis == inputs[0].rank() - 1) return layer;
    return movedAxisLayer(std::move(layer), *planLast(p, last), inputs, axis);
}

} // namespace

LayerType batch_normalization() {
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) { return said("momentum {:.4g}", p.momentum); };
    parts.examples = {
        {"After a convolution", {}, {Shape{3, 4, 5}}},
        {"After a dense layer, quick to forget", {{"momentum", 0.8}, {"epsilon", 0.01}}, {Shape{6}}},
        {"Channels first", {{"axis", 1}}, {Shape{3, 4, 5}}},
        {"Renormalized, by a fixed amount",
         {{"renorm", true},
          {"renorm_clipping", TypedParams{"RenormClipping", {{"rmax", 1.2}, {"rmin", 1.2}, {"dmax", 0.0}}}}},
         {Shape{2, 2, 3}}},
        {"No shift", {{"center", false}}, {Shape{2, 2, 3}}},
        {"No factor", {{"scale", false}}, {Shape{2, 2, 3}}},
    };
    return layerTypeOf(makeSchema(), std::move(parts));
}

} // namespace strata::layers
