// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "training_support.h"

#include "engine/interop/run_record.h"
#include "ui/training/epoch_clock.h"
#include "ui/training/train_bar.h"
#include "ui/training/training_panel.h"

#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>

namespace strata::ui {

class TrainingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunIsOneUndoableEdit();
    void theSameSeedGivesTheSameWeights();
    void pauseStepResumeStop();
    void stoppingKeepsWhatWasLearned();
    void aStoppedRunGoesOnExactly_data();
    void aStoppedRunGoesOnExactly();
    void anEditedDrawingGoesOnFromItsWeights();
    void aRunThatNeedsTooMuchIsRefused();
    void runsLeaveRecords();
    void aRunThatDivergesAtOnceLeavesOne();
    void whatIsLeftCountsFromHere();
    void beginningAnewForgetsIt();
    void weightsAreResetAndComeBack();
    void previewsComeWhileTraining();
    void anotherDocumentEndsTheRun();
    void brokenDrawingsCannotTrain();
    void missingDataSaysWhereToPutIt();
    void openingIsStoppedByAnotherChoice();
    void theButtonsFollowTheRun();
    void stepTrainsOneBatch();
    void aRunSaysWhatAnEpochTakes();
    void trainOnATrainedNetworkAsks();
};

using test::kPatience;
using test::Rig;
using State = TrainingSession::State;

/// Its batches say it before an epoch is over; then the epoch does.
void TrainingTest::aRunSaysWhatAnEpochTakes() {
    Rig rig(test::kEndless);
    EpochClock clock(rig.session);
    QSignalSpy told(&clock, &EpochClock::told);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 0, kPatience);
    Q_EMIT rig.session.started(0, test::kEndless); // no epoch was over yet
    RunProgress slow = rig.session.progress();
    slow.batch = 25;
    slow.seconds = 60;
    slow.imagesPerSecond = static_cast<double>(rig.session.data().trainCount()) / 7200; // two hours an epoch
    told.clear();
    Q_EMIT rig.session.progressed(slow);
    QCOMPARE(told.count(), 1);
    QCOMPARE(told.back().front().toString(), QStringLiteral("about 2.0 h"));
    Q_EMIT rig.session.progressed(slow); // the same again is no news
    QCOMPARE(told.count(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(told.back().back().toString().startsWith(QStringLiteral("What the last epoch took")), kPatience);
    const qsizetype epochs = told.count();
    Q_EMIT rig.session.progressed(slow);
    QCOMPARE(told.count(), epochs);
    rig.session.stop();
    QVERIFY(rig.idle());
}

void TrainingTest::aRunIsOneUndoableEdit() {
    Rig rig(2);
    TrainingPanel panel(rig.session);
    QVERIFY(rig.ready());
    QVERIFY(rig.document.context().sampleShape.has_value());
    QSignalSpy batches(&rig.session, &TrainingSession::batches);
    QSignalSpy epochs(&rig.session, &TrainingSession::epochDone);
    rig.session.start(true);
    QCOMPARE(rig.session.state(), State::Running);
    QVERIFY(rig.idle());
    QVERIFY(batches.count() > 0);
    QCOMPARE(epochs.count(), 2);
    QCOMPARE(rig.document.undoStack().count(), 1);
    QCOMPARE(rig.document.undoStack().undoText(), QStringLiteral("Train"));

    const auto trained = rig.document.state().trained;
    QVERIFY(trained != nullptr);
    QCOMPARE(trained->history.size(), std::size_t{2});
    QCOMPARE(trained->history.back().epoch, 2);
    QVERIFY(trained->history.back().validationAccuracy > 0.5);
    QVERIFY(trained->testAccuracy > 0.5);
    QVERIFY(trained->bestEpoch > 0);
    QCOMPARE(trained->classNames.size(), std::size_t{10});
    QVERIFY(trained->trainedGraph == rig.document.graph());
    QVERIFY(rig.session.tested() != nullptr);
    QCOMPARE(rig.session.tested()->accuracy, trained->testAccuracy);

    const CurveData& loss = panel.lossChart().data();
    QCOMPARE(loss.epochs().size(), std::size_t{2});
    QCOMPARE(static_cast<std::int64_t>(loss.batches().size()), 2 * rig.session.progress().batches);
    QVERIFY(loss.hasValidation());
    QCOMPARE(loss.plannedEpochs(), 2);

    rig.document.undoStack().undo();
    QVERIFY(rig.document.state().trained == nullptr);
    QVERIFY(panel.lossChart().data().isEmpty());
    rig.document.undoStack().redo();
    QVERIFY(rig.document.state().trained == trained);
    QCOMPARE(panel.lossChart().data().epochs().size(), std::size_t{2});
}

void TrainingTest::theSameSeedGivesTheSameWeights() {
    Rig rig;
    rig.document.edit(QStringLiteral("Fewer"), [](DocumentState& state) { state.training.validationSplit = 0.9; });
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    const std::uint64_t first = rig.document.state().trained->weights.fingerprint();
    rig.session.start(true);
    QVERIFY(rig.idle());
    QCOMPARE(rig.document.state().trained->weights.fingerprint(), first);
}

void TrainingTest::pauseStepResumeStop() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    rig.session.step();
    QCOMPARE(rig.session.state(), State::Paused);
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 2, kPatience);
    QCOMPARE(rig.session.progress().epoch, 1);

    rig.session.resume();
    QCOMPARE(rig.session.state(), State::Running);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 4 || rig.session.progress().epoch > 1, kPatience);
    rig.session.pause();
    QCOMPARE(rig.session.state(), State::Paused);
    rig.session.resume();
    rig.session.stop();
    QVERIFY(rig.idle());
    QVERIFY(rig.document.state().trained != nullptr);
}

