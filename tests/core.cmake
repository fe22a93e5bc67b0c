# SPDX-License-Identifier: GPL-3.0-or-later
strata_test(engine/memory_test LINK strata_core)
strata_test(engine/workers_test LINK strata_core)
strata_test(engine/said_test LINK strata_core)
strata_test(engine/atomic_file_test LINK strata_core)
