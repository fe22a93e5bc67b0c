// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/isa.h"

#include "engine/math/kernels/table.h"

#include <array>
#include <atomic>
#include <cstdlib>

namespace strata::math {
namespace {

struct Available {
    std::array<const KernelTable*, 4> tables{};
    std::array<std::string_view, 4> names{};
    std::size_t count = 0;

    void add(const KernelTable& table) {
        tables[count] = &table;
        names[count] = table.name;
        ++count;
    }
    const KernelTable* find(std::string_view name) const {
        for (std::size_t i = 0; i < count; ++i) {
            if (names[i] == name) return tables[i];
        }
        return nullptr;
    }
};

Available detect() {
    Available available;
    available.add(kPlainKernels);
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt")) available.add(kV2Kernels);
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    if (v3) available.add(kAvx2Kernels);
    if (v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        available.add(kAvx512Kernels);
    }
#endif
    return available;
}

const Available& available() {
    static const Available detected = detect();
    return detected;
}

std::atomic<const KernelTable*>& current() {
    static std::atomic<const KernelTable*> table = [] {
        const Available& all = available();
        const char* wanted = std::getenv("STRATA_ISA"); // NOLINT(concurrency-mt-unsafe): nobody sets it
        const KernelTable* named = wanted == nullptr ? nullptr : all.find(wanted);
        return named != nullptr ? named : all.tables[all.count - 1];
    }();
    return table;
}

} // namespace

const KernelTable& kernels() {
    return *current().load(std::memory_order_relaxed);
}

std::string_view isaName() {
    return kernels().name;
}

std::span<const std::string_view> isaAvailable() {
    return {available().names.data(), available().count};
}

bool selectIsa(std::string_view name) {
    const KernelTable* table = available().find(name);
    if (table != nullptr) current().store(table, std::memory_order_relaxed);
    return table != nullptr;
}

} // namespace strata::math
