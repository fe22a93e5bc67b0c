// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "training_support.h"

#include "engine/interop/run_record.h"
#include "ui/training/family_form.h"
#include "ui/training/family_list.h"
#include "ui/training/metric_chart.h"
#include "ui/training/run_text.h"
#include "ui/training/settings_page.h"
#include "ui/training/train_bar.h"
#include "ui/training/training_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QSpinBox>
#include <QToolButton>
#include <QTemporaryDir>

namespace strata::ui {

class TrainingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunIsOneUndoableEdit();
    void theSameSeedGivesTheSameWeights();
    void pauseStepResumeStop();
    void stoppingKeepsWhatWasLearned();
    void aStoppedRunGoesOnExactly();
    void anEditedDrawingGoesOnFromItsWeights();
    void aRunThatNeedsTooMuchIsRefused();
    void runsLeaveRecords();
    void goingOnContinuesTheCurve();
    void beginningAnewForgetsIt();
    void curvesSurviveReopening();
    void aCurveOfHalfAnEpochSurvivesReopening();
    void weightsAreResetAndComeBack();
    void theTestAccuracyGoesWithTheWeights();
    void lossesBelowZeroHaveABestEpoch();
    void previewsComeWhileTraining();
    void anotherDocumentEndsTheRun();
    void brokenDrawingsCannotTrain();
    void missingDataSaysWhereToPutIt();
    void openingIsStoppedByAnotherChoice();
    void theButtonsFollowTheRun();
    void trainOnATrainedNetworkAsks();
    void everySettingIsAnUndoableEdit();
    void aSchedulesLengthFollowsTheRun();
    void anotherFigureIsShown();
    void aFieldsStepsAreOneEdit();
    void valuesAsCsv();
    void times_data();
    void times();
};

using test::kPatience;
using test::Rig;
using State = TrainingSession::State;

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
    Rig rig(1000);
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
    Rig rig(1000);
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
void TrainingTest::aStoppedRunGoesOnExactly() {
    Rig straight(3);
    QVERIFY(straight.ready());
    straight.session.start(true);
    QVERIFY(straight.idle());

    Rig rig(3);
    TrainBar bar(rig.session);
    TrainingPanel panel(rig.session);
    QVERIFY(rig.ready());
    QVERIFY(!rig.session.stoppedAt());
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().epoch >= 2 && rig.session.progress().batch >= 2, kPatience);
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
    QTRY_VERIFY(rig.session.stoppedAt().has_value());
    rig.session.start(false);
    QCOMPARE(rig.session.progress().batch, place->batch);
    QVERIFY(rig.idle());
    const auto trained = rig.document.state().trained;
    QVERIFY(trained->stopped == nullptr);
    QCOMPARE(trained->weights.fingerprint(), straight.document.state().trained->weights.fingerprint());
    QVERIFY(trained->history == straight.document.state().trained->history);
    QCOMPARE(trained->bestEpoch, straight.document.state().trained->bestEpoch);
    QCOMPARE(panel.lossChart().data().epochs().size(), std::size_t{3});
}

