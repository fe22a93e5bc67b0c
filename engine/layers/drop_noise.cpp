// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/drop_noise.h"

#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/sizes.h"

namespace strata {
namespace {

/// The sample's part of noise_shape, with the input's sizes where it leaves them open.
Shape drawnShape(const std::vector<std::int64_t>& noise, const Shape& input) {
    Shape out = input;
    for (int i = 0; i < input.rank(); ++i) {
        if (const std::int64_t size = noise[static_cast<std::size_t>(i) + 1]; size >= 0) out.set(i, size);
    }
    return out;
}

} // namespace

Result<LayerPlan> DropNoise::plan(const DropParams& params, const Shape& input) {
    LayerPlan plan = gradientOnlyPlan(input);
    if (!params.noiseShape) return plan;
    const std::vector<std::int64_t>& noise = *params.noiseShape;
    if (static_cast<int>(noise.size()) != input.rank() + 1) {
        return failure("layer.noise_shape",
                       said("noise_shape has {} sizes; it needs one for the batch and one for each of the {} "
                            "axes of its input {}",
                            noise.size(), input.rank(), input.text()));
    }
    if (noise[0] > 1) {
        return failure("layer.noise_shape",
                       said("noise_shape begins with {}; for the batch use ? (each sample for itself) or 1 "
                            "(all samples alike)",
                            noise[0]));
    }
    for (int i = 0; i < input.rank(); ++i) {
        const std::int64_t size = noise[static_cast<std::size_t>(i) + 1];
        if (size <= 1 || input[i] < 0 || size == input[i]) continue;
        return failure("layer.noise_shape",
                       said("noise_shape has {} for axis {} of its input {}; use 1, {} or ?", size, i + 1,
                            input.text(), input[i]));
    }
    const Shape drawn = drawnShape(noise, input);
    plan.savedPerSample = productFits(drawn.dims()) ? countOrZero(drawn) : 0;
    return plan;
}

DropNoise::DropNoise(const DropParams& params, const Shape& input)
    : m_seed(params)
    , m_limit(static_cast<std::uint64_t>(params.rate * 4294967296.0))
    , m_count(input.count()) {
    if (!params.noiseShape) return;
    const Shape drawn = drawnShape(*params.noiseShape, input);
    m_draws = drawn.count();
    m_sameForAll = params.noiseShape->front() == 1;
    m_table = indexTable(input, [&](std::array<std::int64_t, Shape::kMaxRank> at) {
        for (int i = 0; i < drawn.rank(); ++i) {
            if (drawn[i] == 1) at[static_cast<std::size_t>(i)] = 0;
        }
        return flatIndex(drawn, at);
    });
}

RngKey DropNoise::keyOf(const Pass& pass, std::int64_t n) const {
    RngKey key = m_seed.keyOf(pass, n);
    if (m_sameForAll) key.sample = 0;
    return key;
}

void DropNoise::draw(const Pass& pass, std::int64_t n) const {
    if (m_table.empty()) return;
    Rng rng(keyOf(pass, n));
    float* const kept = pass.savedOf(n);
    for (std::int64_t i = 0; i < m_draws; ++i)
        kept[i] = rng.nextUint() >= m_limit ? 1.0F : 0.0F;
}

} // namespace strata
