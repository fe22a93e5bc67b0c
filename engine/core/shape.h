// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace strata {

/// The dimensions of one sample (never the batch), channels last: (features) (L,C) (H,W,C) (D,H,W,C).
/// A dimension may be kUnknown (an Input of (None, None, 3)). Rank 0 is a scalar: one value.
class Shape {
public:
    static constexpr int kMaxRank = 6;
    static constexpr std::int64_t kUnknown = -1;

    Shape() = default;
    Shape(std::initializer_list<std::int64_t> dims);
    /// requires: dims.size() <= kMaxRank
    explicit Shape(std::span<const std::int64_t> dims);

    int rank() const { return m_rank; }
    /// requires: -rank() <= axis < rank(); a negative axis counts from the end
    std::int64_t operator[](int axis) const;
    void set(int axis, std::int64_t size);
    std::span<const std::int64_t> dims() const { return {m_dims.data(), static_cast<std::size_t>(m_rank)}; }

    bool isKnown() const;
    /// The product of all dimensions. requires: isKnown()
    std::int64_t count() const;

    bool operator==(const Shape& other) const;

    /// "28 x 28 x 1" with a true times sign, "?" for an unknown size; a scalar is "1".
    std::string text() const;
    /// Keras's way: "(None, 28, 28, 1)", the batch first.
    std::string kerasText() const;

private:
    std::array<std::int64_t, kMaxRank> m_dims{};
    int m_rank = 0;
};

} // namespace strata
