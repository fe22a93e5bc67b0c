// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace strata {

struct MemoryNeed {
    double bytes = 0; ///< a hostile file may ask for more than 64 bits can count
    std::int64_t batch = 1;
    std::optional<std::int64_t> free{};         ///< empty: the system does not give it, whatever it says
    std::optional<std::int64_t> batchThatFits{}; ///< 0: none does; empty: not known
};
/// network.memory: what needs how much, what there is, and what would help. `what`: "This network".
Error memoryRefusal(const std::string& what, const MemoryNeed& need);

} // namespace strata
