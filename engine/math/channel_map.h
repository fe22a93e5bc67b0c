// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace strata::math {

/// scale[c] x + shift[c], then max(., 0) if `relu`: what a normalization makes of a value, done by the layer that
/// reads it while it reads it anyway. No scale: nothing is done.
struct ChannelMap {
    const float* scale = nullptr; // (channels)
    const float* shift = nullptr; // (channels)
    bool relu = false;
    bool isIdentity() const { return scale == nullptr; }
};

/// The way back through a normalization of y: dy = a[c] g + b[c] y + c[c]. No y: g is dy.
struct GradientMap {
    const float *a = nullptr, *b = nullptr, *c = nullptr; // (channels)
    const float* y = nullptr;
    bool isIdentity() const { return y == nullptr; }
};

} // namespace strata::math
