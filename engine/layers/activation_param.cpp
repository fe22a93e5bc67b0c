// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/activation_param.h"

#include <fmt/format.h>

namespace strata {

Param activationParam() {
    return {.key = "activation",
            .label = "Activation",
            .doc = "The function applied to every result before it leaves the layer. relu is the usual "
                   "choice inside a network; "
                   "softmax turns the last layer's values into probabilities; linear changes nothing."};
}

OutputActivation::OutputActivation(const math::ActivationFunction& function, std::int64_t count,
                                   std::int64_t channels)
    : m_function(function)
    , m_count(count)
    , m_channels(channels)
    , m_savesSums(math::activationReads(function) == math::ActivationReads::Input) {}

bool OutputActivation::readsOutput(math::Activation kind) {
    return math::activationReads(kind) == math::ActivationReads::Output;
}

float* OutputActivation::sums(const Pass& pass, std::int64_t n) const {
    // The sums of consecutive samples must lie one after the other, as the outputs do: saved holds nothing
    // else.
    return m_savesSums && pass.training ? pass.savedOf(n) : pass.output.sample(n);
}

void OutputActivation::forward(const Pass& pass, std::int64_t first, std::int64_t samples) const {
    if (m_function.kind == math::Activation::Linear || isRelu()) return;
    math::activate(m_function, samples * m_count / m_channels, m_channels, sums(pass, first),
                   pass.output.sample(first));
}

void OutputActivation::backward(const Pass& pass, std::int64_t first, std::int64_t samples) const {
    if (m_function.kind == math::Activation::Linear || pass.gradSkipsSoftmax || pass.leavesReluGradient) return;
    math::activateBackward(m_function, samples * m_count / m_channels, m_channels,
                           m_savesSums ? pass.savedOf(first) : nullptr,
                           pass.output.data != nullptr ? pass.output.sample(first) : nullptr,
                           pass.outputGrad.sample(first), pass.outputGrad.sample(first));
}

std::string activationText(math::Activation kind) {
    return kind == math::Activation::Linear ? std::string() : fmt::format(", {}", math::activationName(kind));
}

} // namespace strata
