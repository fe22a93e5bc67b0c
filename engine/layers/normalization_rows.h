// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/weight_params.h"

namespace strata {

/// What normalisations that look at one sample alone have in common.
struct NormalizationParams {
    double epsilon = 1e-3;
    bool center = true;
    bool scale = true;
    TypedParams betaInitializer = initializer("Zeros");
    TypedParams gammaInitializer = initializer("Ones");
    std::optional<TypedParams> betaRegularizer, gammaRegularizer, betaConstraint, gammaConstraint;

    template <class P>
    static void addTo(SchemaOf<P>& s) {
        s.field(&NormalizationParams::epsilon,
                {.key = "epsilon",
                 .label = "Epsilon",
                 .doc = "Added to the variance, so that values that are all equal do no harm.",
                 .min = 0,
                 .advanced = true});
        s.field(&NormalizationParams::center, {.key = "center",
                                               .label = "Center",
                                               .doc = "Learns a shift (beta) for each value.",
                                               .advanced = true});
        s.field(&NormalizationParams::scale, {.key = "scale",
                                              .label = "Scale",
                                              .doc = "Learns a factor (gamma) for each value.",
                                              .advanced = true});
        s.field(&NormalizationParams::betaInitializer, initializerParam("beta"));
        s.field(&NormalizationParams::gammaInitializer, initializerParam("gamma"));
        s.field(&NormalizationParams::betaRegularizer, regularizerParam("beta"));
        s.field(&NormalizationParams::gammaRegularizer, regularizerParam("gamma"));
        s.field(&NormalizationParams::betaConstraint, constraintParam("beta"));
        s.field(&NormalizationParams::gammaConstraint, constraintParam("gamma"));
    }

    /// gamma and beta, as far as they are used.
    std::vector<WeightSpec> weights(const std::vector<std::int64_t>& dims) const;
};

/// A sample is a number of rows of `length` values; each row gets mean 0 and variance 1, then value i of
/// every row gamma[i] * value + beta[i].
void planRows(LayerPlan& plan, const Shape& input, std::int64_t length);
/// What a row is divided by: its standard deviation, after its mean was taken away; the same, but the mean stays
/// (Keras's LayerNormalization with rms_scaling); or the root of its mean square.
enum class Spread { Deviation, DeviationKeepingMean, RootMeanSquare };
std::unique_ptr<Layer> makeRowNormalization(const NormalizationParams& params, const Shape& input,
                                            std::int64_t length, Spread spread);

/// A sample is (positions, channels); the channels are cut into groups, and each group of a sample gets mean
/// 0 and variance 1 over all positions; then gamma and beta for each channel. saved and scratch as
/// planGroups() says.
void planGroups(LayerPlan& plan, const Shape& input, std::int64_t groups);
std::unique_ptr<Layer> makeGroupNormalization(const NormalizationParams& params, const Shape& input,
                                              std::int64_t groups);

} // namespace strata
