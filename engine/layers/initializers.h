// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/rng.h"
#include "engine/schema/schema.h"

#include <span>

namespace strata {

/// Keras's initialisers: GlorotUniform, GlorotNormal, HeUniform, HeNormal, LecunUniform, LecunNormal,
/// RandomNormal, RandomUniform, TruncatedNormal, Zeros, Ones, Constant ...
/// (https://keras.io/api/layers/initializers/).
const SchemaFamily& initializerFamily();

/// An initialiser with its default parameters. requires: `id` is a member of the family
TypedParams initializer(const char* id);

/// Keras's compute_fans: how many inputs a value is the sum of, and how many outputs an input goes into:
/// (receptive field) x (second last, last dimension).
struct Fans {
    double in = 1, out = 1;
};
Fans fansOf(std::span<const std::int64_t> dims);

/// Fills `out` (the product of `dims` floats). The same key gives the same values on every machine.
/// requires: `which` was checked against the family
void initialise(const TypedParams& which, std::span<const std::int64_t> dims, const RngKey& key,
                std::span<float> out);

} // namespace strata
