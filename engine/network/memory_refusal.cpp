// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/memory_refusal.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"

#include <algorithm>

namespace strata {

Error memoryRefusal(const std::string& what, const MemoryNeed& need) {
    const std::string needed = byteText(static_cast<std::uint64_t>(std::clamp(need.bytes, 0.0, 1e19)));
    const std::string there = need.free ? said("{} are free", byteText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *need.free))))
                                        : said("the system does not give them");
    const std::string remedy = !need.batchThatFits       ? said("make layers smaller or the batch shorter")
                               : *need.batchThatFits > 0 ? said("batch size {} fits", *need.batchThatFits)
                                                         : said("not even a batch of one image fits: make layers smaller");
    return failure("network.memory", said("{} needs {} at batch size {} and {}; {}.", what, needed, need.batch, there, remedy));
}

} // namespace strata
