// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/shape.h"
#include "engine/layers/regularizers.h"
#include "engine/schema/schema_of.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {
namespace {

const char* const kReference = "https://keras.io/api/layers/constraints/";
constexpr double kEpsilon = 1e-7;

struct NormAxes {
    std::vector<std::int64_t> axis{0};
};
struct MaxNorm : NormAxes {
    double maxValue = 2;
};
struct UnitNorm : NormAxes {};
struct MinMaxNorm : NormAxes {
    double minValue = 0, maxValue = 1, rate = 1;
};
struct NonNeg {};

template <class P>
void addAxis(SchemaOf<P>& s) {
    s.field(&P::axis, {.key = "axis",
                       .label = "Axes",
                       .doc = "Over which axes of the weights a norm is taken: 0 for the inputs of each unit "
                              "of a dense layer, 0, 1, 2 "
                              "for each filter of a convolution.",
                       .min = -Shape::kMaxRank,
                       .max = Shape::kMaxRank - 1});
}

const SchemaOf<MaxNorm>& maxNorm() {
    static const SchemaOf<MaxNorm> s = [] {
        SchemaOf<MaxNorm> made({.id = "MaxNorm",
                                .category = "constraint",
                                .doc = "Shrinks the weights of a unit when their norm exceeds a limit.",
                                .reference = kReference});
        made.field(&MaxNorm::maxValue,
                   {.key = "max_value", .label = "Largest norm", .doc = "The limit of the norm.", .min = 0});
        addAxis(made);
        return made;
    }();
    return s;
}
const SchemaOf<UnitNorm>& unitNorm() {
    static const SchemaOf<UnitNorm> s = [] {
        SchemaOf<UnitNorm> made({.id = "UnitNorm",
                                 .category = "constraint",
                                 .doc = "Brings the norm of each unit's weights to 1.",
                                 .reference = kReference});
        addAxis(made);
        return made;
    }();
    return s;
}
const SchemaOf<MinMaxNorm>& minMaxNorm() {
    static const SchemaOf<MinMaxNorm> s = [] {
        SchemaOf<MinMaxNorm> made({.id = "MinMaxNorm",
                                   .category = "constraint",
                                   .doc = "Keeps the norm of each unit's weights between two limits.",
                                   .reference = kReference});
        made.field(
            &MinMaxNorm::minValue,
            {.key = "min_value", .label = "Smallest norm", .doc = "The lower limit of the norm.", .min = 0});
        made.field(
            &MinMaxNorm::maxValue,
            {.key = "max_value", .label = "Largest norm", .doc = "The upper limit of the norm.", .min = 0});
        made.field(&MinMaxNorm::rate, {.key = "rate",
                                       .label = "Rate",
                                       .doc = "How far towards the limits each step goes: 1 all the way.",
                                       .min = 0,
                                       .max = 1});
        addAxis(made);
        return made;
    }();
    return s;
}
const SchemaOf<NonNeg>& nonNeg() {
    static const SchemaOf<NonNeg> s({.id = "NonNeg",
                                     .category = "constraint",
                                     .doc = "Sets negative weights to zero.",
                                     .reference = kReference});
    return s;
}

/// Multiplies each group of weights (those that differ only in `axes`) by factor(norm of the group).
template <class F>
void scaleGroups(std::span<const std::int64_t> dims, const std::vector<std::int64_t>& axes,
                 std::span<float> w, const F& factor) {
    const std::size_t rank = dims.size();
    std::vector<bool> within(rank, false);
    for (const std::int64_t a : axes) {
        const std::int64_t axis = a < 0 ? a + static_cast<std::int64_t>(rank) : a;
        if (axis >= 0 && axis < static_cast<std::int64_t>(rank))
            within[static_cast<std::size_t>(axis)] = true;
    }
    const auto groupOf = [&](std::size_t i) {
        std::size_t group = 0;
        std::size_t stride = 1;
        for (std::size_t axis = rank; axis-- > 0;) {
            const auto size = static_cast<std::size_t>(dims[axis]);
            if (!within[axis]) {
                group += i % size * stride;
                stride *= size;
            }
            i /= size;
        }
        return group;
    };
    std::size_t groups = 1;
    for (std::size_t axis = 0; axis < rank; ++axis)
        groups *= within[axis] ? 1 : static_cast<std::size_t>(dims[axis]);
    std::vector<double> norms(groups, 0.0);
    for (std::size_t i = 0; i < w.size(); ++i)
        norms[groupOf(i)] += static_cast<double>(w[i]) * static_cast<double>(w[i]);
    for (double& n : norms)
        n = factor(std::sqrt(n));
    for (std::size_t i = 0; i < w.size(); ++i)
        w[i] = static_cast<float>(static_cast<double>(w[i]) * norms[groupOf(i)]);
}

} // namespace

const SchemaFamily& constraintFamily() {
    static const SchemaFamily family{
        "constraint",
        {&maxNorm().schema(), &nonNeg().schema(), &unitNorm().schema(), &minMaxNorm().schema()}};
    return family;
}

void constrain(const TypedParams& which, std::span<const std::int64_t> dims, std::span<float> weights) {
    if (which.id == "NonNeg") {
        for (float& w : weights)
            w = w < 0 ? 0 : w;
    } else if (which.id == "MaxNorm") {
        const MaxNorm p = maxNorm().bind(which.params);
        scaleGroups(dims, p.axis, weights,
                    [&](double norm) { return std::min(norm, p.maxValue) / (kEpsilon + norm); });
    } else if (which.id == "UnitNorm") {
        scaleGroups(dims, unitNorm().bind(which.params).axis, weights,
                    [](double norm) { return 1 / (kEpsilon + norm); });
    } else {
        const MinMaxNorm p = minMaxNorm().bind(which.params);
        scaleGroups(dims, p.axis, weights, [&](double norm) {
            const double wanted =
                p.rate * std::clamp(norm, p.minValue, std::max(p.minValue, p.maxValue)) + (1 - p.rate) * norm;
            return wanted / (kEpsilon + norm);
        });
    }
}

} // namespace strata
