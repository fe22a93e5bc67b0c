// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
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
    /// A folder of pictures, ten a class.
    void writePictures(const char* folder, const QStringList& classes) const {
        for (const QString& name : classes) {
            const QString place = QString("%1/%2").arg(folder, name);
            QVERIFY(QDir(m_dir.path()).mkpath(place));
            for (int n = 0; n < 10; ++n) {
                QFile file(m_dir.filePath(QString("%1/%2.pgm").arg(place).arg(n)));
                QVERIFY(file.open(QIODevice::WriteOnly));
                file.write("P5 24 24 255\n");
                for (int i = 0; i < 24 * 24; ++i) file.putChar(static_cast<char>((i * (n + 3) + 91 * name.size()) % 256));
            }
        }
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
