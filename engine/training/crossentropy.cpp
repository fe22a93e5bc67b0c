// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/crossentropy.h"

#include <algorithm>

namespace strata {

double logSumExp(std::int64_t n, const float* x) {
    const double top = static_cast<double>(*std::max_element(x, x + n));
    if (!std::isfinite(top)) return top;
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i)
        sum += std::exp(static_cast<double>(x[i]) - top);
    return top + std::log(sum);
}

} // namespace strata
