// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/evaluate.h"
#include "engine/training/metric.h"
#include "engine/training/monitor.h"
#include "engine/training/schedule.h"
#include "tests/support/trainer_runs.h"

#include <cmath>
#include <QTest>

using namespace strata;
using namespace strata::test;

class TrainerTest : public QObject {
    Q_OBJECT
private slots:
    /// A sigmoid's outputs are probabilities as they are; only what knows no bounds becomes shares by softmax.
    void probabilitiesOfOutputs_data() {
        QTest::addColumn<QString>("end");
        QTest::addColumn<bool>("asTheyAre");
        QTest::newRow("sigmoid") << "Dense units=3 activation=sigmoid" << true;
        QTest::newRow("sigmoid, reshaped") << "Dense units=3 activation=hard_sigmoid > Reshape target_shape=3" << true;
        QTest::newRow("a layer of its own") << "Dense units=3 > Activation activation=sigmoid" << true;
        QTest::newRow("softmax") << "Dense units=3 activation=softmax" << true;
        QTest::newRow("logits") << "Dense units=3" << false;
        QTest::newRow("logits behind a sigmoid") << "Dense units=4 activation=sigmoid > Dense units=3" << false;
    }
    void probabilitiesOfOutputs() {
        QFETCH(QString, end);
        QFETCH(bool, asTheyAre);
        const ModelGraph graph = graphFrom("Input 8x8x1 > Flatten > " + end.toStdString());
        Workers workers(1);
        const auto network = Network::compile(graph, {}, workers);
        QVERIFY(network.ok());
        const Result<Predictor> predictor = Predictor::create(graph, (*network)->snapshot(), workers);
        QVERIFY(predictor.ok());
        const std::vector<float> row{0.5F, 0.75F, 0.25F};
        QCOMPARE(predictor->probabilities(row) == row, asTheyAre);
    }
    /// What is not a number is in no class, and ends in no cast.
    void metricsOfWhatIsNoNumber() {
        for (const TypedParams& each : {TypedParams{"AUC", {}}, TypedParams{"MeanIoU", {{"num_classes", ParamValue(std::int64_t{3})}}}}) {
            const std::unique_ptr<Metric> metric = createMetric(*checkMetric(each));
            for (const double odd : {static_cast<double>(NAN), static_cast<double>(INFINITY), -static_cast<double>(INFINITY), 1e300}) {
                MetricUpdate batch;
                batch.target = {{2}, {1, odd}};
                batch.prediction = {{2}, {odd, 1}};
                QVERIFY(metric->update(batch).ok());
            }
            QVERIFY(std::isfinite(metric->result().front()));
        }
    }
    /// Keras: monitor_op(monitor - min_delta, best), min_delta negative where less is better; losses may be below zero.
    void betterIsJudgedBelowZeroToo_data() {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<double>("now");
        QTest::addColumn<bool>("better");
        QTest::newRow("less, by too little") << "min" << -0.95 << false;
        QTest::newRow("less, by enough") << "min" << -1.05 << true;
        QTest::newRow("nearer to zero") << "min" << -0.5 << false;
        QTest::newRow("more, by too little") << "max" << -0.85 << false;
        QTest::newRow("more, by enough") << "max" << -0.75 << true;
        QTest::newRow("the name says it") << "auto" << -1.05 << true;
    }
    void betterIsJudgedBelowZeroToo() {
        QFETCH(QString, mode);
        QFETCH(double, now);
        QFETCH(bool, better);
        const Monitor monitor({.monitor = "val_loss", .mode = mode.toStdString(), .minDelta = 0.1});
        QCOMPARE(monitor.isBetter(now, -0.9), better);
        QVERIFY(monitor.isBetter(now, std::nullopt));
    }
    void learns() {
        const Seen seen = trained(job());
        QCOMPARE(seen.end.outcome, RunOutcome::Finished);
        QCOMPARE(seen.started->trainSamples, 320);
        QCOMPARE(seen.started->validationSamples, 80);
        QCOMPARE(seen.batches.size(), 40U);
        QCOMPARE(seen.epochs.size(), 4U);
        QVERIFY(seen.epochs.back().loss < seen.epochs.front().loss);
        Workers workers(2);
        const auto result = evaluate(job().graph, *seen.end.weights, *stripes(200, 2), Scaling::UnitRange,
                                     job().settings.loss, workers);
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
        QVERIFY2(result->accuracy > 0.95, qPrintable(QString::number(result->accuracy)));
        QCOMPARE(result->predicted.size(), 200U);
    }
    void epochLossIsTheMeanOfItsBatches() {
        const Seen seen = trained(job());
        double sum = 0, count = 0;
        for (const BatchDone& b : seen.batches) {
            if (b.epoch != 1) continue;
            sum += b.loss * static_cast<double>(b.samples);
            count += static_cast<double>(b.samples);
        }
        QVERIFY(std::abs(seen.epochs[1].loss - sum / count) < 1e-12);
    }
    void sameSeedSameBits() {
        const std::uint64_t one = trained(job(1)).end.weights->fingerprint();
        for (const int threads : {2, 3, 8})
            QCOMPARE(trained(job(threads)).end.weights->fingerprint(), one);
        TrainingJob other = job(2);
        other.settings.seed = 2;
        QVERIFY(trained(other).end.weights->fingerprint() != one);
    }
    void keepsTheBestEpoch() {
        TrainingJob j = job();
        j.settings.epochs = 6;
        const Seen seen = trained(j);
        QVERIFY(seen.end.bestEpoch.has_value());
        double best = INFINITY;
        std::int64_t bestEpoch = -1;
        for (const EpochDone& e : seen.epochs) {
            QCOMPARE(e.best, (*e.validationLoss < best));
            if (*e.validationLoss < best) {
                best = *e.validationLoss;
                bestEpoch = e.epoch;
            }
        }
        QCOMPARE(*seen.end.bestEpoch, bestEpoch);
        Workers workers(1);
        const auto again =
            evaluate(j.graph, *seen.end.weights, *j.validation, j.scaling, j.settings.loss, workers);
        QVERIFY(std::abs(again->loss - best) < 1e-6);
    }
    void continuesFromWeights() {
        const Seen first = trained(job());
        TrainingJob j = job();
        j.startWeights = first.end.weights;
        j.firstEpoch = 4;
        j.settings.epochs = 1;
        const Seen second = trained(j);
        QCOMPARE(second.epochs.front().epoch, 4);
        QVERIFY(second.epochs.front().loss < first.epochs.front().loss);
    }
    void stopsPausesAndSteps() {
        TrainingJob j = job();
        j.settings.epochs = 100000;
        Trainer trainer(j);
        trainer.pause();
        trainer.start();
        trainer.step();
        trainer.step();
        std::size_t batches = 0;
        while (batches < 2) {
            trainer.waitForEvents();
            for (const TrainEvent& e : trainer.drainEvents())
                batches += std::holds_alternative<BatchDone>(e) ? 1 : 0;
        }
        QVERIFY(trainer.running());
        QVERIFY(trainer.drainEvents().empty());
        trainer.requestWeights();
        trainer.resume();
        LiveWeights live;
        while (!(live = trainer.takeWeights()).weights)
            trainer.waitForEvents(), trainer.drainEvents();
        QVERIFY(!live.lastStep.empty());
        for (const auto& [node, step] : live.lastStep) {
            QVERIFY(live.weights->find(node) != nullptr);
            QVERIFY(step > 0 && step < 10);
        }
        trainer.stop();
        const Seen rest = runToEnd(trainer);
        QCOMPARE(rest.end.outcome, RunOutcome::Stopped);
        QVERIFY(rest.end.weights != nullptr);
    }
    /// Also over the end of an epoch, whose validation takes no step of its own.
    void aStepIsABatch() {
        Trainer trainer(job());
        trainer.pause();
        trainer.start();
        for (int n = 0; n < 12; ++n) trainer.step(); // of ten an epoch
        std::vector<BatchDone> batches;
        int epochs = 0;
        const auto look = [&] {
            for (const TrainEvent& e : trainer.drainEvents()) {
                if (const auto* batch = std::get_if<BatchDone>(&e)) batches.push_back(*batch);
                epochs += std::holds_alternative<EpochDone>(e) ? 1 : 0;
            }
            return batches.size();
        };
        QTRY_COMPARE_WITH_TIMEOUT(look(), 12U, 60'000);
        QCOMPARE(epochs, 1);
        QCOMPARE(batches.back().epoch, 1);
        QCOMPARE(batches.back().batch, 1);
        trainer.stop();
        const RunEnded end = runToEnd(trainer).end;
        QCOMPARE(end.state->epoch, 1);
        QCOMPARE(end.state->batches, 2); // none came after it
    }
    void takesALearningRate() {
        TrainingJob j = job();
        j.settings.epochs = 100'000;
        Trainer trainer(j);
        trainer.pause();
        trainer.start();
        const auto nextBatch = [&trainer] {
            for (;;) {
                trainer.waitForEvents();
                std::optional<BatchDone> last;
                for (const TrainEvent& e : trainer.drainEvents()) {
                    if (const auto* batch = std::get_if<BatchDone>(&e)) last = *batch;
                }
                if (last) return *last;
            }
        };
        trainer.step();
        QCOMPARE(nextBatch().learningRate, 0.01);
        for (const double wrong : {-0.1, std::nan(""), static_cast<double>(INFINITY)}) {
            const Result<> refused = trainer.setLearningRate(wrong);
            QVERIFY(!refused);
            QVERIFY2(refused.error().message.find("learning_rate") != std::string::npos, refused.error().message.c_str());
        }
        QVERIFY(trainer.setLearningRate(0.5).ok());
        QVERIFY(trainer.setLearningRate(0.002).ok()); // only the newest matters
        trainer.step();
        QCOMPARE(nextBatch().learningRate, 0.002);
        trainer.resume();
        QCOMPARE(nextBatch().learningRate, 0.002);
        QVERIFY(trainer.setLearningRate(0.004).ok());
        QTRY_COMPARE(nextBatch().learningRate, 0.004);
        trainer.pause();
        QVERIFY(trainer.setLearningRate(0.008).ok()); // no batch comes any more
        trainer.stop();
        const RunEnded end = runToEnd(trainer).end;
        QCOMPARE(end.rates.size(), std::size_t{3});
        QCOMPARE(end.rates.front(), (RateChange{0, 1, 0.002}));
        QCOMPARE(end.state->optimizer.learningRate, 0.008);
        QCOMPARE(rateGiven(*end.state), std::optional(0.008));
    }
    /// Half a cosine up to the top and half a one down, as PyTorch's OneCycleLR, whose values these are.
    void oneCycleRises() {
        const std::unique_ptr<Schedule> schedule = createSchedule(*checkSchedule({"OneCycle", {{"total_steps", 1000}}}));
        for (const auto& [step, rate] : std::vector<std::pair<std::int64_t, double>>{{0, 0.004}, {100, 0.028145736144869}, {299, 0.1}, {500, 0.0809988101540179}, {649, 0.0500002}, {998, 9.03548385536996e-07}, {999, 4e-07}, {1500, 4e-07}}) {
            QVERIFY2(std::abs(schedule->at(step) - rate) <= 1e-12, std::to_string(step).c_str());
        }
    }
    void aScheduleKeepsItsRate() {
        TrainingJob j = job();
        j.settings.schedule = TypedParams{"CosineDecay", {{"initial_learning_rate", 0.01}, {"decay_steps", std::int64_t{10}}}};
        Trainer trainer(j);
        const Result<> refused = trainer.setLearningRate(0.5);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("CosineDecay") != std::string::npos, refused.error().message.c_str());
    }
    /// The arrays have room for the larger of the two parts.
    void aValidationPartLargerThanTheTrainingPart() {
        TrainingJob j = job();
        const ValidationSplit split = *validationSplit(stripes(2000, 1), 0.995);
        j.train = split.train;
        j.validation = split.validation;
        j.settings.batchSize = 65536;
        j.settings.keepBest = false;
        const Seen seen = trained(j);
        QCOMPARE(seen.end.outcome, RunOutcome::Finished);
        Workers workers(1);
        const auto again =
            evaluate(j.graph, *seen.end.weights, *j.validation, j.scaling, j.settings.loss, workers);
        QVERIFY(std::abs(again->loss - *seen.epochs.back().validationLoss) < 1e-5);
    }
    /// Frozen: not a bit of them changes, BatchNormalization's statistics included, and what they pass on still trains the
    /// layers on both sides. A regularizer of theirs counts nowhere, as in Keras.
    void frozenLayersStayAsTheyAre_data() {
        QTest::addColumn<QString>("optimizer");
        for (const char* optimizer : {"sgd", "adam", "adamw"}) QTest::newRow(optimizer) << optimizer;
    }
    void frozenLayersStayAsTheyAre() {
        QFETCH(QString, optimizer);
        const QString drawing = "Input 8x8x1 > Conv2D filters=4 kernel_size=3 activation=relu > "
                                "Conv2D filters=4 kernel_size=3 kernel_regularizer=L2 %1 name=conv > BatchNormalization %1 name=norm > ReLU > "
                                "Flatten > Dense units=3 activation=softmax";
        TrainingJob j = job();
        j.settings.optimizer = *makeOptimizer(optimizer.toStdString(), 0.01, {});
        j.settings.keepBest = false;
        j.graph = graphFrom(drawing.arg("").toStdString());
        const Seen before = trained(j); // so that no array is what it would begin with
        j.graph = graphFrom(drawing.arg("trainable=False").toStdString());
        j.startWeights = before.end.weights;
        const Seen after = trained(j);
        QCOMPARE(after.end.outcome, RunOutcome::Finished);
        int frozen = 0, changed = 0;
        for (const auto& [id, arrays] : before.end.weights->nodes) {
            const Node& node = *j.graph.find(id);
            for (std::size_t a = 0; a < arrays.size(); ++a) {
                const bool same = arrays[a] == after.end.weights->find(id)->at(a);
                QVERIFY2(same != node.trainable, (node.name + ", " + arrays[a].name).c_str());
                ++(same ? frozen : changed);
            }
        }
        QCOMPARE(frozen, 2 + 4);
        QCOMPARE(changed, 2 + 2);
        Workers workers(2);
        const auto again = evaluate(j.graph, *after.end.weights, *j.validation, j.scaling, j.settings.loss, workers);
        QVERIFY(std::abs(again->loss - *after.epochs.back().validationLoss) < 1e-5);
    }
    /// As Keras: a frozen BatchNormalization does in training what it does in use.
    void frozenNormalizationRunsInInferenceMode() {
        Workers workers(2);
        for (const bool trainable : {true, false}) {
            ModelGraph graph = graphFrom(trainable ? "Input 8x8x1 > BatchNormalization > Flatten > Dense units=3"
                                                   : "Input 8x8x1 > BatchNormalization trainable=False > Flatten > Dense units=3");
            const auto network = Network::compile(graph, {8, true, false, 1}, workers);
            std::span<float> input = (*network)->input();
            for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i % 7);
            (*network)->forward(8, false);
            const std::vector<float> inUse((*network)->output().begin(), (*network)->output().end());
            (*network)->forward(8, true);
            QCOMPARE(std::ranges::equal(inUse, (*network)->output()), !trainable);
        }
    }
    void cardsPutAsideKeepTheirWeights() {
        TrainingJob j = job();
        const Seen first = trained(j);
        auto start = std::make_shared<Weights>(*first.end.weights);
        Node aside;
        aside.type = "Dense";
        const NodeId id = j.graph.add(aside);
        start->nodes[id] = {{"kernel", {2}, {1, 2}}};
        start->nodes[id + 1] = {{"kernel", {1}, {3}}}; // of a card that is gone
        j.startWeights = start;
        const Seen second = trained(j);
        QCOMPARE(second.end.outcome, RunOutcome::Finished);
        QVERIFY(second.end.weights->find(id) != nullptr);
        QVERIFY(*second.end.weights->find(id) == start->nodes[id]);
        QVERIFY(second.end.weights->find(id + 1) == nullptr);
    }
    void anInputOfUnknownSizeTakesTheDatas() {
        TrainingJob j = job();
        j.graph = graphFrom("Input ?x?x1 > Conv2D filters=4 kernel_size=3 activation=relu > "
                            "GlobalAveragePooling2D > Dense units=3");
        j.settings.loss = defaultLoss(j.graph);
        QCOMPARE(trained(j).end.outcome, RunOutcome::Finished);
    }
    void scalingFollowsTheFirstLayer() {
        QCOMPARE(defaultScaling(graphFrom(kNet)), Scaling::UnitRange);
        QCOMPARE(defaultScaling(graphFrom("Input 8x8x1 > Rescaling scale=0.0039 > Flatten > Dense units=3")),
                 Scaling::None);
        QCOMPARE(defaultScaling(graphFrom("Input 8x8x1 > RandomFlip > Normalization > Flatten > Dense units=3")), Scaling::None);
        QCOMPARE(defaultScaling(graphFrom("Input 8x8x1 > ReLU > Rescaling > Flatten > Dense units=3")), Scaling::UnitRange);
    }
};

QTEST_APPLESS_MAIN(TrainerTest)
#include "trainer_test.moc"
