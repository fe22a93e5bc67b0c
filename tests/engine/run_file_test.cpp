// SPDX-License-Identifier: GPL-3.0-or-later
// What a run remembers comes back from a file with its bits; records repeat.
#include "engine/data/split.h"
#include "engine/data/class_weights.h"
#include "engine/interop/batch_curve.h"
#include "engine/interop/history_json.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/run_document.h"
#include "engine/interop/run_record.h"
#include "engine/interop/run_verify.h"
#include "engine/interop/strata_json.h"
#include "engine/interop/zip_archive.h"
#include "engine/math/isa.h"
#include "engine/training/evaluate.h"
#include "engine/training/optimizer.h"
#include "engine/training/recipe.h"
#include "engine/training/schedule.h"
#include "engine/training/training_run.h"
#include "tests/support/graph_dsl.h"
#include "tests/support/stripes.h"
#include "tests/support/wall_main.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <QCoreApplication>
#include <QTemporaryDir>

using namespace strata;

namespace {

const char* kNet = "Input 8x8x1 > Conv2D filters=4 kernel_size=3 activation=relu > BatchNormalization > "
                   "MaxPooling2D > Dropout rate=0.2 > Flatten > Dense units=3 activation=softmax";

struct Watcher final : RunObserver {
    std::int64_t stopAt = -1;
    std::int64_t asked = 0;
    std::vector<RateChange> rates; ///< set there
    std::size_t given = 0; ///< of them
    void event(TrainEvent) override {}
    bool mayGoOn() override { return asked++ != stopAt; }
    std::optional<double> newLearningRate(std::int64_t epoch, std::int64_t done) override {
        if (given == rates.size() || rates[given].epoch != epoch || rates[given].batches != done) return {};
        return rates[given++].rate;
    }
    bool weightsWanted() override { return false; }
    void weights(LiveWeights) override {}
};

DataSource source(std::uint64_t seed = 1) {
    DataSource out;
    out.train = stripes(150, seed);
    out.fingerprint = fingerprint(out.train.get(), nullptr);
    return out;
}

DocumentState document(const std::string& optimizer, const char* net = kNet) {
    DocumentState state;
    state.graph = graphFrom(net);
    state.data.source = "stripes";
    state.training.optimizer = *makeOptimizer(optimizer, 0.01, {});
    state.training.loss = defaultLoss(state.graph);
    state.training.batchSize = 16;
    state.training.epochs = 3;
    state.training.validationSplit = 0.2;
    return state;
}

RunOrigin originOf(const DocumentState& state, const DataSource& data) {
    return {state.graph, state.training, data.fingerprint, 0, data.train->classNames(), state.trained};
}

TrainingJob jobOf(const DocumentState& state, const DataSource& data) {
    TrainingJob job = continuedJob(state.trained, state.graph, state.training.seed);
    job.graph = state.graph;
    job.settings = state.training;
    job.settings.threads = 2;
    if (!giveData(job, data, state.data, 0)) qFatal("no data");
    return job;
}

/// The document after a run that was stopped at its n-th question (-1: never).
DocumentState trainedDocument(const std::string& optimizer, std::int64_t stopAt) {
    DocumentState state = document(optimizer);
    Watcher watcher;
    watcher.stopAt = stopAt;
    const RunEnded end = runTraining(jobOf(state, source()), watcher);
    state.trained = trainedBy(originOf(state, source()), end, {{1, 0.5, 0.25, 0.75, 0.5}});
    return state;
}

RunRecord recordOf(const DocumentState& begun, const RunEnded& end) {
    RunRecord record;
    record.name = "stripes net.keras";
    record.document = begun;
    record.dataFingerprint = source().fingerprint;
    record.outcome = end.outcome == RunOutcome::Stopped ? "stopped" : "finished";
    record.endEpoch = end.state->epoch;
    record.endBatches = end.state->batches;
    record.rates = end.rates;
    record.history = {{1, 0.5, 0.25, {}, {}}};
    record.weightsHash = end.weights->fingerprint();
    return record;
}

void eachOptimizer() {
    QTest::addColumn<QString>("optimizer");
    for (const OptimizerType& type : optimizerTypes())
        QTest::newRow(type.schema.id.c_str()) << QString::fromStdString(type.schema.id);
}

} // namespace

class RunFileTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::filesystem::path at(const char* name) const { return m_dir.filePath(name).toStdString(); }

    std::vector<ZipMember> members(const char* name) const { return readZip(at(name))->members; }

