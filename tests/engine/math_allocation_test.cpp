// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing in engine/math allocates once its plans are made: training would stall in the allocator otherwise.
#include "engine/core/workers.h"
#include "engine/math/activation.h"
#include "engine/math/conv2d.h"
#include "engine/math/dense.h"
#include "engine/math/elementwise.h"
#include "engine/math/pooling2d.h"
#include "engine/math/reductions.h"
#include "tests/support/forced_isa.h"
#include "tests/support/math_support.h"

#include <atomic>
#include <cstdlib>
#include <new>
#include <QTest>

namespace {
std::atomic<std::int64_t> allocations{0};
}

void* operator new(std::size_t size) {
    allocations.fetch_add(1);
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}

using namespace strata;
using namespace strata::math;
using namespace strata::test;

class MathAllocationTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { STRATA_CHECK_FORCED_ISA(); }

    void counts() {
        const std::int64_t before = allocations.load();
        ::operator delete(::operator new(3));
        QCOMPARE(allocations.load(), before + 1);
    }

    void convolutions_data() {
        QTest::addColumn<int>("algorithm");
        QTest::addColumn<int>("groups");
        for (int algorithm = 0; algorithm <= 4; ++algorithm)
            QTest::addRow("algorithm %d", algorithm) << algorithm << 1;
        QTest::addRow("grouped") << 0 << 4;
        QTest::addRow("depthwise") << 0 << 32;
    }
    void convolutions() {
        QFETCH(int, algorithm);
        QFETCH(int, groups);
        ConvGeometry g;
        g.inH = g.inW = g.outH = g.outW = 9;
        g.inC = 32;
        g.outC = 320;
        g.kernelH = g.kernelW = 3;
        g.padTop = g.padLeft = 1;
        g.groups = groups;
        const std::int64_t samples = 16;
        const Convolution conv(g, static_cast<ConvAlgorithm>(algorithm));
        Workers workers(2);
        const GuardedFloats x = randomFloats(samples * g.inputFloats(), 1);
        const GuardedFloats w = randomFloats(g.weightFloats(), 2);
        GuardedFloats y = randomFloats(samples * g.outputFloats(), 3);
        GuardedFloats dx(samples * g.inputFloats());
        GuardedFloats dw(g.weightFloats());
        GuardedFloats db(g.outC);
        GuardedFloats prepared(conv.preparedFloats());
        GuardedFloats scratch(conv.scratchFloats() * workers.count());
        GuardedFloats workspace(conv.backwardWeightsFloats(samples));
        const std::int64_t before = allocations.load();
        conv.prepareForward(w.data(), prepared.data(), workers);
        conv.prepareBackward(w.data(), prepared.data(), workers);
        conv.forward(samples, x.data(), w.data(), prepared.data(), nullptr, y.data(), scratch.data(),
                     workers);
        conv.backwardInput(samples, y.data(), w.data(), prepared.data(), dx.data(), scratch.data(), workers);
        conv.backwardWeights(samples, x.data(), y.data(), dw.data(), db.data(), workspace.data(),
                             scratch.data(), workers);
        QCOMPARE(allocations.load(), before);
    }

    void others() {
        const int n = 40;
        const int channels = 70;
        Workers workers(2);
        const GuardedFloats x = randomFloats(n * channels, 1);
        const GuardedFloats w = randomFloats(channels * channels, 2);
        GuardedFloats y(n * channels);
        GuardedFloats dx(n * channels);
        GuardedFloats dw(channels * channels);
        GuardedFloats db(channels);
        PoolGeometry pool;
        pool.inH = 4;
        pool.inW = 10;
        pool.channels = channels;
        pool.outH = 2;
        pool.outW = 5;
        pool.poolH = pool.poolW = pool.strideH = pool.strideW = 2;
        GuardedFloats index(maxPoolIndexBytes(pool));
        auto* bytes = reinterpret_cast<std::byte*>(index.data());
        GuardedFloats scratch(denseScratchFloats(channels, channels));
        const std::int64_t before = allocations.load();
        denseForward(n, channels, channels, x.data(), w.data(), nullptr, y.data(), true, scratch.data(), workers);
        denseBackwardInput(n, channels, channels, y.data(), w.data(), dx.data(), workers);
        denseBackwardWeights(n, channels, channels, x.data(), y.data(), dw.data(), db.data(), workers);
        for (const Activation kind : allActivations()) {
            activate(kind, n, channels, x.data(), y.data());
            activateBackward(kind, n, channels, x.data(), y.data(), x.data(), dx.data());
        }
        maxPoolForward(pool, 1, x.data(), y.data(), bytes);
        maxPoolBackward(pool, 1, y.data(), bytes, dx.data());
        averagePoolForward(pool, 1, x.data(), y.data());
        averagePoolBackward(pool, 1, y.data(), dx.data());
        columnSums(n, channels, x.data(), db.data());
        scaleShift(n, channels, x.data(), w.data(), w.data(), y.data(), true);
        QCOMPARE(allocations.load(), before);
    }
};

QTEST_APPLESS_MAIN(MathAllocationTest)
#include "math_allocation_test.moc"
