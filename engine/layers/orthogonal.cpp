// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/orthogonal.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace strata {

void fillOrthogonal(std::int64_t rows, std::int64_t columns, double gain, Rng& rng, std::span<float> out) {
    const auto length = static_cast<std::size_t>(std::max(rows, columns));
    const auto vectors = static_cast<std::size_t>(std::min(rows, columns));
    std::vector<double> basis(vectors * length); // (vectors, length)
    for (std::size_t v = 0; v < vectors; ++v) {
        double* mine = basis.data() + v * length;
        double norm = 0;
        while (norm < 1e-6) { // a draw that lies within the span of the earlier ones is drawn again
            for (std::size_t i = 0; i < length; ++i)
                mine[i] = rng.normal();
            for (int pass = 0; pass < 2; ++pass) {
                for (std::size_t u = 0; u < v; ++u) {
                    const double* other = basis.data() + u * length;
                    double dot = 0;
                    for (std::size_t i = 0; i < length; ++i)
                        dot += mine[i] * other[i];
                    for (std::size_t i = 0; i < length; ++i)
                        mine[i] -= dot * other[i];
                }
            }
            norm = 0;
            for (std::size_t i = 0; i < length; ++i)
                norm += mine[i] * mine[i];
            norm = std::sqrt(norm);
        }
        for (std::size_t i = 0; i < length; ++i)
            mine[i] /= norm;
    }
    for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < columns; ++c) {
            const auto along = static_cast<std::size_t>(rows >= columns ? r : c);
            const auto which = static_cast<std::size_t>(rows >= columns ? c : r);
            out[static_cast<std::size_t>(r * columns + c)] =
                static_cast<float>(gain * basis[which * length + along]);
        }
    }
}

} // namespace strata
