// SPDX-License-Identifier: GPL-3.0-or-later
// window_pictures FOLDER [WxH]... [text=PERCENT]: the window in every state that people look at, light and dark, as PNG files: for a person to
// look at, and for the README. QT_SCALE_FACTOR=1.5 makes those of a finer screen.
#include "app/studio.h"
#include "engine/graph/templates.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/group_edits.h"
#include "ui/editor/search_palette.h"
#include "ui/inspect/draw_pad.h"
#include "ui/inspect/test_panel.h"
#include "ui/inspector/problems_panel.h"
#include "ui/look/system_scheme.h"
#include "ui/outline/outline_panel.h"
#include "ui/training/training_session.h"
#include "ui/window/finder.h"
#include "ui/window/main_window.h"
#include "ui/window/theme_choice.h"

#include <QDialog>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QToolTip>
#include <QTreeWidget>

#include <cstdio>
#include <functional>

namespace strata::ui {
namespace {

constexpr int kSoon = 400, kPatience = 120'000; // milliseconds

class Album {
public:
    Album(QString folder, QSize size, bool dark) : m_folder(std::move(folder)), m_size(size), m_theme(dark ? QStringLiteral("dark") : QStringLiteral("light")) {
        ThemeChoice::choose(m_theme);
        furnish(m_window);
        m_window.resize(size);
        m_window.show();
        QTest::qWait(kSoon);
    }

    void all() {
        m_window.showStartPage();
        QTest::qWait(3 * kSoon); // the samples are read
        take("start");
        m_window.newDocument();
        take("new");
        open("lenet");
        why(2, "why-conv");
        why(3, "why-pooling");
        why(8, "why-dense");
        several();
        pinned();
        mistake();
        data();
        searches();
        dialogs();
        groups();
        training();
    }

private:
    void open(const char* name) {
        QTimer::singleShot(0, &m_window, [] { // what was recovered from a file is not saved
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (box != nullptr && box->button(QMessageBox::Discard) != nullptr) box->button(QMessageBox::Discard)->click();
        });
        m_window.openTemplate(QLatin1String(name));
        auto* session = m_window.findChild<TrainingSession*>();
        (void)QTest::qWaitFor([&] { return !session->data().isOpening(); }, kPatience);
        QTest::qWait(kSoon);
    }

    void why(NodeId node, const char* name) {
        m_window.canvas().askWhy(node);
        take(name);
        QTest::keyClick(&m_window.canvas(), Qt::Key_Escape);
    }

    /// Runs what opens a dialog, and takes the picture with the dialog on it.
    void takeDialog(const char* name, const std::function<void()>& opens) {
        QTimer::singleShot(kSoon, &m_window, [this, name] {
            take(name);
            if (auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget())) dialog->reject();
        });
        opens();
    }

    void dialogs() {
        takeDialog("keys", [this] { action("keys")->trigger(); });
        takeDialog("recovered", [this] {
            QTemporaryDir folder;
            const QString path = folder.filePath(QStringLiteral("digits.keras"));
            (void)m_document.save(path);
            QFile file(path);
            (void)file.resize(file.size() * 3 / 5);
            m_window.openFile(path);
        });
        m_document.undoStack().setClean();
        open("lenet");
        auto* menu = m_window.findChild<QToolButton*>(QStringLiteral("menuButton"));
        QTimer::singleShot(kSoon, &m_window, [this] {
            take("menu");
            if (QWidget* popup = QApplication::activePopupWidget()) popup->close();
        });
        menu->showMenu();
        const QWidget* button = m_window.findChild<QPushButton*>(QStringLiteral("dataButton"));
        QToolTip::showText(button->mapToGlobal(QPoint(20, 30)), button->toolTip(), &m_window);
        m_window.say(QStringLiteral("Saved; Keras cannot open this network: the layer \"classes\" of the type Dense has a bias that is frozen, which its files cannot say; use trainable for the whole layer."));
        take("message");
        QToolTip::hideText();
        m_window.say({});
    }

    void mistake() {
        open("lenet");
        m_document.edit(QStringLiteral("Break"), [](DocumentState& state) {
            Node node = *state.graph.find(4);
            node.params["kernel_size"] = ParamValue::IntList{9, 9};
            state.graph.replace(std::move(node));
        });
        m_window.scene().selectOnly(std::array<NodeId, 1>{4});
        m_window.showBottomTab(&m_window.problems());
        QTest::qWait(3 * kSoon); // repairs are looked for when nobody types
        take("mistake");
        for (QPushButton* repair : m_window.problems().findChildren<QPushButton*>()) {
            if (!repair->text().startsWith(QLatin1String("Use padding"))) continue;
            m_window.activateWindow();
            repair->setFocus(Qt::TabFocusReason);
            take("repair");
            break;
        }
        m_document.undoStack().undo();
        m_window.scene().setHeat(HeatKind::Macs);
        take("heat");
        m_window.scene().setHeat(HeatKind::Off);
        showTab("Settings");
        take("settings");
        showTab("Training");
    }

