// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/schedule.h"
#include "engine/training/typed_parts.h"

namespace strata {

/// First parameter of every schedule that Keras starts from one rate.
inline Param initialRate() {
    return {.key = kInitialRate,
            .label = "Initial rate",
            .doc = "The learning rate of the first update.",
            .min = 0,
            .exclusiveMin = true};
}
inline Param decaySteps(const char* key = "decay_steps") {
    return {.key = key,
            .label = "Decay steps",
            .doc = "Over how many updates (batches) the rate falls.",
            .min = 1,
            .max = 1e15};
}
inline Param staircase() {
    return {.key = "staircase",
            .label = "Staircase",
            .doc = "The rate falls in steps, once in every decay_steps updates, instead of a little at each."};
}
inline Param smallestPart() {
    return {.key = "alpha",
            .label = "Alpha",
            .doc = "The smallest rate, as a part of the largest.",
            .min = 0,
            .max = 1};
}

} // namespace strata
