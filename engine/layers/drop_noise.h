// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/random_params.h"

#include <optional>
#include <vector>

namespace strata {

/// The parameters of the layers that drop values while training.
struct DropParams : SeedParam {
    double rate = 0.5;
    std::optional<std::vector<std::int64_t>> noiseShape;

    template <class P>
    static void addTo(SchemaOf<P>& s, const char* rateDoc, bool below1) {
        s.field(&DropParams::rate,
                {.key = "rate", .label = "Rate", .doc = rateDoc, .min = 0, .max = 1, .exclusiveMax = below1});
        s.field(&SeedParam::seed, seedParam());
        s.field(&DropParams::noiseShape,
                {.key = "noise_shape",
                 .label = "Noise shape",
                 .doc = "One size for the batch and one for each axis: along an axis of 1 all values are dropped or "
                        "kept together, ? stands for the axis's own size. None: each value for itself.",
                 .min = 1,
                 .allowUnknown = true,
                 .advanced = true});
    }
};

/// Which values of a sample are dropped. One draw of 32 bits decides for one value, or for all values that
/// noise_shape joins. It follows from the key alone, so a backward pass asks again instead of remembering; only the
/// draws of a noise_shape are kept in the sample's `saved` memory.
class DropNoise {
public:
    /// The plan of a layer whose output has its input's shape. The error names the size that does not fit.
    static Result<LayerPlan> plan(const DropParams& params, const Shape& input);
    /// requires: plan() succeeded
    DropNoise(const DropParams& params, const Shape& input);

    /// Forward, while training: draws for sample n.
    void draw(const Pass& pass, std::int64_t n) const;
    /// f(place of the value, whether it is kept), in order; the same in forward and backward.
    template <class F>
    void forEach(const Pass& pass, std::int64_t n, const F& f) const {
        if (m_table.empty()) {
            Rng rng(keyOf(pass, n));
            for (std::int64_t i = 0; i < m_count; ++i)
                f(i, rng.nextUint() >= m_limit);
            return;
        }
        const float* kept = pass.savedOf(n);
        for (std::int64_t i = 0; i < m_count; ++i)
            f(i, kept[m_table[static_cast<std::size_t>(i)]] != 0);
    }

private:
    RngKey keyOf(const Pass& pass, std::int64_t n) const;

    SeedParam m_seed;
    std::uint64_t m_limit; ///< draws below it drop
    std::int64_t m_count;  ///< values of a sample
    std::int64_t m_draws = 0;
    bool m_sameForAll = false;         ///< noise_shape begins with 1: the whole batch has the same draws
    std::vector<std::int32_t> m_table; ///< which draw decides for a value; empty: its own
};

} // namespace strata
