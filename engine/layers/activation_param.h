// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"
#include "engine/math/activation.h"
#include "engine/schema/schema_of.h"

namespace strata {

/// A layer's parameter `activation` in Keras's names. (gelu with approximate=True has no name in Keras and so
/// none here.)
template <>
struct ParamTraits<math::Activation> {
    static constexpr ParamKind kind = ParamKind::Choice;
    static ParamValue to(math::Activation v) { return std::string(math::activationName(v)); }
    static math::Activation from(const ParamValue& v) { return *math::activationFromName(*v.asText()); }
    static void describe(Param& p) {
        for (const math::Activation a : math::allActivations()) {
            if (a != math::Activation::GeluTanh) p.choices.emplace_back(math::activationName(a));
        }
    }
};

/// The schema entry that all layers with an activation share.
Param activationParam();

/// The activation at the end of a convolution or a dense layer: where the layer writes its sums, and what
/// becomes of them. An activation whose slope needs the sums themselves has them kept in the layer's `saved`
/// memory.
class OutputActivation {
public:
    /// `count`: floats a sample of the layer's output; `channels`: its last dimension
    OutputActivation(const math::ActivationFunction& function, std::int64_t count, std::int64_t channels);

    /// To be done by the layer's own kernel, which then has nothing left to apply.
    bool isRelu() const { return m_function.kind == math::Activation::Relu; }
    std::int64_t savedPerSample() const { return m_savesSums ? m_count : 0; }

    /// Where the sums of sample n belong: the output, or `saved` while training. `offset` floats into saved.
    float* sums(const Pass& pass, std::int64_t n) const;
    /// Makes the output from the sums of `samples` samples, beginning with `first`. Serial.
    void forward(const Pass& pass, std::int64_t first, std::int64_t samples) const;
    /// Turns outputGrad, in place, into the gradient with respect to the sums. Serial.
    void backward(const Pass& pass, std::int64_t first, std::int64_t samples) const;

    static bool readsOutput(math::Activation kind);

private:
    math::ActivationFunction m_function;
    std::int64_t m_count;
    std::int64_t m_channels;
    bool m_savesSums;
};

/// ", relu" for a summary, nothing for linear.
std::string activationText(math::Activation kind);

} // namespace strata