void TrainingTest::anEditedDrawingGoesOnFromItsWeights() {
    Rig rig(1000);
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
    QVERIFY(ended.front().back().toString().contains(QStringLiteral("1 MB are free")));
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

void TrainingTest::goingOnContinuesTheCurve() {
    Rig rig;
    TrainingPanel panel(rig.session);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    const auto first = rig.document.state().trained;
    rig.session.start(false);
    QCOMPARE(rig.session.progress().firstEpoch, 1);
    QVERIFY(rig.idle());
    const auto second = rig.document.state().trained;
    QCOMPARE(second->history.size(), std::size_t{2});
    QCOMPARE(second->history[0], first->history[0]);
    QCOMPARE(second->history[1].epoch, 2);
    QVERIFY(second->history[1].loss < second->history[0].loss);
    QCOMPARE(static_cast<std::int64_t>(panel.lossChart().data().batches().size()), 2 * rig.session.progress().batches);
    QCOMPARE(rig.document.undoStack().count(), 2);
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

void TrainingTest::curvesSurviveReopening() {
    Rig rig;
    TrainingPanel panel(rig.session);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    const DocumentState kept = rig.document.state();
    rig.document.reset({});
    QTRY_VERIFY(panel.lossChart().data().isEmpty());
    rig.document.reset(kept);
    QTRY_COMPARE(panel.lossChart().data().epochs().size(), std::size_t{1});
    QCOMPARE(panel.accuracyChart().data().epochs().front().validation, std::optional(kept.trained->history[0].validationAccuracy));
    // And the weights that came back are measured again.
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.tested() != nullptr, kPatience);
    QCOMPARE(rig.session.tested()->accuracy, kept.trained->testAccuracy);
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

/// A run that was stopped before its first epoch was over has no points of epochs, but a curve.
void TrainingTest::aCurveOfHalfAnEpochSurvivesReopening() {
    Rig rig(1000);
    TrainingPanel panel(rig.session);
    QVERIFY(rig.ready());
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 2, kPatience);
    rig.session.stop();
    QVERIFY(rig.idle());
    QVERIFY(rig.document.state().trained->history.empty());
    const std::vector<BatchPoint> batches = rig.document.state().trained->batches;
    QVERIFY(batches.size() >= 2);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("half.keras"));
    QVERIFY(rig.document.save(path).ok());
    rig.document.reset({});
    QTRY_VERIFY(panel.lossChart().data().isEmpty());
    QVERIFY(rig.document.open(path).ok());
    QTRY_COMPARE(panel.lossChart().data().batches().size(), batches.size());
    QCOMPARE(panel.lossChart().data().batches().front().y(), batches.front().loss);
    QVERIFY(rig.document.state().trained->batches == batches);
}

void TrainingTest::theTestAccuracyGoesWithTheWeights() {
    Rig rig;
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    // As from a file: this session has not written it.
    Rig other;
    TrainingPanel panel(other.session);
    auto* test = panel.findChild<QLabel*>(QStringLiteral("testAccuracy"));
    other.document.reset(rig.document.state());
    QTRY_VERIFY_WITH_TIMEOUT(other.session.tested() != nullptr, kPatience);
    QCOMPARE(test->text(), percentText(rig.document.state().trained->testAccuracy));
    // Weights that do not fit any more are not what was tested.
    other.document.edit(QStringLiteral("Bypass"), [](DocumentState& state) {
        Node node = *state.graph.findByName("conv2d");
        node.params["filters"] = ParamValue(std::int64_t{3});
        state.graph.replace(node);
    });
    QTRY_VERIFY_WITH_TIMEOUT(test->text() != percentText(rig.document.state().trained->testAccuracy), kPatience);
    other.document.undoStack().undo();
    QTRY_COMPARE_WITH_TIMEOUT(test->text(), percentText(rig.document.state().trained->testAccuracy), kPatience);
    other.session.resetWeights();
    QVERIFY(other.session.tested() == nullptr);
    QCOMPARE(test->text(), QStringLiteral("–"));
}

void TrainingTest::lossesBelowZeroHaveABestEpoch() {
    Rig rig(2);
    TrainingPanel panel(rig.session);
    rig.document.edit(QStringLiteral("Loss"), [](DocumentState& state) { state.training.loss = {"CosineSimilarity", {}}; });
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    const auto trained = rig.document.state().trained;
    QVERIFY(trained && trained->history.size() == 2);
    QVERIFY(trained->history.back().validationLoss && *trained->history.back().validationLoss < 0);
    QVERIFY(trained->bestEpoch > 0);
    QVERIFY(rig.session.progress().bestValidationLoss && *rig.session.progress().bestValidationLoss < 0);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("below.keras"));
    QVERIFY(rig.document.save(path).ok());
    rig.document.reset({});
    QVERIFY(rig.document.open(path).ok());
    QVERIFY(rig.document.state().trained->history == trained->history);
    const QString best = QString::number(*trained->history[static_cast<std::size_t>(trained->bestEpoch) - 1].validationLoss, 'f', 3);
    const auto shown = [&] {
        const auto labels = panel.findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* l) { return l->text() == best; });
    };
    QTRY_VERIFY(shown());
    QVERIFY(panel.lossChart().data().hasValidation());
    QVERIFY(curveCsv(trained->history).find(",,") == std::string::npos);
}

