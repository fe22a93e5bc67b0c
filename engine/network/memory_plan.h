// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace strata {

/// A buffer that is needed from time `first` to time `last`, both included.
struct Lifetime {
    std::int64_t floats = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
};

struct MemoryPlan {
    std::vector<std::int64_t> offsets; ///< in floats, on cache lines, one a buffer
    std::int64_t total = 0;            ///< in floats
};

/// Places buffers so that those alive at the same time never overlap. Greedy by size, largest first, each at the
/// lowest place that is free during its life (Pisarchyk, Lee: "Efficient memory management for deep neural net
/// inference", 2020, "greedy by size"). A pure function: the estimate before a run and the run's arena agree.
MemoryPlan planMemory(std::span<const Lifetime> buffers);

} // namespace strata
