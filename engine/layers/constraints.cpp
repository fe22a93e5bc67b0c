// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/constraint.h"

#include "engine/core/shape.h"
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

} // namespace

const SchemaFamily& constraintFamily() {
    static const SchemaFamily family{
        "constraint",
        {&maxNorm().schema(), &nonNeg().schema(), &unitNorm().schema(), &minMaxNorm().schema()}};
    return family;
}

Constraint::Constraint(const TypedParams& which, std::span<const std::int64_t> dims) {
    std::vector<std::int64_t> over;
    if (which.id == "NonNeg") return;
    if (which.id == "MaxNorm") {
        const MaxNorm p = maxNorm().bind(which.params);
        over = p.axis;
        m_factor = [largest = p.maxValue](double norm) { return std::min(norm, largest) / (kEpsilon + norm); };
    } else if (which.id == "UnitNorm") {
        over = unitNorm().bind(which.params).axis;
        m_factor = [](double norm) { return 1 / (kEpsilon + norm); };
    } else {
        const MinMaxNorm p = minMaxNorm().bind(which.params);
        over = p.axis;
        m_factor = [least = p.minValue, largest = std::max(p.minValue, p.maxValue), rate = p.rate](double norm) {
            return (rate * std::clamp(norm, least, largest) + (1 - rate) * norm) / (kEpsilon + norm);
        };
    }
    std::size_t groups = 1;
    for (std::size_t axis = dims.size(); axis-- > 0;) {
        const auto at = static_cast<std::int64_t>(axis);
        const bool within = std::ranges::any_of(over, [&](std::int64_t a) { return a == at || a + std::ssize(dims) == at; });
        m_axes.push_back({static_cast<std::size_t>(dims[axis]), within});
        if (!within) groups *= m_axes.back().size;
    }
    m_norms.resize(groups);
}

std::size_t Constraint::groupOf(std::size_t i) const {
    std::size_t group = 0, stride = 1;
    for (const Axis& axis : m_axes) {
        if (!axis.within) {
            group += i % axis.size * stride;
            stride *= axis.size;
        }
        i /= axis.size;
    }
    return group;
}

void Constraint::apply(std::span<float> weights) {
    if (!m_factor) {
        for (float& w : weights)
            w = w < 0 ? 0 : w;
        return;
    }
    std::ranges::fill(m_norms, 0.0);
    for (std::size_t i = 0; i < weights.size(); ++i)
        m_norms[groupOf(i)] += static_cast<double>(weights[i]) * static_cast<double>(weights[i]);
    for (double& n : m_norms)
        n = m_factor(std::sqrt(n));
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = static_cast<float>(static_cast<double>(weights[i]) * m_norms[groupOf(i)]);
}

} // namespace strata
