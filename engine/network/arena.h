// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace strata {

/// A flat array of floats, aligned to 64 bytes, zero at first, sized once. A large one asks for large pages: a
/// batch's arrays span more small ones than the processor's table of pages holds (measured: 2 to 5 %).
class Arena {
public:
    Arena() = default;
    explicit Arena(std::int64_t floats) : m_size(static_cast<std::size_t>(floats)) {
        if (m_size == 0) return;
        const std::size_t unit = m_size * sizeof(float) < kLargePage ? 64 : kLargePage;
        const std::size_t bytes = (m_size * sizeof(float) + unit - 1) / unit * unit;
        m_data.reset(static_cast<float*>(std::aligned_alloc(unit, bytes)));
        if (!m_data) throw std::bad_alloc();
#ifdef __linux__
        if (unit == kLargePage) madvise(m_data.get(), bytes, MADV_HUGEPAGE); // a wish: it may fail
#endif
        std::memset(m_data.get(), 0, bytes);
    }
    float* data() const { return m_data.get(); }
    std::size_t size() const { return m_size; }
    std::span<float> span() const { return {m_data.get(), m_size}; }

private:
    static constexpr std::size_t kLargePage = 2 << 20;

    struct Free {
        void operator()(float* p) const { std::free(p); }
    };
    std::unique_ptr<float[], Free> m_data;
    std::size_t m_size = 0;
};

} // namespace strata
