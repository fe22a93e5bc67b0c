// SPDX-License-Identifier: GPL-3.0-or-later
// The drawing is edited while a run goes on with its own copy, and taken into the run.
#include "app/studio.h"
#include "file_main.h"
#include "training_support.h"

#include "engine/data/open_data.h"
#include "engine/interop/run_record.h"
#include "engine/interop/run_verify.h"
#include "ui/editor/edits.h"
#include "ui/training/carry_list.h"
#include "ui/training/run_banner.h"
#include "ui/training/training_panel.h"
#include "ui/window/main_window.h"

#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QToolButton>

namespace strata::ui {

class ApplyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }
    void theBannerTakesTheDrawingIntoTheRun();
    void theBannerComesAndGoes();
    void brokenDrawingsAreRefused();
    void aPausedRunStaysPaused();
    void closingInBetweenKeepsAll();
    void whatWouldNotBeginLeavesTheRun();
    void whatCannotGoOnIsKept();
    void theScalingFollowsTheNetwork();
    void theSpeedIsMeasuredAnew();
    void bothRunsRepeat();
    void goingOnSaysWhatIsKept();
};

using test::kPatience;
using test::Rig;
using State = TrainingSession::State;

namespace {

NodeId first(const ModelGraph& graph, const char* type) {
    for (const auto& node : graph.nodes()) {
        if (node->type == type) return node->id;
    }
    return 0;
}

void setFilters(GraphDocument& document, std::int64_t filters) {
    document.edit(QStringLiteral("Set filters"), [filters](DocumentState& state) {
        Node node = *state.graph.find(first(state.graph, "Conv2D"));
        node.params["filters"] = ParamValue(filters);
        state.graph.replace(node);
    });
}

std::int64_t filtersIn(const Weights& weights, const ModelGraph& graph) {
    return weights.find(first(graph, "Conv2D"))->front().dims.back();
}

struct Silent final : RunObserver {
    void event(TrainEvent) override {}
    bool mayGoOn() override { return true; }
    bool weightsWanted() override { return false; }
    void weights(LiveWeights) override {}
};

bool trainsOn(TrainingSession& session) {
    const std::int64_t epoch = session.progress().epoch, batch = session.progress().batch;
    return QTest::qWaitFor([&] { return session.progress().epoch > epoch || session.progress().batch > batch + 1; }, kPatience);
}

} // namespace

void ApplyTest::theBannerTakesTheDrawingIntoTheRun() {
    GraphDocument document;
    MainWindow window(document);
    furnish(window);
    auto* session = window.findChild<TrainingSession*>();
    auto* banner = window.findChild<RunBanner*>();
    auto* apply = banner->findChild<QPushButton*>(QStringLiteral("applyToRun"));
    auto* which = banner->findChild<QPushButton*>(QStringLiteral("carryDetails"));
    auto* text = banner->findChild<QLabel*>(QStringLiteral("runBannerText"));
    window.resize(1500, 950);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window, test::kPatience));
    document.reset(test::digitsState(test::kEndless));
    QVERIFY(QTest::qWaitFor([&] { return session->whyNot().isEmpty(); }, kPatience));
    QVERIFY(!banner->isVisible());
    QTest::keyClick(&window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(session->progress().epoch >= 3, kPatience);
    QVERIFY(!banner->isVisible());

    setFilters(document, 9);
    QVERIFY(banner->isVisible());
    QVERIFY2(text->text().contains(QStringLiteral("1 layer changed")), qPrintable(text->text()));
    QTest::mouseClick(which, Qt::LeftButton);
    auto* list = banner->findChild<CarryList*>();
    QVERIFY(list != nullptr && list->isVisible());
    QStringList foreseen;
    for (const QLabel* line : list->findChildren<QLabel*>()) foreseen << line->text();
    QVERIFY2(foreseen.join('\n').contains(QStringLiteral("is now (")), qPrintable(foreseen.join('\n')));
    window.grab();
    list->close();

    QTest::mouseClick(apply, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(session->state() == State::Running && session->graph() == document.graph(), kPatience);
    QVERIFY(!session->differs());
    QVERIFY(banner->isVisible());
    QVERIFY2(text->text().contains(QStringLiteral("2 cut")), qPrintable(text->text()));
    QVERIFY(!apply->isVisible());
    QVERIFY(trainsOn(*session));
    const std::int64_t epoch = session->progress().epoch;
    QTRY_VERIFY_WITH_TIMEOUT(session->progress().epoch > epoch, kPatience);
    QTest::mouseClick(banner->findChild<QToolButton*>(QStringLiteral("closeBanner")), Qt::LeftButton);
    QVERIFY(!banner->isVisible());
    session->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!session->isBusy(), kPatience);

    const auto trained = document.state().trained;
    QVERIFY(trained->trainedGraph == document.graph());
    QCOMPARE(filtersIn(trained->weights, document.graph()), 9);
    for (std::size_t i = 0; i < trained->history.size(); ++i) QCOMPARE(trained->history[i].epoch, static_cast<std::int64_t>(i) + 1);
    QVERIFY(trained->history.size() >= 3);
    QCOMPARE(window.findChild<TrainingPanel*>()->lossChart().data().epochs().size(), trained->history.size());
    QCOMPARE(document.undoStack().count(), 2); // the edit, the training
    document.undoStack().undo();
    QVERIFY(document.state().trained == nullptr);
    QCOMPARE(document.undoStack().undoText(), QStringLiteral("Set filters"));
}

