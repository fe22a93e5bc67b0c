// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/batch_curve.h"

#include <cassert>

namespace strata {
namespace {

BatchPoint mean(const BatchPoint& last, double loss, double accuracy, int count) {
    return {last.epochs, loss / count, accuracy / count};
}

} // namespace

void BatchCurve::add(const BatchPoint& batch) {
    m_sum = {batch.epochs, m_sum.loss + batch.loss, m_sum.accuracy + batch.accuracy};
    if (++m_count < m_stride) return;
    m_points.push_back(mean(m_sum, m_sum.loss, m_sum.accuracy, m_count));
    m_sum = {};
    m_count = 0;
    if (m_points.size() < kMost) return;
    for (std::size_t i = 0; i + 1 < m_points.size(); i += 2) {
        const BatchPoint &a = m_points[i], &b = m_points[i + 1];
        m_points[i / 2] = mean(b, a.loss + b.loss, a.accuracy + b.accuracy, 2);
    }
    m_points.resize(m_points.size() / 2);
    m_stride *= 2;
}

std::vector<BatchPoint> BatchCurve::points() const {
    std::vector<BatchPoint> out = m_points;
    if (m_count > 0) out.push_back(mean(m_sum, m_sum.loss, m_sum.accuracy, m_count));
    return out;
}

BatchPoint batchPoint(const BatchDone& batch, std::int64_t batchesPerEpoch) {
    assert(batchesPerEpoch > 0);
    const double within = static_cast<double>(batch.batch + 1) / static_cast<double>(batchesPerEpoch);
    return {static_cast<double>(batch.epoch) + within, batch.loss, batch.accuracy};
}

} // namespace strata
