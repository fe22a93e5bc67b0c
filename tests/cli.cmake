# SPDX-License-Identifier: GPL-3.0-or-later
find_package(nlohmann_json REQUIRED)
strata_test(cli/cli_test LINK strata_data nlohmann_json::nlohmann_json)
target_compile_definitions(cli_test PRIVATE STRATA_COMMAND="$<TARGET_FILE:strata>")
add_dependencies(cli_test strata)
