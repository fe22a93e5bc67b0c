# SPDX-License-Identifier: GPL-3.0-or-later
find_package(nlohmann_json REQUIRED)
add_library(strata_layer_rig STATIC support/layer_rig.cpp support/other_values.cpp)
target_link_libraries(strata_layer_rig PUBLIC strata_layers)
strata_test(engine/layer_check_test LINK strata_layer_rig nlohmann_json::nlohmann_json)
strata_test(engine/layer_schema_test LINK strata_layer_rig)
strata_test(engine/augmentation_test LINK strata_layer_rig)

file(GLOB case_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/keras_cases/*.cpp)
list(FILTER case_sources EXCLUDE REGEX "model_")
add_executable(keras_cases_test engine/keras_cases_test.cpp ${case_sources})
target_link_libraries(keras_cases_test PRIVATE strata_layer_rig strata_keras_check strata_training nlohmann_json::nlohmann_json)
target_compile_definitions(keras_cases_test PRIVATE STRATA_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
add_test(NAME keras_cases_test COMMAND keras_cases_test)
add_test(NAME keras_cases_self_test
         COMMAND keras_cases_test --self-test)
set_tests_properties(keras_cases_test keras_cases_self_test PROPERTIES LABELS engine TIMEOUT 600)

# The layers and Keras's numbers with the ways of lesser processors too; plain is also that of other architectures.
foreach(isa plain v2 avx2)
  foreach(name layer_check keras_cases)
    add_test(NAME ${name}_${isa}_test COMMAND ${name}_test)
    set_tests_properties(${name}_${isa}_test PROPERTIES LABELS engine TIMEOUT 600
                         ENVIRONMENT "${STRATA_TEST_ENVIRONMENT};STRATA_ISA=${isa}")
  endforeach()
endforeach()