    /// Two layers of a type that differ, and a layer of a class that nobody knows.
    void several() {
        m_window.scene().selectOnly(std::array<NodeId, 2>{2, 4});
        take("several");
        m_document.edit(QStringLiteral("Another class"), [](DocumentState& state) {
            Node node = *state.graph.find(3);
            node.type = "GridAttention";
            node.params = {};
            state.graph.replace(std::move(node));
        });
        take("unknown");
        m_document.undoStack().undo();
        m_window.scene().selectOnly({});
    }

    /// All images, those of one class, and data that do not fit.
    void data() {
        open("lenet");
        showTab("Data");
        take("data");
        auto* classes = m_window.findChild<QListView*>(QStringLiteral("classCounts"));
        classes->setCurrentIndex(classes->model()->index(3, 0));
        auto* images = m_window.findChild<QListView*>(QStringLiteral("dataImages"));
        QTest::qWait(kSoon);
        QTest::mouseClick(images->viewport(), Qt::LeftButton, {}, images->visualRect(images->model()->index(2, 0)).center());
        m_document.edit(QStringLiteral("Another input"), [](DocumentState& state) {
            Node node = *state.graph.find(1);
            node.params["shape"] = ParamValue::IntList{32, 32, 3};
            state.graph.replace(std::move(node));
        });
        take("data-class");
        m_document.undoStack().undo();
        showTab("Training");
    }

    void showTab(const char* title) {
        for (const char* name : {"bottomTabs", "inspectorTabs"}) {
            auto* tabs = m_window.findChild<QTabBar*>(QLatin1String(name));
            for (int i = 0; tabs != nullptr && i < tabs->count(); ++i) {
                if (tabs->tabText(i) == QLatin1String(title)) tabs->setCurrentIndex(i);
            }
        }
    }

    QAction* action(const char* name) { return m_window.findChild<QAction*>(QLatin1String(name)); }

    void searches() {
        m_window.scene().selectOnly(std::array<NodeId, 1>{3});
        m_window.canvas().searchAfterSelected(m_window.canvas().mapToScene(QPoint(330, 90)));
        take("search");
        QTest::keyClick(m_window.canvas().search().field(), Qt::Key_Escape);
        action("commands")->trigger();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("th"));
        take("commands");
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        for (const char* dock : {"outlineDock", "historyDock"}) m_window.findChild<QAction*>(QStringLiteral("toggle:") + QLatin1String(dock))->trigger();
        take("outline");
        for (const char* dock : {"outlineDock", "historyDock"}) m_window.findChild<QAction*>(QStringLiteral("toggle:") + QLatin1String(dock))->trigger();
    }

    void groups() {
        open("vgg_small");
        m_document.edit(QStringLiteral("Group"), [](DocumentState& state) {
            ModelGraph& graph = state.graph;
            std::vector<NodeId> first, second;
            for (const auto& node : graph.nodes()) {
                if (node->id >= 2 && node->id <= 8) first.push_back(node->id);
                if (node->id >= 9 && node->id <= 12) second.push_back(node->id);
            }
            const GroupId block = edits::groupCards(graph, first, "Seeing strokes", true);
            edits::setFolded(graph, block, true);
            edits::groupCards(graph, second, "Seeing shapes", false);
            graph.addNote({.text = "## Why twice?\nTwo 3 × 3 convolutions see as much as one 5 × 5,\n\n- with **fewer** weights\n- and one more activation",
                           .position = {360, 90},
                           .width = 260});
        });
        m_window.canvas().showFirst();
        take("groups");
        // One card of the folded block: its row, and the inspector has it by itself. Then the note.
        action("toggle:outlineDock")->trigger();
        QTreeWidget& rows = *m_window.outline().tree();
        rows.setCurrentItem(m_window.outline().row(4));
        take("outline-block");
        rows.setCurrentItem(rows.topLevelItem(rows.topLevelItemCount() - 1));
        take("outline-note");
        action("toggle:outlineDock")->trigger();
    }

    /// Pinned, while the canvas is drawn away below it.
    void pinned() {
        m_window.canvas().askWhy(3);
        m_window.findChild<QToolButton*>(QStringLiteral("keepOpen"))->click();
        QScrollBar& bar = *m_window.canvas().verticalScrollBar();
        bar.setValue(bar.value() + 90);
        take("why-along");
        m_window.findChild<QToolButton*>(QStringLiteral("keepOpen"))->click();
        QTest::keyClick(&m_window.canvas(), Qt::Key_Escape);
    }

