// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace strata {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53U;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57U;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9U;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85U;

void philoxRound(std::array<std::uint32_t, 4>& c, const std::array<std::uint32_t, 2>& k) {
    const std::uint64_t p0 = std::uint64_t{kMultiplier0} * c[0];
    const std::uint64_t p1 = std::uint64_t{kMultiplier1} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p0)};
}

} // namespace

std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

Rng::Rng(const RngKey& key) {
    const std::uint64_t k = mix(mix(key.seed) ^ key.stream);
    const std::uint64_t c = mix(mix(key.step + 0x632BE59BD9B4E019ULL) ^ key.sample);
    m_key = {static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(k >> 32)};
    m_counter = {0, 0, static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(c >> 32)};
}

void Rng::refill() {
    m_block = m_counter;
    std::array<std::uint32_t, 2> k = m_key;
    for (int round = 0; round < 10; ++round) {
        philoxRound(m_block, k);
        k[0] += kWeyl0;
        k[1] += kWeyl1;
    }
    if (++m_counter[0] == 0) ++m_counter[1];
    m_used = 0;
}

std::uint32_t Rng::nextUint() {
    if (m_used == 4) refill();
    return m_block[m_used++];
}

float Rng::uniform() {
    return static_cast<float>(nextUint() >> 8) * 0x1.0p-24F;
}

double Rng::normal() {
    if (m_hasSpare) {
        m_hasSpare = false;
        return m_spare;
    }
    const double u1 = (static_cast<double>(nextUint()) + 1.0) * 0x1.0p-32; // (0, 1]: the logarithm is finite
    const double u2 = static_cast<double>(nextUint()) * 0x1.0p-32;
    const double radius = std::sqrt(-2.0 * std::log(u1));
    m_spare = radius * std::sin(2.0 * std::numbers::pi * u2);
    m_hasSpare = true;
    return radius * std::cos(2.0 * std::numbers::pi * u2);
}

std::uint64_t Rng::below(std::uint64_t bound) {
    assert(bound > 0);
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound; // rejects the tail: no bias
    for (;;) {
        const std::uint64_t high = nextUint();
        const std::uint64_t value = (high << 32) | nextUint();
        if (value < limit) return value % bound;
    }
}

} // namespace strata
