// SPDX-License-Identifier: GPL-3.0-or-later
// What a run remembers comes back from a file with its bits.
#include "engine/interop/keras_archive.h"
#include "engine/interop/strata_json.h"
#include "engine/interop/zip_archive.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"
#include "tests/support/striped_runs.h"
#include "tests/support/wall_main.h"

#include <cstring>
#include <QCoreApplication>
#include <QTemporaryDir>

using namespace strata;
using namespace strata::test;

namespace {

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
};

STRATA_WALL_TEST_MAIN(RunFileTest, QCoreApplication)
#include "run_file_test.moc"
