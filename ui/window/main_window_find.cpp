// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/problems_panel.h"
#include "ui/window/commands.h"
#include "ui/window/finder.h"
#include "ui/window/key_sheet.h"
#include "ui/window/main_window.h"

#include <QActionEvent>
#include <QDockWidget>
#include <QMenu>
#include <QMenuBar>

namespace strata::ui {
namespace {

QString plain(QString text) {
    return text.remove(QLatin1Char('&'));
}

void collectFrom(const QMenu& menu, const QString& group, Commands& commands) {
    for (QAction* action : menu.actions()) {
        if (action->menu() != nullptr) collectFrom(*action->menu(), group, commands);
        else commands.add(action, group);
    }
}

} // namespace

void MainWindow::collectCommands() {
    for (const QAction* top : menuBar()->actions()) {
        if (top->menu() != nullptr) collectFrom(*top->menu(), plain(top->text()), *m_commands);
    }
    for (QAction* action : m_view->QWidget::actions()) m_commands->add(action, tr("Canvas"));
}

void MainWindow::actionEvent(QActionEvent* event) {
    QMainWindow::actionEvent(event);
    // What other rooms add to the window is a command like any other; it stands in a menu by then.
    if (event->type() == QEvent::ActionAdded && m_ready) {
        collectCommands();
        m_commands->add(event->action(), tr("Window"));
    }
}

void MainWindow::search() {
    const auto collect = [this] {
        std::vector<Finding> all = findNodes(m_document);
        for (const auto& more : {findProblems(m_document), findCommands(*m_commands)}) all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    m_finder->open({tr("Layers, parameters, problems, commands"), tr("Search this network and all commands"), tr("goes there")}, collect,
                   [this] { return findParameters(m_document); });
}

void MainWindow::showPalette() {
    m_finder->open({tr("Commands"), tr("Search commands"), tr("does it")}, [this] { return findCommands(*m_commands); });
}

void MainWindow::goTo(const Finding& finding) {
    switch (finding.kind) {
    case Finding::Kind::Command:
        if (finding.action != nullptr) finding.action->trigger();
        return;
    case Finding::Kind::Parameter:
        reach(finding.node);
        m_inspectorDock->show();
        m_inspector->focusField(finding.key);
        return;
    case Finding::Kind::Problem:
        showBottomTab(m_problems);
        [[fallthrough]];
    case Finding::Kind::Node:
        if (finding.node != 0) reach(finding.node);
        return;
    }
}

void MainWindow::reach(NodeId node) {
    showCanvas();
    selectAlone(node);
    m_view->reveal(node);
}

void MainWindow::selectAlone(NodeId node) {
    m_scene->selectOnly(std::array{node});
    if (m_inspector->node() != node) m_inspector->setSelection({node});
}

void MainWindow::helpOnSelection() {
    if (m_inspector->node() == 0 || onStartPage()) {
        showKeys();
        return;
    }
    m_inspectorDock->show();
    m_inspector->showHelp();
}

void MainWindow::showKeys() {
    KeySheet sheet(*m_commands, this);
    sheet.exec();
}

} // namespace strata::ui
