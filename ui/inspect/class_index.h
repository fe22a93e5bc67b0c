// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

#include <span>

namespace strata::ui {

/// The samples of a data set by their classes. Looks at every label once; asking it costs nothing.
class ClassIndex {
public:
    explicit ClassIndex(const Dataset& data);

    int classes() const { return static_cast<int>(m_starts.size()) - 1; }
    std::int64_t size() const { return static_cast<std::int64_t>(m_samples.size()); }
    /// The samples of one class, in their order. requires: 0 <= label < classes()
    std::span<const std::int64_t> of(int label) const;
    std::int64_t count(int label) const { return static_cast<std::int64_t>(of(label).size()); }

private:
    std::vector<std::size_t> m_starts;   // (classes + 1), into m_samples
    std::vector<std::int64_t> m_samples; // (N), class after class
};

} // namespace strata::ui
