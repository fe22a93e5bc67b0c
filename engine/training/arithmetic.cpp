// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/arithmetic.h"

#include "engine/math/gemm.h"
#include "engine/math/isa.h"

#include <cstdlib>
#include <fmt/format.h>

namespace strata {

std::string Arithmetic::text() const {
    return fmt::format("{}, OpenBLAS for {}, convolution {}", instructionSet, blas, convolution);
}

Arithmetic arithmetic() {
    const char* convolution = std::getenv("STRATA_CONV"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    return {std::string(math::isaName()), math::blasCore(), convolution == nullptr ? "automatic" : convolution};
}

} // namespace strata
