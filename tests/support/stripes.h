// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/rng.h"
#include "engine/data/dataset.h"

#include <memory>

namespace strata {

/// Images of 8x8: class 0 is brighter above, class 1 below, class 2 at the left; with noise.
inline std::shared_ptr<const Dataset> stripes(std::int64_t count, std::uint64_t seed) {
    MemoryDataset::Content c;
    c.name = "stripes";
    c.sampleShape = {8, 8, 1};
    c.classNames = {"top", "bottom", "left"};
    for (std::int64_t n = 0; n < count; ++n) {
        Rng rng({seed, 3, 0, static_cast<std::uint64_t>(n)});
        const auto label = static_cast<std::int32_t>(rng.below(3));
        c.labels.push_back(label);
        for (int y = 0; y < 8; ++y) {
            for (int x = 0; x < 8; ++x) {
                const bool bright = label == 0 ? y < 4 : label == 1 ? y >= 4 : x < 4;
                c.pixels.push_back(static_cast<std::uint8_t>(rng.below(120) + (bright ? 110 : 0)));
            }
        }
    }
    return std::make_shared<MemoryDataset>(std::move(c));
}

} // namespace strata
