// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio.h"
#include "file_main.h"
#include "training_support.h"
#include "ui/editor/editor_view.h"
#include "engine/data/open_data.h"
#include "engine/training/run_memory.h"
#include "ui/document/number_text.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/project_page.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"
#include "ui/training/epoch_clock.h"
#include "ui/training/train_bar.h"
#include "ui/training/training_panel.h"
#include "ui/window/commands.h"
#include "ui/window/finding.h"
#include "ui/window/main_window.h"
#include "ui/window/theme_choice.h"
#include "ui/window/totals_bar.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>
#include <array>

namespace strata::ui {

class StudioTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }
    void theWindowTrains();
    void menusAreWhereCommandsSay();
    void theMemoryIsPlannedOrRough();
    void missingDataIsToldAboveTheCanvas();
    void anEpochIsForetold();
    void anEditDuringARunIsForetoldAfterIt();
    void aSmallScreenHasTheWholeToolBar();
    void pagesAreFoundByWhatTheyShow();
    void dataOfBeforeAreFoundByTheirName();
    void largeWordsCutNoFigure_data();
    void largeWordsCutNoFigure();
    void theEpochIsInSight_data();
    void theEpochIsInSight();
    void keysStartPauseAndStop();
    void theNumberPadsEnterStarts();
    void closingWhileTrainingIsAsked();
    void closingKeepsWhatWasLearned();
    void theHeartBeatsWhileTraining();
};

using test::kPatience;

namespace {

struct Studio {
    GraphDocument document;
    MainWindow window{document};
    TrainingSession* session;

    explicit Studio(int epochs) {
        furnish(window);
        session = window.findChild<TrainingSession*>();
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        document.reset(test::digitsState(epochs));
    }
    bool ready() {
        return QTest::qWaitFor([this] { return session->whyNot().isEmpty(); }, kPatience);
    }
};

/// "about 12 s", or "under 0.1 s": the digits are few and the machine may be fast.
bool isTime(const QString& text) {
    return text.startsWith(QStringLiteral("about ")) || text.startsWith(QStringLiteral("under "));
}

} // namespace

/// The search names a menu: it must be one that people can open.
void StudioTest::menusAreWhereCommandsSay() {
    Studio studio(1);
    const Command* reset = studio.window.commands().find(QStringLiteral("resetWeights"));
    QVERIFY(reset != nullptr);
    QCOMPARE(reset->group, QStringLiteral("Train"));
    QVERIFY(studio.window.trainMenu()->actions().contains(reset->action));
    const auto* button = studio.window.findChild<QToolButton*>(QStringLiteral("menuButton"));
    for (const QMenu* menu : {studio.window.trainMenu(), studio.window.dataMenu()}) {
        QVERIFY2(menu->menuAction()->isVisible(), qPrintable(menu->title()));
        QVERIFY(button->menu()->actions().contains(menu->menuAction()));
    }
}

void StudioTest::theWindowTrains() {
    Studio studio(2);
    QVERIFY(studio.ready());
    QTest::keyClick(&studio.window, Qt::Key_F5);
    QVERIFY(studio.session->isBusy());
    QTRY_VERIFY_WITH_TIMEOUT(!studio.session->isBusy(), kPatience);
    QVERIFY(studio.document.state().trained != nullptr);
    QVERIFY(studio.window.isWindowModified());
    const NodeId last = studio.document.report().outputs.front();
    QTRY_VERIFY_WITH_TIMEOUT(studio.window.scene().strip(last) != nullptr && !studio.window.scene().strip(last)->strip().image.isNull(), kPatience);
    QCOMPARE(studio.window.findChild<TrainingPanel*>()->lossChart().data().epochs().size(), std::size_t{2});
    studio.window.grab(); // paints all of it once
}

void StudioTest::theMemoryIsPlannedOrRough() {
    Studio studio(2);
    studio.window.resize(2400, 950); // room for all figures
    const auto shown = [&studio](const QWidget& room, const QString& text) {
        const auto labels = room.findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text() == text; });
    };
    const auto* bar = studio.window.findChild<TotalsBar*>();
    const auto* page = studio.window.findChild<ProjectPage*>();
    QVERIFY(studio.ready());
    const QString planned = bytesText(*runMemory(*studio.session->plannedJob()));
    QTRY_VERIFY_WITH_TIMEOUT(shown(*bar, planned) && shown(*page, planned), kPatience);
    studio.document.edit(QStringLiteral("Cut"), [](DocumentState& state) { state.graph.disconnect(state.graph.edges().front()); });
    const QString broken = QStringLiteral("about ") + bytesText(studio.document.report().totals.trainingBytes);
    QVERIFY(shown(*bar, broken) && shown(*page, broken));
    studio.document.undoStack().setClean();
}

