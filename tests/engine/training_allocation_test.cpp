// SPDX-License-Identifier: GPL-3.0-or-later
// A training step allocates nothing: everything was sized when the network was compiled.
#include "engine/graph/templates.h"
#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/loss_meter.h"
#include "engine/training/parameter_update.h"
#include "engine/training/recipe.h"

#include <atomic>
#include <cstdlib>
#include <new>
#include <QTest>

namespace {
std::atomic<std::int64_t> allocations{0};

void* counted(std::size_t size) {
    allocations.fetch_add(1);
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
} // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    allocations.fetch_add(1);
    return std::malloc(size);
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete[](void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept {
    std::free(p);
}

using namespace strata;

class TrainingAllocationTest : public QObject {
    Q_OBJECT
private slots:
    void counts() {
        const std::int64_t before = allocations.load();
        ::operator delete(::operator new(3));
        QCOMPARE(allocations.load(), before + 1);
    }

    void steps_data() {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("optimizer");
        for (const char* network : {"mnist_small", "lenet_wide", "cifar", "resnet20", "vgg_small"})
            QTest::newRow(network) << network << "SGD";
        for (const char* optimizer : {"Adam", "RMSprop"})
            QTest::addRow("mnist_small, %s", optimizer) << "mnist_small" << optimizer;
    }
    void steps() {
        QFETCH(QString, network);
        QFETCH(QString, optimizer);
        constexpr std::int64_t kBatch = 8;
        const ModelGraph graph = findTemplate(network.toStdString())->make();
        Workers workers(2);
        Result<std::unique_ptr<Network>> made = Network::compile(graph, {kBatch, true, false, 1}, workers);
        QVERIFY(made);
        Network& net = **made;
        std::ranges::fill(net.input(), 0.5F);
        LossMeter meter(defaultLoss(graph), net.outputShape(), net.endsInSoftmax(), kBatch);
        ParameterUpdate update(*checkOptimizer(*makeOptimizer(optimizer.toStdString(), 1e-3, std::nullopt)), std::nullopt, net, workers);
        const std::vector<std::int32_t> labels(kBatch, 1);
        const auto step = [&] {
            net.forward(kBatch, true, update.iterations());
            meter.measure(kBatch, net.output().data(), labels.data(), net.outputGradient().data(), workers);
            net.backward(meter.skipsSoftmax());
            update.apply();
            net.forward(3, false);
        };
        const std::int64_t before = allocations.load();
        step();
        step();
        QCOMPARE(allocations.load(), before);
    }
};

QTEST_APPLESS_MAIN(TrainingAllocationTest)
#include "training_allocation_test.moc"
