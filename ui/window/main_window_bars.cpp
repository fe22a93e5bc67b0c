// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/group_actions.h"
#include "ui/inspector/inspector.h"
#include "ui/look/icons.h"
#include "ui/look/widgets.h"
#include "ui/window/main_window.h"
#include "ui/window/menu_bar_key.h"
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

QAction* MainWindow::makeAction(const QString& name, const QString& text, const QString& iconName, const QList<QKeySequence>& keys) {
    auto* made = new QAction(text, this);
    made->setObjectName(name);
    if (!iconName.isEmpty()) made->setIcon(icon(iconName));
    made->setShortcuts(keys);
    addAction(made);
    return made;
}

void MainWindow::buildMenus() {
    buildFileActions();
    buildUndoActions();
    QMenu* file = menuBar()->addMenu(tr("&File"));
    fillFileMenu(*file);
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    fillEditMenu(*edit);
    buildExportMenu(*file, *edit);
    file->addSeparator();
    file->addAction(m_quit);
    QMenu* view = menuBar()->addMenu(tr("&View"));
    fillViewMenu(*view);
    fillThemeMenu(*view->addMenu(tr("Theme")));
    fillTextSizeMenu(*view->addMenu(tr("Text size")));
    m_dataMenu = menuBar()->addMenu(tr("&Data"));
    m_trainMenu = menuBar()->addMenu(tr("&Train"));
    for (QMenu* menu : {m_dataMenu, m_trainMenu}) menu->menuAction()->setVisible(false);
    fillHelpMenu(*menuBar()->addMenu(tr("&Help")));
    new MenuBarKey(*menuBar());
    collectCommands();
}

