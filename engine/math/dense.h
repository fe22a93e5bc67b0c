// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace strata {
class Workers;
}

/// Fully connected products. x is (n, in), w is (in, out) as Keras stores it, y is (n, out), all row-major
/// and dense. Every result is made of chains of multiply-adds in a fixed order: it depends neither on how many
/// rows are in the call nor on the number of threads. Nothing allocates.
///
/// Each function comes twice: serial, for a run of rows that somebody else hands to threads, and with
/// Workers, for the whole batch. The second is the one to use for large w (it is read once, not once for
/// every chunk of rows); both give the same bits.
namespace strata::math {

/// y = x * w + bias (bias(out), nullable), then max(y, 0) if relu (NaN stays). Overwrites y.
void denseForward(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* w,
                  const float* bias, float* y, bool relu = false);
void denseForward(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* w,
                  const float* bias, float* y, bool relu, float* scratch, Workers& workers);
/// What the second form needs as scratch, for any n.
std::int64_t denseScratchFloats(std::int64_t in, std::int64_t out);

/// dx = dy * w^T. Overwrites dx(n, in).
void denseBackwardInput(std::int64_t n, std::int64_t in, std::int64_t out, const float* dy, const float* w,
                        float* dx);
void denseBackwardInput(std::int64_t n, std::int64_t in, std::int64_t out, const float* dy, const float* w,
                        float* dx, Workers& workers);

/// dw = x^T * dy, db = column sums of dy (db nullable). Overwrites dw(in, out) and db(out). The serial form
/// sums over the rows it is given only; the form with Workers takes the whole batch and needs no partial
/// sums, since dw is split over its own rows.
void denseBackwardWeights(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* dy,
                          float* dw, float* db);
void denseBackwardWeights(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* dy,
                          float* dw, float* db, Workers& workers);

} // namespace strata::math
