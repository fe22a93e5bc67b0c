// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"

#include <atomic>
#include <QTest>
#include <vector>

using namespace strata;

class WorkersTest : public QObject {
    Q_OBJECT
private slots:
    void everyChunkRunsOnce_data() {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("chunks");
        for (const int threads : {1, 2, 3, 8}) {
            for (const int chunks : {0, 1, 2, 7, 16, 1000}) QTest::addRow("%d x %d", threads, chunks) << threads << chunks;
        }
    }
    void everyChunkRunsOnce() {
        QFETCH(int, threads);
        QFETCH(int, chunks);
        Workers workers(threads);
        for (int round = 0; round < 300; ++round) {
            std::vector<std::atomic<int>> runs(static_cast<std::size_t>(chunks));
            std::atomic<bool> workerInRange{true};
            workers.run(chunks, [&](std::int64_t chunk, int worker) {
                runs[static_cast<std::size_t>(chunk)].fetch_add(1);
                if (worker < 0 || worker >= threads) workerInRange = false;
            });
            QVERIFY(workerInRange);
            for (const auto& r : runs) QCOMPARE(r.load(), 1);
        }
    }
    void rangesCoverTheTotal() {
        for (std::int64_t total = 0; total < 40; ++total) {
            std::int64_t covered = 0;
            for (std::int64_t c = 0; c < 16; ++c) {
                const ChunkRange r = chunkRange(total, 16, c);
                QCOMPARE(r.first, covered);
                covered += r.size;
            }
            QCOMPARE(covered, total);
        }
    }
};

QTEST_APPLESS_MAIN(WorkersTest)
#include "workers_test.moc"
