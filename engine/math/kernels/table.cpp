// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/table.h"

#define STRATA_TEXT2(x) #x
#define STRATA_TEXT(x) STRATA_TEXT2(x)

namespace strata::math {

namespace STRATA_ISA {
void product(const Product& p);
void transpose(int64_t rows, int64_t columns, const float* from, int64_t fromRow, float* to, int64_t toRow);
float multiplyAdds(int64_t rounds, float factor);
extern const WinogradKernels kWinograd2x3;
extern const WinogradKernels kWinograd4x3;
extern const WinogradKernels kWinograd2x5;
extern const CellKernels kCells;
extern const ColumnKernels kColumns;
extern const PixelKernels kPixels;
extern const PoolKernels kPool;
extern const DepthwiseKernels kDepthwise;
extern const ActivationKernels kActivations;
extern const UpdateKernels kUpdates;
} // namespace STRATA_ISA

extern const KernelTable STRATA_KERNEL_TABLE;
const KernelTable STRATA_KERNEL_TABLE = {
    .name = STRATA_TEXT(STRATA_ISA),
    .lanes = STRATA_LANES,
    .product = STRATA_ISA::product,
    .transpose = STRATA_ISA::transpose,
    .multiplyAdds = STRATA_ISA::multiplyAdds,
    .winograd2x3 = &STRATA_ISA::kWinograd2x3,
    .winograd4x3 = &STRATA_ISA::kWinograd4x3,
    .winograd2x5 = &STRATA_ISA::kWinograd2x5,
    .cells = &STRATA_ISA::kCells,
    .columns = &STRATA_ISA::kColumns,
    .pixels = &STRATA_ISA::kPixels,
    .pool = &STRATA_ISA::kPool,
    .depthwise = &STRATA_ISA::kDepthwise,
    .activations = &STRATA_ISA::kActivations,
    .updates = &STRATA_ISA::kUpdates,
};

} // namespace strata::math
