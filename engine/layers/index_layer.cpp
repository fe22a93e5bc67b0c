// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/index_layer.h"

#include "engine/core/said.h"
#include "engine/layers/by_sample.h"
#include "engine/layers/sizes.h"

namespace strata {

void IndexLayer::forward(const Pass& pass) {
    forwardBySample(pass, [&](std::int64_t, const float* x, float* y) {
        for (std::size_t i = 0; i < m_table.size(); ++i)
            y[i] = m_table[i] < 0 ? 0 : x[m_table[i]];
    });
}

void IndexLayer::backward(const Pass& pass) {
    backwardBySample(pass, [&](std::int64_t, const float* dy, float* dx) {
        math::fill(pass.inputGrads[0].count, 0, dx);
        for (std::size_t i = 0; i < m_table.size(); ++i) {
            if (m_table[i] >= 0) dx[m_table[i]] += dy[i];
        }
    });
}

Result<LayerPlan> indexPlan(const Shape& output) {
    if (output.isKnown() && (!productFits(output.dims()) || output.count() > (std::int64_t{1} << 28))) {
        return failure("layer.too_large", said("its output {} has too many values; use smaller sizes", output.text()));
    }
    return gradientOnlyPlan(output);
}

} // namespace strata
