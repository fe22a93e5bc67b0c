// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/hdf5_wall.h"
#include "ui/look/resources.h"

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

namespace strata::ui::test {

/// The main of a test that opens files (its child reads the HDF5 in them) and must not touch anybody's settings.
template <class TestClass>
int runFileTest(int argc, char** argv, const char* name) {
    if (const auto code = runHdf5WallChild(argc, argv)) return *code;
    const QTemporaryDir home; // for what the engine keeps of this user, and for what Qt does: of this run alone
    qputenv("HOME", home.path().toLocal8Bit());
    qputenv("XDG_DATA_HOME", home.path().toLocal8Bit());
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("StrataTest"));
    QCoreApplication::setApplicationName(QLatin1String(name));
    QSettings().clear();
    QApplication app(argc, argv);
    installPlurals();
    TestClass test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace strata::ui::test

#define STRATA_FILE_TEST_MAIN(TestClass)                                                                                \
    int main(int argc, char** argv) {                                                                                   \
        return strata::ui::test::runFileTest<TestClass>(argc, argv, #TestClass);                                        \
    }
