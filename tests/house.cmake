# SPDX-License-Identifier: GPL-3.0-or-later
strata_test(house/house_test)