void TrainingTest::previewsComeWhileTraining() {
    Rig rig(1000);
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
    Rig rig(1000);
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
    Rig rig(1000);
    TrainBar bar(rig.session);
    const auto button = [&bar](const char* name) { return bar.findChild<QPushButton*>(QString::fromLatin1(name)); };
    QVERIFY(rig.ready());
    QTRY_VERIFY(button("trainButton")->isEnabled());
    QVERIFY(!button("pauseButton")->isEnabled());
    QVERIFY(!button("stopButton")->isEnabled());
    button("trainButton")->click();
    QVERIFY(!button("trainButton")->isEnabled());
    QVERIFY(button("pauseButton")->property("primary").toBool());
    const QString pause = button("pauseButton")->text();
    button("pauseButton")->click();
    QVERIFY(button("pauseButton")->text() != pause);
    QVERIFY(button("stepButton")->isEnabled());
    button("pauseButton")->click();
    QCOMPARE(button("pauseButton")->text(), pause);
    button("stopButton")->click();
    QVERIFY(rig.idle());
    QVERIFY(button("trainButton")->isEnabled());
    rig.document.edit(QStringLiteral("Cut"), [](DocumentState& state) { state.graph.disconnect(state.graph.edges().front()); });
    QVERIFY(!button("trainButton")->isEnabled());
    QCOMPARE(button("trainButton")->toolTip(), rig.session.whyNot());
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
    QTRY_VERIFY(menu->isVisible());
    menu->hide();
    bar.findChild<QAction*>(QStringLiteral("trainContinue"))->trigger();
    QVERIFY(rig.session.isBusy());
    QCOMPARE(rig.session.progress().firstEpoch, 1);
    QVERIFY(rig.idle());
}

void TrainingTest::everySettingIsAnUndoableEdit() {
    GraphDocument document;
    document.reset(test::digitsState(5));
    SettingsPage page(document);
    const TrainingSettings before = document.state().training;
    const auto number = [&page](const char* name) { return page.findChild<QSpinBox*>(QString::fromLatin1(name)); };
    number("epochs")->setValue(7);
    QCOMPARE(document.state().training.epochs, 7);
    number("batchSize")->setValue(64);
    QCOMPARE(document.state().training.batchSize, 64);
    number("seed")->setValue(9);
    QCOMPARE(document.state().training.seed, std::uint64_t{9});
    number("threads")->setValue(1);
    QCOMPARE(document.state().training.threads, 1);
    page.findChild<QDoubleSpinBox*>(QStringLiteral("validationShare"))->setValue(25);
    QCOMPARE(document.state().training.validationSplit, 0.25);
    page.findChild<QCheckBox*>(QStringLiteral("shuffle"))->click();
    QVERIFY(!document.state().training.shuffle);
    page.findChild<QCheckBox*>(QStringLiteral("keepBest"))->click();
    QVERIFY(!document.state().training.keepBest);
    auto* forms = page.findChild<FamilyForm*>();
    QVERIFY(forms != nullptr);
    Q_EMIT forms->chosen(QStringLiteral("SGD"));
    QCOMPARE(document.state().training.optimizer.id, std::string("SGD"));
    QCOMPARE(*document.state().training.optimizer.params.at("learning_rate").asReal(), 0.002);
    Q_EMIT forms->edited(QStringLiteral("momentum"), ParamValue(0.9));
    QCOMPARE(*document.state().training.optimizer.params.at("momentum").asReal(), 0.9);
    Q_EMIT page.findChild<QComboBox*>(QStringLiteral("schedule"))->activated(page.findChild<QComboBox*>(QStringLiteral("schedule"))->findData(QStringLiteral("CosineDecay")));
    QCOMPARE(document.state().training.schedule->id, std::string("CosineDecay"));
    QCOMPARE(*document.state().training.schedule->params.at("initial_learning_rate").asReal(), 0.002);
    for (const char* family : {"metric", "callback"}) {
        auto* add = page.findChild<QToolButton*>(QStringLiteral("add:") + QLatin1String(family));
        QVERIFY(add != nullptr);
        add->menu()->actions().first()->trigger();
    }
    QCOMPARE(document.state().training.metrics.size(), 1U);
    QCOMPARE(document.state().training.callbacks.size(), 1U);
    page.findChild<FamilyList*>()->findChild<QToolButton*>(QStringLiteral("remove:0"))->click();
    QCOMPARE(document.state().training.metrics.size(), 0U);
    QCOMPARE(document.undoStack().count(), 13);
    while (document.undoStack().canUndo()) document.undoStack().undo();
    QVERIFY(document.state().training == before);
    QCOMPARE(number("epochs")->value(), 5);
    QCOMPARE(number("batchSize")->value(), static_cast<int>(before.batchSize));
}

