// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/index_layer.h"

#include "engine/core/said.h"
#include "engine/layers/sizes.h"
#include "engine/math/elementwise.h"

namespace strata {

void IndexLayer::forward(const Pass& pass) {
    pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
        const ChunkRange r = pass.samplesOf(chunk);
        for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
            const float* x = pass.inputs[0].sample(n);
            float* y = pass.output.sample(n);
            for (std::size_t i = 0; i < m_table.size(); ++i)
                y[i] = m_table[i] < 0 ? 0 : x[m_table[i]];
        }
    });
}

void IndexLayer::backward(const Pass& pass) {
    if (pass.inputGrads[0].data == nullptr) return;
    pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
        const ChunkRange r = pass.samplesOf(chunk);
        math::fill(r.size * pass.inputGrads[0].count, 0, pass.inputGrads[0].sample(r.first));
        for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
            const float* dy = pass.outputGrad.sample(n);
            float* dx = pass.inputGrads[0].sample(n);
            for (std::size_t i = 0; i < m_table.size(); ++i) {
                if (m_table[i] >= 0) dx[m_table[i]] += dy[i];
            }
        }
    });
}

Result<LayerPlan> indexPlan(const Shape& output) {
    if (output.isKnown() && (!productFits(output.dims()) || output.count() > (std::int64_t{1} << 28))) {
        return failure("layer.too_large", said("its output {} has too many values; use smaller sizes", output.text()));
    }
    LayerPlan plan;
    plan.output = output;
    plan.backwardReadsInput = false;
    plan.backwardReadsOutput = false;
    return plan;
}

} // namespace strata