void TrainingTest::stoppingKeepsWhatWasLearned() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    QSignalSpy ended(&rig.session, &TrainingSession::ended);
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().epoch >= 3, kPatience);
    rig.session.stop();
    QVERIFY(rig.idle());
    QCOMPARE(ended.count(), 1);
    QCOMPARE(ended.front().front().value<RunOutcome>(), RunOutcome::Stopped);
    QVERIFY(rig.document.state().trained->history.size() >= 2);
    QCOMPARE(rig.document.undoStack().count(), 1);
}

/// Also over saving and opening, and with the curve of the part before.
void TrainingTest::aStoppedRunGoesOnExactly_data() {
    QTest::addColumn<bool>("scheduled");
    QTest::newRow("one rate") << false;
    QTest::newRow("a schedule over the whole run") << true;
}

void TrainingTest::aStoppedRunGoesOnExactly() {
    QFETCH(bool, scheduled);
    const auto schedule = [scheduled](DocumentState& state) {
        if (scheduled) state.training.schedule = TypedParams{"CosineDecay", {}};
    };
    Rig straight(3);
    straight.document.edit(QStringLiteral("Schedule"), schedule);
    QVERIFY(straight.ready());
    straight.session.start(true);
    QVERIFY(straight.idle());

    Rig rig(3);
    rig.document.edit(QStringLiteral("Schedule"), schedule);
    TrainBar bar(rig.session);
    TrainingPanel panel(rig.session);
    QVERIFY(rig.ready());
    QVERIFY(!rig.session.stoppedAt());
    const auto done = [&] { return (rig.session.progress().epoch - 1) * rig.session.progress().batches + rig.session.progress().batch; };
    for (std::int64_t n = 1; rig.session.progress().epoch < 2 || rig.session.progress().batch < 2; ++n) { // in steps: no machine is through before
        rig.session.step();
        QTRY_COMPARE_WITH_TIMEOUT(done(), n, kPatience);
    }
    rig.session.stopAndKeep();
    QVERIFY(!rig.session.isBusy());
    const auto stopped = rig.document.state().trained;
    QVERIFY(stopped && stopped->stopped);
    const std::optional<RunPlace> place = rig.session.stoppedAt();
    QVERIFY(place.has_value());
    QCOMPARE(place->epoch, stopped->stopped->state.epoch + 1);
    QVERIFY(bar.findChild<QAction*>(QStringLiteral("trainContinue"))->text().contains(QString::number(place->batch)));

    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("stopped.keras"));
    QVERIFY(rig.document.save(path).ok());
    rig.document.reset({});
    QVERIFY(rig.document.open(path).ok());
    QVERIFY(rig.ready());
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.stoppedAt().has_value(), kPatience);
    rig.session.start(false);
    QCOMPARE(rig.session.progress().batch, place->batch);
    QVERIFY(rig.session.progress().shareAtStart > 0.3);
    QCOMPARE(rig.session.progress().bestEpoch, stopped->bestEpoch);
    const auto best = std::ranges::find(stopped->history, stopped->bestEpoch, &HistoryPoint::epoch);
    QVERIFY(best != stopped->history.end());
    QCOMPARE(rig.session.progress().bestValidationLoss, best->validationLoss);
    QVERIFY(rig.idle());
    const auto trained = rig.document.state().trained;
    QVERIFY(trained->stopped == nullptr);
    if (scheduled) QVERIFY(trained->history.back().learningRate < 1e-6);
    QCOMPARE(trained->weights.fingerprint(), straight.document.state().trained->weights.fingerprint());
    QVERIFY(trained->history == straight.document.state().trained->history);
    QCOMPARE(trained->bestEpoch, straight.document.state().trained->bestEpoch);
    QCOMPARE(panel.lossChart().data().epochs().size(), std::size_t{3});
}

