// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/activation_layer.h"

#include "engine/math/elementwise.h"

#include <cmath>

namespace strata {

LayerPlan activationPlan(const math::ActivationFunction& function, const Shape& input) {
    LayerPlan plan;
    plan.output = input;
    const math::ActivationReads reads = math::activationReads(function);
    plan.backwardReadsInput = reads == math::ActivationReads::Input;
    plan.backwardReadsOutput = reads == math::ActivationReads::Output;
    plan.byChunks = plan.gradientInPlace = true;
    plan.inPlace = !plan.backwardReadsInput;
    plan.isRelu = function.kind == math::Activation::Relu && function.alpha == 0 && function.threshold == 0 &&
                  std::isinf(function.maxValue);
    plan.endsInSoftmax = function.kind == math::Activation::Softmax && input.rank() > 0;
    return plan;
}

ActivationLayer::ActivationLayer(const math::ActivationFunction& function, const Shape& input)
    : m_function(function)
    , m_rows(input.rank() == 0 ? 1 : input.count() / input[-1])
    , m_channels(input.rank() == 0 ? 1 : input[-1]) {}

void ActivationLayer::forwardChunk(const Pass& pass, std::int64_t chunk, int) {
    const ChunkRange r = pass.samplesOf(chunk);
    math::activate(m_function, r.size * m_rows, m_channels, pass.inputs[0].sample(r.first),
                   pass.output.sample(r.first));
}

void ActivationLayer::backwardChunk(const Pass& pass, std::int64_t chunk, int) {
    if (pass.inputGrads[0].data == nullptr) return;
    const ChunkRange r = pass.samplesOf(chunk);
    const float* dy = pass.outputGrad.sample(r.first);
    float* dx = pass.inputGrads[0].sample(r.first);
    if (pass.gradSkipsSoftmax) {
        if (dx != dy) math::copy(r.size * pass.output.count, dy, dx);
        return;
    }
    const math::ActivationReads reads = math::activationReads(m_function);
    math::activateBackward(m_function, r.size * m_rows, m_channels,
                           reads == math::ActivationReads::Input ? pass.inputs[0].sample(r.first) : nullptr,
                           reads == math::ActivationReads::Output ? pass.output.sample(r.first) : nullptr, dy, dx);
}

} // namespace strata