void MainWindow::buildFileActions() {
    m_new = makeAction(QStringLiteral("new"), tr("&New"), QStringLiteral("new"), {QKeySequence::New});
    m_open = makeAction(QStringLiteral("open"), tr("&Open…"), QStringLiteral("open"), {QKeySequence::Open});
    m_save = makeAction(QStringLiteral("save"), tr("&Save"), QStringLiteral("save"), {QKeySequence::Save});
    m_saveAs = makeAction(QStringLiteral("saveAs"), tr("Save &as…"), {}, {QKeySequence(tr("Ctrl+Shift+S"))});
    m_startAction = makeAction(QStringLiteral("startPage"), tr("Start page"), {}, {});
    m_quit = makeAction(QStringLiteral("quit"), tr("&Quit"), {}, {QKeySequence::Quit});
    connect(m_new, &QAction::triggered, this, &MainWindow::newDocument);
    connect(m_open, &QAction::triggered, this, &MainWindow::chooseFile);
    connect(m_save, &QAction::triggered, this, &MainWindow::save);
    connect(m_saveAs, &QAction::triggered, this, &MainWindow::saveAs);
    connect(m_startAction, &QAction::triggered, this, &MainWindow::showStartPage);
    connect(m_quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::buildUndoActions() {
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
    const auto sayUndo = [this](const QString& what) { m_undo->setToolTip(what.isEmpty() ? tr("There is nothing to take back") : tr("Takes back: %1").arg(what)); };
    const auto sayRedo = [this](const QString& what) { m_redo->setToolTip(what.isEmpty() ? tr("There is nothing to do again") : tr("Does again: %1").arg(what)); };
    connect(&stack, &QUndoStack::undoTextChanged, this, sayUndo);
    connect(&stack, &QUndoStack::redoTextChanged, this, sayRedo);
    sayUndo(stack.undoText());
    sayRedo(stack.redoText());
}

void MainWindow::fillFileMenu(QMenu& menu) {
    menu.addActions({m_new, m_open});
    m_recentMenu = menu.addMenu(tr("Open &recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    menu.addActions({m_startAction});
    menu.addSeparator();
    menu.addActions({m_save, m_saveAs});
    menu.addSeparator();
}

void MainWindow::fillEditMenu(QMenu& menu) {
    const EditorActions& edit = m_view->actions();
    menu.addActions({m_undo, m_redo});
    menu.addSeparator();
    menu.addActions({edit.cut, edit.copy, edit.paste, edit.pasteKeeping, edit.duplicate});
    menu.addSeparator();
    menu.addActions({edit.remove, edit.dissolve, edit.disconnectWires, edit.bypass, edit.freeze});
    menu.addSeparator();
    menu.addActions({edit.groups->frame, edit.groups->block, edit.groups->fold, edit.groups->repeat, edit.groups->rename, edit.groups->ungroup, edit.groups->addNote});
    menu.addSeparator();
    menu.addActions({edit.selectAll, edit.addLayer, edit.layOut});
    buildInsertMenu(menu);
    menu.addSeparator();
    QAction* find = makeAction(QStringLiteral("search"), tr("&Find…"), QStringLiteral("search"), {QKeySequence::Find});
    QAction* palette = makeAction(QStringLiteral("commands"), tr("&Commands…"), QStringLiteral("list"), {QKeySequence(tr("Ctrl+Shift+P"))});
    connect(find, &QAction::triggered, this, &MainWindow::search);
    connect(palette, &QAction::triggered, this, &MainWindow::showPalette);
    menu.addActions({find, palette});
}

void MainWindow::fillViewMenu(QMenu& menu) {
    const EditorActions& edit = m_view->actions();
    menu.addActions({edit.zoomIn, edit.zoomOut, edit.zoomReset, edit.fitSelection, edit.fitAll, edit.overview});
    menu.addSeparator();
    menu.addActions({edit.leftToRight, edit.leftDragPans, edit.tabAdds, edit.snaps, edit.mapsBeside, edit.allChips});
    menu.addSeparator();
    addInsight(menu);
    for (QDockWidget* dock : docks()) {
        dock->toggleViewAction()->setObjectName(QStringLiteral("toggle:") + dock->objectName());
        menu.addAction(dock->toggleViewAction());
    }
    for (QAction* page : actions()) { // of the tabs that are there already
        if (page->objectName().startsWith(QLatin1String("page:"))) menu.addAction(page);
    }
    m_viewMenu = &menu;
    m_restoreDocks = makeAction(QStringLiteral("restoreDocks"), tr("Docks as at the beginning"), {}, {});
    connect(m_restoreDocks, &QAction::triggered, this, &MainWindow::restoreDocks);
    menu.addAction(m_restoreDocks);
    menu.addSeparator();
}

void MainWindow::fillThemeMenu(QMenu& menu) {
    auto* themes = new QActionGroup(this);
    const std::pair<QString, QString> choices[] = {{QStringLiteral("system"), tr("Theme as the system")},
                                                   {QStringLiteral("light"), tr("Light theme")},
                                                   {QStringLiteral("dark"), tr("Dark theme")}};
    for (const auto& [id, text] : choices) {
        QAction* choice = menu.addAction(text);
        choice->setObjectName(QStringLiteral("theme:") + id);
        choice->setCheckable(true);
        choice->setChecked(ThemeChoice::chosen() == id);
        themes->addAction(choice);
        connect(choice, &QAction::triggered, this, [id = id] { ThemeChoice::choose(id); });
    }
}

void MainWindow::fillTextSizeMenu(QMenu& menu) {
    auto* sizes = new QActionGroup(this);
    for (const int percent : ThemeChoice::textSizes()) {
        QAction* choice = menu.addAction(tr("Text size %1 %").arg(percent));
        choice->setObjectName(QStringLiteral("textSize:%1").arg(percent));
        choice->setCheckable(true);
        choice->setChecked(ThemeChoice::textPercent() == percent);
        sizes->addAction(choice);
        connect(choice, &QAction::triggered, this, [percent] { ThemeChoice::setTextPercent(percent); });
    }
}

void MainWindow::fillHelpMenu(QMenu& menu) {
    QAction* layerHelp = makeAction(QStringLiteral("layerHelp"), tr("Help on the selected layer"), QStringLiteral("help"), {QKeySequence::HelpContents});
    QAction* keys = makeAction(QStringLiteral("keys"), tr("Keys"), {}, {QKeySequence(QStringLiteral("?"))});
    QAction* aboutStrata = makeAction(QStringLiteral("about"), tr("About Strata"), {}, {});
    menu.addActions({layerHelp, keys, aboutStrata});
    connect(layerHelp, &QAction::triggered, this, &MainWindow::helpOnSelection);
    connect(keys, &QAction::triggered, this, &MainWindow::showKeys);
    connect(aboutStrata, &QAction::triggered, this, &MainWindow::about);
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
    auto* layers = iconButton(QStringLiteral("block"), tr("Layers"));
    layers->setObjectName(QStringLiteral("paletteButton"));
    layers->setToolTip(m_paletteDock->toggleViewAction()->toolTip());
    layers->setCheckable(true);
    connect(layers, &QToolButton::clicked, m_paletteDock->toggleViewAction(), &QAction::trigger);
    connect(m_paletteDock->toggleViewAction(), &QAction::toggled, layers, &QToolButton::setChecked);
    m_palettePlace = m_toolBar->addWidget(layers);
    m_palettePlace->setVisible(false); // but in a narrow window, where the dock is closed
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
    connect(help, &QToolButton::clicked, this, &MainWindow::helpOnSelection);
    m_toolBar->addWidget(help);
}

void MainWindow::showFileActions(bool shown) {
    for (QAction* action : {m_new, m_open}) {
        if (shown) m_toolBar->insertAction(m_save, action);
        else m_toolBar->removeAction(action);
    }
}

void MainWindow::setDataWidget(QWidget* widget) {
    m_dataPlace->setVisible(true);
    m_dataMenu->menuAction()->setVisible(true);
    m_toolBar->insertWidget(m_trainPlace, widget);
}

void MainWindow::addTrainWidget(QWidget* widget) {
    m_trainPlace->setVisible(true);
    m_trainMenu->menuAction()->setVisible(true);
    m_toolBar->insertWidget(m_progressPlace, widget);
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

void MainWindow::about() {
    QMessageBox::about(this, tr("About Strata"),
                       tr("<b>Strata %1</b><p>Draw, train and look inside convolutional networks.</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later.</p>")
                           .arg(QApplication::applicationVersion()));
}

} // namespace strata::ui
