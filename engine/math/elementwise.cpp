// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/elementwise.h"

#include "engine/math/kernels/table.h"

#include <algorithm>
#include <cassert>

namespace strata::math {

void fill(std::int64_t n, float value, float* y) {
    std::fill_n(y, n, value);
}
void copy(std::int64_t n, const float* x, float* y) {
    if (x != y) std::copy_n(x, n, y);
}
void scale(std::int64_t n, float a, const float* x, float* y) {
    kernels().cells->scale(n, a, x, y);
}
void add(std::int64_t n, const float* a, const float* b, float* y) {
    kernels().cells->add(n, a, b, y);
}
void subtract(std::int64_t n, const float* a, const float* b, float* y) {
    kernels().cells->subtract(n, a, b, y);
}
void multiply(std::int64_t n, const float* a, const float* b, float* y) {
    kernels().cells->multiply(n, a, b, y);
}
void maximum(std::int64_t n, const float* a, const float* b, float* y) {
    kernels().cells->maximum(n, a, b, y);
}
void minimum(std::int64_t n, const float* a, const float* b, float* y) {
    kernels().cells->minimum(n, a, b, y);
}
void accumulate(std::int64_t n, const float* x, float* y) {
    kernels().cells->add(n, y, x, y);
}
void axpy(std::int64_t n, float a, const float* x, float* y) {
    kernels().cells->axpy(n, a, x, y);
}

void addBias(std::int64_t rows, std::int64_t channels, const float* x, const float* bias, float* y,
             bool relu) {
    kernels().cells->scaleShift(rows, channels, x, nullptr, bias, relu, y);
}
void scaleShift(std::int64_t rows, std::int64_t channels, const float* x, const float* scale,
                const float* shift, float* y, bool relu) {
    kernels().cells->scaleShift(rows, channels, x, scale, shift, relu, y);
}
void addMapped(std::int64_t rows, std::int64_t channels, const float* a, const ChannelMap& aMap, const float* b,
               const ChannelMap& bMap, bool relu, float* y) {
    assert(!aMap.relu && !bMap.relu);
    kernels().cells->addScaled(rows, channels, a, aMap.scale, aMap.shift, b, bMap.scale, bMap.shift, relu, y);
}
void reluBackwardTwice(std::int64_t n, const float* y, float* dy, float* copy) {
    kernels().cells->reluBackwardTwice(n, y, dy, copy);
}
void combineChannels(std::int64_t rows, std::int64_t channels, const float* dy, const float* x,
                     const float* a, const float* b, const float* c, float* dx) {
    kernels().cells->combineChannels(rows, channels, dy, x, a, b, c, dx);
}

} // namespace strata::math
