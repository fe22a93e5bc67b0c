# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the window's rooms; they run offscreen. Pictures go to <build>/pictures.
if(STRATA_GUI)
  strata_test(ui/look_theme_test LINK strata_look)
  strata_test(ui/look_gallery_test LINK strata_look strata_charts)
endif()