void TrainingTest::aSchedulesLengthFollowsTheRun() {
    test::Rig rig(5);
    QVERIFY(rig.ready());
    GraphDocument& document = rig.document;
    document.edit({}, [](DocumentState& state) {
        state.training.batchSize = 32;
        state.training.validationSplit = 0;
    });
    SettingsPage page(document);
    page.setData(rig.session.data().source()->train);
    const std::int64_t batches = (rig.session.data().source()->train->size() + 31) / 32;
    auto* choice = page.findChild<QComboBox*>(QStringLiteral("schedule"));
    Q_EMIT choice->activated(choice->findData(QStringLiteral("OneCycle")));
    const auto length = [&] { return *document.state().training.schedule->params.at("total_steps").asInt(); };
    QCOMPARE(length(), 5 * batches);
    page.findChild<QSpinBox*>(QStringLiteral("epochs"))->setValue(8);
    QCOMPARE(length(), 8 * batches);
    for (FamilyForm* form : page.findChildren<FamilyForm*>()) {
        if (form->isAncestorOf(choice)) Q_EMIT form->edited(QStringLiteral("total_steps"), ParamValue(std::int64_t{77}));
    }
    QCOMPARE(length(), 77); // by hand: it stays
    page.findChild<QSpinBox*>(QStringLiteral("epochs"))->setValue(9);
    QCOMPARE(length(), 77);
}

void TrainingTest::anotherFigureIsShown() {
    MetricChart chart;
    QSignalSpy names(&chart, &MetricChart::namesChanged);
    chart.append({1, 0.5, 0.75, 0.5, 0.75, 0.01, {{"auc", 0.5}, {"val_auc", 0.6}}});
    QCOMPARE(names.size(), 1);
    QCOMPARE(chart.names(), (QStringList{QStringLiteral("learning_rate"), QStringLiteral("auc")}));
    QCOMPARE(chart.chart().data().epochs().size(), 1U);
    chart.choose(QStringLiteral("auc"));
    QCOMPARE(chart.chart().accessibleName(), QStringLiteral("AUC"));
    chart.append({2, 0.5, 0.75, 0.5, 0.75, 0.01, {{"auc", 0.7}, {"val_auc", 0.8}}});
    QCOMPARE(chart.chart().data().epochs().size(), 2U);
}

void TrainingTest::aFieldsStepsAreOneEdit() {
    GraphDocument document;
    SettingsPage page(document);
    auto* epochs = page.findChild<QSpinBox*>(QStringLiteral("epochs"));
    const int before = epochs->value();
    for (int i = 0; i < 5; ++i) epochs->stepUp();
    QCOMPARE(document.undoStack().count(), 1);
    document.undoStack().undo();
    QCOMPARE(epochs->value(), before);
}

void TrainingTest::valuesAsCsv() {
    const std::vector<HistoryPoint> history{{1, 0.5, 0.75, {}, {}}, {2, 0.25, 0.875, 0.5, 0.75, 0.01, {{"auc", 0.5}}}};
    QCOMPARE(QString::fromStdString(curveCsv(history)),
             QStringLiteral("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,auc\n1,0.5,0.75,,,,\n2,0.25,0.875,0.5,0.75,0.01,0.5\n"));
}

void TrainingTest::times_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("clock");
    QTest::addColumn<QString>("left");
    QTest::newRow("none") << 0.0 << "0:00" << "0 s";
    QTest::newRow("seconds") << 38.2 << "0:38" << "39 s";
    QTest::newRow("minutes") << 605.0 << "10:05" << "10 min";
    QTest::newRow("hours") << 3725.0 << "1:02:05" << "62 min";
    QTest::newRow("many hours") << 7265.0 << "2:01:05" << "2 h 1 min";
}

void TrainingTest::times() {
    QFETCH(double, seconds);
    QTEST(clockText(seconds), "clock");
    QTEST(leftText(seconds), "left");
}

} // namespace strata::ui

using strata::ui::TrainingTest;
STRATA_FILE_TEST_MAIN(TrainingTest)
#include "training_test.moc"
