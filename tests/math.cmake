# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name conv2d dense)
  strata_test(engine/math_${name}_test LINK strata_math)
endforeach()
