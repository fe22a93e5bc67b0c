// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/regularizers.h"

#include "engine/schema/schema_of.h"

#include <cmath>

namespace strata {
namespace {

const char* const kReference = "https://keras.io/api/layers/regularizers/";

Param strength(const char* key, const char* label, const char* doc) {
    return {.key = key, .label = label, .doc = doc, .min = 0};
}
const char* const kL1Doc = "Factor of the sum of all magnitudes: pulls unimportant weights to exactly zero.";
const char* const kL2Doc = "Factor of the sum of all squares: keeps all weights small.";

struct L1 {
    double l1 = 0.01;
};
struct L2 {
    double l2 = 0.01;
};
struct L1L2 {
    double l1 = 0, l2 = 0;
};

const SchemaOf<L1>& l1Schema() {
    static const SchemaOf<L1> s = [] {
        SchemaOf<L1> made({.id = "L1",
                           .category = "regularizer",
                           .doc = "Adds the weights' magnitudes to the loss, so that many become zero.",
                           .reference = kReference});
        made.field(&L1::l1, strength("l1", "L1", kL1Doc));
        return made;
    }();
    return s;
}

const SchemaOf<L2>& l2Schema() {
    static const SchemaOf<L2> s = [] {
        SchemaOf<L2> made(
            {.id = "L2",
             .category = "regularizer",
             .doc = "Adds the weights' squares to the loss, so that none grows large: weight decay.",
             .reference = kReference});
        made.field(&L2::l2, strength("l2", "L2", kL2Doc));
        return made;
    }();
    return s;
}

const SchemaOf<L1L2>& l1l2Schema() {
    static const SchemaOf<L1L2> s = [] {
        SchemaOf<L1L2> made(
            {.id = "L1L2", .category = "regularizer", .doc = "L1 and L2 together.", .reference = kReference});
        made.field(&L1L2::l1, strength("l1", "L1", kL1Doc));
        made.field(&L1L2::l2, strength("l2", "L2", kL2Doc));
        return made;
    }();
    return s;
}

L1L2 factors(const TypedParams& which) {
    if (which.id == "L1") return {l1Schema().bind(which.params).l1, 0};
    if (which.id == "L2") return {0, l2Schema().bind(which.params).l2};
    return l1l2Schema().bind(which.params);
}

} // namespace

const SchemaFamily& regularizerFamily() {
    static const SchemaFamily family{"regularizer",
                                     {&l1Schema().schema(), &l2Schema().schema(), &l1l2Schema().schema()}};
    return family;
}

double penalty(const TypedParams& which, std::span<const float> weights) {
    const L1L2 f = factors(which);
    double magnitudes = 0;
    double squares = 0;
    for (const float w : weights) {
        const auto v = static_cast<double>(w);
        magnitudes += std::abs(v);
        squares += v * v;
    }
    return f.l1 * magnitudes + f.l2 * squares;
}

void addPenaltyGradient(const TypedParams& which, std::span<const float> weights, std::span<float> gradient,
                        double share) {
    const L1L2 f = factors(which);
    const auto l1 = static_cast<float>(f.l1 * share);
    const auto l2 = static_cast<float>(2 * f.l2 * share);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const float w = weights[i];
        const float sign = w > 0 ? 1.0F : w < 0 ? -1.0F : 0.0F;
        gradient[i] += l1 * sign + l2 * w;
    }
}

} // namespace strata
