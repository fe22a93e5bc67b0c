// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/class_index.h"

#include <numeric>

namespace strata::ui {

ClassIndex::ClassIndex(const Dataset& data) : m_starts(data.classNames().size() + 1), m_samples(static_cast<std::size_t>(data.size())) {
    for (std::int64_t i = 0; i < data.size(); ++i) ++m_starts[static_cast<std::size_t>(data.label(i)) + 1];
    std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    std::vector<std::size_t> next(m_starts.begin(), m_starts.end() - 1);
    for (std::int64_t i = 0; i < data.size(); ++i) m_samples[next[static_cast<std::size_t>(data.label(i))]++] = i;
}

std::span<const std::int64_t> ClassIndex::of(int label) const {
    const std::size_t first = m_starts[static_cast<std::size_t>(label)], last = m_starts[static_cast<std::size_t>(label) + 1];
    return std::span(m_samples).subspan(first, last - first);
}

} // namespace strata::ui
