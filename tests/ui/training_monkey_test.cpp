// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio.h"
#include "file_main.h"
#include "monkey.h"
#include "training_support.h"
#include "ui/editor/editor_view.h"
#include "ui/inspect/draw_pad.h"
#include "ui/window/main_window.h"
#include "ui/window/theme_choice.h"

#include <QAbstractButton>
#include <QFileDialog>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QScopeGuard>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTimer>

#include <array>
#include <memory>

namespace strata::ui {

using test::kPatience;

namespace {

/// How often it acts for a seed; STRATA_MONKEY=1000 makes it many times.
int actionsPerSeed() {
    const int wanted = qEnvironmentVariableIntValue("STRATA_MONKEY");
    return wanted > 0 ? wanted : 60;
}

/// Somebody who trains, pauses, edits, applies, tests, looks, saves and opens without waiting for anything to end.
class TrainingMonkey {
public:
    TrainingMonkey(MainWindow& window, TrainingSession& session, const QString& folder, quint32 seed)
        : m_window(window), m_session(session), m_folder(folder), m_random(seed) {
        // Questions and menus are answered by chance, as they come.
        QObject::connect(&m_answers, &QTimer::timeout, &m_answers, [this] { answer(); });
        m_answers.start(5);
    }

    QString act() {
        struct Trick {
            int weight;
            const char* name;
            void (TrainingMonkey::*play)();
        };
        static constexpr Trick tricks[] = {{8, "start", &TrainingMonkey::start},          {4, "pause", &TrainingMonkey::pause},
                                           {4, "stop", &TrainingMonkey::stop},            {3, "one batch", &TrainingMonkey::oneBatch},
                                           {7, "edit", &TrainingMonkey::edit},            {3, "undo", &TrainingMonkey::undo},
                                           {2, "redo", &TrainingMonkey::redo},            {5, "apply", &TrainingMonkey::apply},
                                           {5, "another page", &TrainingMonkey::page},    {5, "choose cards", &TrainingMonkey::chooseCards},
                                           {6, "press a button", &TrainingMonkey::press}, {3, "click an image", &TrainingMonkey::clickImage},
                                           {3, "draw", &TrainingMonkey::draw},            {2, "other data", &TrainingMonkey::otherData},
                                           {3, "settings", &TrainingMonkey::settings},    {1, "forget the weights", &TrainingMonkey::forget},
                                           {1, "theme", &TrainingMonkey::theme},          {1, "size", &TrainingMonkey::size},
                                           {2, "save", &TrainingMonkey::save},            {2, "open", &TrainingMonkey::open},
                                           {1, "template", &TrainingMonkey::fromTemplate}, {1, "close", &TrainingMonkey::close},
                                           {8, "put right", &TrainingMonkey::putRight}};
        const auto& chosen = test::choose(tricks, m_random);
        (this->*chosen.play)();
        for (int turns = dice(dice(5) == 0 ? 100 : 10); turns >= 0; --turns) QTest::qWait(1); // between any two answers of the threads
        return QLatin1String(chosen.name);
    }

    /// Nothing goes on any more and no question is open.
    void rest() {
        m_session.stop();
        QVERIFY(QTest::qWaitFor([this] { return !m_session.isBusy(); }, kPatience));
    }

private:
    int dice(int sides) { return m_random.bounded(sides); }
    template <class T>
    T* any(const QList<T*>& all) {
        return all.isEmpty() ? nullptr : all[dice(static_cast<int>(all.size()))];
    }
    GraphDocument& document() { return m_window.document(); }

    void answer() {
        if (auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) {
            menu->close();
        } else if (auto* files = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) {
            files->reject();
        } else if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            const auto buttons = box->buttons();
            buttons[dice(static_cast<int>(buttons.size()))]->click();
        } else if (auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget())) {
            dialog->reject();
        }
    }

