// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/activations.h"
#include "engine/math/kernels/exponential.h"

// Activations for which single precision is enough, or which are cheap; activation.cpp has the others.
// selu: Klambauer et al. 2017, "Self-normalizing neural networks"; gelu: Hendrycks, Gimpel 2016, "Gaussian
// error linear units"; mish: Misra 2019, "Mish: a self regularized non-monotonic activation function".
namespace strata::math::STRATA_ISA {
namespace {

using Arguments = ActivationArguments;

constexpr float kSeluScale = 1.05070098735548049F;
constexpr float kSeluAlpha = 1.67326324235437728F;

STRATA_INLINE Vec constant(float v) {
    return Vec{} + v;
}
STRATA_INLINE Vec magnitude(Vec x) {
    return x < 0.0F ? -x : x;
}
/// The slope of a ramp from y: inside of (low, high) `slope`, else 0.
STRATA_INLINE Vec inside(Vec y, float low, float high, float slope) {
    return ((y > low) & (y < high)) ? constant(slope) : Vec{};
}
/// tanh(softplus(x)) with e = e^x: (e^2 + 2e) / (e^2 + 2e + 2); from 20 on it is 1.
STRATA_INLINE Vec tanhOfSoftplus(Vec x) {
    const Vec e = exponential(clampKeepingNan(x, -104.0F, 20.0F));
    const Vec square = e * (e + 2.0F);
    return square / (square + 2.0F);
}
STRATA_INLINE Vec geluTanhInner(Vec x) {
    return tanhOf(0.797884560802865F * (x + 0.044715F * x * x * x));
}

template <Activation Kind>
STRATA_INLINE Vec valueOf(Vec x, const Arguments& a) {
    if constexpr (Kind == Activation::Relu) {
        const Vec above = x > a.maxValue ? constant(a.maxValue) : x;
        return x <= a.threshold ? a.alpha * (x - a.threshold) : above;
    } else if constexpr (Kind == Activation::Relu6) {
        return clampKeepingNan(x, 0.0F, 6.0F);
    } else if constexpr (Kind == Activation::LeakyRelu) {
        return x < 0.0F ? a.alpha * x : x;
    } else if constexpr (Kind == Activation::Elu) {
        return x < 0.0F ? a.alpha * exponentialMinusOne(x) : x;
    } else if constexpr (Kind == Activation::Selu) {
        return x < 0.0F ? kSeluScale * kSeluAlpha * exponentialMinusOne(x) : kSeluScale * x;
    } else if constexpr (Kind == Activation::Celu) {
        return x < 0.0F ? a.alpha * exponentialMinusOne(x / a.alpha) : x;
    } else if constexpr (Kind == Activation::GeluTanh) {
        return 0.5F * x * (1.0F + geluTanhInner(x));
    } else if constexpr (Kind == Activation::Silu) {
        return x * sigmoidOf(x);
    } else if constexpr (Kind == Activation::Mish) {
        return x * tanhOfSoftplus(x);
    } else if constexpr (Kind == Activation::Sigmoid) {
        return sigmoidOf(x);
    } else if constexpr (Kind == Activation::HardSigmoid) {
        return clampKeepingNan((x + 3.0F) / 6.0F, 0.0F, 1.0F);
    } else if constexpr (Kind == Activation::HardSilu) {
        return x * clampKeepingNan((x + 3.0F) / 6.0F, 0.0F, 1.0F);
    } else if constexpr (Kind == Activation::Tanh) {
        return tanhOf(x);
    } else if constexpr (Kind == Activation::HardTanh) {
        return clampKeepingNan(x, -1.0F, 1.0F);
    } else if constexpr (Kind == Activation::Softsign) {
        return x / (1.0F + magnitude(x));
    } else {
        static_assert(Kind == Activation::Exponential);
        return exponential(x);
    }
}

/// v is x or y, as activationReads() says.
template <Activation Kind>
STRATA_INLINE Vec slopeOf(Vec v, const Arguments& a) {
    if constexpr (Kind == Activation::Relu) {
        const Vec above = v > a.maxValue ? Vec{} : constant(1.0F);
        const Vec notBelow = v == a.threshold ? constant(a.slopeAtThreshold) : above;
        return v < a.threshold ? constant(a.alpha) : notBelow;
    } else if constexpr (Kind == Activation::Relu6) {
        return inside(v, 0.0F, 6.0F, 1.0F);
    } else if constexpr (Kind == Activation::LeakyRelu) {
        return v <= 0.0F ? constant(a.alpha) : constant(1.0F);
    } else if constexpr (Kind == Activation::Elu) {
        return v < 0.0F ? v + a.alpha : constant(1.0F);
    } else if constexpr (Kind == Activation::Celu) {
        return v < 0.0F ? v / a.alpha + 1.0F : constant(1.0F);
    } else if constexpr (Kind == Activation::Selu) {
        return v < 0.0F ? v + kSeluScale * kSeluAlpha : constant(kSeluScale);
    } else if constexpr (Kind == Activation::GeluTanh) {
        const Vec t = geluTanhInner(v);
        return 0.5F * (1.0F + t) +
               0.5F * v * (1.0F - t * t) * 0.797884560802865F * (1.0F + 3.0F * 0.044715F * v * v);
    } else if constexpr (Kind == Activation::Silu) {
        const Vec s = sigmoidOf(v);
        return s * (1.0F + v * (1.0F - s));
    } else if constexpr (Kind == Activation::Mish) {
        const Vec t = tanhOfSoftplus(v);
        return t + v * (1.0F - t * t) * sigmoidOf(v);
    } else if constexpr (Kind == Activation::Sigmoid) {
        return v * (1.0F - v);
    } else if constexpr (Kind == Activation::HardSigmoid) {
        return inside(v, 0.0F, 1.0F, 1.0F / 6);
    } else if constexpr (Kind == Activation::HardSilu) {
        const Vec middle = (2.0F * v + 3.0F) / 6.0F;
        return v <= -3.0F ? Vec{} : (v >= 3.0F ? constant(1.0F) : middle);
    } else if constexpr (Kind == Activation::Tanh) {
        return 1.0F - v * v;
    } else if constexpr (Kind == Activation::HardTanh) {
        return inside(v, -1.0F, 1.0F, 1.0F);
    } else if constexpr (Kind == Activation::Softsign) {
        const Vec d = 1.0F + magnitude(v);
        return 1.0F / (d * d);
    } else {
        static_assert(Kind == Activation::Exponential);
        return v;
    }
}

template <Activation Kind>
bool values(const Arguments& a, int64_t n, const float* x, float* y) {
    forVectors(
        n, [&](int64_t i, auto get, auto put)
               __attribute__((always_inline)) { put(y + i, valueOf<Kind>(get(x + i), a)); });
    return true;
}

template <Activation Kind>
bool slopes(const Arguments& a, int64_t n, const float* read, const float* dy, float* dx) {
    forVectors(
        n, [&](int64_t i, auto get, auto put) __attribute__((always_inline)) {
            put(dx + i, get(dy + i) * slopeOf<Kind>(get(read + i), a));
        });
    return true;
}

bool forward(Activation kind, const Arguments& a, int64_t n, const float* x, float* y) {
    switch (kind) {
    case Activation::Relu:
        return values<Activation::Relu>(a, n, x, y);
    case Activation::Relu6:
        return values<Activation::Relu6>(a, n, x, y);
    case Activation::LeakyRelu:
        return values<Activation::LeakyRelu>(a, n, x, y);
    case Activation::Elu:
        return values<Activation::Elu>(a, n, x, y);
    case Activation::Selu:
        return values<Activation::Selu>(a, n, x, y);
    case Activation::Celu:
        return values<Activation::Celu>(a, n, x, y);
    case Activation::GeluTanh:
        return values<Activation::GeluTanh>(a, n, x, y);
    case Activation::Silu:
        return values<Activation::Silu>(a, n, x, y);
    case Activation::Mish:
        return values<Activation::Mish>(a, n, x, y);
    case Activation::Sigmoid:
        return values<Activation::Sigmoid>(a, n, x, y);
    case Activation::HardSigmoid:
        return values<Activation::HardSigmoid>(a, n, x, y);
    case Activation::HardSilu:
        return values<Activation::HardSilu>(a, n, x, y);
    case Activation::Tanh:
        return values<Activation::Tanh>(a, n, x, y);
    case Activation::HardTanh:
        return values<Activation::HardTanh>(a, n, x, y);
    case Activation::Softsign:
        return values<Activation::Softsign>(a, n, x, y);
    case Activation::Exponential:
        return values<Activation::Exponential>(a, n, x, y);
    default:
        return false;
    }
}

bool backward(Activation kind, const Arguments& a, int64_t n, const float* read, const float* dy, float* dx) {
    switch (kind) {
    case Activation::Relu:
        return slopes<Activation::Relu>(a, n, read, dy, dx);
    case Activation::Relu6:
        return slopes<Activation::Relu6>(a, n, read, dy, dx);
    case Activation::LeakyRelu:
        return slopes<Activation::LeakyRelu>(a, n, read, dy, dx);
    case Activation::Elu:
        return slopes<Activation::Elu>(a, n, read, dy, dx);
    case Activation::Celu:
        return slopes<Activation::Celu>(a, n, read, dy, dx);
    case Activation::Selu:
        return slopes<Activation::Selu>(a, n, read, dy, dx);
    case Activation::GeluTanh:
        return slopes<Activation::GeluTanh>(a, n, read, dy, dx);
    case Activation::Silu:
        return slopes<Activation::Silu>(a, n, read, dy, dx);
    case Activation::Mish:
        return slopes<Activation::Mish>(a, n, read, dy, dx);
    case Activation::Sigmoid:
        return slopes<Activation::Sigmoid>(a, n, read, dy, dx);
    case Activation::HardSigmoid:
        return slopes<Activation::HardSigmoid>(a, n, read, dy, dx);
    case Activation::HardSilu:
        return slopes<Activation::HardSilu>(a, n, read, dy, dx);
    case Activation::Tanh:
        return slopes<Activation::Tanh>(a, n, read, dy, dx);
    case Activation::HardTanh:
        return slopes<Activation::HardTanh>(a, n, read, dy, dx);
    case Activation::Softsign:
        return slopes<Activation::Softsign>(a, n, read, dy, dx);
    case Activation::Exponential:
        return slopes<Activation::Exponential>(a, n, read, dy, dx);
    default:
        return false;
    }
}

} // namespace

extern const ActivationKernels kActivations;
const ActivationKernels kActivations = {forward, backward};

} // namespace strata::math::STRATA_ISA
