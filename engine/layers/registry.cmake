# SPDX-License-Identifier: GPL-3.0-or-later
# Writes layer_registry.cpp from the list of files in types/: a file types/conv2d.cpp exports `LayerType layers::conv2d()`.
# The file list is the feature list; no static initialisers, which a static library would drop.
function(strata_layer_registry output)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/types/*.cpp)
  set(declarations "")
  set(calls "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(APPEND declarations "LayerType ${name}();\n")
    string(APPEND calls "    list.push_back(layers::${name}());\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
"// Generated from the files in engine/layers/types.
#include \"engine/layers/layer.h\"
#include \"engine/layers/layer_order.h\"

namespace strata {
namespace layers {
@declarations@}

std::span<const LayerType> layerTypes() {
    static const std::vector<LayerType> types = [] {
        std::vector<LayerType> list;
@calls@        sortForPalette(list);
        return list;
    }();
    return types;
}
} // namespace strata
")
endfunction()
