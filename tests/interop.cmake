# SPDX-License-Identifier: GPL-3.0-or-later
find_package(ZLIB REQUIRED)
strata_test(engine/interop_zip_test LINK strata_interop ZLIB::ZLIB)
strata_test(engine/interop_atomic_file_test LINK strata_interop)
strata_test(engine/interop_hdf5_tree_test LINK strata_interop)
strata_test(engine/interop_hdf5_wall_test LINK strata_interop)
