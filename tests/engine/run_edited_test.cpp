// SPDX-License-Identifier: GPL-3.0-or-later
// A run that goes on with an edited network, or with other data.
#include "engine/data/class_weights.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/run_verify.h"
#include "engine/training/schedule.h"
#include "tests/support/striped_runs.h"
#include "tests/support/wall_main.h"

#include <cmath>
#include <QCoreApplication>
#include <QTemporaryDir>

using namespace strata;
using namespace strata::test;

class RunEditedTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::filesystem::path at(const char* name) const { return m_dir.filePath(name).toStdString(); }

private slots:
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
                QVERIFY(end.weights->find(id)->at(k).values == arrays[k].values);
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
};

STRATA_WALL_TEST_MAIN(RunEditedTest, QCoreApplication)
#include "run_edited_test.moc"
