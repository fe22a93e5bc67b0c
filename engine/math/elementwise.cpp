// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/elementwise.h"

#include <algorithm>

namespace strata::math {

void fill(std::int64_t n, float value, float* y) {
    std::fill_n(y, n, value);
}
void copy(std::int64_t n, const float* x, float* y) {
    if (x != y) std::copy_n(x, n, y);
}
void scale(std::int64_t n, float a, const float* x, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = a * x[i];
}
void add(std::int64_t n, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = a[i] + b[i];
}
void subtract(std::int64_t n, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = a[i] - b[i];
}
void multiply(std::int64_t n, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = a[i] * b[i];
}
void maximum(std::int64_t n, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = a[i] >= b[i] || a[i] != a[i] ? a[i] : b[i];
}
void minimum(std::int64_t n, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = a[i] <= b[i] || a[i] != a[i] ? a[i] : b[i];
}
void accumulate(std::int64_t n, const float* x, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] += x[i];
}
void axpy(std::int64_t n, float a, const float* x, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] += a * x[i];
}

void addBias(std::int64_t rows, std::int64_t channels, const float* x, const float* bias, float* y,
             bool relu) {
    for (std::int64_t r = 0; r < rows; ++r, x += channels, y += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            const float v = x[c] + bias[c];
            y[c] = relu && v < 0 ? 0 : v;
        }
    }
}
void scaleShift(std::int64_t rows, std::int64_t channels, const float* x, const float* scale,
                const float* shift, float* y, bool relu) {
    for (std::int64_t r = 0; r < rows; ++r, x += channels, y += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            const float v = x[c] * scale[c] + shift[c];
            y[c] = relu && v < 0 ? 0 : v;
        }
    }
}
void combineChannels(std::int64_t rows, std::int64_t channels, const float* dy, const float* x,
                     const float* a, const float* b, const float* c, float* dx) {
    for (std::int64_t r = 0; r < rows; ++r, x += channels, dy += channels, dx += channels) {
        for (std::int64_t k = 0; k < channels; ++k)
            dx[k] = a[k] * dy[k] + (b[k] * x[k] + c[k]);
    }
}

} // namespace strata::math
