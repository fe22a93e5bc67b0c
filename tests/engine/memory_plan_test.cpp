// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"
#include "engine/network/memory_plan.h"

#include <QTest>

using namespace strata;

class MemoryPlanTest : public QObject {
    Q_OBJECT
private slots:
    void buffersAliveTogetherNeverOverlap() {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            Rng rng({seed, 0, 0, 0});
            std::vector<Lifetime> buffers(1 + rng.below(40));
            for (Lifetime& b : buffers) {
                b.first = static_cast<std::int64_t>(rng.below(30));
                b.last = b.first + static_cast<std::int64_t>(rng.below(12));
                b.floats = static_cast<std::int64_t>(rng.below(5000));
            }
            const MemoryPlan plan = planMemory(buffers);
            for (std::size_t i = 0; i < buffers.size(); ++i) {
                QCOMPARE(plan.offsets[i] % 16, 0);
                QVERIFY(plan.offsets[i] + buffers[i].floats <= plan.total);
                for (std::size_t j = 0; j < i; ++j) {
                    const bool together = buffers[i].first <= buffers[j].last && buffers[j].first <= buffers[i].last;
                    if (!together || buffers[i].floats == 0 || buffers[j].floats == 0) continue;
                    const bool apart = plan.offsets[i] + buffers[i].floats <= plan.offsets[j] ||
                                       plan.offsets[j] + buffers[j].floats <= plan.offsets[i];
                    QVERIFY2(apart, qPrintable(QString("seed %1: %2 and %3").arg(seed).arg(i).arg(j)));
                }
            }
        }
    }
    void memoryIsUsedAgain() {
        // A chain without backward: two buffers take turns.
        std::vector<Lifetime> chain;
        for (int i = 0; i < 10; ++i) chain.push_back({1000, i, i + 1});
        QVERIFY(planMemory(chain).total <= 2 * 1008);
    }
};

QTEST_APPLESS_MAIN(MemoryPlanTest)
#include "memory_plan_test.moc"
