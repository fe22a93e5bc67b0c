# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name conv2d dense pooling activation elementwise allocation)
  strata_test(engine/math_${name}_test LINK strata_math)
  # Every instruction set's own way; what the processor lacks is skipped.
  foreach(isa plain v2 avx2)
    add_test(NAME math_${name}_${isa}_test COMMAND math_${name}_test)
    set_tests_properties(math_${name}_${isa}_test PROPERTIES LABELS engine TIMEOUT 600
                         ENVIRONMENT "${STRATA_TEST_ENVIRONMENT};STRATA_ISA=${isa}")
  endforeach()
endforeach()

# Not built by default: cmake --build build/release --target math_benchmark
add_executable(math_benchmark EXCLUDE_FROM_ALL benchmarks/math_benchmark.cpp)
target_link_libraries(math_benchmark PRIVATE strata_math)
