// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/weights.h"

#include <span>

namespace strata {
namespace {

void absorb(std::uint64_t& hash, std::span<const std::byte> bytes) {
    for (const std::byte b : bytes) {
        hash ^= std::to_integer<std::uint64_t>(b);
        hash *= 0x100000001B3ULL;
    }
}

} // namespace

const std::vector<WeightArray>* Weights::find(NodeId id) const {
    const auto it = nodes.find(id);
    return it == nodes.end() ? nullptr : &it->second;
}

std::int64_t Weights::count() const {
    std::int64_t total = 0;
    for (const auto& [id, arrays] : nodes) {
        for (const WeightArray& a : arrays) total += static_cast<std::int64_t>(a.values.size());
    }
    return total;
}

std::uint64_t Weights::fingerprint() const {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const auto& [id, arrays] : nodes) {
        for (const WeightArray& a : arrays) {
            absorb(hash, std::as_bytes(std::span(a.name)));
            absorb(hash, std::as_bytes(std::span(a.dims)));
            absorb(hash, std::as_bytes(std::span(a.values)));
        }
    }
    return hash;
}

} // namespace strata
