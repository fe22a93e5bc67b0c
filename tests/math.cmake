# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name conv2d dense pooling activation elementwise allocation)
  strata_test(engine/math_${name}_test LINK strata_math)
endforeach()

# Not built by default: cmake --build build --target math_benchmark
add_executable(math_benchmark EXCLUDE_FROM_ALL benchmarks/math_benchmark.cpp)
target_link_libraries(math_benchmark PRIVATE strata_math)