    void start() { QTest::keyClick(&m_window.canvas(), Qt::Key_F5); }
    void pause() { QTest::keyClick(&m_window.canvas(), Qt::Key_F6); }
    void stop() { QTest::keyClick(&m_window.canvas(), Qt::Key_F5, Qt::ShiftModifier); }
    void click(const QString& name) {
        auto* button = m_window.findChild<QAbstractButton*>(name);
        if (button != nullptr && button->isVisible() && button->isEnabled()) QTest::mouseClick(button, Qt::LeftButton);
    }
    void oneBatch() { click(QStringLiteral("stepButton")); }
    void apply() { click(QStringLiteral("applyToRun")); }

    void edit() {
        document().edit(QStringLiteral("Edit"), [this](DocumentState& state) {
            std::vector<NodeId> convolutions;
            for (const auto& node : state.graph.nodes()) {
                if (node->params.contains("filters")) convolutions.push_back(node->id);
            }
            const auto& nodes = state.graph.nodes();
            if (nodes.empty()) return;
            const NodeId anyone = nodes[static_cast<std::size_t>(dice(static_cast<int>(nodes.size())))]->id;
            const int what = dice(6);
            if (what == 0) edits::addAfter(state.graph, dice(2) == 0 ? "BatchNormalization" : "Dropout", anyone);
            else if (what == 1) state.graph.remove(anyone); // what hangs on it is a mistake until somebody undoes it
            else if (!convolutions.empty()) {
                Node other = *state.graph.find(convolutions[static_cast<std::size_t>(dice(static_cast<int>(convolutions.size())))]);
                other.params["filters"] = ParamValue(std::int64_t{1 + dice(8)});
                state.graph.replace(std::move(other));
            }
        });
        if (dice(3) == 0) undo();
    }
    void undo() { QTest::keyClick(&m_window.canvas(), Qt::Key_Z, Qt::ControlModifier); }
    void redo() { QTest::keyClick(&m_window.canvas(), Qt::Key_Y, Qt::ControlModifier); }

    void page() {
        auto* tabs = m_window.findChild<QTabBar*>(QStringLiteral("bottomTabs"));
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(dice(tabs->count())).center());
    }
    void chooseCards() {
        const std::vector<NodeId> ids = m_window.scene().cardIds();
        std::vector<NodeId> chosen;
        for (int i = dice(3); i >= 0 && !ids.empty(); --i) chosen.push_back(ids[static_cast<std::size_t>(dice(static_cast<int>(ids.size())))]);
        m_window.scene().selectOnly(chosen);
        const QList<QTabBar*> bars = m_window.findChildren<QTabBar*>();
        if (QTabBar* bar = any(bars); bar != nullptr && bar->isVisible()) bar->setCurrentIndex(dice(std::max(1, bar->count())));
    }
    void press() {
        QList<QAbstractButton*> all;
        for (QAbstractButton* button : m_window.findChildren<QAbstractButton*>()) {
            if (button->isVisible() && button->isEnabled()) all << button;
        }
        if (QAbstractButton* button = any(all)) QTest::mouseClick(button, Qt::LeftButton);
    }
    void clickImage() {
        QList<QAbstractItemView*> all;
        for (QAbstractItemView* view : m_window.findChildren<QAbstractItemView*>()) {
            if (view->isVisible() && view->model() != nullptr && view->model()->rowCount() > 0) all << view;
        }
        QAbstractItemView* view = any(all);
        if (view == nullptr) return;
        const QModelIndex index = view->model()->index(dice(view->model()->rowCount()), 0);
        view->scrollTo(index);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
    }
    void draw() {
        auto* pad = m_window.findChild<DrawPad*>();
        if (pad == nullptr || !pad->isVisible()) return;
        QTest::mousePress(pad, Qt::LeftButton, {}, QPoint(dice(pad->width()), dice(pad->height())));
        for (int i = 0; i < 6; ++i) QTest::mouseMove(pad, QPoint(dice(pad->width()), dice(pad->height())));
        QTest::mouseRelease(pad, Qt::LeftButton, {}, pad->rect().center());
    }
    void otherData() {
        static constexpr const char* names[] = {"digits", "digits", "digits", "mnist", "/nowhere/at all"};
        m_session.data().choose(QLatin1String(names[dice(5)]));
    }
    void settings() {
        document().edit(QStringLiteral("Settings"), [this](DocumentState& state) {
            switch (dice(4)) {
            case 0: state.training.epochs = 1 + dice(4); break;
            case 1: state.training.batchSize = 1 << dice(9); break;
            case 2: state.training.optimizer.params["learning_rate"] = ParamValue(dice(5) == 0 ? 1e30 : 0.001); break;
            default: state.training.validationSplit = 0.2 * dice(5);
            }
        });
    }
    void forget() { m_session.resetWeights(); }
    /// As somebody who wants to train: what is in the way goes.
    void putRight() {
        if (m_session.isBusy() || m_session.whyNot().isEmpty()) return;
        const auto broken = [this] { return std::ranges::any_of(document().report().problems, [](const Problem& p) { return p.severity == Severity::Error; }); };
        while (broken() && document().undoStack().canUndo()) document().undoStack().undo();
        m_session.data().choose(QStringLiteral("digits"));
        QVERIFY(QTest::qWaitFor([this] { return !m_session.data().isOpening(); }, kPatience)); // however slow the disk is, it begins
        start();
    }
    void theme() { ThemeChoice::setTextPercent(dice(2) == 0 ? 100 : 150); }
    void size() { m_window.resize(700 + dice(900), 500 + dice(500)); }
    QString file() { return m_folder + QStringLiteral("/%1.keras").arg(dice(2)); }
    void save() {
        if (document().path().isEmpty()) (void)document().save(file());
        else m_window.save();
    }
    void open() { m_window.openFile(file()); }
    void fromTemplate() { m_window.openTemplate(QStringLiteral("lenet")); }
    void close() {
        if (m_window.close()) m_window.show();
    }

    MainWindow& m_window;
    TrainingSession& m_session;
    QString m_folder;
    QRandomGenerator m_random;
    QTimer m_answers;
};

} // namespace

