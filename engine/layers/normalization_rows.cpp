// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/normalization_rows.h"

#include "engine/layers/by_sample.h"
#include "engine/layers/sizes.h"
#include "engine/math/reductions.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// The places of one statistic's values within a sample: `runs` runs of `run` values, `stride` apart.
struct Region {
    std::int64_t first = 0, runs = 1, run = 1, stride = 0;

    template <class F>
    void forEach(const F& f) const {
        for (std::int64_t r = 0; r < runs; ++r) {
            for (std::int64_t i = 0; i < run; ++i)
                f(first + r * stride + i);
        }
    }
    double size() const { return static_cast<double>(runs * run); }
};

/// Rows: regions lie one after the other, gamma follows the place within the row. Groups: gamma follows the
/// channel.
struct Layout {
    std::int64_t regions = 1; ///< a sample
    std::int64_t factors = 1; ///< values of gamma: place modulo this is the index
    Region shape;             ///< of region 0
    std::int64_t step = 0;    ///< from one region's first place to the next one's

    Region region(std::int64_t i) const {
        Region r = shape;
        r.first = i * step;
        return r;
    }
};

Layout rowsOf(const Shape& input, std::int64_t length) {
    return {.regions = input.count() / length, .factors = length, .shape = {0, 1, length, 0}, .step = length};
}

Layout groupsOf(const Shape& input, std::int64_t groups) {
    const std::int64_t channels = input[-1];
    const std::int64_t wide = channels / groups;
    return {.regions = groups,
            .factors = channels,
            .shape = {0, input.count() / channels, wide, channels},
            .step = wide};
}

/// saved for a sample: (regions, 2) mean and 1 / sqrt(variance + epsilon).
class RegionNormalization final : public Layer {
public:
    RegionNormalization(const NormalizationParams& p, const Layout& layout, Spread spread)
        : m_params(p)
        , m_layout(layout)
        , m_spread(spread) {}

    void forward(const Pass& pass) override {
        const float* gamma = m_params.scale ? pass.weights[0] : nullptr;
        const float* beta = m_params.center ? pass.weights[m_params.scale ? 1 : 0] : nullptr;
        forEachSample(pass, [&](std::int64_t n) {
            for (std::int64_t i = 0; i < m_layout.regions; ++i)
                forwardRegion(pass, n, i, gamma, beta);
        });
    }

    void backward(const Pass& pass) override {
        const bool wantsWeights =
            std::ranges::any_of(pass.weightGrads, [](const float* g) { return g != nullptr; });
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            float* const toGamma = pass.chunkScratch + chunk * m_layout.factors;
            float* const toBeta = pass.chunkScratch + (pass.chunks + chunk) * m_layout.factors;
            std::fill_n(toGamma, m_layout.factors, 0.0F);
            std::fill_n(toBeta, m_layout.factors, 0.0F);
            for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
                for (std::int64_t i = 0; i < m_layout.regions; ++i)
                    backwardRegion(pass, n, i, toGamma, toBeta);
            }
        });
        if (!wantsWeights) return;
        const std::int64_t all = pass.chunks * m_layout.factors;
        float* const dGamma = m_params.scale ? pass.weightGrads[0] : nullptr;
        float* const dBeta = m_params.center ? pass.weightGrads[m_params.scale ? 1 : 0] : nullptr;
        if (dGamma != nullptr) math::reduceParts(pass.chunks, m_layout.factors, pass.chunkScratch, dGamma);
        if (dBeta != nullptr)
            math::reduceParts(pass.chunks, m_layout.factors, pass.chunkScratch + all, dBeta);
    }