void TrainingTest::anEditedDrawingGoesOnFromItsWeights() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 2, kPatience);
    rig.session.stopAndKeep();
    QVERIFY(rig.session.stoppedAt().has_value());
    rig.document.edit(QStringLiteral("Other seed"), [](DocumentState& state) { state.training.seed += 1; });
    QVERIFY(!rig.session.stoppedAt());
    rig.document.undoStack().undo();
    QVERIFY(rig.session.stoppedAt().has_value());
    rig.document.edit(QStringLiteral("Move"), [](DocumentState& state) {
        Node node = *state.graph.nodes().front();
        node.position.x += 10;
        state.graph.replace(node);
    });
    QVERIFY(rig.session.stoppedAt().has_value());
}

void TrainingTest::aRunThatNeedsTooMuchIsRefused() {
    Rig rig;
    QVERIFY(rig.ready());
    QSignalSpy ended(&rig.session, &TrainingSession::ended);
    qputenv("STRATA_MEMORY_LIMIT", "1M");
    rig.session.start(true);
    const bool idle = rig.idle();
    qunsetenv("STRATA_MEMORY_LIMIT");
    QVERIFY(idle);
    QCOMPARE(ended.front().front().value<RunOutcome>(), RunOutcome::Failed);
    QVERIFY(ended.front().back().toString().contains(QStringLiteral("1.0 MB are free")));
    QVERIFY(rig.document.state().trained == nullptr);
}

void TrainingTest::runsLeaveRecords() {
    Rig rig;
    QTemporaryDir folder;
    rig.session.setRunsFolder(folder.path().toStdString());
    QSignalSpy recorded(&rig.session, &TrainingSession::recorded);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    QTRY_COMPARE_WITH_TIMEOUT(recorded.count(), 1, kPatience);
    QCOMPARE(recorded.front().back().toString(), QString());
    std::vector<std::string> remarks;
    const std::vector<RunRecord> records = listRunRecords(folder.path().toStdString(), remarks);
    QCOMPARE(records.size(), std::size_t{1});
    QCOMPARE(records.front().weightsHash, rig.document.state().trained->weights.fingerprint());
    QVERIFY(records.front().history == rig.document.state().trained->history);
}

