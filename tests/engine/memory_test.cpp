// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/memory.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace strata;

class MemoryTest : public QObject {
    Q_OBJECT

    static void write(const QTemporaryDir& dir, const char* path, const QByteArray& text) {
        QDir().mkpath(QFileInfo(dir.filePath(path)).path());
        QFile file(dir.filePath(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

private slots:
    void sizes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes");
        QTest::newRow("bytes") << "123" << qint64{123};
        QTest::newRow("kilo") << "2K" << qint64{2048};
        QTest::newRow("mega") << "500M" << qint64{500} * 1024 * 1024;
        QTest::newRow("giga") << "2G" << (qint64{2} << 30);
        for (const char* bad : {"", "M", "2T", "-1", "2 G", "999999999999999999999", "9999999999999G"})
            QTest::newRow(bad) << bad << qint64{-1};
    }
    void sizes() {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        QCOMPARE(bytesFromText(text.toStdString()).value_or(-1), bytes);
    }
    void theKernelsWord() {
        const QTemporaryDir dir;
        QVERIFY(!systemMemory(dir.path().toStdString()));
        write(dir, "proc/meminfo", "MemTotal:  8000 kB\nMemFree:  100 kB\nMemAvailable:   3000 kB\n");
        QCOMPARE(*systemMemory(dir.path().toStdString()), 3000 * 1024);
    }
    void aGroupOfTheSecondVersion() {
        const QTemporaryDir dir;
        write(dir, "proc/meminfo", "MemAvailable:   3000000 kB\n");
        write(dir, "proc/self/cgroup", "0::/slice/task\n");
        write(dir, "sys/fs/cgroup/slice/task/memory.max", "max\n");
        write(dir, "sys/fs/cgroup/slice/task/memory.current", "1000\n");
        write(dir, "sys/fs/cgroup/slice/memory.max", "100000\n"); // the limit of the group above
        write(dir, "sys/fs/cgroup/slice/memory.current", "60000\n");
        write(dir, "sys/fs/cgroup/slice/memory.stat", "anon 5\ninactive_file 10000\n");
        QCOMPARE(*systemMemory(dir.path().toStdString()), 100000 - 60000 + 10000);
    }
    void aGroupOfTheFirstVersionInAContainer() {
        const QTemporaryDir dir;
        write(dir, "proc/meminfo", "MemAvailable:   3000000 kB\n");
        write(dir, "proc/self/cgroup", "9:cpu:/x\n4:memory:/not/mounted/here\n0::/\n");
        write(dir, "sys/fs/cgroup/memory/memory.limit_in_bytes", "50000\n");
        write(dir, "sys/fs/cgroup/memory/memory.usage_in_bytes", "70000\n");
        QCOMPARE(*systemMemory(dir.path().toStdString()), 0);
        write(dir, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"); // none
        QCOMPARE(*systemMemory(dir.path().toStdString()), 3000000LL * 1024);
    }
    void theEnvironmentsWord() {
        const std::int64_t before = availableMemory();
        QVERIFY(before > 0);
        qputenv("STRATA_MEMORY_LIMIT", "1K");
        QCOMPARE(availableMemory(), 1024);
        qputenv("STRATA_MEMORY_LIMIT", "nonsense");
        QVERIFY(availableMemory() > 1024);
        qunsetenv("STRATA_MEMORY_LIMIT");
    }
};

QTEST_APPLESS_MAIN(MemoryTest)
#include "memory_test.moc"
