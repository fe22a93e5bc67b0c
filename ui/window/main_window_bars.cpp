// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/group_actions.h"
#include "ui/inspector/inspector.h"
#include "ui/look/icons.h"
#include "ui/look/widgets.h"
#include "ui/window/main_window.h"
#include "ui/window/recent_files.h"
#include "ui/window/theme_choice.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QToolBar>
#include <QToolButton>

namespace strata::ui {

void MainWindow::buildMenus() {
    const auto action = [this](const QString& name, const QString& text, const QString& iconName, const QList<QKeySequence>& keys) {
        auto* made = new QAction(text, this);
        made->setObjectName(name);
        if (!iconName.isEmpty()) made->setIcon(icon(iconName));
        made->setShortcuts(keys);
        addAction(made);
        return made;
    };
    m_new = action(QStringLiteral("new"), tr("&New"), QStringLiteral("new"), {QKeySequence::New});
    m_open = action(QStringLiteral("open"), tr("&Open…"), QStringLiteral("open"), {QKeySequence::Open});
    m_save = action(QStringLiteral("save"), tr("&Save"), QStringLiteral("save"), {QKeySequence::Save});
    m_saveAs = action(QStringLiteral("saveAs"), tr("Save &as…"), {}, {QKeySequence(tr("Ctrl+Shift+S"))});
    m_startAction = action(QStringLiteral("startPage"), tr("Start page"), {}, {});
    m_quit = action(QStringLiteral("quit"), tr("&Quit"), {}, {QKeySequence::Quit});
    connect(m_new, &QAction::triggered, this, &MainWindow::newDocument);
    connect(m_open, &QAction::triggered, this, &MainWindow::chooseFile);
    connect(m_save, &QAction::triggered, this, &MainWindow::save);
    connect(m_saveAs, &QAction::triggered, this, &MainWindow::saveAs);
    connect(m_startAction, &QAction::triggered, this, &MainWindow::showStartPage);
    connect(m_quit, &QAction::triggered, this, &QWidget::close);

    QUndoStack& stack = m_document.undoStack();
    m_undo = stack.createUndoAction(this, tr("Undo"));
    m_undo->setObjectName(QStringLiteral("undo"));
    m_undo->setIcon(icon(QStringLiteral("undo")));
    m_undo->setShortcuts(QList<QKeySequence>{QKeySequence(tr("Ctrl+Z"))});
    m_redo = stack.createRedoAction(this, tr("Redo"));
    m_redo->setObjectName(QStringLiteral("redo"));
    m_redo->setIcon(icon(QStringLiteral("redo")));
    m_redo->setShortcuts(QList<QKeySequence>{QKeySequence(tr("Ctrl+Y")), QKeySequence(tr("Ctrl+Shift+Z"))});
    addActions({m_undo, m_redo});

    const EditorActions& edit = m_view->actions();
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_new, m_open});
    m_recentMenu = file->addMenu(tr("Open &recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    file->addActions({m_startAction});
    file->addSeparator();
    file->addActions({m_save, m_saveAs});
    file->addSeparator();
    file->addAction(m_quit);

    QMenu* editMenu = menuBar()->addMenu(tr("&Edit"));
    editMenu->addActions({m_undo, m_redo});
    editMenu->addSeparator();
    editMenu->addActions({edit.cut, edit.copy, edit.paste, edit.pasteKeeping, edit.duplicate});
    editMenu->addSeparator();
    editMenu->addActions({edit.remove, edit.dissolve, edit.disconnectWires, edit.bypass, edit.freeze});
    editMenu->addSeparator();
    editMenu->addActions({edit.groups->frame, edit.groups->block, edit.groups->fold, edit.groups->repeat, edit.groups->rename, edit.groups->ungroup, edit.groups->addNote});
    editMenu->addSeparator();
    editMenu->addActions({edit.selectAll, edit.addLayer, edit.layOut});

    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addActions({edit.zoomIn, edit.zoomOut, edit.zoomReset, edit.fitSelection, edit.fitAll, edit.overview});
    view->addSeparator();
    view->addActions({edit.leftToRight, edit.leftDragPans, edit.tabAdds});
    view->addSeparator();
    for (QDockWidget* dock : {m_paletteDock, m_inspectorDock, m_bottomDock}) view->addAction(dock->toggleViewAction());
    view->addSeparator();
    QMenu* theme = view->addMenu(tr("Theme"));
    auto* themes = new QActionGroup(this);
    const std::pair<QString, QString> choices[] = {{QStringLiteral("system"), tr("As the system")},
                                                   {QStringLiteral("light"), tr("Light")},
                                                   {QStringLiteral("dark"), tr("Dark")}};
    for (const auto& [id, text] : choices) {
        QAction* choice = theme->addAction(text);
        choice->setObjectName(QStringLiteral("theme:") + id);
        choice->setCheckable(true);
        choice->setChecked(ThemeChoice::chosen() == id);
        themes->addAction(choice);
        connect(choice, &QAction::triggered, this, [id = id] { ThemeChoice::choose(id); });
    }
    QMenu* text = view->addMenu(tr("Text size"));
    auto* sizes = new QActionGroup(this);
    for (const int percent : {90, 100, 115, 130, 150}) {
        QAction* choice = text->addAction(tr("%1 %").arg(percent));
        choice->setCheckable(true);
        choice->setChecked(ThemeChoice::textPercent() == percent);
        sizes->addAction(choice);
        connect(choice, &QAction::triggered, this, [percent] { ThemeChoice::setTextPercent(percent); });
    }

    m_dataMenu = menuBar()->addMenu(tr("&Data"));
    m_trainMenu = menuBar()->addMenu(tr("&Train"));
    for (QMenu* menu : {m_dataMenu, m_trainMenu}) menu->menuAction()->setVisible(false);

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    QAction* keys = help->addAction(tr("Keys"));
    keys->setShortcut(QKeySequence(QStringLiteral("?")));
    keys->setObjectName(QStringLiteral("keys"));
    addAction(keys);
    connect(keys, &QAction::triggered, this, &MainWindow::showKeys);
    connect(help->addAction(tr("About Strata")), &QAction::triggered, this, &MainWindow::about);
    menuBar()->hide();
}

void MainWindow::buildToolBar() {
    m_toolBar = new QToolBar(tr("Tools"), this);
    m_toolBar->setObjectName(QStringLiteral("toolBar"));
    m_toolBar->setMovable(false);
    m_toolBar->setContextMenuPolicy(Qt::PreventContextMenu);
    m_toolBar->setIconSize(QSize(20, 20));
    addToolBar(Qt::TopToolBarArea, m_toolBar);

    m_menuButton = iconButton(QStringLiteral("menu"), tr("Menu"));
    m_menuButton->setObjectName(QStringLiteral("menuButton"));
    auto* all = new QMenu(m_menuButton);
    all->addActions(menuBar()->actions());
    m_menuButton->setMenu(all);
    m_menuButton->setPopupMode(QToolButton::InstantPopup);
    m_toolBar->addWidget(m_menuButton);
    m_toolBar->addSeparator();
    m_toolBar->addActions({m_new, m_open, m_save});
    m_toolBar->addSeparator();
    m_toolBar->addActions({m_undo, m_redo});
    m_dataPlace = m_toolBar->addSeparator();
    m_trainPlace = m_toolBar->addSeparator();
    m_dataPlace->setVisible(false);
    m_trainPlace->setVisible(false);
    auto* spring = new QWidget;
    spring->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_progressPlace = m_toolBar->addWidget(spring);
    m_toolBar->addSeparator();
    auto* help = iconButton(QStringLiteral("help"), tr("Help on the selected layer (F1), or the keys"));
    connect(help, &QToolButton::clicked, this, [this] {
        if (m_inspector->node() == 0) {
            showKeys();
            return;
        }
        m_inspectorDock->show();
        m_inspector->showHelp();
    });
    m_toolBar->addWidget(help);
}

void MainWindow::setDataWidget(QWidget* widget) {
    m_dataPlace->setVisible(true);
    m_toolBar->insertWidget(m_trainPlace, widget);
}

void MainWindow::addTrainWidget(QWidget* widget) {
    m_trainPlace->setVisible(true);
    m_toolBar->insertWidget(m_progressPlace, widget);
}

void MainWindow::addTrainActions(const QList<QAction*>& actions) {
    m_trainPlace->setVisible(true);
    m_toolBar->insertActions(m_progressPlace, actions);
}

void MainWindow::setProgressWidget(QWidget* widget) {
    QAction* after = nullptr;
    const QList<QAction*> all = m_toolBar->actions();
    const qsizetype at = all.indexOf(m_progressPlace);
    if (at + 1 < all.size()) after = all[at + 1];
    m_toolBar->insertWidget(after, widget);
}

void MainWindow::fillRecentMenu() {
    m_recentMenu->clear();
    for (const QString& path : m_recent->paths()) {
        QAction* entry = m_recentMenu->addAction(QFileInfo(path).fileName());
        entry->setToolTip(path);
        entry->setStatusTip(path);
        connect(entry, &QAction::triggered, this, [this, path] { openFile(path); });
    }
    if (m_recentMenu->isEmpty()) m_recentMenu->addAction(tr("None yet"))->setEnabled(false);
    else {
        m_recentMenu->addSeparator();
        connect(m_recentMenu->addAction(tr("Clear the list")), &QAction::triggered, m_recent, &RecentFiles::clear);
    }
}

void MainWindow::showKeys() {
    QString rows;
    const auto row = [&rows](const QString& what, const QString& keys) {
        rows += QStringLiteral("<tr><td style='padding-right:24px'>%1</td><td><b>%2</b></td></tr>").arg(what.toHtmlEscaped(), keys.toHtmlEscaped());
    };
    row(tr("Zoom"), tr("wheel, Ctrl +, Ctrl -, Ctrl 0"));
    row(tr("Move the canvas"), tr("middle or right drag, Space and drag"));
    row(tr("Lead a wire elsewhere"), tr("drag it; a double click on its dot takes that away"));
    row(tr("Cut wires"), tr("Ctrl and right drag across them"));
    row(tr("Move all wires of an output"), tr("Ctrl and drag from its port"));
    row(tr("Select"), tr("click, Ctrl or Shift click, drag on empty canvas"));
    row(tr("Walk along the wires"), tr("arrow keys; Enter for the first field"));
    row(tr("Nudge"), tr("Shift and arrow keys"));
    row(tr("Connect to the next card"), tr("Ctrl and arrow keys"));
    for (const QAction* action : m_view->actions().findChildren<QAction*>(Qt::FindDirectChildrenOnly)) {
        QStringList keys;
        for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
        if (!keys.isEmpty()) row(action->text(), keys.join(tr(", ")));
    }
    for (const QAction* action : {m_undo, m_redo, m_new, m_open, m_save}) {
        QStringList keys;
        for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
        row(action == m_undo ? tr("Undo") : action == m_redo ? tr("Redo") : action->text().remove(QLatin1Char('&')), keys.join(tr(", ")));
    }
    for (const QAction* action : m_trainMenu->actions()) {
        if (!action->shortcut().isEmpty()) row(action->text().remove(QLatin1Char('&')), action->shortcut().toString(QKeySequence::NativeText));
    }
    QMessageBox box(QMessageBox::NoIcon, tr("Keys"), QStringLiteral("<table>%1</table>").arg(rows), QMessageBox::Close, this);
    box.exec();
}

void MainWindow::about() {
    QMessageBox::about(this, tr("About Strata"),
                       tr("<b>Strata %1</b><p>Draw, train and look inside convolutional networks.</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later.</p>")
                           .arg(QApplication::applicationVersion()));
}

} // namespace strata::ui