private slots:
    void stoppedRunsResumeFromTheirFile_data() { eachOptimizer(); }
    void stoppedRunsResumeFromTheirFile() {
        QFETCH(QString, optimizer);
        const DocumentState state = trainedDocument(optimizer.toStdString(), 13);
        QVERIFY(state.trained->stopped != nullptr);
        QVERIFY(saveDocument(state, at("stopped.keras")).ok());
        const auto opened = openDocument(at("stopped.keras"));
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message.c_str());
        QVERIFY(opened->remarks.empty());
        const auto& trained = opened->state.trained;
        QVERIFY(trained->stopped != nullptr);
        QVERIFY(trained->stopped->state == state.trained->stopped->state);
        TrainingSettings settings = state.training;
        QVERIFY(trained->stopped->settings == settings);
        QCOMPARE(trained->stopped->dataFingerprint, source().fingerprint);
        TrainingJob job = resumedJob(trained);
        QVERIFY(giveData(job, source(), opened->state.data, 0).ok());
        Watcher rest, whole;
        const RunEnded resumed = runTraining(job, rest);
        QCOMPARE(resumed.outcome, RunOutcome::Finished);
        QCOMPARE(resumed.weights->fingerprint(),
                 runTraining(jobOf(document(optimizer.toStdString()), source()), whole).weights->fingerprint());
    }
    void optimizersMemoryIsInKerassMember_data() { eachOptimizer(); }
    void optimizersMemoryIsInKerassMember() {
        QFETCH(QString, optimizer);
        const DocumentState state = trainedDocument(optimizer.toStdString(), -1);
        const OptimizerState& should = *state.trained->optimizer;
        QCOMPARE(should.iterations, std::int64_t{24});
        QVERIFY(saveDocument(state, at("done.keras")).ok());
        std::vector<ZipMember> parts = members("done.keras");
        QVERIFY(std::ranges::find(parts, "strata.run.h5", &ZipMember::name) == parts.end());
        const auto opened = openDocument(at("done.keras"));
        QVERIFY(opened->state.trained->stopped == nullptr);
        QVERIFY(opened->state.trained->optimizer != nullptr);
        QCOMPARE(opened->state.trained->optimizer->iterations, should.iterations);
        QVERIFY(opened->state.trained->optimizer->arrays == should.arrays);
        // And as Keras's own file, whose cards have other numbers.
        std::erase_if(parts, [](const ZipMember& m) { return m.name.starts_with("strata"); });
        QVERIFY(writeZip(at("theirs.keras"), parts).ok());
        const auto theirs = openDocument(at("theirs.keras"));
        QVERIFY(theirs->state.trained->optimizer != nullptr);
        for (const auto& [slot, weights] : should.arrays) {
            for (const auto& [id, arrays] : weights.nodes) {
                const Node* card = theirs->state.graph.findByName(state.graph.find(id)->name);
                QVERIFY(*theirs->state.trained->optimizer->arrays.at(slot).find(card->id) == arrays);
            }
        }
    }
    void unfinishedDrawingsKeepTheMemory() {
        DocumentState state = trainedDocument("adam", -1);
        state.graph.disconnect(state.graph.edges().front());
        QVERIFY(!saveDocument(state, at("open.keras"))->kerasCanOpen);
        const auto opened = openDocument(at("open.keras"));
        QVERIFY(*opened->state.trained->optimizer == *state.trained->optimizer);
    }
    void damageCostsTheRunAndNotTheDocument() {
        const DocumentState state = trainedDocument("adam", 5);
        QVERIFY(saveDocument(state, at("whole.keras")).ok());
        const std::vector<ZipMember> whole = members("whole.keras");
        for (std::uint64_t round = 0; round < 16; ++round) {
            std::vector<ZipMember> parts = whole;
            auto run = std::ranges::find(parts, "strata.run.h5", &ZipMember::name);
            QVERIFY(run != parts.end());
            Rng rng({5, 1, round, 0});
            if (round % 2 == 0)
                run->bytes.resize(rng.below(run->bytes.size()));
            else
                for (int i = 0; i < 20; ++i)
                    run->bytes[rng.below(run->bytes.size())] = static_cast<std::byte>(rng.below(256));
            QVERIFY(writeZip(at("hurt.keras"), parts).ok());
            const auto opened = openDocument(at("hurt.keras"));
            QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message.c_str());
            QVERIFY(opened->state.trained->weights == state.trained->weights);
            if (!opened->state.trained->stopped) {
                QCOMPARE(opened->remarks.size(), std::size_t{1});
                continue;
            }
            // What could be read is resumed or refused, never more.
            TrainingJob job = resumedJob(opened->state.trained);
            QVERIFY(giveData(job, source(), opened->state.data, 0).ok());
            Watcher watcher;
            watcher.stopAt = 4;
            runTraining(job, watcher);
        }
    }
    void recordsAreReadAsTheyWereWritten() {
        const DocumentState begun = document("adam");
        Watcher watcher;
        const RunEnded end = runTraining(jobOf(begun, source()), watcher);
        RunRecord record = recordOf(begun, end);
        record.testAccuracy = 0.5;
        const auto folder = writeRunRecord(at("records"), record);
        QVERIFY2(folder.ok(), folder.ok() ? "" : folder.error().message.c_str());
        const auto again = writeRunRecord(at("records"), record);
        QVERIFY(*again != *folder);
        const auto read = readRunRecord(*folder);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        QVERIFY(read->document == begun);
        QCOMPARE(read->weightsHash, record.weightsHash);
        QCOMPARE(read->dataFingerprint, record.dataFingerprint);
        QVERIFY(read->arithmetic == arithmetic());
        QCOMPARE(read->version, programVersion());
        QVERIFY(read->history == record.history);
        QCOMPARE(read->testAccuracy, 0.5);
        QCOMPARE(read->date.size(), std::size_t{19});
        QVERIFY(std::filesystem::exists(*folder / "curves.csv"));
        std::vector<std::string> remarks;
        QCOMPARE(listRunRecords(at("records"), remarks).size(), std::size_t{2});
        QVERIFY(remarks.empty());
    }
    void runsRepeat_data() {
        QTest::addColumn<QString>("start");
        QTest::newRow("anew") << "anew";
        QTest::newRow("stopped") << "stopped";
        QTest::newRow("from weights") << "weights";
        QTest::newRow("from weights, stopped") << "weights stopped";
        QTest::newRow("resumed") << "resumed";
        QTest::newRow("with another rate from a batch on") << "rate";
        QTest::newRow("with two other rates, stopped") << "rate rate stopped";
        QTest::newRow("resumed with another rate") << "resumed rate";
    }
    void runsRepeat() {
        QFETCH(QString, start);
        DocumentState begun = start.contains("weights") ? trainedDocument("adam", -1)
                              : start.contains("resumed") ? trainedDocument("adam", 11)
                                                          : document("adam");
        TrainingJob job = start.contains("resumed") ? resumedJob(begun.trained) : jobOf(begun, source());
        QVERIFY(giveData(job, source(), begun.data, 0).ok());
        Watcher watcher;
        if (start.contains("stopped")) watcher.stopAt = 12;
        if (start.contains("rate rate")) watcher.rates = {{0, 0, 0.005}, {0, 5, 0.002}};
        else if (start.contains("rate")) watcher.rates = {{1, 2, 0.002}};
        const RunEnded end = runTraining(job, watcher);
        QVERIFY(end.rates == watcher.rates);
        RunRecord record = recordOf(begun, end);
        record.resumed = start.contains("resumed");
        const auto folder = writeRunRecord(at("repeat"), record);
        QVERIFY(folder.ok());
        const auto read = readRunRecord(*folder);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message.c_str());
        for (const int threads : {1, 3}) {
            Watcher free;
            const auto verified = verifyRun(*read, source(), threads, free);
            QVERIFY2(verified.ok(), verified.ok() ? "" : verified.error().message.c_str());
            QVERIFY2(verified->verdict == Verdict::Same, verified->text.c_str());
        }
        if (end.rates.empty()) return;
        RunRecord without = *read;
        without.rates.clear();
        Watcher free;
        QVERIFY(verifyRun(without, source(), 1, free)->verdict == Verdict::Different);
    }
    /// A callback that would write elsewhere is not taken over; what the others remember stays theirs.
    void callbacksKeepWhatTheyRemember() {
        DocumentState begun = document("adam");
        begun.training.callbacks = {{"CSVLogger", {{"filename", at("log.csv").string()}}}, {"EarlyStopping", {{"monitor", std::string("loss")}, {"patience", std::int64_t{9}}}}};
        Watcher watcher;
        watcher.stopAt = 13;
        const RunEnded end = runTraining(jobOf(begun, source()), watcher);
        QCOMPARE(end.outcome, RunOutcome::Stopped);
        begun.trained = trainedBy(originOf(begun, source()), end, {});
        QVERIFY(saveDocument(begun, at("callbacks.keras")).ok());
        const auto opened = openDocument(at("callbacks.keras"));
        QVERIFY(opened.ok());
        const StoppedRun& run = *opened->state.trained->stopped;
        QCOMPARE(run.settings.callbacks.size(), std::size_t{1});
        QVERIFY(!end.state->values.at("callback_1").empty());
        QVERIFY(run.state.values.at("callback_0") == end.state->values.at("callback_1"));
        QVERIFY(!run.state.values.contains("callback_1"));
    }
    /// run.json once had lists in place of objects.
    void curvesOfOlderRecordsAreRead() {
        const auto read = [](const char* text) { return historyFrom(nlohmann::json::parse(text)); };
        const std::vector<HistoryPoint> lists = read("[[1, 0.5, 0.25, null, null], [2, 0.4, 0.5, 0.75, 0.5, 0.01, {\"auc\": 0.875}], [3], 4]");
        QCOMPARE(lists.size(), std::size_t{2});
        QVERIFY((lists[0] == HistoryPoint{1, 0.5, 0.25, {}, {}}));
        QVERIFY((lists[1] == HistoryPoint{2, 0.4, 0.5, 0.75, 0.5, 0.01, {{"auc", 0.875}}}));
        QVERIFY(historyFrom(nlohmann::json::parse(historyJson(lists).dump())) == lists);
        QVERIFY(std::isnan(historyFrom(nlohmann::json::parse(historyJson({{.epoch = 1, .loss = INFINITY}}).dump())).front().loss));
    }
    /// What a file names and nobody knows here is left out, with a sentence about what stands instead.
    void unknownSettingsAreSaid() {
        StrataMember member;
        member.state = document("adam");
        member.state.training.metrics = {{"AUC", {}}};
        std::string text = strataJson(member);
        for (const auto& [from, to] : {std::pair{"\"AUC\"", "\"Newer\""}, {"\"Adam\"", "\"Newest\""}}) {
            QVERIFY(text.find(from) != std::string::npos);
            text.replace(text.find(from), std::strlen(from), to);
        }
        std::vector<std::string> remarks;
        const Result<StrataMember> read = strataFromJson(text, remarks);
        QVERIFY(read.ok());
        QVERIFY(read->state.training.metrics.empty());
        QCOMPARE(remarks.size(), std::size_t{2});
        QVERIFY2(remarks[0].ends_with("; " + TrainingSettings().optimizer.id + " is set."), remarks[0].c_str());
        QVERIFY2(remarks[1].ends_with("; the others are."), remarks[1].c_str());
    }
    /// A schedule whose length nobody gave goes over the whole run; resumed for longer, it goes on as it began.
    void aScheduleWithoutLengthIsThatOfTheRun() {
        DocumentState begun = document("adam");
        begun.training.schedule = TypedParams{"CosineDecay", {}};
        const auto lengthOf = [](const TrainingSettings& s) { return *s.schedule->params.at("decay_steps").asInt(); };
        Result<TrainingJob> job = makeJob(begun, source(), false, 0);
        QVERIFY(job.ok());
        QCOMPARE(lengthOf(job->settings), runSteps(begun.training, job->train->size()));
        begun.training = job->settings;
        Watcher watcher;
        watcher.stopAt = 12;
        const RunEnded end = runTraining(*job, watcher);
        begun.trained = trainedBy(originOf(begun, source()), end, {});
        const std::int64_t before = lengthOf(job->settings);
        begun.training.schedule = TypedParams{"CosineDecay", {}};
        begun.training.epochs *= 2;
        job = makeJob(begun, source(), true, 0);
        QVERIFY(job.ok());
        QCOMPARE(lengthOf(job->settings), before);
        QCOMPARE(job->settings.epochs, begun.training.epochs);
    }
    /// A stopped run's settings have the rate that was set while it went on: a form shows it, and it is no other run.
    void aStoppedRunKnowsItsRate() {
        DocumentState begun = document("adam");
        Watcher watcher;
        watcher.stopAt = 12;
        watcher.rates = {{0, 3, 0.004}};
        const RunEnded end = runTraining(jobOf(begun, source()), watcher);
        begun.trained = trainedBy(originOf(begun, source()), end, {});
        QVERIFY(saveDocument(begun, at("rate.keras")).ok());
        const auto opened = openDocument(at("rate.keras"));
        QVERIFY(opened.ok());
        QCOMPARE(learningRateOf(opened->state.trained->stopped->settings), 0.004);
        QCOMPARE(learningRateOf(opened->state.training), 0.01);
        QVERIFY(opened->state.trained->stopped->state == *end.state);
    }
    /// An edited network goes on in the middle of an epoch, from a file to the same bits; what fits is what was learned.
    void stoppedRunsGoOnWithAnEditedNetwork() {
        DocumentState begun = trainedDocument("adam", 11);
        ModelGraph edited = begun.graph;
        Node dense = *edited.findByName("conv2d");
        dense.params["filters"] = ParamValue(std::int64_t{6});
        edited.replace(dense);
        const auto carried = carryRun(*begun.trained, edited, source().train->sampleShape());
        QVERIFY2(carried.ok(), carried.ok() ? "" : carried.error().message.c_str());
        QCOMPARE(carried->notes.size(), std::size_t{3});
        const RunState& was = begun.trained->stopped->state;
        const RunState& is = carried->trained->stopped->state;
        QCOMPARE(is.epoch, was.epoch);
        QCOMPARE(is.batches, was.batches);
        QCOMPARE(is.optimizer.iterations, 0); // two kernels were cut
        QVERIFY(is.values.contains("epoch") && !is.values.contains("best"));
        QCOMPARE(is.weights.find(dense.id)->front().dims.back(), std::int64_t{6});
        QCOMPARE(is.weights.find(dense.id)->front().values[1], was.weights.find(dense.id)->front().values[1]);
        QVERIFY(carried->trained->history == begun.trained->history);

        begun.graph = edited;
        begun.trained = carried->trained;
        TrainingJob job = resumedJob(begun.trained);
        QVERIFY(giveData(job, source(), begun.data, 0).ok());
        Watcher watcher;
        const RunEnded end = runTraining(job, watcher);
        QVERIFY2(end.outcome == RunOutcome::Finished, end.message.c_str());
        RunRecord record = recordOf(begun, end);
        record.resumed = true;
        const auto folder = writeRunRecord(at("edited"), record);
        QVERIFY(folder.ok());
        const auto verified = verifyRun(*readRunRecord(*folder), source(), 2, watcher);
        QVERIFY2(verified.ok() && verified->verdict == Verdict::Same, verified.ok() ? verified->text.c_str() : verified.error().message.c_str());
    }
    void anEditThatChangesNoArrayKeepsTheOptimiser() {
        const DocumentState begun = trainedDocument("adam", 11);
        ModelGraph edited = begun.graph;
        Node conv = *edited.findByName("conv2d");
        conv.params["activation"] = ParamValue(std::string("tanh"));
        edited.replace(conv);
        const auto carried = carryRun(*begun.trained, edited, source().train->sampleShape());
        QVERIFY2(carried.ok(), carried.ok() ? "" : carried.error().message.c_str());
        QVERIFY(carried->trained->stopped->state.optimizer == begun.trained->stopped->state.optimizer);
        QVERIFY(begun.trained->stopped->state.optimizer.iterations > 0);
    }
    /// A new layer's first update is as large as that of a network that has just begun; the schedule goes on.
    void newLayersTakeStepsOfTheirRate() {
        DocumentState begun = document("adam");
        begun.training.epochs = 12;
        begun.training.schedule = *checkSchedule({"CosineDecay", {{"initial_learning_rate", 0.01}, {"decay_steps", std::int64_t{96}}}});
        Watcher watcher;
        watcher.stopAt = 70;
        const RunEnded before = runTraining(jobOf(begun, source()), watcher);
        QVERIFY(before.state != nullptr && before.state->optimizer.iterations > 50);
        begun.trained = trainedBy(originOf(begun, source()), before, {{1, 0.5, 0.25, 0.75, 0.5}});
        Node conv = *begun.graph.findByName("conv2d");
        conv.params["filters"] = ParamValue(std::int64_t{6});
        begun.graph.replace(conv);
        const auto carried = carryRun(*begun.trained, begun.graph, source().train->sampleShape());
        QVERIFY2(carried.ok(), carried.ok() ? "" : carried.error().message.c_str());
        begun.trained = carried->trained;
        TrainingJob job = resumedJob(begun.trained);
        QVERIFY(giveData(job, source(), begun.data, 0).ok());
        struct First final : RunObserver {
            std::vector<BatchDone> batches;
            void event(TrainEvent e) override {
                if (const auto* batch = std::get_if<BatchDone>(&e)) batches.push_back(*batch);
            }
            bool mayGoOn() override { return batches.empty(); }
            bool weightsWanted() override { return false; }
            void weights(LiveWeights) override {}
        } first;
        const RunEnded end = runTraining(job, first);
        QCOMPARE(first.batches.size(), std::size_t{1});
        const std::unique_ptr<Schedule> schedule = createSchedule(*begun.training.schedule);
        QCOMPARE(first.batches[0].learningRate, schedule->at(before.state->optimizer.iterations));
        QCOMPARE(end.state->optimizer.iterations, 1);
        for (const auto& [id, arrays] : end.state->weights.nodes) {
            const std::vector<WeightArray>& was = *carried->trained->stopped->state.weights.find(id);
            for (std::size_t k = 0; k < arrays.size(); ++k) {
                if (arrays[k].name.starts_with("moving_")) continue;
                for (std::size_t i = 0; i < arrays[k].values.size(); ++i) {
                    const float step = std::abs(arrays[k].values[i] - was[k].values[i]);
                    QVERIFY2(step <= 1.01 * first.batches[0].learningRate, qPrintable(QString::number(step)));
                }
            }
        }
    }
    /// What is kept are then the weights that were carried over, and not those of an epoch's end.
    void aDivergenceAfterAnEditNamesWhatIsKept() {
        DocumentState begun = trainedDocument("sgd", 4);
        QCOMPARE(begun.trained->stopped->state.batches, 4);
        Node conv = *begun.graph.findByName("conv2d");
        conv.params["filters"] = ParamValue(std::int64_t{6});
        begun.graph.replace(conv);
        const auto carried = carryRun(*begun.trained, begun.graph, source().train->sampleShape());
        QVERIFY2(carried.ok(), carried.ok() ? "" : carried.error().message.c_str());
        TrainingJob job = resumedJob(carried->trained);
        QVERIFY(giveData(job, source(), begun.data, 0).ok());
        auto fast = std::make_shared<RunState>(*job.resume);
        fast->optimizer.learningRate = 1e30;
        job.resume = fast;
        Watcher watcher;
        const RunEnded end = runTraining(job, watcher);
        QCOMPARE(end.outcome, RunOutcome::Diverged);
        QVERIFY2(end.message.find("the weights of epoch 1, batch 4, where this run went on, are kept") != std::string::npos, end.message.c_str());
        for (const auto& [id, arrays] : fast->weights.nodes) {
            for (std::size_t k = 0; k < arrays.size(); ++k) {
                if (!arrays[k].name.starts_with("moving_")) QVERIFY(end.weights->find(id)->at(k).values == arrays[k].values);
            }
        }
    }
    /// "Train" on a network that was edited since keeps the part of a kernel that both have.
    void goingOnCarriesOver() {
        DocumentState begun = trainedDocument("adam", -1);
        Node conv = *begun.graph.findByName("conv2d");
        conv.params["filters"] = ParamValue(std::int64_t{6});
        begun.graph.replace(conv);
        const TrainingJob job = continuedJob(begun.trained, begun.graph, 1);
        const std::vector<float>& was = begun.trained->weights.find(conv.id)->front().values;
        const std::vector<float>& is = job.startWeights->find(conv.id)->front().values;
        QCOMPARE(is.size(), std::size_t{54});
        QVERIFY(std::equal(was.begin(), was.begin() + 4, is.begin()));
        QCOMPARE(notesOnGoingOn(*begun.trained, begun.graph).size(), std::size_t{3});
        QVERIFY(notesOnGoingOn(*begun.trained, begun.trained->trainedGraph).empty());
    }
    /// What ModelCheckpoint writes is a document with its curve.
    void savedEpochsHaveTheirCurve() {
        DocumentState begun = document("adam");
        begun.training.callbacks = {{"ModelCheckpoint", {{"filepath", ParamValue(at("epoch{epoch}.keras").string())}}}};
        TrainingJob job = jobOf(begun, source());
        job.save = networkSaver(begun, originOf(begun, source()));
        Watcher watcher;
        const RunEnded end = runTraining(job, watcher);
        QVERIFY2(end.outcome == RunOutcome::Finished, end.message.c_str());
        for (const auto& [name, epochs] : {std::pair("epoch1.keras", 1), std::pair("epoch3.keras", 3)}) {
            const auto opened = openDocument(at(name));
            QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message.c_str());
            const auto& trained = opened->state.trained;
            QCOMPARE(trained->history.size(), static_cast<std::size_t>(epochs));
            QVERIFY(trained->history.back().validationLoss.has_value());
            QVERIFY(trained->bestEpoch > 0);
            QVERIFY(trained->optimizer && trained->optimizer->iterations == 8 * epochs);
        }
    }
    /// The choice is kept, not its numbers: it follows the images that a run learns from.
    void balancedClassesFollowTheData() {
        DocumentState begun = document("adam");
        begun.training.balanceClasses = true;
        begun.training.epochs = 1;
        Watcher watcher;
        const RunEnded balanced = runTraining(jobOf(begun, source()), watcher);
        DocumentState spelled = begun;
        spelled.training.balanceClasses = false;
        spelled.training.classWeights = balancedClassWeights(*jobOf(begun, source()).train);
        QCOMPARE(runTraining(jobOf(spelled, source()), watcher).weights->fingerprint(), balanced.weights->fingerprint());
        spelled.training.classWeights.clear();
        QVERIFY(runTraining(jobOf(spelled, source()), watcher).weights->fingerprint() != balanced.weights->fingerprint());
        QVERIFY(saveDocument(begun, at("balanced.keras")).ok());
        QVERIFY(openDocument(at("balanced.keras"))->state.training == begun.training);
    }
    void longCurvesAreThinned() {
        BatchCurve curve;
        for (int i = 0; i < 100'000; ++i) curve.add({i / 1000.0, static_cast<double>(i), 1});
        const std::vector<BatchPoint> points = curve.points();
        QVERIFY(points.size() >= BatchCurve::kMost / 2 && points.size() <= BatchCurve::kMost);
        double sum = 0;
        for (const BatchPoint& p : points) sum += p.loss;
        QVERIFY(std::abs(sum / static_cast<double>(points.size()) - 49'999.5) < 100);
        QVERIFY(std::ranges::is_sorted(points, {}, &BatchPoint::epochs));
    }
    void verdicts() {
        const DocumentState begun = document("adam");
        Watcher watcher;
        RunRecord record = recordOf(begun, runTraining(jobOf(begun, source()), watcher));
        QVERIFY(verifyRun(record, source(2), 1, watcher)->verdict == Verdict::OtherData);
        RunRecord other = record;
        other.document.training.seed = 2;
        QVERIFY(verifyRun(other, source(), 1, watcher)->verdict == Verdict::Different);
        other.arithmetic.instructionSet = "another";
        QVERIFY(verifyRun(other, source(), 1, watcher)->verdict == Verdict::OtherArithmetic);
        const std::string now(math::isaName());
        QVERIFY(math::selectIsa("plain"));
        const auto plain = verifyRun(record, source(), 1, watcher);
        QVERIFY(math::selectIsa(now));
        QVERIFY(plain->verdict == (now == "plain" ? Verdict::Same : Verdict::OtherArithmetic));
        Watcher stops;
        stops.stopAt = 3;
        QCOMPARE(verifyRun(record, source(), 1, stops).error().id, std::string("stopped"));
    }
    void damagedRecordsSayWhat_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("hello");
        QTest::newRow("a list") << QByteArray("[1,2]");
        QTest::newRow("no version") << QByteArray("{}");
        QTest::newRow("newer") << QByteArray("{\"strata_run\": 99}");
        QTest::newRow("no document") << QByteArray("{\"strata_run\": 1}");
        QTest::newRow("deep") << QByteArray(100000, '[');
        QTest::newRow("no start") << QByteArray("{\"strata_run\":1,\"start\":\"weights\",\"document\":{\"strata\":1,\"graph\":{\"nodes\":[],\"edges\":[]}}}");
    }
    void damagedRecordsSayWhat() {
        QFETCH(QByteArray, text);
        QDir(m_dir.path()).mkpath("bad/run");
        QFile file(m_dir.filePath("bad/run/run.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto read = readRunRecord(at("bad/run"));
        QVERIFY(!read.ok());
        QVERIFY(!read.error().message.empty());
    }
};

STRATA_WALL_TEST_MAIN(RunFileTest, QCoreApplication)
#include "run_file_test.moc"
