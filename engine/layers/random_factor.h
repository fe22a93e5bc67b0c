// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/random_params.h"

#include <string_view>
#include <vector>

namespace strata {

/// From where a random amount is drawn.
struct FactorRange {
    double low = 0, high = 0;
    double draw(Rng& rng) const { return low + (high - low) * static_cast<double>(rng.uniform()); }
};

/// Keras writes such a range as one number, which goes to both sides of 0 as far as `least`, or as two.
/// requires: checkFactor() succeeded
FactorRange factorRange(const std::vector<double>& factor, double least);
/// The error names the parameter and says how many numbers it takes.
Result<> checkFactor(std::string_view key, const std::vector<double>& factor);

/// The values a picture may have.
struct ValueLimits {
    float low = 0, high = 0;
    float cut(float value) const { return value < low ? low : value > high ? high : value; }
    /// The gradient of cut().
    float slope(float value, float gradient) const { return value < low || value > high ? 0 : gradient; }
};

/// The parameters of the layers that change the values of a picture at random, within the range they have.
struct RandomValueParams : SeedParam {
    std::vector<double> factor;
    std::vector<double> valueRange{0, 255};

    /// `factor`: what it does, and its limits
    template <class P>
    static void addTo(SchemaOf<P>& s, Param factor) {
        s.field(&RandomValueParams::factor, std::move(factor));
        s.field(&RandomValueParams::valueRange, {.key = "value_range",
                                                 .label = "Range of values",
                                                 .doc = "The smallest and the largest value a picture has; the result stays within. "
                                                        "0, 1 for pictures that are divided by 255 already."});
        s.field(&SeedParam::seed, seedParam());
    }

    /// The plan of a layer of pictures (height, width, channels) with these parameters. The error names the one that
    /// does not fit.
    Result<LayerPlan> plan(const Shape& input) const;
    /// requires: plan() succeeded
    ValueLimits range() const;
};

} // namespace strata