void TrainingTest::aRunThatDivergesAtOnceLeavesOne() {
    Rig rig;
    rig.document.edit(QStringLiteral("Far too fast"), [](DocumentState& state) { state.training.optimizer = {"SGD", {{"learning_rate", 1e30}}}; });
    QTemporaryDir folder;
    rig.session.setRunsFolder(folder.path().toStdString());
    QSignalSpy recorded(&rig.session, &TrainingSession::recorded), ended(&rig.session, &TrainingSession::ended);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    QCOMPARE(ended.front().front().value<RunOutcome>(), RunOutcome::Diverged);
    QVERIFY(rig.document.state().trained == nullptr); // it has learned nothing
    QTRY_COMPARE_WITH_TIMEOUT(recorded.count(), 1, kPatience);
    std::vector<std::string> remarks;
    const std::vector<RunRecord> records = listRunRecords(folder.path().toStdString(), remarks);
    QCOMPARE(records.size(), std::size_t{1});
    QCOMPARE(records.front().outcome, std::string("diverged"));
}

/// Of a run that goes on, the epochs before were not trained in these seconds.
void TrainingTest::whatIsLeftCountsFromHere() {
    RunProgress progress;
    progress.epochs = 20;
    progress.batches = 10;
    progress.epoch = 11;
    progress.seconds = 2;
    QCOMPARE(progress.estimatedLeft(), 2.0);
    progress.shareAtStart = progress.share();
    QVERIFY(progress.estimatedLeft() < 0);
    progress.batch = 5;
    QVERIFY(std::abs(progress.estimatedLeft() - 38) < 1e-9);
}

void TrainingTest::beginningAnewForgetsIt() {
    Rig rig;
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    rig.session.start(true);
    QCOMPARE(rig.session.progress().firstEpoch, 0);
    QVERIFY(rig.idle());
    QCOMPARE(rig.document.state().trained->history.size(), std::size_t{1});
}

void TrainingTest::weightsAreResetAndComeBack() {
    Rig rig;
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    rig.session.resetWeights();
    QVERIFY(rig.document.state().trained == nullptr);
    QVERIFY(rig.session.weights() == nullptr);
    QVERIFY(rig.session.tested() == nullptr);
    rig.document.undoStack().undo();
    QVERIFY(rig.document.state().trained != nullptr);
    QVERIFY(rig.session.weights() != nullptr);
}

void TrainingTest::previewsComeWhileTraining() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    rig.session.setPreviewsWanted(true);
    QSignalSpy previews(&rig.session, &TrainingSession::weightsArrived);
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(previews.count() >= 2, kPatience);
    QVERIFY(rig.session.isBusy());
    QVERIFY(rig.session.weights() != nullptr);
    QVERIFY(rig.document.state().trained == nullptr);
    rig.session.stop();
    QVERIFY(rig.idle());
}

void TrainingTest::anotherDocumentEndsTheRun() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 0, kPatience);
    rig.document.reset(test::digitsState(3));
    QVERIFY(!rig.session.isBusy());
    QVERIFY(rig.document.state().trained == nullptr);
    QCOMPARE(rig.document.undoStack().count(), 0);
}

void TrainingTest::brokenDrawingsCannotTrain() {
    Rig rig;
    QVERIFY(rig.ready());
    rig.document.edit(QStringLiteral("Cut"), [](DocumentState& state) { state.graph.disconnect(state.graph.edges().front()); });
    QVERIFY(!rig.session.whyNot().isEmpty());
    rig.session.start(true);
    QVERIFY(!rig.session.isBusy());
    rig.document.undoStack().undo();
    QVERIFY(rig.session.whyNot().isEmpty());
}

void TrainingTest::missingDataSaysWhereToPutIt() {
    Rig rig;
    QVERIFY(rig.ready());
    rig.session.data().choose(QStringLiteral("/nowhere/at/all"));
    QTRY_VERIFY_WITH_TIMEOUT(!rig.session.data().problem().isEmpty(), kPatience);
    QVERIFY(rig.session.data().problem().contains(QStringLiteral("/nowhere/at/all")));
    QCOMPARE(rig.session.whyNot(), rig.session.data().problem());
    rig.document.undoStack().undo();
    QVERIFY(rig.ready());
}

