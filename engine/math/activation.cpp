// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/activation.h"

#include "engine/math/kernels/table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace strata::math {
namespace {

struct Entry {
    Activation kind;
    std::string_view name;
};

constexpr std::array kEntries{
    Entry{Activation::Linear, "linear"},
    Entry{Activation::Relu, "relu"},
    Entry{Activation::Relu6, "relu6"},
    Entry{Activation::LeakyRelu, "leaky_relu"},
    Entry{Activation::Elu, "elu"},
    Entry{Activation::Selu, "selu"},
    Entry{Activation::Celu, "celu"},
    Entry{Activation::Gelu, "gelu"},
    Entry{Activation::GeluTanh, "gelu_tanh"},
    Entry{Activation::Silu, "silu"},
    Entry{Activation::Mish, "mish"},
    Entry{Activation::Sigmoid, "sigmoid"},
    Entry{Activation::HardSigmoid, "hard_sigmoid"},
    Entry{Activation::LogSigmoid, "log_sigmoid"},
    Entry{Activation::SparseSigmoid, "sparse_sigmoid"},
    Entry{Activation::HardSilu, "hard_silu"},
    Entry{Activation::Tanh, "tanh"},
    Entry{Activation::HardTanh, "hard_tanh"},
    Entry{Activation::TanhShrink, "tanh_shrink"},
    Entry{Activation::HardShrink, "hard_shrink"},
    Entry{Activation::SoftShrink, "soft_shrink"},
    Entry{Activation::Softplus, "softplus"},
    Entry{Activation::SparsePlus, "sparse_plus"},
    Entry{Activation::Squareplus, "squareplus"},
    Entry{Activation::Softsign, "softsign"},
    Entry{Activation::Exponential, "exponential"},
    Entry{Activation::Softmax, "softmax"},
    Entry{Activation::LogSoftmax, "log_softmax"},
};

constexpr auto kKinds = [] {
    std::array<Activation, kEntries.size()> kinds{};
    for (std::size_t i = 0; i < kinds.size(); ++i)
        kinds[i] = kEntries[i].kind;
    return kinds;
}();

constexpr double kSqrtHalf = 0.70710678118654752440;
constexpr double kInverseSqrtTwoPi = 0.39894228040143267794;

double sigmoid(double x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}
double softplus(double x) {
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

/// The activations that have no kernel.
double value(const ActivationFunction& f, double x) {
    const auto alpha = static_cast<double>(f.alpha);
    switch (f.kind) {
    case Activation::Gelu:
        return 0.5 * x * (1 + std::erf(x * kSqrtHalf));
    case Activation::LogSigmoid:
        return -softplus(-x);
    case Activation::SparseSigmoid:
        return x < -1 ? 0 : x > 1 ? 1 : 0.5 * (x + 1);
    case Activation::TanhShrink:
        return x - std::tanh(x);
    case Activation::HardShrink:
        return std::abs(x) <= alpha ? 0 : x;
    case Activation::SoftShrink:
        return x > alpha ? x - alpha : x < -alpha ? x + alpha : x != x ? x : 0;
    case Activation::Softplus:
        return softplus(x);
    case Activation::SparsePlus:
        return x <= -1 ? 0 : x < 1 ? 0.25 * (x + 1) * (x + 1) : x;
    case Activation::Squareplus:
        return 0.5 * (x + std::sqrt(x * x + alpha));
    default:
        break;
    }
    assert(false);
    return x;
}

/// Their slopes, from x or y as activationReads() says.
double slope(const ActivationFunction& f, double x, double y) {
    const auto alpha = static_cast<double>(f.alpha);
    switch (f.kind) {
    case Activation::Elu:
        return x < 0 ? alpha * std::exp(x) : 1; // alpha <= 0 only
    case Activation::Celu:
        return x < 0 ? std::exp(x / alpha) : 1; // likewise
    case Activation::Gelu:
        return 0.5 * (1 + std::erf(x * kSqrtHalf)) + x * kInverseSqrtTwoPi * std::exp(-0.5 * x * x);
    case Activation::LogSigmoid:
        return sigmoid(-x);
    case Activation::SparseSigmoid:
        return y <= 0 || y >= 1 ? 0 : 0.5;
    case Activation::TanhShrink: {
        const double t = std::tanh(x);
        return t * t;
    }
    case Activation::HardShrink:
    case Activation::SoftShrink:
        return y == 0 ? 0 : 1;
    case Activation::Softplus:
        return sigmoid(x);
    case Activation::SparsePlus:
        return x <= -1 ? 0 : x < 1 ? 0.5 * (x + 1) : 1;
    case Activation::Squareplus:
        return 0.5 * (1 + x / std::sqrt(x * x + alpha));
    default:
        break;
    }
    assert(false);
    return 1;
}

/// The largest cell of a row, or NaN if there is one.
float rowMaximum(std::int64_t n, const float* x) {
    float best = x[0];
    for (std::int64_t i = 1; i < n; ++i) {
        if (x[i] > best || x[i] != x[i]) best = x[i];
    }
    return best;
}

void softmaxRow(std::int64_t n, const float* x, float* y) {
    const auto top = static_cast<double>(rowMaximum(n, x));
    double total = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        const double e = std::exp(static_cast<double>(x[i]) - top);
        y[i] = static_cast<float>(e);
        total += e;
    }
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = static_cast<float>(static_cast<double>(y[i]) / total);
}

void logSoftmaxRow(std::int64_t n, const float* x, float* y) {
    const auto top = static_cast<double>(rowMaximum(n, x));
    double total = 0;
    for (std::int64_t i = 0; i < n; ++i)
        total += std::exp(static_cast<double>(x[i]) - top);
    const double shift = top + std::log(total);
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = static_cast<float>(static_cast<double>(x[i]) - shift);
}

/// softmax: dx = y * (dy - sum(dy * y)); log_softmax: dx = dy - exp(y) * sum(dy)
void softmaxRowBackward(bool logarithm, std::int64_t n, const float* y, const float* dy, float* dx) {
    double total = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        total += static_cast<double>(dy[i]) * (logarithm ? 1.0 : static_cast<double>(y[i]));
    }
    for (std::int64_t i = 0; i < n; ++i) {
        const auto out = static_cast<double>(y[i]);
        const auto gradient = static_cast<double>(dy[i]);
        dx[i] = static_cast<float>(logarithm ? gradient - std::exp(out) * total : out * (gradient - total));
    }
}