void ApplyTest::theBannerComesAndGoes() {
    Rig rig(test::kEndless);
    RunBanner banner(rig.session);
    QVERIFY(rig.ready());
    setFilters(rig.document, 5);
    QVERIFY(banner.isHidden());
    rig.session.start(true);
    QVERIFY(banner.isHidden());
    rig.document.edit(QStringLiteral("Rename, move, frame"), [](DocumentState& state) {
        Node node = *state.graph.find(first(state.graph, "Conv2D"));
        node.name = "eyes";
        node.position.x += 40;
        state.graph.replace(node);
        state.graph.addGroup({.title = "Frame"}, std::array{node.id});
    });
    QVERIFY(banner.isHidden());
    setFilters(rig.document, 6);
    QVERIFY(!banner.isHidden());
    rig.document.undoStack().undo();
    QVERIFY(banner.isHidden());
    rig.document.undoStack().redo();
    QVERIFY(!banner.isHidden());
    rig.session.stop();
    QVERIFY(rig.idle());
    QVERIFY(banner.isHidden());
}

void ApplyTest::brokenDrawingsAreRefused() {
    Rig rig(test::kEndless);
    RunBanner banner(rig.session);
    auto* apply = banner.findChild<QPushButton*>(QStringLiteral("applyToRun"));
    QVERIFY(rig.ready());
    rig.session.start(true);
    rig.document.edit(QStringLiteral("Too large"), [](DocumentState& state) {
        Node node = *state.graph.find(first(state.graph, "Conv2D"));
        node.params["kernel_size"] = ParamValue::IntList{99, 99};
        node.params["padding"] = ParamValue(std::string("valid"));
        state.graph.replace(node);
    });
    QVERIFY(!banner.isHidden());
    QVERIFY(!apply->isEnabled());
    const QString why = rig.session.whyNotApply();
    QVERIFY2(why.contains(QStringLiteral("99")), qPrintable(why));
    QVERIFY(banner.findChild<QLabel*>(QStringLiteral("runBannerText"))->text().contains(why));
    const ModelGraph before = rig.session.graph();
    rig.session.applyToRun();
    QCOMPARE(rig.session.state(), State::Running);
    rig.document.undoStack().undo();
    setFilters(rig.document, 7);
    QVERIFY(apply->isEnabled());
    QVERIFY(rig.session.graph() == before);
    rig.session.stop();
    QVERIFY(rig.idle());
}

void ApplyTest::aPausedRunStaysPaused() {
    Rig rig(test::kEndless);
    RunBanner banner(rig.session);
    const auto* said = banner.findChild<QLabel*>(QStringLiteral("runBannerText"));
    QVERIFY(rig.ready());
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    setFilters(rig.document, 9);
    rig.session.applyToRun();
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.state() == State::Paused && rig.session.graph() == rig.document.graph(), kPatience);
    QVERIFY(!rig.session.differs());
    QCOMPARE(filtersIn(*rig.session.weights(), rig.session.graph()), 9);
    QCOMPARE(rig.session.progress().batch, 1);
    QTRY_VERIFY2_WITH_TIMEOUT(said->text().contains(QStringLiteral("It is paused")) && !said->text().contains(QStringLiteral("goes on with the edited")),
                              qPrintable(said->text()), kPatience);
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 2, kPatience);
    rig.session.stop();
    QVERIFY(rig.idle());
}

