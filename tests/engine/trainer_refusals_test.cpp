// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that do not begin, or diverge: what is said, and which weights are left.
#include "engine/training/run_memory.h"
#include "tests/support/trainer_runs.h"

#include <cmath>
#include <fmt/format.h>
#include <QTest>

using namespace strata;
using namespace strata::test;

namespace {

bool allFinite(const Weights& weights) {
    return std::ranges::all_of(weights.nodes, [](const auto& node) {
        return std::ranges::all_of(node.second, [](const WeightArray& a) {
            return std::ranges::all_of(a.values, [](float v) { return std::isfinite(v); });
        });
    });
}

} // namespace

class TrainerRefusalsTest : public QObject {
    Q_OBJECT
private slots:
    /// Which batch, which layer, which weights: those of the start to the bit, and no checkpoint that is not finite.
    void divergence_data() {
        QTest::addColumn<QString>("drawing");
        QTest::addColumn<QString>("loss");
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("classWeight");
        QTest::addColumn<int>("batch");
        QTest::addColumn<QString>("where");
        const QString two = "Input 8x8x1 > Rescaling scale=%1 > Flatten > Dense units=8 %2 > Dense units=3";
        const QString mean = "MeanSquaredError";
        QTest::newRow("an output") << two.arg("1").arg("") << mean << 1e30 << 1.0 << 2 << ", first in the layer \"dense_1\"";
        QTest::newRow("a step too long") << two.arg("1e5").arg("") << mean << 1e38 << 1.0 << 1 << ", first in the layer \"dense\"";
        QTest::newRow("all gradients") << two.arg("1e10").arg("") << mean << 1.0 << 1e30 << 1 << ", first in the layer \"dense_1\"";
        QTest::newRow("a gradient") << two.arg("1e10").arg("kernel_initializer=Zeros") << mean << 1.0 << 1e30 << 1
                                    << ", first in the layer \"dense\"";
        QTest::newRow("a moving variance") << "Input 8x8x1 > Rescaling scale=1e25 > BatchNormalization > Flatten > Dense units=3" << mean << 1e-3
                                           << 1.0 << 1 << ", first in the layer \"batch_normalization\"";
        QTest::newRow("the loss alone") << "Input 8x8x1 > Flatten > Dense units=3" << "Poisson" << 1e-3 << 1.0 << 1 << ""; // log(-1)
    }
    void divergence() {
        QFETCH(QString, drawing);
        QFETCH(QString, loss);
        QFETCH(double, rate);
        QFETCH(double, classWeight);
        QFETCH(int, batch);
        QFETCH(QString, where);
        TrainingJob j = job();
        j.graph = graphFrom(drawing.toStdString());
        j.settings.optimizer = *makeOptimizer("sgd", rate, {});
        j.settings.loss = {loss.toStdString(), {}};
        j.settings.classWeights.assign(3, classWeight);
        std::vector<std::uint64_t> kept;
        j.checkpointEveryBatches = 1;
        j.checkpoint = [&](const RunState& state, std::span<const EpochDone>) {
            kept.push_back(state.weights.fingerprint());
            QVERIFY(allFinite(state.weights));
        };
        const Seen seen = trained(j);
        QCOMPARE(seen.end.outcome, RunOutcome::Diverged);
        QCOMPARE(QString::fromStdString(seen.end.message),
                 QString("The loss or a weight became infinite or not a number at epoch 1, batch %1%2; the weights of the start are "
                         "kept. Try a smaller learning rate (it was %3).").arg(batch).arg(where, QString::fromStdString(fmt::format("{}", rate))));
        QCOMPARE(seen.batches.size(), static_cast<std::size_t>(batch - 1));
        QCOMPARE(kept.size(), static_cast<std::size_t>(batch - 1));
        Workers workers(1);
        const auto fresh = Network::compile(j.graph, {32, true, false, j.settings.seed}, workers);
        QVERIFY(allFinite(*seen.end.weights));
        QVERIFY(*seen.end.weights == (*fresh)->snapshot());
    }
    /// Every run does so by itself; named, it neither says another thing nor disturbs a run that goes well.
    void terminateOnNaN() {
        for (const double rate : {0.01, 1e30}) {
            TrainingJob j = job();
            j.graph = graphFrom("Input 8x8x1 > Flatten > Dense units=8 > Dense units=3");
            j.settings.loss = defaultLoss(j.graph);
            j.settings.optimizer = *makeOptimizer("sgd", rate, {});
            const Seen without = trained(j);
            j.settings.callbacks = {{"TerminateOnNaN", {}}};
            const Seen with = trained(j);
            QCOMPARE(with.end.outcome, rate < 1 ? RunOutcome::Finished : RunOutcome::Diverged);
            QCOMPARE(with.end.message, without.end.message);
            QCOMPARE(with.batches.size(), without.batches.size());
            QVERIFY(*with.end.weights == *without.end.weights);
        }
    }
    /// In a later epoch the end of the one before is kept.
    void divergenceKeepsTheLastGoodWeights_data() {
        QTest::addColumn<bool>("keepBest");
        QTest::addColumn<QString>("which");
        QTest::newRow("last") << false << "epoch 1";
        QTest::newRow("best") << true << "epoch 1, the best one,";
    }
    void divergenceKeepsTheLastGoodWeights() {
        QFETCH(bool, keepBest);
        QFETCH(QString, which);
        TrainingJob j = job();
        j.graph = graphFrom("Input 8x8x1 > Flatten > Dense units=8 > Dense units=3");
        j.settings.optimizer = *makeOptimizer("sgd", 0.01, {});
        j.settings.loss = defaultLoss(j.graph);
        j.settings.keepBest = keepBest;
        // 10 updates an epoch; the 14th, of step 13, goes too far.
        j.settings.schedule = TypedParams{"PiecewiseConstantDecay", {{"boundaries", ParamValue::IntList{12}}, {"values", ParamValue::RealList{0.01, 1e30}}}};
        const Seen seen = trained(j);
        QCOMPARE(seen.end.outcome, RunOutcome::Diverged);
        QCOMPARE(QString::fromStdString(seen.end.message),
                 QString("The loss or a weight became infinite or not a number at epoch 2, batch 5, first in the layer \"dense_1\"; the weights "
                         "of %1 are kept. Try a smaller learning rate (it was 1e+30).").arg(which));
        j.settings.epochs = 1;
        QVERIFY(*seen.end.weights == *trained(j).end.weights);
    }
    /// Refused before it takes anything, with the numbers and what would fit.
    void moreMemoryThanThereIs() {
        TrainingJob j = job();
        const std::int64_t needed = *runMemory(j);
        QVERIFY(checkRunMemory(j, needed).ok());
        const Result<> refused = checkRunMemory(j, needed - 1);
        QVERIFY(!refused.ok());
        QVERIFY2(QString::fromStdString(refused.error().message).contains("batch size 16 fits"), refused.error().message.c_str());
        QVERIFY(QString::fromStdString(checkRunMemory(j, 10).error().message).contains("layers smaller"));
        qputenv("STRATA_MEMORY_LIMIT", QByteArray::number(static_cast<qint64>(needed) - 1));
        const Seen seen = trained(j);
        qunsetenv("STRATA_MEMORY_LIMIT");
        QCOMPARE(seen.end.outcome, RunOutcome::Failed);
        QVERIFY(!seen.started.has_value());
        QVERIFY(QString::fromStdString(seen.end.message).contains("are free"));
        QCOMPARE(trained(j).started->memoryBytes, needed);
    }
    /// The optimiser's slots, the kept copies and the batch count.
    void memoryCountsWhatARunKeeps() {
        TrainingJob j = job();
        const auto with = [&](auto change) {
            TrainingJob other = j;
            change(other);
            return *runMemory(other) - *runMemory(j);
        };
        const std::int64_t adamToSgd = with([](TrainingJob& o) { o.settings.optimizer = *makeOptimizer("sgd", {}, {}); });
        const std::int64_t trainable = 48 + 16 + 16 + 16 + 112 + 16; // 36, 4, 4, 4, 108, 3: arrays begin at 64 bytes
        QCOMPARE(adamToSgd, -2 * 4 * trainable);
        QCOMPARE(with([](TrainingJob& o) { o.settings.optimizer.params["gradient_accumulation_steps"] = 4; }), 4 * trainable);
        QVERIFY(with([](TrainingJob& o) { o.settings.keepBest = false; }) < 0);
        QVERIFY(with([](TrainingJob& o) { o.settings.batchSize = 64; }) > 0);
    }
    /// What was set, and what to set instead.
    void settingsOutOfRange_data() {
        QTest::addColumn<TrainingSettings>("settings");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, auto change, const char* says) {
            TrainingSettings s = job().settings;
            change(s);
            QTest::newRow(name) << s << says;
        };
        const auto boundaries = [](ParamValue::IntList at) { return TypedParams{"PiecewiseConstantDecay", {{"boundaries", std::move(at)}, {"values", ParamValue::RealList{1, 2, 3}}}}; };
        row("no batch", [](TrainingSettings& s) { s.batchSize = 0; }, "Batch size 0: it must be at least 1");
        row("no epoch", [](TrainingSettings& s) { s.epochs = 0; }, "0 epochs: it must be at least 1");
        row("weights of other data", [](TrainingSettings& s) { s.classWeights = {1, 2}; }, "2 class weights and 3 classes");
        row("a negative weight", [](TrainingSettings& s) { s.classWeights = {1, -2, 1}; }, "The class weight -2 of bottom: it must be a number from 0");
        row("a weight beyond float32", [](TrainingSettings& s) { s.classWeights = {1, 1, 1e39}; }, "The class weight 1e+39 of left");
        row("a weight that is no number", [](TrainingSettings& s) { s.classWeights = {std::nan(""), 1, 1}; }, "The class weight nan of top");
        row("boundaries that fall", [&](TrainingSettings& s) { s.schedule = boundaries({9, 4}); }, "boundaries (9, 4) must rise");
        row("a rate beyond float32", [](TrainingSettings& s) { s.optimizer.params["learning_rate"] = 1e39; }, "learning_rate = 1e+39 must be a number between");
        row("other counts", [](TrainingSettings& s) { s.metrics = {{"MeanIoU", {{"num_classes", 3}, {"sparse_y_pred", false}}}}; },
            "3 targets do not go with 1 predictions");
    }
    void settingsOutOfRange() {
        QFETCH(TrainingSettings, settings);
        QFETCH(QString, says);
        TrainingJob j = job();
        j.settings = settings;
        const RunEnded end = trained(j).end;
        QCOMPARE(end.outcome, RunOutcome::Failed);
        QVERIFY2(QString::fromStdString(end.message).contains(says), end.message.c_str());
    }
    void refusals_data() {
        QTest::addColumn<QString>("drawing");
        QTest::addColumn<QString>("says");
        QTest::newRow("other size") << "Input 9x9x1 > Flatten > Dense units=3"
                                    << "resize them to 9x9";
        QTest::newRow("few outputs") << "Input 8x8x1 > Flatten > Dense units=2"
                                     << "3 classes";
        QTest::newRow("no weights") << "Input 8x8x1 > Flatten"
                                    << "weights";
        QTest::newRow("image out") << "Input 8x8x1 > Conv2D filters=3 kernel_size=3"
                                   << "Flatten";
    }
    void refusals() {
        QFETCH(QString, drawing);
        QFETCH(QString, says);
        TrainingJob j = job();
        j.graph = graphFrom(drawing.toStdString());
        const Seen seen = trained(j);
        QCOMPARE(seen.end.outcome, RunOutcome::Failed);
        QVERIFY2(QString::fromStdString(seen.end.message).contains(says), seen.end.message.c_str());
    }
};

QTEST_APPLESS_MAIN(TrainerRefusalsTest)
#include "trainer_refusals_test.moc"
