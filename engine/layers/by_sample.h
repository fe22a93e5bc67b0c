// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"
#include "engine/math/elementwise.h"

namespace strata {

/// f(n) for every sample of the batch, a chunk of them on each worker.
template <class F>
void forEachSample(const Pass& pass, const F& f) {
    pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
        const ChunkRange r = pass.samplesOf(chunk);
        for (std::int64_t n = r.first; n < r.first + r.size; ++n)
            f(n);
    });
}

/// Forward of a layer of one input: f(n, x, y) with the input and the output of sample n.
template <class F>
void forwardBySample(const Pass& pass, const F& f) {
    forEachSample(pass, [&](std::int64_t n) { f(n, static_cast<const float*>(pass.inputs[0].sample(n)), pass.output.sample(n)); });
}

/// The same for a layer that only does something while training: else its output is its input.
template <class F>
void forwardInTraining(const Pass& pass, const F& f) {
    forwardBySample(pass, [&](std::int64_t n, const float* x, float* y) {
        if (pass.training) f(n, x, y);
        else math::copy(pass.output.count, x, y);
    });
}

/// Backward of a layer of one input: f(n, dy, dx) with the gradients of sample n; nothing where the input's gradient
/// is not wanted.
template <class F>
void backwardBySample(const Pass& pass, const F& f) {
    if (pass.inputGrads[0].data == nullptr) return;
    forEachSample(pass, [&](std::int64_t n) { f(n, static_cast<const float*>(pass.outputGrad.sample(n)), pass.inputGrads[0].sample(n)); });
}

/// The same for a layer that only does something while training: else the input's gradient is the output's.
template <class F>
void backwardInTraining(const Pass& pass, const F& f) {
    backwardBySample(pass, [&](std::int64_t n, const float* dy, float* dx) {
        if (pass.training) f(n, dy, dx);
        else math::copy(pass.output.count, dy, dx);
    });
}

/// The plan of a layer without weights whose backward pass needs nothing but the output's gradient.
inline LayerPlan gradientOnlyPlan(const Shape& output) {
    LayerPlan plan;
    plan.output = output;
    plan.backwardReadsInput = false;
    plan.backwardReadsOutput = false;
    return plan;
}

} // namespace strata
