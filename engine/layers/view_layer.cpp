// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/view_layer.h"

#include "engine/layers/by_sample.h"

namespace strata {
namespace {

void copySamples(const Pass& pass, const Tensor& from, const Tensor& to) {
    if (to.data == nullptr || to.data == from.data) return;
    pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
        const ChunkRange r = pass.samplesOf(chunk);
        math::copy(r.size * to.count, from.sample(r.first), to.sample(r.first));
    });
}

} // namespace

LayerPlan viewPlan(const Shape& output) {
    LayerPlan plan = gradientOnlyPlan(output);
    plan.viewOfInput = true;
    return plan;
}

void ViewLayer::forward(const Pass& pass) {
    copySamples(pass, pass.inputs[0], pass.output);
}

void ViewLayer::backward(const Pass& pass) {
    copySamples(pass, pass.outputGrad, pass.inputGrads[0]);
}

} // namespace strata
