# SPDX-License-Identifier: GPL-3.0-or-later
find_package(nlohmann_json REQUIRED)
add_library(strata_graph_dsl STATIC support/graph_dsl.cpp)
target_link_libraries(strata_graph_dsl PUBLIC strata_graph)

foreach(name graph_model graph_analysis graph_advice graph_mistakes graph_explain graph_repairs graph_json graph_layout graph_templates graph_summary graph_flatten)
  strata_test(engine/${name}_test LINK strata_graph_dsl nlohmann_json::nlohmann_json)
endforeach()
