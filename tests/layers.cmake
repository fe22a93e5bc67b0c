# SPDX-License-Identifier: GPL-3.0-or-later
find_package(nlohmann_json REQUIRED)
add_library(strata_layer_rig STATIC support/layer_rig.cpp support/other_values.cpp)
target_link_libraries(strata_layer_rig PUBLIC strata_layers)
strata_test(engine/layer_check_test LINK strata_layer_rig nlohmann_json::nlohmann_json)
strata_test(engine/layer_schema_test LINK strata_layer_rig)
