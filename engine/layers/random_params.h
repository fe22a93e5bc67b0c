// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"
#include "engine/schema/schema_of.h"

namespace strata {

/// The parameter `seed` of the layers that draw random numbers while training.
struct SeedParam {
    std::optional<std::int64_t> seed;

    /// The stream of one sample of this batch: the same in every pass of the same step, whatever thread asks.
    RngKey keyOf(const Pass& pass, std::int64_t n) const {
        RngKey key = pass.rng;
        if (seed) key.seed = static_cast<std::uint64_t>(*seed);
        key.sample = static_cast<std::uint64_t>(pass.firstSample + n);
        return key;
    }
};

inline Param seedParam() {
    return {.key = "seed",
            .label = "Seed",
            .doc = "Makes the choice independent of the training seed. None: it follows the training seed.",
            .min = 0,
            .max = 4294967295.0,
            .advanced = true};
}

} // namespace strata
