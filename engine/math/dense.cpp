// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/dense.h"

#include "engine/core/workers.h"
#include "engine/math/gemm.h"
#include "engine/math/reductions.h"

#include <cassert>

namespace strata::math {

void denseForward(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* w,
                  const float* bias, float* y, bool relu) {
    for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t o = 0; o < out; ++o) {
            float total = 0;
            for (std::int64_t k = 0; k < in; ++k)
                total += x[i * in + k] * w[k * out + o];
            if (bias != nullptr) total += bias[o];
            y[i * out + o] = relu && total < 0 ? 0 : total;
        }
    }
}

void denseForward(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* w,
                  const float* bias, float* y, bool relu, Workers& workers) {
    workers.run(
        n, [&](std::int64_t i, int) { denseForward(1, in, out, x + i * in, w, bias, y + i * out, relu); });
}

void denseBackwardInput(std::int64_t n, std::int64_t in, std::int64_t out, const float* dy, const float* w,
                        float* dx) {
    for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t k = 0; k < in; ++k) {
            float total = 0;
            for (std::int64_t o = 0; o < out; ++o)
                total += dy[i * out + o] * w[k * out + o];
            dx[i * in + k] = total;
        }
    }
}

void denseBackwardInput(std::int64_t n, std::int64_t in, std::int64_t out, const float* dy, const float* w,
                        float* dx, Workers& workers) {
    workers.run(n,
                [&](std::int64_t i, int) { denseBackwardInput(1, in, out, dy + i * out, w, dx + i * in); });
}

void denseBackwardWeights(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* dy,
                          float* dw, float* db) {
    sgemm(Transpose::Yes, Transpose::No, in, out, n, 1.0F, x, in, dy, out, 0.0F, dw, out);
    if (db != nullptr) columnSums(n, out, dy, db);
}

void denseBackwardWeights(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* dy,
                          float* dw, float* db, Workers&) {
    denseBackwardWeights(n, in, out, x, dy, dw, db);
}

} // namespace strata::math
