// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace strata::test {

struct Answer {
    int code = -1;
    QString out, error;
};

/// The strata command in a folder of its own, as a person or a script uses it: words in, text, files and exit codes out.
class CliRig : public QObject {
protected:
    QTemporaryDir m_dir;

    QString at(const char* name) const { return m_dir.filePath(name); }

    Answer strata(const QStringList& words, const QStringList& environment = {}) const {
        QProcess process;
        QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
        env.remove("STRATA_DATA_PATH");
        env.insert("XDG_DATA_HOME", m_dir.filePath("share"));
        for (const QString& pair : environment)
            env.insert(pair.section('=', 0, 0), pair.section('=', 1));
        process.setProcessEnvironment(env);
        process.setWorkingDirectory(m_dir.path());
        process.start(STRATA_COMMAND, words);
        if (!process.waitForFinished(240'000)) return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2,
                QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    QByteArray bytesOf(const char* name) const {
        QFile file(at(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Leaves small.keras and small.csv.
    void trainSmall() {
        QVERIFY(m_dir.isValid());
        const Answer a = strata({"train", "lenet", "--limit", "600", "--epochs", "2", "--seed", "5", "--out",
                                 "small.keras", "--history", "small.csv"});
        QVERIFY2(a.code == 0, qPrintable(a.error));
        QVERIFY(a.out.contains("Epoch 2/2"));
        QVERIFY(a.out.contains("Test accuracy"));
    }
};

} // namespace strata::test
