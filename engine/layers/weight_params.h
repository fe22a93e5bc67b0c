// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/activation_param.h"
#include "engine/layers/initializers.h"
#include "engine/layers/regularizers.h"

namespace strata {

/// The schema entries "<weight>_initializer", "<weight>_regularizer", "<weight>_constraint"; `weight` is
/// Keras's name.
Param initializerParam(const std::string& weight);
Param regularizerParam(const std::string& weight);
Param constraintParam(const std::string& weight);

/// Gives a layer Keras's parameter activity_regularizer, behind those of the weights.
LayerType withActivityRegularizer(LayerType type);

/// The last parameters of all layers that have a kernel, a bias and an activation, in Keras's order.
struct KernelParams {
    math::Activation activation = math::Activation::Linear;
    bool useBias = true;
    TypedParams kernelInitializer = initializer("GlorotUniform");
    TypedParams biasInitializer = initializer("Zeros");
    std::optional<TypedParams> kernelRegularizer, biasRegularizer, kernelConstraint, biasConstraint;

    template <class P>
    static void addTo(SchemaOf<P>& s) {
        s.field(&KernelParams::activation, activationParam());
        s.field(
            &KernelParams::useBias,
            {.key = "use_bias",
             .label = "Use bias",
             .doc = "Adds a learnt constant to each output channel. Not needed before a BatchNormalization.",
             .advanced = true});
        s.field(&KernelParams::kernelInitializer, initializerParam("kernel"));
        s.field(&KernelParams::biasInitializer, initializerParam("bias"));
        s.field(&KernelParams::kernelRegularizer, regularizerParam("kernel"));
        s.field(&KernelParams::biasRegularizer, regularizerParam("bias"));
        s.field(&KernelParams::kernelConstraint, constraintParam("kernel"));
        s.field(&KernelParams::biasConstraint, constraintParam("bias"));
    }

    /// kernel, and bias(channels) if it is used.
    std::vector<WeightSpec> weights(std::vector<std::int64_t> kernelDims, std::int64_t channels) const;
};

} // namespace strata