bool isPlainRelu(const ActivationFunction& f) {
    return f.kind == Activation::Relu && f.alpha == 0 && f.threshold == 0 &&
           f.maxValue == std::numeric_limits<float>::infinity();
}

/// Keras puts a relu with a negative slope and a limit or threshold together from two cut halves; exactly at the
/// threshold neither of them has a slope. Without those it is a leaky relu, whose slope there is the lower side's.
ActivationArguments argumentsOf(const ActivationFunction& f) {
    const bool isLeaky = f.threshold == 0 && f.maxValue == std::numeric_limits<float>::infinity();
    return {f.alpha, f.maxValue, f.threshold, isLeaky ? f.alpha : 0.0F};
}

bool isSoftmax(Activation kind) {
    return kind == Activation::Softmax || kind == Activation::LogSoftmax;
}

} // namespace

ActivationFunction::ActivationFunction(Activation which)
    : kind(which) {
    switch (which) {
    case Activation::LeakyRelu:
        alpha = 0.2F;
        break;
    case Activation::Elu:
    case Activation::Celu:
        alpha = 1;
        break;
    case Activation::HardShrink:
    case Activation::SoftShrink:
        alpha = 0.5F;
        break;
    case Activation::Squareplus:
        alpha = 4;
        break;
    default:
        break;
    }
}

