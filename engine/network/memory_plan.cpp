// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/memory_plan.h"

#include "engine/layers/sizes.h"

#include <algorithm>
#include <numeric>

namespace strata {

MemoryPlan planMemory(std::span<const Lifetime> buffers) {
    std::vector<std::size_t> bySize(buffers.size());
    std::iota(bySize.begin(), bySize.end(), std::size_t{0});
    std::ranges::stable_sort(bySize, std::greater<>(), [&](std::size_t i) { return buffers[i].floats; });

    MemoryPlan plan;
    plan.offsets.assign(buffers.size(), 0);
    std::vector<std::size_t> placed; // by offset
    for (const std::size_t i : bySize) {
        const Lifetime& b = buffers[i];
        if (b.floats == 0) continue;
        std::int64_t offset = 0;
        for (const std::size_t p : placed) {
            const Lifetime& o = buffers[p];
            if (o.last < b.first || b.last < o.first) continue;
            if (plan.offsets[p] >= offset + alignedFloats(b.floats)) break;
            offset = std::max(offset, plan.offsets[p] + alignedFloats(o.floats));
        }
        plan.offsets[i] = offset;
        plan.total = std::max(plan.total, offset + alignedFloats(b.floats));
        const auto at = std::ranges::upper_bound(placed, offset, {}, [&](std::size_t p) { return plan.offsets[p]; });
        placed.insert(at, i);
    }
    return plan;
}

} // namespace strata
