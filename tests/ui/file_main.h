// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/hdf5_wall.h"

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

/// The main of a test that opens files (its child reads the HDF5 in them) and must not touch anybody's settings.
#define STRATA_FILE_TEST_MAIN(TestClass)                                                                                \
    int main(int argc, char** argv) {                                                                                   \
        if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;                                       \
        QStandardPaths::setTestModeEnabled(true);                                                                       \
        QCoreApplication::setOrganizationName(QStringLiteral("StrataTest"));                                            \
        QCoreApplication::setApplicationName(QStringLiteral(#TestClass));                                               \
        QSettings().clear();                                                                                            \
        QApplication app(argc, argv);                                                                                   \
        TestClass test;                                                                                                 \
        return QTest::qExec(&test, argc, argv);                                                                         \
    }
