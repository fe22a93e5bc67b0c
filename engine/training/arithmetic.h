// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace strata {

/// What the last bits of a result depend on beside the settings: which kernels computed it.
struct Arithmetic {
    std::string instructionSet; ///< math::isaName()
    std::string blas;           ///< OpenBLAS's name for the processor it has kernels for
    std::string convolution;    ///< what STRATA_CONV asks for; "automatic"
    bool operator==(const Arithmetic&) const = default;
    std::string text() const;
};

/// Of this process.
Arithmetic arithmetic();

} // namespace strata