void TrainingTest::openingIsStoppedByAnotherChoice() {
    Rig rig;
    for (int i = 0; i < 5; ++i) {
        rig.session.data().choose(i % 2 == 0 ? QStringLiteral("/nowhere") : QStringLiteral("digits"));
        QCoreApplication::processEvents();
    }
    rig.session.data().choose(QStringLiteral("digits"));
    QVERIFY(rig.ready());
    QCOMPARE(rig.session.data().trainCount() + rig.session.data().validationCount(), 4000);
}

void TrainingTest::theButtonsFollowTheRun() {
    Rig rig(test::kEndless);
    TrainBar bar(rig.session);
    bar.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bar, test::kPatience));
    const auto button = [&bar](const char* name) { return bar.findChild<QPushButton*>(QString::fromLatin1(name)); };
    const auto press = [&button](const char* name) { QTest::mouseClick(button(name), Qt::LeftButton); };
    QVERIFY(rig.ready());
    QTRY_VERIFY_WITH_TIMEOUT(button("trainButton")->isEnabled(), kPatience);
    QVERIFY(!button("pauseButton")->isEnabled());
    QVERIFY(!button("stopButton")->isEnabled());
    press("stopButton"); // grey: nothing happens
    QVERIFY(!rig.session.isBusy());
    press("trainButton");
    QVERIFY(!button("trainButton")->isEnabled());
    QVERIFY(button("pauseButton")->property("primary").toBool());
    const QString pause = button("pauseButton")->text();
    press("pauseButton");
    QVERIFY(button("pauseButton")->text() != pause);
    QVERIFY(button("stepButton")->isEnabled());
    press("pauseButton");
    QCOMPARE(button("pauseButton")->text(), pause);
    press("stopButton");
    QVERIFY(rig.idle());
    QVERIFY(button("trainButton")->isEnabled());
    rig.document.edit(QStringLiteral("Cut"), [](DocumentState& state) { state.graph.disconnect(state.graph.edges().front()); });
    QVERIFY(!button("trainButton")->isEnabled());
    QCOMPARE(button("trainButton")->toolTip(), rig.session.whyNot());
}

/// From the beginning and from a pause; each press one batch, however long nobody presses again.
void TrainingTest::stepTrainsOneBatch() {
    Rig rig(test::kEndless);
    TrainBar bar(rig.session);
    bar.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bar, test::kPatience));
    QVERIFY(rig.ready());
    const auto press = [&bar](const char* name) { QTest::mouseClick(bar.findChild<QPushButton*>(QString::fromLatin1(name)), Qt::LeftButton); };
    for (const std::int64_t steps : {1, 3}) {
        for (std::int64_t step = 1; step <= steps; ++step) {
            press("stepButton");
            QCOMPARE(rig.session.state(), State::Paused);
            QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch >= step, kPatience);
            QCOMPARE(rig.session.progress().batch, step);
        }
        press("stopButton");
        QVERIFY(rig.idle());
        const auto trained = rig.document.state().trained;
        QVERIFY(trained && trained->stopped);
        QCOMPARE(trained->stopped->state.batches, steps); // what the trainer has counted
        QCOMPARE(static_cast<std::int64_t>(trained->batches.size()), steps);
        rig.session.resetWeights();
    }
}

void TrainingTest::trainOnATrainedNetworkAsks() {
    Rig rig;
    TrainBar bar(rig.session);
    QVERIFY(rig.ready());
    bar.train();
    QVERIFY(rig.session.isBusy());
    QVERIFY(rig.idle());
    bar.show();
    bar.train();
    QVERIFY(!rig.session.isBusy());
    auto* menu = bar.findChild<QMenu*>(QStringLiteral("trainChoice"));
    QTRY_VERIFY_WITH_TIMEOUT(menu->isVisible(), kPatience);
    menu->hide();
    bar.findChild<QAction*>(QStringLiteral("trainContinue"))->trigger();
    QVERIFY(rig.session.isBusy());
    QCOMPARE(rig.session.progress().firstEpoch, 1);
    QVERIFY(rig.idle());
}

} // namespace strata::ui

using strata::ui::TrainingTest;
STRATA_FILE_TEST_MAIN(TrainingTest)
#include "training_test.moc"
