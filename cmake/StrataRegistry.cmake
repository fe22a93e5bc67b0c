# SPDX-License-Identifier: GPL-3.0-or-later
# The file list is the feature list: writes a .cpp with the function ACCESSOR() that returns a span over one TYPE for
# each file of FOLDER. A file conv2d.cpp exports `TYPE NAMESPACE::conv2d()`. No static initialisers: a static library
# would drop them.
#   strata_registry(out.cpp FOLDER types TYPE LayerType NAMESPACE layers ACCESSOR layerTypes
#                   INCLUDES engine/layers/layer.h [SORT sortForPalette])
function(strata_registry output)
  cmake_parse_arguments(ARG "" "FOLDER;TYPE;NAMESPACE;ACCESSOR;SORT" "INCLUDES" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_FOLDER}/*.cpp)
  set(includes "")
  foreach(include ${ARG_INCLUDES})
    string(APPEND includes "#include \"${include}\"\n")
  endforeach()
  set(declarations "")
  set(calls "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(APPEND declarations "${ARG_TYPE} ${name}();\n")
    string(APPEND calls "        list.push_back(${ARG_NAMESPACE}::${name}());\n")
  endforeach()
  set(sort "")
  if(ARG_SORT)
    set(sort "        ${ARG_SORT}(list);\n")
  endif()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
"// Generated from the files in @ARG_FOLDER@.
@includes@
#include <vector>

namespace strata {
namespace @ARG_NAMESPACE@ {
@declarations@}

std::span<const @ARG_TYPE@> @ARG_ACCESSOR@() {
    static const std::vector<@ARG_TYPE@> types = [] {
        std::vector<@ARG_TYPE@> list;
@calls@@sort@        return list;
    }();
    return types;
}
} // namespace strata
")
endfunction()
