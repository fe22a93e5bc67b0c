// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/hdf5_wall.h"

#include <QTest>

/// Instead of QTEST_GUILESS_MAIN (or QTEST_MAIN: Application = QApplication) in tests that open .keras or .h5 files:
/// the test's own executable is also the child that reads them.
#define STRATA_WALL_TEST_MAIN(TestClass, Application)                                                                  \
    int main(int argc, char** argv) {                                                                                  \
        if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;                                      \
        Application app(argc, argv);                                                                                   \
        TestClass test;                                                                                                \
        QTEST_SET_MAIN_SOURCE_PATH                                                                                     \
        return QTest::qExec(&test, argc, argv);                                                                        \
    }
