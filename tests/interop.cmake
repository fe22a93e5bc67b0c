# SPDX-License-Identifier: GPL-3.0-or-later
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
strata_test(engine/interop_zip_test LINK strata_interop ZLIB::ZLIB)
strata_test(engine/interop_atomic_file_test LINK strata_interop)
strata_test(engine/interop_hdf5_tree_test LINK strata_interop)
strata_test(engine/interop_hdf5_wall_test LINK strata_interop)
find_package(HDF5 REQUIRED COMPONENTS C)
list(FILTER HDF5_C_LIBRARIES INCLUDE REGEX "hdf5")
strata_test(engine/interop_hdf5_foreign_test LINK strata_interop ${HDF5_C_LIBRARIES})
target_include_directories(interop_hdf5_foreign_test SYSTEM PRIVATE ${HDF5_C_INCLUDE_DIRS})
strata_test(engine/keras_config_test LINK strata_interop nlohmann_json::nlohmann_json)
strata_test(engine/keras_archive_test LINK strata_interop nlohmann_json::nlohmann_json)

# The half of tests/interop/check_with_keras.py that is ours; built when asked for: ninja save_examples
add_executable(save_examples EXCLUDE_FROM_ALL interop/save_examples.cpp)
target_link_libraries(save_examples PRIVATE strata_interop nlohmann_json::nlohmann_json)
