// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/gemm.h"

#include <cassert>
#include <cblas.h>
#include <limits>
#include <mutex>

namespace strata::math {
namespace {

/// OpenBLAS's integers are 32 bits wide in Debian's build; every dimension here comes from a checked
/// geometry.
blasint blasSize(std::int64_t size) {
    assert(size >= 0 && size <= std::numeric_limits<blasint>::max());
    return static_cast<blasint>(size);
}

CBLAS_TRANSPOSE blasTranspose(Transpose transpose) {
    return transpose == Transpose::Yes ? CblasTrans : CblasNoTrans;
}

} // namespace

void initialiseBlas() {
    static std::once_flag once;
    std::call_once(once, [] { openblas_set_num_threads(1); });
}

std::string blasCore() {
    return openblas_get_corename();
}

void sgemm(Transpose transposeA, Transpose transposeB, std::int64_t m, std::int64_t n, std::int64_t k,
           float alpha, const float* a, std::int64_t lda, const float* b, std::int64_t ldb, float beta,
           float* c, std::int64_t ldc) {
    if (m == 0 || n == 0) return;
    initialiseBlas();
    cblas_sgemm(CblasRowMajor, blasTranspose(transposeA), blasTranspose(transposeB), blasSize(m), blasSize(n),
                blasSize(k), alpha, a, blasSize(lda), b, blasSize(ldb), beta, c, blasSize(ldc));
}

} // namespace strata::math
