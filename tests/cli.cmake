# SPDX-License-Identifier: GPL-3.0-or-later
find_package(nlohmann_json REQUIRED)
foreach(test cli_test cli_runs_test cli_mistakes_test)
  strata_test(cli/${test} LINK strata_data nlohmann_json::nlohmann_json)
  target_compile_definitions(${test} PRIVATE STRATA_COMMAND="$<TARGET_FILE:strata>")
  add_dependencies(${test} strata)
endforeach()