/// The window closes while the weights are carried over: the document has what was learned before.
void ApplyTest::closingInBetweenKeepsAll() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 2, kPatience);
    const ModelGraph before = rig.document.graph();
    setFilters(rig.document, 9);
    bool closed = false; // as the next event: later the weights may be there already
    const auto close = [&] {
        rig.session.stopAndKeep();
        closed = true;
    };
    connect(&rig.session, &TrainingSession::stateChanged, this, [&](State state) {
        if (state == State::Stopping) QMetaObject::invokeMethod(&rig.session, close, Qt::QueuedConnection);
    });
    rig.session.applyToRun();
    QTRY_VERIFY_WITH_TIMEOUT(closed, kPatience);
    QVERIFY(!rig.session.isBusy());
    QVERIFY(rig.document.state().trained != nullptr);
    QVERIFY(rig.document.state().trained->trainedGraph == before);
    QVERIFY(rig.document.state().trained->stopped != nullptr);
    rig.session.findChild<QThreadPool*>()->waitForDone(); // nothing comes after it
    QCoreApplication::processEvents();
    QVERIFY(!rig.session.isBusy());
    QCOMPARE(rig.document.undoStack().count(), 2);
}

void ApplyTest::whatWouldNotBeginLeavesTheRun() {
    Rig rig(test::kEndless);
    RunBanner banner(rig.session);
    QVERIFY(rig.ready());
    QSignalSpy states(&rig.session, &TrainingSession::stateChanged);
    rig.session.start(true);
    qputenv("STRATA_MEMORY_LIMIT", "100M");
    setFilters(rig.document, 50'000);
    QCOMPARE(rig.session.whyNotApply(), QString());
    rig.session.applyToRun();
    const bool refused = QTest::qWaitFor([&] { return !rig.session.refused().isEmpty() || states.count() > 1; }, kPatience);
    qunsetenv("STRATA_MEMORY_LIMIT");
    QVERIFY(refused);
    QVERIFY2(rig.session.refused().contains(QStringLiteral("are free")), qPrintable(rig.session.refused()));
    QVERIFY(banner.findChild<QLabel*>(QStringLiteral("runBannerText"))->text().contains(rig.session.refused()));
    QVERIFY(banner.findChild<QPushButton*>(QStringLiteral("applyToRun"))->isEnabled()); // there may be more memory later
    QCOMPARE(states.count(), 1); // it was never stopped
    QVERIFY(trainsOn(rig.session));
    setFilters(rig.document, 9);
    QCOMPARE(rig.session.refused(), QString());
    QVERIFY(!banner.isHidden());
    rig.session.applyToRun();
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.graph() == rig.document.graph() && rig.session.state() == State::Running, kPatience);
    rig.session.stop();
    QVERIFY(rig.idle());
}

void ApplyTest::whatCannotGoOnIsKept() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    QSignalSpy ended(&rig.session, &TrainingSession::ended);
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 2, kPatience);
    setFilters(rig.document, 9);
    connect(&rig.session, &TrainingSession::stateChanged, this, [](State state) { // somebody else takes the memory
        if (state == State::Stopping) qputenv("STRATA_MEMORY_LIMIT", "1M");
    });
    rig.session.applyToRun();
    const bool idle = rig.idle();
    qunsetenv("STRATA_MEMORY_LIMIT");
    QVERIFY(idle);
    QCOMPARE(ended.count(), 1);
    QCOMPARE(ended.front().front().value<RunOutcome>(), RunOutcome::Failed);
    QVERIFY2(ended.front().back().toString().contains(QStringLiteral("is kept")), qPrintable(ended.front().back().toString()));
    QVERIFY(rig.document.state().trained != nullptr);
    QVERIFY(filtersIn(rig.document.state().trained->weights, rig.document.graph()) != 9);
}

/// A network that scales the images itself takes them raw, also from the batch on where it came into the run.
void ApplyTest::theScalingFollowsTheNetwork() {
    Rig rig(2);
    QTemporaryDir folder;
    rig.session.setRunsFolder(folder.path().toStdString());
    QSignalSpy recorded(&rig.session, &TrainingSession::recorded);
    QVERIFY(rig.ready());
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    rig.document.edit(QStringLiteral("Rescale"), [](DocumentState& state) {
        const NodeId rescaling = edits::addAfter(state.graph, "Rescaling", first(state.graph, "Input"));
        Node node = *state.graph.find(rescaling);
        node.params["scale"] = ParamValue(1.0 / 255);
        state.graph.replace(node);
    });
    rig.session.applyToRun();
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.state() == State::Paused && rig.session.graph() == rig.document.graph(), kPatience);
    rig.session.resume();
    QVERIFY(rig.idle());
    QTRY_COMPARE_WITH_TIMEOUT(recorded.count(), 2, kPatience);
    const auto record = readRunRecord(recorded.back().back().toString().isEmpty() ? recorded.back().front().toString().toStdString() : std::string());
    QVERIFY2(record.ok(), record.ok() ? "" : record.error().message.c_str());
    Silent silent;
    const auto verified = verifyRun(*record, *rig.session.data().source(), 2, silent);
    QVERIFY2(verified.ok() && verified->verdict == Verdict::Same, verified.ok() ? verified->text.c_str() : verified.error().message.c_str());
}

