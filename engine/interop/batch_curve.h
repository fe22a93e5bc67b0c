// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/document_state.h"
#include "engine/training/trainer.h"

namespace strata {

/// The curve of the batches as a document keeps it: where there are too many, neighbours become their mean.
class BatchCurve {
public:
    static constexpr std::size_t kMost = 2000;

    BatchCurve() = default;
    /// Goes on with what a document has.
    explicit BatchCurve(std::vector<BatchPoint> points) : m_points(std::move(points)) {}
    void add(const BatchPoint& batch);
    std::vector<BatchPoint> points() const;

private:
    std::vector<BatchPoint> m_points;
    BatchPoint m_sum;
    int m_count = 0;  ///< in it
    int m_stride = 1; ///< batches a point
};

/// Where a batch stands on the curve. requires: batchesPerEpoch > 0
BatchPoint batchPoint(const BatchDone& batch, std::int64_t batchesPerEpoch);

} // namespace strata