    void training() {
        open("lenet");
        m_window.scene().selectOnly(std::array<NodeId, 1>{2});
        auto* session = m_window.findChild<TrainingSession*>();
        (void)QTest::qWaitFor([&] { return session->whyNot().isEmpty(); }, kPatience);
        int epochs = 0;
        QObject::connect(session, &TrainingSession::epochDone, &m_window, [&] { ++epochs; });
        session->start(true);
        (void)QTest::qWaitFor([&] { return epochs >= 6; }, kPatience);
        take("training");
        session->pause();
        QTest::qWait(kSoon);
        take("paused");
        for (const char* tab : {"Weights", "Maps", "Help"}) {
            showTab(tab);
            take(QByteArray(tab).toLower().constData());
        }
        showTab("Parameters");
        otherNetwork();
        session->resume();
        (void)QTest::qWaitFor([&] { return epochs >= 10; }, kPatience);
        session->stop();
        (void)QTest::qWaitFor([&] { return !session->isBusy(); }, kPatience);
        take("trained");
        (void)m_window.exportDrawingTo(fileOf("exported"));
        m_window.say({});
        test();
        session->data().choose(QStringLiteral("/home/ada/flowers"));
        (void)QTest::qWaitFor([&] { return !session->data().problem().isEmpty(); }, kPatience);
        take("no-data");
        showTab("Data");
        take("no-data-tab");
        showTab("Training");
        m_document.undoStack().setClean();
    }

    /// The drawing and the run differ, and then no longer.
    void otherNetwork() {
        m_document.edit(QStringLiteral("More filters"), [](DocumentState& state) {
            Node node = *state.graph.find(4);
            node.params["filters"] = ParamValue(std::int64_t{48});
            state.graph.replace(std::move(node));
        });
        take("banner");
        m_window.findChild<QPushButton*>(QStringLiteral("carryDetails"))->click();
        take("carry");
        if (QWidget* list = QApplication::activePopupWidget()) QTest::keyClick(list, Qt::Key_Escape);
        m_window.findChild<QPushButton*>(QStringLiteral("applyToRun"))->click();
        QTest::qWait(5 * kSoon);
        take("applied");
    }

    void test() {
        showTab("Test");
        DrawPad& pad = m_window.findChild<TestPanel*>()->pad();
        const int side = std::min(pad.width(), pad.height());
        const auto at = [&](double x, double y) { return QPoint(qRound(x * side), qRound(y * side)); };
        const QPointF seven[] = {{0.28, 0.25}, {0.72, 0.25}, {0.62, 0.5}, {0.5, 0.8}};
        QTest::mousePress(&pad, Qt::LeftButton, {}, at(seven[0].x(), seven[0].y()));
        for (int part = 0; part + 1 < 4; ++part) {
            for (int step = 1; step <= 10; ++step) {
                const QPointF to = seven[part] + (seven[part + 1] - seven[part]) * (step / 10.0);
                QTest::mouseMove(&pad, at(to.x(), to.y()));
            }
        }
        QTest::mouseRelease(&pad, Qt::LeftButton, {}, at(seven[3].x(), seven[3].y()));
        QTest::qWait(3 * kSoon);
        take("test");
        showTab("Training");
    }

    /// The window with what stands before it: menus, dialogs, tool tips.
    void take(const char* name) {
        QTest::qWait(kSoon);
        const QString file = fileOf(name);
        QPixmap picture = m_window.grab();
        QPainter painter(&picture);
        for (QWidget* other : QApplication::topLevelWidgets()) {
            if (other != &m_window && other->isVisible()) painter.drawPixmap(other->pos() - m_window.pos(), other->grab());
        }
        if (!picture.save(file)) std::fprintf(stderr, "%s could not be written\n", qPrintable(file));
        m_document.undoStack().setClean();
    }

    QString fileOf(const char* name) const {
        const double ratio = m_window.devicePixelRatioF();
        const QString size = QStringLiteral("%1x%2%3").arg(m_size.width()).arg(m_size.height()).arg(ratio == 1 ? QString() : QStringLiteral("@%1").arg(ratio));
        return QStringLiteral("%1/%2-%3-%4.png").arg(m_folder, QLatin1String(name), size, m_theme);
    }

    QString m_folder;
    QSize m_size;
    QString m_theme;
    GraphDocument m_document;
    MainWindow m_window{m_document};
};

} // namespace
} // namespace strata::ui

int main(int argc, char** argv) {
    QStandardPaths::setTestModeEnabled(true);
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("Strata"));
    QCoreApplication::setApplicationName(QStringLiteral("strata-pictures"));
    const QStringList words = QApplication::arguments();
    if (words.size() < 2 || !QDir().mkpath(words[1])) {
        std::fprintf(stderr, "window_pictures FOLDER [WxH]... [text=PERCENT]\n");
        return 2;
    }
    QStringList sizes = words.mid(2);
    int text = 100;
    if (!sizes.isEmpty() && sizes.last().startsWith(QLatin1String("text="))) text = sizes.takeLast().mid(5).toInt();
    if (sizes.isEmpty()) sizes << QStringLiteral("1280x720") << QStringLiteral("1920x1080");
    strata::ui::SystemScheme scheme;
    for (const QString& size : sizes) {
        const QStringList sides = size.split(QLatin1Char('x'));
        for (const bool dark : {false, true}) {
            QSettings().clear();
            strata::ui::ThemeChoice::follow(app, scheme);
            strata::ui::ThemeChoice::setTextPercent(text);
            strata::ui::Album(words[1], QSize(sides.value(0).toInt(), sides.value(1).toInt()), dark).all();
        }
    }
    return 0;
}
