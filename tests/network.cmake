# SPDX-License-Identifier: GPL-3.0-or-later
strata_test(engine/carry_over_test LINK strata_network strata_graph_dsl)
strata_test(engine/memory_plan_test LINK strata_network)
strata_test(engine/network_test LINK strata_network strata_graph_dsl)