/// A grey Train has its reason in sight, with the way to other data.
void StudioTest::missingDataIsToldAboveTheCanvas() {
    Studio studio(1);
    QVERIFY(studio.ready());
    const auto* banner = studio.window.findChild<QWidget*>(QStringLiteral("dataBanner"));
    QVERIFY(banner->isHidden());
    studio.session->data().choose(QStringLiteral("/nowhere/at/all"));
    QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), kPatience);
    const auto* text = banner->findChild<QLabel*>(QStringLiteral("dataBannerText"));
    QVERIFY2(text->text().contains(studio.session->data().problem()), qPrintable(text->text()));
    const auto menu = [] { return qobject_cast<QMenu*>(QApplication::activePopupWidget()); }; // of the data's button
    QTest::mouseClick(banner->findChild<QPushButton*>(QStringLiteral("dataOther")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(menu() != nullptr && menu()->actions().front()->text() == QLatin1String("Digits"), kPatience);
    QMenu* list = menu();
    list->actions().front()->trigger();
    list->close();
    QVERIFY(studio.ready());
    QVERIFY(banner->isHidden());
    studio.document.undoStack().setClean();
}

/// Before a run as the layers' times say, and not for a network that cannot run.
void StudioTest::anEpochIsForetold() {
    Studio studio(2);
    QStringList told;
    connect(studio.window.findChild<EpochClock*>(), &EpochClock::told, this, [&told](const QString& time) { told << time; });
    QVERIFY(studio.ready());
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && isTime(told.last()), kPatience);
    const auto* bar = studio.window.findChild<TotalsBar*>();
    const auto labels = bar->findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(labels, [&](const QLabel* label) { return label->text() == told.last() && label->isVisible(); }));
    const auto figures = studio.window.findChild<ProjectPage*>()->findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(figures, [&](const QLabel* label) { return label->text() == told.last() && label->isVisible(); }));
    // Each layer was timed by itself: its card and the inspector say so.
    const NodeId dense = studio.document.graph().nodes().back()->id;
    const auto tip = [&] { return studio.window.scene().card(dense)->face().toolTip; };
    QVERIFY2(tip().contains(QStringLiteral("for one image in training")), qPrintable(tip()));
    studio.window.scene().selectOnly(std::array{dense});
    const auto inspected = studio.window.inspector().findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(inspected, [](const QLabel* label) { return label->text().startsWith(QStringLiteral("about ")) && label->isVisible(); }));
    studio.document.edit(QStringLiteral("Delete"), [](DocumentState& state) { state.graph.remove(state.graph.nodes().back()->id); });
    QCOMPARE(told.last(), QString());
}

/// What was foretold is of the network as it was; after the run the edited one is timed.
void StudioTest::anEditDuringARunIsForetoldAfterIt() {
    Studio studio(test::kEndless);
    QVERIFY(studio.ready());
    QTest::keyClick(&studio.window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(studio.session->progress().batch > 1, kPatience);
    studio.document.edit(QStringLiteral("Set filters"), [](DocumentState& state) {
        for (const auto& node : state.graph.nodes()) {
            if (node->type != "Conv2D") continue;
            Node other = *node;
            other.params["filters"] = ParamValue(std::int64_t{5});
            state.graph.replace(std::move(other));
            return;
        }
    });
    studio.session->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!studio.session->isBusy(), kPatience);
    QSignalSpy told(studio.window.findChild<EpochClock*>(), &EpochClock::told);
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && isTime(told.back().front().toString()), kPatience);
    studio.document.undoStack().setClean();
}

void StudioTest::pagesAreFoundByWhatTheyShow() {
    Studio studio(1);
    const auto* tabs = studio.window.findChild<QTabBar*>(QStringLiteral("bottomTabs"));
    const std::vector<Finding> found = rank(findCommands(studio.window.commands()), QStringLiteral("confusion"));
    QVERIFY(!found.empty());
    QCOMPARE(found.front().title, QStringLiteral("Show Test"));
    found.front().action->trigger();
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Test"));
    studio.window.findChild<QAction*>(QStringLiteral("page:ProblemsPanel"))->trigger();
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Problems"));
    studio.document.undoStack().setClean();
}

