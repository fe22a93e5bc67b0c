// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace strata {

/// What a random number is for. Two streams with different keys are independent; the same key always gives the
/// same numbers, whatever thread asks. `stream` names the purpose (layer id, shuffling, initialiser), `step` and
/// `sample` say when and for whom.
struct RngKey {
    std::uint64_t seed = 0;
    std::uint64_t stream = 0;
    std::uint64_t step = 0;
    std::uint64_t sample = 0;
};

/// Counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011): stateless but for a counter, so that any part of a stream can be made anywhere.
class Rng {
public:
    explicit Rng(const RngKey& key);

    std::uint32_t nextUint();
    /// Uniform in [0, 1) with 24 bits.
    float uniform();
    /// Standard normal (Box-Muller on two uniforms).
    double normal();
    /// Uniform integer in [0, bound). requires: bound > 0
    std::uint64_t below(std::uint64_t bound);

private:
    void refill();

    std::array<std::uint32_t, 2> m_key{};
    std::array<std::uint32_t, 4> m_counter{};
    std::array<std::uint32_t, 4> m_block{};
    unsigned m_used = 4;
    double m_spare = 0;
    bool m_hasSpare = false;
};

/// Mixes 64 bits well (splitmix64's finaliser); for deriving keys from names and numbers.
std::uint64_t mix(std::uint64_t value);

} // namespace strata
