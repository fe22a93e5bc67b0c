// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <QString>
#include <vector>

namespace strata::test {

/// Floats at a 64-byte boundary, filled with NaN, with a guard behind them: an output cell that is not
/// written and a write beyond the end are both seen.
class GuardedFloats {
public:
    explicit GuardedFloats(std::int64_t count)
        : m_count(count) {
        const auto bytes = (static_cast<std::size_t>(count + kGuard) * sizeof(float) + 63) / 64 * 64;
        m_data.reset(static_cast<float*>(std::aligned_alloc(64, bytes)));
        std::fill_n(m_data.get(), count, std::numeric_limits<float>::quiet_NaN());
        std::fill_n(m_data.get() + count, kGuard, kGuardValue);
    }
    float* data() { return m_data.get(); }
    const float* data() const { return m_data.get(); }
    std::int64_t count() const { return m_count; }
    float operator[](std::int64_t i) const { return m_data[static_cast<std::size_t>(i)]; }
    float& operator[](std::int64_t i) { return m_data[static_cast<std::size_t>(i)]; }
    bool intact() const {
        return std::all_of(m_data.get() + m_count, m_data.get() + m_count + kGuard,
                           [](float v) { return v == kGuardValue; });
    }
    bool sameBits(const GuardedFloats& other) const {
        return m_count == other.m_count &&
               std::equal(m_data.get(), m_data.get() + m_count, other.m_data.get(),
                          [](float a, float b) { return a == b; });
    }

private:
    static constexpr std::int64_t kGuard = 64;
    static constexpr float kGuardValue = -12345.5F;
    struct Free {
        void operator()(float* p) const { std::free(p); }
    };
    std::int64_t m_count;
    std::unique_ptr<float[], Free> m_data;
};

/// Numbers in [-1, 1] that look random and are the same everywhere.
inline GuardedFloats randomFloats(std::int64_t count, std::uint64_t seed) {
    GuardedFloats values(count);
    std::uint64_t state = seed * 0x9E3779B97F4A7C15U + 1;
    for (std::int64_t i = 0; i < count; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        values[i] = static_cast<float>(static_cast<double>(state >> 40) / static_cast<double>(1 << 23) - 1.0);
    }
    return values;
}

/// Empty if all cells are within `tolerance` times the largest magnitude of the expected array; else what
/// differs.
inline QString difference(const GuardedFloats& got, const std::vector<double>& expected, double tolerance,
                          double atLeast = 0) {
    if (!got.intact()) return QStringLiteral("wrote beyond the end");
    double largest = atLeast;
    for (const double v : expected)
        largest = std::max(largest, std::abs(v));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto value = static_cast<double>(got[static_cast<std::int64_t>(i)]);
        if (!(std::abs(value - expected[i]) <= tolerance * largest + 1e-30)) {
            return QStringLiteral("cell %1 of %2: %3 instead of %4 (largest %5)")
                .arg(i)
                .arg(expected.size())
                .arg(value)
                .arg(expected[i])
                .arg(largest);
        }
    }
    return {};
}

} // namespace strata::test
