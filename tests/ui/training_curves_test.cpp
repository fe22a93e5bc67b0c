// SPDX-License-Identifier: GPL-3.0-or-later
// What a run leaves to be seen: curves, figures, the test accuracy, times.
#include "file_main.h"
#include "training_support.h"

#include "engine/interop/run_record.h"
#include "ui/training/metric_chart.h"
#include "ui/training/run_text.h"
#include "ui/training/training_panel.h"

#include <QLabel>
#include <QTemporaryDir>

namespace strata::ui {

class TrainingCurvesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunThatDivergesIsNotCalledTrained();
    void goingOnContinuesTheCurve();
    void curvesSurviveReopening();
    void aCurveOfHalfAnEpochSurvivesReopening();
    void theTestAccuracyGoesWithTheWeights();
    void lossesBelowZeroHaveABestEpoch();
    void anotherFigureIsShown();
    void valuesAsCsv();
    void times_data();
    void times();
};

using test::kPatience;
using test::Rig;

void TrainingCurvesTest::goingOnContinuesTheCurve() {
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

void TrainingCurvesTest::curvesSurviveReopening() {
    Rig rig;
    TrainingPanel panel(rig.session);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    const DocumentState kept = rig.document.state();
    rig.document.reset({});
    QTRY_VERIFY_WITH_TIMEOUT(panel.lossChart().data().isEmpty(), kPatience);
    rig.document.reset(kept);
    QTRY_COMPARE_WITH_TIMEOUT(panel.lossChart().data().epochs().size(), std::size_t{1}, kPatience);
    QCOMPARE(panel.accuracyChart().data().epochs().front().validation, std::optional(kept.trained->history[0].validationAccuracy));
    // And the weights that came back are measured again.
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.tested() != nullptr, kPatience);
    QCOMPARE(rig.session.tested()->accuracy, kept.trained->testAccuracy);
}

/// A run that was stopped before its first epoch was over has no points of epochs, but a curve.
void TrainingCurvesTest::aCurveOfHalfAnEpochSurvivesReopening() {
    Rig rig(test::kEndless);
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
    QTRY_VERIFY_WITH_TIMEOUT(panel.lossChart().data().isEmpty(), kPatience);
    QVERIFY(rig.document.open(path).ok());
    QTRY_COMPARE_WITH_TIMEOUT(panel.lossChart().data().batches().size(), batches.size(), kPatience);
    QCOMPARE(panel.lossChart().data().batches().front().y(), batches.front().loss);
    QVERIFY(rig.document.state().trained->batches == batches);
}

void TrainingCurvesTest::theTestAccuracyGoesWithTheWeights() {
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
    // The file knows the last learning rate, and not how long it took: there is no row of that.
    const auto* rate = panel.findChild<QLabel*>(QStringLiteral("learningRate"));
    QCOMPARE(rate->text(), rateText(rig.document.state().trained->history.back().learningRate));
    QVERIFY(!rate->isHidden());
    QVERIFY(panel.findChild<QLabel*>(QStringLiteral("elapsed"))->isHidden());
    QVERIFY(!test->isHidden());
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
    QVERIFY(test->isHidden() && rate->isHidden());
    other.session.start(true);
    QVERIFY(!panel.findChild<QLabel*>(QStringLiteral("elapsed"))->isHidden()); // a run has them all
    other.session.stop();
    QVERIFY(other.idle());
}

void TrainingCurvesTest::lossesBelowZeroHaveABestEpoch() {
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
    QTRY_VERIFY_WITH_TIMEOUT(shown(), kPatience);
    QVERIFY(panel.lossChart().data().hasValidation());
    QVERIFY(curveCsv(trained->history).find(",,") == std::string::npos);
}

void TrainingCurvesTest::anotherFigureIsShown() {
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

void TrainingCurvesTest::valuesAsCsv() {
    const std::vector<HistoryPoint> history{{1, 0.5, 0.75, {}, {}}, {2, 0.25, 0.875, 0.5, 0.75, 0.01, {{"auc", 0.5}}}};
    QCOMPARE(QString::fromStdString(curveCsv(history)),
             QStringLiteral("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,auc\n1,0.5,0.75,,,,\n2,0.25,0.875,0.5,0.75,0.01,0.5\n"));
}

void TrainingCurvesTest::times_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("clock");
    QTest::addColumn<QString>("left");
    QTest::newRow("none") << 0.0 << "0:00" << "0 s";
    QTest::newRow("seconds") << 38.2 << "0:38" << "39 s";
    QTest::newRow("minutes") << 605.0 << "10:05" << "10 min";
    QTest::newRow("hours") << 3725.0 << "1:02:05" << "62 min";
    QTest::newRow("many hours") << 7265.0 << "2:01:05" << "2 h 1 min";
}

void TrainingCurvesTest::times() {
    QFETCH(double, seconds);
    QTEST(clockText(seconds), "clock");
    QTEST(leftText(seconds), "left");
}

/// Undone, it is nothing of this network's any more.
void TrainingCurvesTest::aRunThatDivergesIsNotCalledTrained() {
    Rig rig(2);
    TrainingPanel panel(rig.session);
    panel.show();
    QVERIFY(rig.ready());
    const auto* title = panel.findChild<QLabel*>(QStringLiteral("trainingState"));
    rig.session.start(true);
    QVERIFY(rig.idle());
    QCOMPARE(title->text(), QStringLiteral("Trained"));
    rig.document.edit(QStringLiteral("Far too fast"), [](DocumentState& state) { state.training.optimizer = {"SGD", {{"learning_rate", 1e30}}}; });
    rig.session.start(true);
    QVERIFY(rig.idle());
    QCOMPARE(title->text(), QStringLiteral("Diverged"));
    rig.document.reset(test::digitsState(1));
    QTRY_COMPARE_WITH_TIMEOUT(title->text(), QStringLiteral("Not trained yet"), kPatience);
}

} // namespace strata::ui

using strata::ui::TrainingCurvesTest;
STRATA_FILE_TEST_MAIN(TrainingCurvesTest)
#include "training_curves_test.moc"
