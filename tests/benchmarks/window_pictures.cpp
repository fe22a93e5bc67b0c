// SPDX-License-Identifier: GPL-3.0-or-later
// window_pictures FOLDER [WxH]...: the window in every state that people look at, light and dark, as PNG files: for a person to
// look at, and for the README. QT_SCALE_FACTOR=1.5 makes those of a finer screen.
#include "app/studio.h"
#include "engine/graph/templates.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/group_edits.h"
#include "ui/editor/search_palette.h"
#include "ui/inspector/problems_panel.h"
#include "ui/look/system_scheme.h"
#include "ui/training/training_session.h"
#include "ui/window/finder.h"
#include "ui/window/main_window.h"
#include "ui/window/theme_choice.h"

#include <QDir>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>

#include <cstdio>

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
        m_window.openTemplate(QStringLiteral("lenet"));
        (void)QTest::qWaitFor([this] { return m_document.context().sampleShape.has_value(); }, kPatience);
        m_window.canvas().askWhy(2);
        take("why");
        QTest::keyClick(&m_window.canvas(), Qt::Key_Escape);
        m_window.openTemplate(QStringLiteral("lenet"));
        mistake();
        searches();
        groups();
        training();
    }

private:
    void mistake() {
        m_document.edit(QStringLiteral("Break"), [](DocumentState& state) {
            Node node = *state.graph.find(4);
            node.params["kernel_size"] = ParamValue::IntList{9, 9};
            state.graph.replace(std::move(node));
        });
        m_window.scene().selectOnly(std::array<NodeId, 1>{4});
        m_window.showBottomTab(&m_window.problems());
        take("mistake");
        m_document.undoStack().undo();
        m_window.scene().setHeat(HeatKind::Macs);
        take("heat");
        m_window.scene().setHeat(HeatKind::Off);
        showSettings();
    }

    void showSettings() {
        auto* tabs = m_window.findChild<QTabBar*>(QStringLiteral("bottomTabs"));
        for (int i = 0; i < tabs->count(); ++i) {
            if (tabs->tabText(i) == QStringLiteral("Settings")) tabs->setCurrentIndex(i);
        }
        take("settings");
        tabs->setCurrentIndex(0);
    }

    void searches() {
        m_window.scene().selectOnly(std::array<NodeId, 1>{3});
        m_window.canvas().searchAfterSelected(m_window.canvas().mapToScene(QPoint(330, 90)));
        take("search");
        QTest::keyClick(m_window.canvas().search().field(), Qt::Key_Escape);
        m_window.findChild<QAction*>(QStringLiteral("commands"))->trigger();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("th"));
        take("commands");
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        for (const char* dock : {"outlineDock", "historyDock"}) m_window.findChild<QAction*>(QStringLiteral("toggle:") + QLatin1String(dock))->trigger();
        take("outline");
        for (const char* dock : {"outlineDock", "historyDock"}) m_window.findChild<QAction*>(QStringLiteral("toggle:") + QLatin1String(dock))->trigger();
    }

    void groups() {
        m_window.openTemplate(QStringLiteral("vgg_small"));
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
                           .position = {420, 10},
                           .width = 260});
        });
        m_window.canvas().showFirst();
        take("groups");
    }

    void training() {
        m_window.openTemplate(QStringLiteral("lenet"));
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
        session->stop();
        (void)QTest::qWaitFor([&] { return !session->isBusy(); }, kPatience);
        m_document.undoStack().setClean();
    }

    void take(const char* name) {
        QTest::qWait(kSoon);
        const QString file = QStringLiteral("%1/%2-%3-%4.png").arg(m_folder, QLatin1String(name)).arg(m_size.width()).arg(m_theme);
        if (!m_window.grab().save(file)) std::fprintf(stderr, "%s could not be written\n", qPrintable(file));
        m_document.undoStack().setClean();
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
        std::fprintf(stderr, "window_pictures FOLDER [WxH]...\n");
        return 2;
    }
    QStringList sizes = words.mid(2);
    if (sizes.isEmpty()) sizes << QStringLiteral("1280x720") << QStringLiteral("1920x1080");
    strata::ui::SystemScheme scheme;
    for (const QString& size : sizes) {
        const QStringList sides = size.split(QLatin1Char('x'));
        for (const bool dark : {false, true}) {
            QSettings().clear();
            strata::ui::ThemeChoice::follow(app, scheme);
            strata::ui::Album(words[1], QSize(sides.value(0).toInt(), sides.value(1).toInt()), dark).all();
        }
    }
    return 0;
}
