# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the window's rooms; they run offscreen. Pictures for people to look at go to <build>/tests/pictures.
if(STRATA_GUI)
  strata_test(ui/look_theme_test LINK strata_look)
  strata_test(ui/look_colormap_test LINK strata_look)
  strata_test(ui/charts_test LINK strata_charts)
  strata_test(ui/look_gallery_test LINK strata_look strata_charts)
endif()

if(STRATA_GUI)
  strata_test(ui/document_test LINK strata_ui_editor)
  strata_test(ui/editor_test LINK strata_ui_editor)
  strata_test(ui/inspector_test LINK strata_ui_inspector strata_ui_editor)
  strata_test(ui/window_test LINK strata_ui_window)
  strata_test(ui/autosave_test LINK strata_ui_editor)
  add_executable(autosave_victim ui/autosave_victim.cpp)
  target_link_libraries(autosave_victim PRIVATE strata_ui_editor Qt6::Test)
  add_dependencies(autosave_test autosave_victim)
endif()
