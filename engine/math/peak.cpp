// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/peak.h"

#include "engine/core/workers.h"
#include "engine/math/kernels/table.h"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace strata::math {

double measurePeakGflops(Workers& workers) {
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t kRounds = 20'000;
    constexpr double kSeconds = 0.15; // longer than a system takes to spread new threads over its processors
    const KernelTable& table = kernels();
    const std::int64_t sums = table.lanes == 16 ? 24 : 12;
    const std::int64_t chunks = workers.count() * std::int64_t{8};
    const double flops = 2.0 * static_cast<double>(chunks * kRounds * sums * table.lanes);
    std::atomic<float> sink = 0; // keeps the results
    double best = 0;
    const auto begin = Clock::now();
    while (std::chrono::duration<double>(Clock::now() - begin).count() < kSeconds) {
        const auto start = Clock::now();
        workers.run(chunks, [&](std::int64_t chunk, int) {
            sink.store(table.multiplyAdds(kRounds, 1.0F / static_cast<float>(chunk + 2)), std::memory_order_relaxed);
        });
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::max(best, flops / seconds * 1e-9);
    }
    return best;
}

} // namespace strata::math
