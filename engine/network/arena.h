// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

namespace strata {

/// A flat array of floats, aligned to 64 bytes, zero at first, sized once.
class Arena {
public:
    Arena() = default;
    explicit Arena(std::int64_t floats) : m_size(static_cast<std::size_t>(floats)) {
        if (m_size == 0) return;
        const std::size_t bytes = (m_size * sizeof(float) + 63) / 64 * 64;
        m_data.reset(static_cast<float*>(std::aligned_alloc(64, bytes)));
        if (!m_data) throw std::bad_alloc();
        std::memset(m_data.get(), 0, bytes);
    }
    float* data() const { return m_data.get(); }
    std::size_t size() const { return m_size; }
    std::span<float> span() const { return {m_data.get(), m_size}; }

private:
    struct Free {
        void operator()(float* p) const { std::free(p); }
    };
    std::unique_ptr<float[], Free> m_data;
    std::size_t m_size = 0;
};

} // namespace strata
