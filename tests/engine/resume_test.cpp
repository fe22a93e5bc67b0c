// SPDX-License-Identifier: GPL-3.0-or-later
// A run stopped at any batch and resumed gives the same bits as one that never stopped.
#include "engine/data/split.h"
#include "engine/training/evaluate.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/recipe.h"
#include "engine/training/run_watch.h"
#include "engine/training/schedule.h"
#include "engine/training/training_run.h"
#include "tests/support/graph_dsl.h"
#include "tests/support/stripes.h"

#include <QTest>

using namespace strata;

namespace {

const char* kNet = "Input 8x8x1 > Conv2D filters=4 kernel_size=3 activation=relu > BatchNormalization > "
                   "MaxPooling2D > Dropout rate=0.2 > Flatten > GaussianNoise stddev=0.1 > "
                   "Dense units=3 activation=softmax";

TrainingJob job(const std::string& optimizer, int threads) {
    TrainingJob j;
    j.graph = graphFrom(kNet);
    const ValidationSplit split = *validationSplit(stripes(150, 1), 0.2);
    j.train = split.train;
    j.validation = split.validation;
    j.settings.optimizer = *makeOptimizer(optimizer, 0.01, {});
    j.settings.loss = defaultLoss(j.graph);
    j.settings.batchSize = 16;
    j.settings.epochs = 3;
    j.settings.threads = threads;
    return j;
}

/// What a run said, and a stop at the n-th time that it asks.
struct Watcher final : RunObserver {
    std::int64_t stopAt = -1;
    std::int64_t asked = 0;
    std::vector<RateChange> rates; ///< set there
    std::size_t given = 0; ///< of them
    std::vector<BatchDone> batches;
    std::vector<EpochDone> epochs;

    void event(TrainEvent e) override {
        if (const auto* b = std::get_if<BatchDone>(&e)) batches.push_back(*b);
        if (const auto* d = std::get_if<EpochDone>(&e)) epochs.push_back(*d);
    }
    bool mayGoOn() override { return asked++ != stopAt; }
    std::optional<double> newLearningRate(std::int64_t epoch, std::int64_t done) override {
        if (given == rates.size() || rates[given].epoch != epoch || rates[given].batches != done) return {};
        return rates[given++].rate;
    }
    bool weightsWanted() override { return false; }
    void weights(LiveWeights) override {}
};

void compare(const Watcher& is, const Watcher& should) {
    QCOMPARE(is.batches.size(), should.batches.size());
    for (std::size_t i = 0; i < is.batches.size(); ++i) {
        QCOMPARE(is.batches[i].epoch, should.batches[i].epoch);
        QCOMPARE(is.batches[i].batch, should.batches[i].batch);
        QVERIFY(is.batches[i].loss == should.batches[i].loss);
        QVERIFY(is.batches[i].accuracy == should.batches[i].accuracy);
        QVERIFY(is.batches[i].learningRate == should.batches[i].learningRate);
    }
    QCOMPARE(is.epochs.size(), should.epochs.size());
    for (std::size_t i = 0; i < is.epochs.size(); ++i) {
        QVERIFY(is.epochs[i].loss == should.epochs[i].loss);
        QVERIFY(is.epochs[i].accuracy == should.epochs[i].accuracy);
        QVERIFY(is.epochs[i].validationLoss == should.epochs[i].validationLoss);
        QCOMPARE(is.epochs[i].best, should.epochs[i].best);
        QVERIFY(is.epochs[i].learningRate == should.epochs[i].learningRate);
        QCOMPARE(is.epochs[i].metrics.size(), should.epochs[i].metrics.size());
        for (const auto& [name, value] : should.epochs[i].metrics) QVERIFY2(is.epochs[i].metrics.at(name) == value, name.c_str());
    }
}

/// The same run, stopped and resumed at several places, with another number of threads each time.
void compareWithPieces(const TrainingJob& job, std::uint64_t seed) {
    Watcher whole;
    const RunEnded straight = runTraining(job, whole);
    QVERIFY2(straight.outcome == RunOutcome::Finished, straight.message.c_str());
    for (std::uint64_t round = 0; round < 6; ++round) {
        Rng rng({7, 1, round, seed});
        Watcher pieces;
        TrainingJob j = job;
        RunEnded end;
        for (int stops = 0;; ++stops) {
            QVERIFY(stops < 100);
            pieces.asked = 0;
            // Also at the very first question, and in the middle of a validation.
            pieces.stopAt = static_cast<std::int64_t>(rng.below(17));
            j.settings.threads = static_cast<int>(1 + rng.below(8));
            end = runTraining(j, pieces);
            if (end.outcome != RunOutcome::Stopped) break;
            j.resume = end.state;
            j.startOptimizer.reset(); // the checkpoint has all
        }
        QCOMPARE(end.outcome, RunOutcome::Finished);
        compare(pieces, whole);
        QCOMPARE(end.weights->fingerprint(), straight.weights->fingerprint());
        QVERIFY(end.bestEpoch == straight.bestEpoch);
        QCOMPARE(end.message, straight.message);
        QVERIFY(*end.state == *straight.state);
    }
}

/// Callbacks for which nothing is better after the first epoch.
void watch(TrainingSettings& s) {
    s.epochs = 8;
    const ParamMap never{{"monitor", "val_loss"}, {"min_delta", 10.0}};
    s.callbacks = {{"ReduceLROnPlateau", never}, {"EarlyStopping", never}};
    s.callbacks[0].params.insert({{"patience", 1}, {"cooldown", 2}, {"factor", 0.5}});
    s.callbacks[1].params.insert({{"patience", 5}, {"restore_best_weights", true}});
}

/// All metrics that can be measured on three classes.
std::vector<TypedParams> fittingMetrics() {
    std::vector<TypedParams> metrics;
    for (const MetricType& type : metricTypes()) {
        TypedParams metric{type.schema.id, {}};
        for (const Param& p : type.schema.params) {
            if (p.key == "num_classes") metric.params[p.key] = 3;
            if (p.key == "target_class_ids") metric.params[p.key] = ParamValue::IntList{0, 1};
        }
        const Result<TypedParams> checked = checkMetric(metric);
        if (checked && MetricSet::check(std::span(&*checked, 1), Shape{3})) metrics.push_back(*checked);
    }
    return metrics;
}

} // namespace

