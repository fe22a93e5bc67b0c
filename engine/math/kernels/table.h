// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/kernels/activations.h"
#include "engine/math/kernels/cells.h"
#include "engine/math/kernels/depthwise.h"
#include "engine/math/kernels/pixels.h"
#include "engine/math/kernels/pool.h"
#include "engine/math/kernels/product.h"
#include "engine/math/kernels/updates.h"
#include "engine/math/kernels/winograd.h"

#include <stdint.h>

/// What is compiled once per instruction set. The headers of this folder are read by files with per-file
/// machine flags, so they hold no inline functions and no templates: those would reach older processors
/// through the linker.
namespace strata::math {

struct KernelTable {
    const char* name;
    int lanes; ///< floats of one vector
    void (*product)(const Product&);
    /// to[c*toRow + r] = from[r*fromRow + c] for r < rows, c < columns
    void (*transpose)(int64_t rows, int64_t columns, const float* from, int64_t fromRow, float* to,
                      int64_t toRow);
    /// `rounds` times 24 (with 16 lanes, else 12) independent multiply-adds of a vector: the peak
    float (*multiplyAdds)(int64_t rounds, float factor);
    const WinogradKernels* winograd2x3; ///< 2x2 outputs of a 3x3 kernel, and so on
    const WinogradKernels* winograd4x3;
    const WinogradKernels* winograd2x5;
    const CellKernels* cells;
    const ColumnKernels* columns;
    const PixelKernels* pixels;
    const PoolKernels* pool;
    const DepthwiseKernels* depthwise;
    const ActivationKernels* activations;
    const UpdateKernels* updates;
};

extern const KernelTable kPlainKernels;
#if defined(__x86_64__)
extern const KernelTable kV2Kernels;
extern const KernelTable kAvx2Kernels;
extern const KernelTable kAvx512Kernels;
#endif

/// The table in use.
const KernelTable& kernels();

} // namespace strata::math
