# SPDX-License-Identifier: GPL-3.0-or-later
strata_test(engine/data_digits_test LINK strata_data_images)
strata_test(engine/data_idx_test LINK strata_data_images)
strata_test(engine/data_loader_test LINK strata_data)
strata_test(engine/data_npy_test LINK strata_data)
strata_test(engine/data_image_test LINK strata_data_images)