/// Whatever is done while a network trains: the window shows what the session does, the canvas shows the drawing, and all
/// comes to rest.
class TrainingMonkeyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void trainingOutlivesAnything_data() {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 5; ++seed) QTest::addRow("seed %u", seed) << seed;
    }

    void trainingOutlivesAnything() {
        QFETCH(quint32, seed);
        const auto restore = qScopeGuard([] { ThemeChoice::setTextPercent(100); });
        const QTemporaryDir folder;
        GraphDocument document;
        auto window = std::make_unique<MainWindow>(document);
        TrainingSession& session = furnish(*window);
        window->resize(1500, 950);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get(), kPatience));
        document.reset(test::digitsState(3));
        window->showCanvas();
        QVERIFY(QTest::qWaitFor([&] { return session.whyNot().isEmpty(); }, kPatience));
        const test::Hands hands{document, window->scene(), window->canvas()};
        TrainingMonkey monkey(*window, session, folder.path(), seed);
        int begun = 0; // how many of them come to an end before another document does depends on the machine
        connect(&session, &TrainingSession::started, &session, [&begun] { ++begun; });
        for (int i = 0; i < actionsPerSeed(); ++i) {
            const QString where = QStringLiteral("action %1: %2").arg(i).arg(monkey.act());
            QVERIFY2(QTest::qWaitFor([&] { return hands.mirrorsDocument(); }, kPatience), qPrintable(where));
            const auto* stop = window->findChild<QAbstractButton*>(QStringLiteral("stopButton"));
            const bool stops = session.isBusy() && session.state() != TrainingSession::State::Stopping;
            QVERIFY2(stop->isEnabled() == stops, qPrintable(where));
        }
        monkey.rest();
        while (document.undoStack().canUndo()) document.undoStack().undo();
        QVERIFY(QTest::qWaitFor([&] { return hands.mirrorsDocument(); }, kPatience));
        while (document.undoStack().canRedo()) document.undoStack().redo();
        qInfo("%d runs began", begun);
        QVERIFY(begun > 0);
        if (session.whyNot().isEmpty()) session.start(true);
        window.reset(); // in the middle of whatever goes on
    }
};

} // namespace strata::ui

STRATA_FILE_TEST_MAIN(strata::ui::TrainingMonkeyTest)
#include "training_monkey_test.moc"
