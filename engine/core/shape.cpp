// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/shape.h"

#include <algorithm>
#include <cassert>

namespace strata {

Shape::Shape(std::initializer_list<std::int64_t> dims) : Shape(std::span(dims.begin(), dims.size())) {}

Shape::Shape(std::span<const std::int64_t> dims) : m_rank(static_cast<int>(dims.size())) {
    assert(dims.size() <= kMaxRank);
    std::ranges::copy(dims, m_dims.begin());
}

std::int64_t Shape::operator[](int axis) const {
    assert(axis >= -m_rank && axis < m_rank);
    return m_dims[static_cast<std::size_t>(axis < 0 ? axis + m_rank : axis)];
}

void Shape::set(int axis, std::int64_t size) {
    assert(axis >= -m_rank && axis < m_rank);
    m_dims[static_cast<std::size_t>(axis < 0 ? axis + m_rank : axis)] = size;
}

bool Shape::isKnown() const {
    return std::ranges::none_of(dims(), [](std::int64_t d) { return d == kUnknown; });
}

std::int64_t Shape::count() const {
    std::int64_t product = 1;
    for (const std::int64_t d : dims()) {
        assert(d != kUnknown);
        product *= d;
    }
    return product;
}

bool Shape::operator==(const Shape& other) const {
    return std::ranges::equal(dims(), other.dims());
}

std::string Shape::text() const {
    if (m_rank == 0) return "1";
    std::string out;
    for (const std::int64_t d : dims()) {
        if (!out.empty()) out += " \u00d7 ";
        out += d == kUnknown ? "?" : std::to_string(d);
    }
    return out;
}

std::string Shape::kerasText() const {
    std::string out = "(None";
    for (const std::int64_t d : dims()) out += d == kUnknown ? ", None" : ", " + std::to_string(d);
    return out + (m_rank == 0 ? ",)" : ")");
}

} // namespace strata
