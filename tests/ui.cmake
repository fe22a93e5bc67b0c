# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the window's rooms; they run offscreen. Pictures for people to look at go to <build>/tests/pictures.
if(STRATA_GUI)
  strata_test(ui/look_theme_test LINK strata_look)
  strata_test(ui/look_colormap_test LINK strata_look)
  strata_test(ui/charts_test LINK strata_charts)
  strata_test(ui/look_gallery_test LINK strata_look strata_charts)
endif()