/// What is not here says so in the menu itself; a folder that was opened once is here by its name.
void StudioTest::dataOfBeforeAreFoundByTheirName() {
    const QByteArray before = qgetenv("STRATA_DATA_PATH"), home = qgetenv("XDG_DATA_HOME");
    const auto restore = qScopeGuard([&] {
        qputenv("STRATA_DATA_PATH", before);
        qputenv("XDG_DATA_HOME", home);
    });
    QTemporaryDir folder;
    qputenv("STRATA_DATA_PATH", "");
    qputenv("XDG_DATA_HOME", folder.filePath(QStringLiteral("home")).toUtf8());
    const QString mnist = folder.filePath(QStringLiteral("some where/mnist"));
    const auto write = [&](const QString& name, const std::string& bytes) {
        QDir().mkpath(mnist);
        QFile file(mnist + QLatin1Char('/') + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    };
    write(QStringLiteral("train-images-idx3-ubyte"), std::string("\0\0\x08\x03\0\0\0\x04\0\0\0\x02\0\0\0\x02", 16) + std::string(16, 'x'));
    write(QStringLiteral("train-labels-idx1-ubyte"), std::string("\0\0\x08\x01\0\0\0\x04", 8) + std::string(4, '\1'));

    Studio studio(1);
    QVERIFY(studio.ready());
    QMenu menu;
    const auto entry = [&](const QString& begins) -> const QAction* {
        studio.window.findChild<DataButton*>()->fill(menu);
        for (const QAction* action : menu.actions()) {
            if (action->text().startsWith(begins)) return action;
        }
        return nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(entry(QStringLiteral("MNIST")) != nullptr && !entry(QStringLiteral("MNIST"))->isEnabled(), kPatience);
    QVERIFY2(entry(QStringLiteral("MNIST"))->text().contains(QStringLiteral("not on this computer; they are at ")), qPrintable(entry(QStringLiteral("MNIST"))->text()));
    studio.session->data().choose(mnist);
    QTRY_VERIFY_WITH_TIMEOUT(studio.session->data().source() != nullptr && studio.session->data().choice() == mnist, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(entry(QStringLiteral("MNIST"))->isEnabled(), kPatience);
    QCOMPARE(entry(QStringLiteral("MNIST"))->text(), QStringLiteral("MNIST"));
    // The program ends, and begins again.
    Studio next(1);
    QVERIFY(next.ready());
    next.session->data().choose(QStringLiteral("mnist"));
    QTRY_VERIFY2_WITH_TIMEOUT(next.session->data().source() != nullptr && next.session->data().choice() == QStringLiteral("mnist"),
                              qPrintable(next.session->data().problem()), kPatience);
    for (Studio* each : {&studio, &next}) each->document.undoStack().setClean();
}

void StudioTest::largeWordsCutNoFigure_data() {
    QTest::addColumn<int>("percent");
    QTest::addColumn<QSize>("size");
    QTest::newRow("laptop, larger words") << 150 << QSize(1280, 720);
    QTest::newRow("small") << 100 << QSize(800, 600);
    QTest::newRow("small, larger words") << 150 << QSize(800, 600);
    QTest::newRow("wide") << 100 << QSize(1500, 950);
}
/// Whole figures and controls go where there is no room; none is cut, and the tool tips have them.
void StudioTest::largeWordsCutNoFigure() {
    QFETCH(int, percent);
    QFETCH(QSize, size);
    const auto restore = qScopeGuard([] { ThemeChoice::setTextPercent(100); });
    Studio studio(1);
    QVERIFY(studio.ready());
    studio.window.resize(size);
    ThemeChoice::setTextPercent(percent);
    const auto cut = [](const QWidget& room, const auto& parts) {
        QStringList all;
        for (const auto* part : parts) {
            const QRect place(part->mapTo(&room, QPoint(0, 0)), part->size());
            if (part->isVisible() && (part->width() < part->sizeHint().width() || !room.rect().adjusted(-1, -20, 1, 20).contains(place))) all << part->text();
        }
        return all.join(QStringLiteral(", "));
    };
    const auto* bar = studio.window.findChild<TotalsBar*>();
    QTRY_COMPARE_WITH_TIMEOUT(cut(*bar, bar->findChildren<QLabel*>()), QString(), kPatience);
    QVERIFY2(bar->toolTip().contains(QStringLiteral("Receptive field")), qPrintable(bar->toolTip()));
    const auto* tabs = studio.window.findChild<QTabBar*>(QStringLiteral("bottomTabs"));
    for (int i = 0; i < tabs->count(); ++i) QTRY_VERIFY2_WITH_TIMEOUT(tabs->rect().contains(tabs->tabRect(i)), qPrintable(tabs->tabText(i)), kPatience);
    const auto* corner = studio.window.findChild<QToolButton*>(QStringLiteral("exportCurves"));
    QTRY_VERIFY_WITH_TIMEOUT(QRect(QPoint(), studio.window.size()).contains(QRect(corner->mapTo(&studio.window, QPoint(0, 0)), corner->size())), kPatience);
    // What a run says beside its state is whole, too.
    studio.session->step();
    const auto* detail = studio.window.findChild<QLabel*>(QStringLiteral("trainingDetail"));
    QTRY_VERIFY_WITH_TIMEOUT(studio.session->progress().batch == 1 && detail->toolTip().startsWith(QStringLiteral("batch 1 of ")), kPatience);
    QTRY_VERIFY2_WITH_TIMEOUT(detail->width() >= detail->sizeHint().width() || detail->text().isEmpty(), qPrintable(detail->text()), kPatience);
    studio.session->stopAndKeep();
    studio.document.undoStack().setClean();
}

/// 1280 x 720 at 150 %, less the window's frame.
void StudioTest::aSmallScreenHasTheWholeToolBar() {
    Studio studio(2);
    QVERIFY(studio.ready());
    const auto* bar = studio.window.findChild<QToolBar*>();
    const auto* stop = studio.window.findChild<QPushButton*>(QStringLiteral("stopButton"));
    const auto whole = [bar] {
        return std::ranges::all_of(bar->findChildren<QAbstractButton*>(), [bar](const QAbstractButton* button) {
            const QRect place(button->mapTo(bar, QPoint(0, 0)), button->size());
            return !button->isVisibleTo(bar) || button->objectName() == QStringLiteral("qt_toolbar_ext_button") || bar->rect().contains(place);
        });
    };
    QVERIFY(!stop->text().isEmpty());
    const QSize small(853, 444);
    studio.window.resize(small);
    QTRY_VERIFY_WITH_TIMEOUT(stop->text().isEmpty() && whole(), kPatience);
    QCOMPARE(studio.window.size(), small);
    QCOMPARE(stop->accessibleName(), QStringLiteral("Stop"));
    QVERIFY(studio.window.canvas().height() > 120);
    studio.session->start(true);
    QTRY_COMPARE_WITH_TIMEOUT(studio.session->state(), TrainingSession::State::Running, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(whole(), kPatience);
    studio.session->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!studio.session->isBusy(), kPatience);
    studio.document.undoStack().setClean();
    studio.window.resize(1400, 900);
    QTRY_VERIFY_WITH_TIMEOUT(!stop->text().isEmpty() && whole(), kPatience);
}

void StudioTest::theEpochIsInSight_data() {
    QTest::addColumn<int>("percent");
    QTest::addColumn<QSize>("size");
    QTest::newRow("laptop") << 100 << QSize(1280, 720);
    QTest::newRow("just not tight") << 100 << QSize(1010, 720);
}

/// Of many epochs, too.
void StudioTest::theEpochIsInSight() {
    QFETCH(int, percent);
    QFETCH(QSize, size);
    if (preferredFontFamily().isEmpty() && size.width() < 1280) QSKIP("how wide a tool bar just not tight must be is measured with Inter (Debian: fonts-inter)");
    const auto restore = qScopeGuard([] { ThemeChoice::setTextPercent(100); });
    Studio studio(3010);
    QVERIFY(studio.ready());
    studio.window.resize(size);
    ThemeChoice::setTextPercent(percent);
    studio.session->step();
    QTRY_COMPARE_WITH_TIMEOUT(studio.session->progress().batch, 1, kPatience);
    const auto* what = studio.window.findChild<ProgressStrip*>()->findChild<ElidedLabel*>();
    QCOMPARE(what->text(), QStringLiteral("Epoch 1 of 3010"));
    QTRY_VERIFY2_WITH_TIMEOUT(what->width() >= what->sizeHint().width(), qPrintable(QString::number(what->width())), kPatience);
    const auto* bar = studio.window.findChild<QToolBar*>();
    QTRY_VERIFY_WITH_TIMEOUT(bar->rect().contains(QRect(what->mapTo(bar, QPoint(0, 0)), what->size())) && what->isVisible(), kPatience);
    studio.session->stopAndKeep();
    studio.document.undoStack().setClean();
}

void StudioTest::keysStartPauseAndStop() {
    using State = TrainingSession::State;
    Studio studio(test::kEndless);
    QVERIFY(studio.ready());
    QWidget& canvas = studio.window.canvas();
    QTest::keyClick(&canvas, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(studio.session->state(), State::Running, kPatience);
    QTest::keyClick(&canvas, Qt::Key_F6);
    QTRY_COMPARE_WITH_TIMEOUT(studio.session->state(), State::Paused, kPatience);
    QTest::keyClick(&canvas, Qt::Key_F6);
    QTRY_COMPARE_WITH_TIMEOUT(studio.session->state(), State::Running, kPatience);
    QTest::keyClick(&canvas, Qt::Key_F5, Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!studio.session->isBusy(), kPatience);
    QVERIFY(studio.document.state().trained != nullptr);
    studio.document.undoStack().setClean();
}

/// The other Enter key.
void StudioTest::theNumberPadsEnterStarts() {
    Studio studio(test::kEndless);
    QVERIFY(studio.ready());
    QTest::keyClick(&studio.window.canvas(), Qt::Key_Enter, Qt::ControlModifier | Qt::KeypadModifier);
    QVERIFY(studio.session->isBusy());
    studio.session->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!studio.session->isBusy(), kPatience);
    studio.document.undoStack().setClean();
}

void StudioTest::closingWhileTrainingIsAsked() {
    Studio studio(test::kEndless);
    QVERIFY(studio.ready());
    QTest::keyClick(&studio.window, Qt::Key_F5);
    QVERIFY(studio.session->isBusy());
    bool asked = false;
    QTimer::singleShot(0, qApp, [&asked] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (box == nullptr) return;
        asked = box->objectName() == QStringLiteral("runningQuestion");
        box->reject();
    });
    QVERIFY(!studio.window.close());
    QVERIFY(asked);
    QVERIFY(studio.session->isBusy());
    studio.session->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!studio.session->isBusy(), kPatience);
}

/// What the window that closes asks to save has the weights of the run that it has stopped.
void StudioTest::closingKeepsWhatWasLearned() {
    Studio studio(test::kEndless);
    QVERIFY(studio.ready());
    QTest::keyClick(&studio.window, Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(studio.session->progress().batch > 3, kPatience);
    QStringList boxes;
    const auto answer = [&boxes](auto&& self) -> void {
        QTimer::singleShot(0, qApp, [&boxes, self] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (box == nullptr) return;
            boxes << box->objectName();
            if (boxes.size() > 1) {
                box->reject(); // "save?": stay
                return;
            }
            self(self);
            for (QAbstractButton* button : box->buttons()) {
                if (box->buttonRole(button) == QMessageBox::AcceptRole) button->click();
            }
        });
    };
    answer(answer);
    QVERIFY(!studio.window.close());
    QCOMPARE(boxes, (QStringList{QStringLiteral("runningQuestion"), QStringLiteral("unsavedQuestion")}));
    QVERIFY(!studio.session->isBusy());
    QVERIFY(studio.document.state().trained != nullptr);
    QVERIFY(studio.document.state().trained->stopped != nullptr);
    QVERIFY(studio.session->stoppedAt().has_value());
}

/// How late a timer of the window's thread is while everything trains: reported, not judged (the machine may be busy).
void StudioTest::theHeartBeatsWhileTraining() {
    Studio studio(test::kEndless);
    QVERIFY(studio.ready());
    constexpr std::size_t kBeats = 200;
    std::vector<double> late;
    QElapsedTimer clock;
    QTimer beat;
    constexpr int kBeat = 10;
    beat.setTimerType(Qt::PreciseTimer);
    beat.setInterval(kBeat);
    connect(&beat, &QTimer::timeout, this, [&] {
        late.push_back(std::max(0.0, static_cast<double>(clock.nsecsElapsed()) / 1e6 - kBeat));
        clock.restart();
    });
    studio.session->start(true);
    clock.start();
    beat.start();
    QTRY_VERIFY_WITH_TIMEOUT(late.size() >= kBeats, kPatience);
    beat.stop();
    QVERIFY(studio.session->isBusy());
    studio.session->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!studio.session->isBusy(), kPatience);
    studio.document.undoStack().setClean();
    std::ranges::sort(late);
    const auto share = [&late](double part) { return late[static_cast<std::size_t>(part * static_cast<double>(late.size() - 1))]; };
    qInfo("heartbeat while training: %zu beats, late by %.1f ms (median), %.1f ms (99th percentile), %.1f ms (latest)", late.size(), share(0.5), share(0.99),
          late.back());
}

} // namespace strata::ui

using strata::ui::StudioTest;
STRATA_FILE_TEST_MAIN(StudioTest)
#include "studio_test.moc"
