# SPDX-License-Identifier: GPL-3.0-or-later
strata_test(engine/trainer_test LINK strata_training strata_graph_dsl)
strata_test(engine/trainer_refusals_test LINK strata_training strata_graph_dsl)
strata_test(engine/resume_test LINK strata_training strata_graph_dsl)
strata_test(engine/epoch_estimate_test LINK strata_training strata_graph_dsl)
strata_test(engine/training_allocation_test LINK strata_training strata_graph_dsl)
strata_test(engine/keras_corners_test LINK strata_training strata_layer_rig)
strata_test(engine/family_schema_test LINK strata_training strata_graph_dsl strata_layer_rig)