class ResumeTest : public QObject {
    Q_OBJECT
private slots:
    void anyOptimizerAnyBatch_data() {
        QTest::addColumn<QString>("optimizer");
        for (const OptimizerType& type : optimizerTypes())
            QTest::newRow(type.schema.id.c_str()) << QString::fromStdString(type.schema.id);
    }
    void anyOptimizerAnyBatch() {
        QFETCH(QString, optimizer);
        const std::string id = optimizer.toStdString();
        compareWithPieces(job(id, 2), std::hash<std::string>()(id));
    }
    void anySettingsAnyBatch_data() {
        QTest::addColumn<TrainingJob>("given");
        const auto with = [](auto change) {
            TrainingJob j = job("adam", 2);
            change(j.settings);
            return j;
        };
        for (const ScheduleType& type : scheduleTypes()) {
            QTest::newRow(type.schema.id.c_str()) << with([&](TrainingSettings& s) {
                s.schedule = overSteps({type.schema.id, {}}, 24);
                if (type.schema.id == "PiecewiseConstantDecay") s.schedule->params = {{"boundaries", ParamValue::IntList{5, 13}}, {"values", ParamValue::RealList{0.01, 0.02, 0.005}}};
            });
        }
        Watcher first;
        const RunEnded before = runTraining(job("adam", 2), first);
        TrainingJob second = with([](TrainingSettings& s) { s.schedule = overSteps({"CosineDecay", {}}, 24); });
        second.firstEpoch = 3;
        second.startWeights = before.weights;
        second.startOptimizer = std::make_shared<const OptimizerState>(before.state->optimizer);
        QTest::newRow("CosineDecay in a run that goes on from another") << second;
        QTest::newRow("ReduceLROnPlateau and EarlyStopping") << with(watch);
        QTest::newRow("accumulated gradients") << with([](TrainingSettings& s) {
            s.optimizer.params["gradient_accumulation_steps"] = 5;
            s.optimizer.params["clipnorm"] = 0.5;
        });
        QTest::newRow("metrics") << with([](TrainingSettings& s) { s.metrics = fittingMetrics(); });
        QTest::newRow("class weights") << with([](TrainingSettings& s) { s.classWeights = {0.5, 1, 3}; });
        QTest::newRow("balanced classes, in their order") << with([](TrainingSettings& s) {
            s.balanceClasses = true;
            s.shuffle = false;
        });
    }
    void anySettingsAnyBatch() {
        QFETCH(TrainingJob, given);
        compareWithPieces(given, 3);
    }
    /// What the rows above stand on.
    void thoseSettingsAreNotIdle() {
        TrainingJob j = job("adam", 2);
        watch(j.settings);
        Watcher seen;
        const RunEnded end = runTraining(j, seen);
        QCOMPARE(seen.epochs.size(), std::size_t{6});
        QCOMPARE(seen.batches.back().learningRate, 0.01 / 4);
        QVERIFY2(end.message.find("best in epoch 1") != std::string::npos, end.message.c_str());
        j.settings.epochs = 1;
        j.settings.callbacks.clear();
        QCOMPARE(end.weights->fingerprint(), runTraining(j, seen).weights->fingerprint());
        QCOMPARE(fittingMetrics().size() + 1, metricTypes().size()); // Accuracy compares values, not classes
    }
    void checkpointsAreWhereTheySay_data() {
        QTest::addColumn<int>("batches");
        QTest::addColumn<int>("epochs");
        QTest::addColumn<int>("count");
        QTest::newRow("every 3 batches") << 3 << 0 << 8; // of 24 batches; the last one before the validation
        QTest::newRow("every epoch") << 0 << 1 << 2;
        QTest::newRow("both") << 6 << 1 << 5;
        QTest::newRow("never") << 0 << 0 << 0;
    }
    void checkpointsAreWhereTheySay() {
        QFETCH(int, batches);
        QFETCH(int, epochs);
        QFETCH(int, count);
        TrainingJob j = job("adam", 2);
        std::vector<RunState> kept;
        std::vector<std::size_t> done;
        j.checkpointEveryBatches = batches;
        j.checkpointEveryEpochs = epochs;
        j.checkpoint = [&](const RunState& s, std::span<const EpochDone> past) {
            kept.push_back(s);
            done.push_back(past.size());
        };
        Watcher whole;
        const RunEnded straight = runTraining(j, whole);
        QCOMPARE(static_cast<int>(kept.size()), count);
        for (std::size_t i = 0; i < kept.size(); ++i) {
            QCOMPARE(static_cast<std::int64_t>(done[i]), kept[i].epoch);
            TrainingJob again = job("adam", 3);
            again.resume = std::make_shared<const RunState>(kept[i]);
            Watcher rest;
            QCOMPARE(runTraining(again, rest).weights->fingerprint(), straight.weights->fingerprint());
        }
    }
    void aRateSetOnTheWay_data() { anyOptimizerAnyBatch_data(); }
    void aRateSetOnTheWay() {
        QFETCH(QString, optimizer);
        const std::string id = optimizer.toStdString();
        for (const auto& [epoch, batch, question] : {std::tuple{0, 0, 0}, {0, 5, 5}, {1, 3, 14}, {2, 8, 30}}) {
            Watcher whole;
            whole.rates = {{epoch, batch, 0.003}};
            const RunEnded straight = runTraining(job(id, 2), whole);
            QCOMPARE(straight.rates, whole.rates);
            Watcher plain;
            if (batch < 8) QVERIFY(runTraining(job(id, 2), plain).weights->fingerprint() != straight.weights->fingerprint());
            // Stopped there, set by hand, and resumed.
            Watcher pieces;
            pieces.stopAt = question;
            TrainingJob j = job(id, 1);
            RunEnded end = runTraining(j, pieces);
            QCOMPARE(end.outcome, RunOutcome::Stopped);
            QCOMPARE(end.state->epoch, epoch);
            QCOMPARE(end.state->batches, batch);
            auto set = std::make_shared<RunState>(*end.state);
            set->optimizer.learningRate = 0.003;
            set->values["given_rate"] = {0.003};
            j.resume = set;
            pieces.stopAt = -1;
            end = runTraining(j, pieces);
            compare(pieces, whole);
            QCOMPARE(end.weights->fingerprint(), straight.weights->fingerprint());
            QVERIFY(*end.state == *straight.state);
            // What is set when the run is just being stopped is kept for the one that goes on.
            Watcher late;
            late.stopAt = question;
            late.rates = whole.rates;
            j = job(id, 1);
            end = runTraining(j, late);
            QVERIFY(*end.state == *set);
            j.resume = end.state;
            late.stopAt = -1;
            QCOMPARE(runTraining(j, late).weights->fingerprint(), straight.weights->fingerprint());
        }
    }
    void moreEpochsAfterTheEnd() {
        TrainingJob j = job("rmsprop", 2);
        Watcher first;
        const RunEnded end = runTraining(j, first);
        j.settings.epochs = 5;
        Watcher whole;
        const RunEnded five = runTraining(j, whole);
        j.resume = end.state;
        const RunEnded resumed = runTraining(j, first);
        compare(first, whole);
        QCOMPARE(resumed.weights->fingerprint(), five.weights->fingerprint());
    }
    void goingOnUsesTheOptimizersMemory() {
        TrainingJob j = job("adam", 2);
        j.settings.keepBest = false;
        Watcher watcher;
        const RunEnded first = runTraining(j, watcher);
        TrainingJob more = j;
        more.firstEpoch = 3;
        more.startWeights = first.weights;
        const RunEnded fresh = runTraining(more, watcher);
        more.startOptimizer = std::make_shared<const OptimizerState>(first.state->optimizer);
        const RunEnded warm = runTraining(more, watcher);
        QVERIFY(warm.weights->fingerprint() != fresh.weights->fingerprint());
        j.settings.epochs = 6;
        Watcher whole;
        QCOMPARE(warm.weights->fingerprint(), runTraining(j, whole).weights->fingerprint());
        QCOMPARE(warm.state->optimizer.iterations, std::int64_t{2 * 24});
    }
    void anotherNetworksCheckpointIsRefused() {
        Watcher watcher;
        watcher.stopAt = 5;
        const RunEnded stopped = runTraining(job("adam", 1), watcher);
        TrainingJob j = job("adam", 1);
        j.graph = graphFrom("Input 8x8x1 > Flatten > Dense units=3 activation=softmax");
        j.resume = stopped.state;
        QCOMPARE(runTraining(j, watcher).outcome, RunOutcome::Failed);
        j = job("sgd", 1);
        j.resume = stopped.state;
        const RunEnded other = runTraining(j, watcher);
        QCOMPARE(other.outcome, RunOutcome::Failed);
        QVERIFY2(QString::fromStdString(other.message).contains("another network"), other.message.c_str());
    }
};

QTEST_APPLESS_MAIN(ResumeTest)
#include "resume_test.moc"