private:
    void forwardRegion(const Pass& pass, std::int64_t n, std::int64_t i, const float* gamma,
                       const float* beta) const {
        const float* x = pass.inputs[0].sample(n);
        float* y = pass.output.sample(n);
        const Region region = m_layout.region(i);
        double mean = 0;
        if (m_spread != Spread::RootMeanSquare) {
            double sum = 0;
            region.forEach([&](std::int64_t at) { sum += static_cast<double>(x[at]); });
            mean = sum / region.size();
        }
        double squares = 0;
        region.forEach([&](std::int64_t at) {
            const double d = static_cast<double>(x[at]) - mean;
            squares += d * d;
        });
        const double inverse = 1 / std::sqrt(squares / region.size() + m_params.epsilon);
        float* const saved = pass.savedOf(n) + 2 * i;
        saved[0] = static_cast<float>(mean);
        saved[1] = static_cast<float>(inverse);
        const float middle = m_spread == Spread::Deviation ? saved[0] : 0.0F;
        region.forEach([&](std::int64_t at) {
            const std::int64_t f = at % m_layout.factors;
            const float normal = (x[at] - middle) * saved[1];
            y[at] = normal * (gamma != nullptr ? gamma[f] : 1.0F) + (beta != nullptr ? beta[f] : 0.0F);
        });
    }

    void backwardRegion(const Pass& pass, std::int64_t n, std::int64_t i, float* toGamma,
                        float* toBeta) const {
        const float* x = pass.inputs[0].sample(n);
        const float* dy = pass.outputGrad.sample(n);
        const float* gamma = m_params.scale ? pass.weights[0] : nullptr;
        const Region region = m_layout.region(i);
        const float mean = pass.savedOf(n)[2 * i];
        const float inverse = pass.savedOf(n)[2 * i + 1];
        const bool centred = m_spread == Spread::Deviation;
        double sum = 0;      // of dy * gamma
        double products = 0; // of dy * gamma * normalised x
        region.forEach([&](std::int64_t at) {
            const std::int64_t f = at % m_layout.factors;
            const float normal = (x[at] - (centred ? mean : 0.0F)) * inverse;
            toGamma[f] += dy[at] * normal;
            toBeta[f] += dy[at];
            const auto slope = static_cast<double>(dy[at] * (gamma != nullptr ? gamma[f] : 1.0F));
            sum += slope;
            products += slope * static_cast<double>(normal);
        });
        if (pass.inputGrads[0].data == nullptr) return;
        float* dx = pass.inputGrads[0].sample(n);
        const float middle = centred ? static_cast<float>(sum / region.size()) : 0.0F;
        const auto along = static_cast<float>(products / region.size());
        region.forEach([&](std::int64_t at) {
            const float slope = dy[at] * (gamma != nullptr ? gamma[at % m_layout.factors] : 1.0F);
            dx[at] = inverse * (slope - middle - (x[at] - mean) * inverse * along);
        });
    }

    NormalizationParams m_params;
    Layout m_layout;
    Spread m_spread;
};

void planMemory(LayerPlan& plan, const Shape& input, std::int64_t regions, std::int64_t factors) {
    plan.backwardReadsOutput = false;
    plan.savedPerSample = 2 * regions;
    plan.savedInInference = true;
    plan.scratchPerChunk = 2 * alignedFloats(factors);
    plan.macs = countOrZero(input);
}

} // namespace

std::vector<WeightSpec> NormalizationParams::weights(const std::vector<std::int64_t>& dims) const {
    std::vector<WeightSpec> list;
    if (scale) {
        list.push_back({.name = "gamma",
                        .dims = dims,
                        .initializer = gammaInitializer,
                        .regularizer = gammaRegularizer,
                        .constraint = gammaConstraint});
    }
    if (center) {
        list.push_back({.name = "beta",
                        .dims = dims,
                        .initializer = betaInitializer,
                        .regularizer = betaRegularizer,
                        .constraint = betaConstraint});
    }
    return list;
}

void planRows(LayerPlan& plan, const Shape& input, std::int64_t length) {
    if (input.isKnown() && length > 0) planMemory(plan, input, input.count() / length, length);
}

std::unique_ptr<Layer> makeRowNormalization(const NormalizationParams& params, const Shape& input,
                                            std::int64_t length, Spread spread) {
    return std::make_unique<RegionNormalization>(params, rowsOf(input, length), spread);
}

void planGroups(LayerPlan& plan, const Shape& input, std::int64_t groups) {
    if (input.isKnown()) planMemory(plan, input, groups, input[-1]);
}

std::unique_ptr<Layer> makeGroupNormalization(const NormalizationParams& params, const Shape& input,
                                              std::int64_t groups) {
    return std::make_unique<RegionNormalization>(params, groupsOf(input, groups), Spread::Deviation);
}

} // namespace strata