void ApplyTest::theSpeedIsMeasuredAnew() {
    Rig rig(test::kEndless);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().seconds > 4, kPatience);
    setFilters(rig.document, 9);
    bool saidNothingIsLeft = false;
    connect(&rig.session, &TrainingSession::progressed, this, [&](const RunProgress& progress) {
        saidNothingIsLeft = saidNothingIsLeft || (rig.session.state() == State::Running && progress.secondsLeft == 0);
    });
    rig.session.applyToRun();
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.state() == State::Running && rig.session.graph() == rig.document.graph(), kPatience);
    const double speed = rig.session.progress().imagesPerSecond, seconds = rig.session.progress().seconds;
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().seconds > seconds + 1.2, kPatience);
    QVERIFY(rig.session.progress().imagesPerSecond != speed);
    QVERIFY(!saidNothingIsLeft);
    rig.session.disconnect(this);
    rig.session.stop();
    QVERIFY(rig.idle());
}

void ApplyTest::bothRunsRepeat() {
    Rig rig(2);
    QTemporaryDir folder;
    rig.session.setRunsFolder(folder.path().toStdString());
    QSignalSpy recorded(&rig.session, &TrainingSession::recorded);
    QVERIFY(rig.ready());
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    setFilters(rig.document, 9);
    rig.session.applyToRun();
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.state() == State::Paused && rig.session.graph() == rig.document.graph(), kPatience);
    rig.session.resume();
    QVERIFY(rig.idle());
    QTRY_COMPARE_WITH_TIMEOUT(recorded.count(), 2, kPatience);
    Silent silent;
    for (const auto& entry : recorded) {
        QCOMPARE(entry.back().toString(), QString());
        const auto record = readRunRecord(entry.front().toString().toStdString());
        QVERIFY2(record.ok(), record.ok() ? "" : record.error().message.c_str());
        const auto verified = verifyRun(*record, *rig.session.data().source(), 2, silent);
        QVERIFY2(verified.ok() && verified->verdict == Verdict::Same, verified.ok() ? verified->text.c_str() : verified.error().message.c_str());
    }
}

void ApplyTest::goingOnSaysWhatIsKept() {
    Rig rig(test::kEndless);
    RunBanner banner(rig.session);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.progress().batch > 2, kPatience);
    rig.session.stopAndKeep();
    const Weights before = rig.document.state().trained->weights;
    setFilters(rig.document, 9);
    QVERIFY(!rig.session.stoppedAt());
    rig.session.step(); // goes on from the weights, and stands still
    QCOMPARE(rig.session.state(), State::Starting); // carrying weights over is not the window's work
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.state(), State::Paused, kPatience);
    QVERIFY(!banner.isHidden());
    QVERIFY2(banner.findChild<QLabel*>(QStringLiteral("runBannerText"))->text().contains(QStringLiteral("kept")), "");
    const NodeId conv = first(rig.document.graph(), "Conv2D");
    QCOMPARE(rig.session.weights()->find(conv)->front().values[1], before.find(conv)->front().values[1]);
    QCOMPARE(filtersIn(*rig.session.weights(), rig.document.graph()), 9);
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    rig.session.stop();
    QVERIFY(rig.idle());
    QVERIFY(banner.isHidden()); // no training goes on

    setFilters(rig.document, 11);
    const auto trained = rig.document.state().trained;
    QSignalSpy started(&rig.session, &TrainingSession::started);
    rig.session.start(false);
    QVERIFY(rig.session.isBusy());
    rig.session.stop();
    QVERIFY(!rig.session.isBusy());
    rig.session.findChild<QThreadPool*>()->waitForDone(); // nothing comes after it
    QCoreApplication::processEvents();
    QCOMPARE(started.count(), 0);
    QVERIFY(rig.document.state().trained == trained);
}

} // namespace strata::ui

using strata::ui::ApplyTest;
STRATA_FILE_TEST_MAIN(ApplyTest)
#include "apply_test.moc"