std::optional<Activation> activationFromName(std::string_view name) {
    if (name == "swish") name = "silu";
    if (name == "hard_swish") name = "hard_silu";
    for (const Entry& entry : kEntries) {
        if (entry.name == name) return entry.kind;
    }
    return std::nullopt;
}

std::string_view activationName(Activation kind) {
    return kEntries[static_cast<std::size_t>(kind)].name;
}

std::span<const Activation> allActivations() {
    return kKinds;
}

ActivationReads activationReads(const ActivationFunction& function) {
    switch (function.kind) {
    case Activation::Linear:
        return ActivationReads::Nothing;
    case Activation::Relu:
        return isPlainRelu(function) ? ActivationReads::Output : ActivationReads::Input;
    case Activation::Relu6:
    case Activation::Selu:
    case Activation::Sigmoid:
    case Activation::HardSigmoid:
    case Activation::SparseSigmoid:
    case Activation::Tanh:
    case Activation::HardTanh:
    case Activation::HardShrink:
    case Activation::SoftShrink:
    case Activation::Exponential:
    case Activation::Softmax:
    case Activation::LogSoftmax:
        return ActivationReads::Output;
    case Activation::LeakyRelu:
        return function.alpha > 0 ? ActivationReads::Output : ActivationReads::Input;
    // With a negative alpha the output no longer tells the sign of the input.
    case Activation::Elu:
    case Activation::Celu:
        return function.alpha > 0 ? ActivationReads::Output : ActivationReads::Input;
    default:
        return ActivationReads::Input;
    }
}

void activate(const ActivationFunction& function, std::int64_t rows, std::int64_t channels, const float* x,
              float* y) {
    if (isSoftmax(function.kind)) {
        for (std::int64_t r = 0; r < rows; ++r, x += channels, y += channels) {
            if (function.kind == Activation::Softmax) {
                softmaxRow(channels, x, y);
            } else {
                logSoftmaxRow(channels, x, y);
            }
        }
        return;
    }
    if (isPlainRelu(function)) {
        kernels().cells->relu(rows * channels, x, y);
        return;
    }
    if (function.kind == Activation::Linear) {
        if (x != y) std::copy_n(x, rows * channels, y);
        return;
    }
    if (kernels().activations->forward(function.kind, argumentsOf(function), rows * channels, x, y)) return;
    for (std::int64_t i = 0; i < rows * channels; ++i) {
        y[i] = static_cast<float>(value(function, static_cast<double>(x[i])));
    }
}

void activateBackward(const ActivationFunction& function, std::int64_t rows, std::int64_t channels,
                      const float* x, const float* y, const float* dy, float* dx) {
    if (isSoftmax(function.kind)) {
        for (std::int64_t r = 0; r < rows; ++r, y += channels, dy += channels, dx += channels) {
            softmaxRowBackward(function.kind == Activation::LogSoftmax, channels, y, dy, dx);
        }
        return;
    }
    if (isPlainRelu(function)) {
        kernels().cells->reluBackward(rows * channels, y, dy, dx);
        return;
    }
    if (function.kind == Activation::Linear) {
        if (dx != dy) std::copy_n(dy, rows * channels, dx);
        return;
    }
    const ActivationReads reads = activationReads(function);
    const float* read = reads == ActivationReads::Input ? x : y;
    // The kernels of these two read y.
    const bool needsInput = reads == ActivationReads::Input &&
                            (function.kind == Activation::Elu || function.kind == Activation::Celu);
    if (!needsInput &&
        kernels().activations->backward(function.kind, argumentsOf(function), rows * channels, read, dy, dx))
        return;
    for (std::int64_t i = 0; i < rows * channels; ++i) {
        const auto cell = static_cast<double>(read[i]);
        dx[i] = static_cast<float>(static_cast<double>(dy[i]) * slope(function, cell, cell));
    }
}

} // namespace strata::math
