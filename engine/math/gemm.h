// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace strata::math {

enum class Transpose { No, Yes };

/// Tells OpenBLAS to use one thread: parallelism belongs to Workers. Every function below calls it by itself;
/// an application may call it early, before any thread exists. Safe to call from anywhere, any number of
/// times.
void initialiseBlas();

/// OpenBLAS's name for the processor whose kernels it chose ("Haswell"): the last bits of a product depend on it.
std::string blasCore();

/// C(m,n) = alpha * op(A)(m,k) * op(B)(k,n) + beta * C, all row-major; lda, ldb, ldc are the strides of the
/// rows as stored. With beta == 0 C is overwritten (NaN in it does not survive). Serial, by OpenBLAS: the
/// result's last bits depend on the shape of the whole product, so cut a product by shape only, never by
/// thread count.
void sgemm(Transpose transposeA, Transpose transposeB, std::int64_t m, std::int64_t n, std::int64_t k,
           float alpha, const float* a, std::int64_t lda, const float* b, std::int64_t ldb, float beta,
           float* c, std::int64_t ldc);

} // namespace strata::math
