// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_view.h"
#include "ui/editor/palette_panel.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/problems_panel.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"
#include "ui/outline/outline_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/theme_choice.h"

#include <QDockWidget>
#include <QKeyEvent>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QUndoView>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

SectionHeader* panelHead(const QString& title) {
    auto* head = new SectionHeader(title);
    head->setProperty("surface", "panel");
    head->setAttribute(Qt::WA_StyledBackground);
    return head;
}

} // namespace

/// The menu of a dock: where it goes, for hands that do not drag.
QToolButton* MainWindow::dockButton(QDockWidget& dock) {
    auto* button = iconButton(QStringLiteral("more"), tr("%1: move, float, close").arg(dock.windowTitle()));
    button->setObjectName(QStringLiteral("dockMenu:") + dock.objectName());
    button->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(button);
    const std::pair<Qt::DockWidgetArea, QString> areas[] = {{Qt::LeftDockWidgetArea, tr("To the left")},
                                                            {Qt::RightDockWidgetArea, tr("To the right")},
                                                            {Qt::BottomDockWidgetArea, tr("To the bottom")}};
    for (const auto& [area, words] : areas) {
        connect(menu->addAction(words), &QAction::triggered, this, [this, &dock, area = area] {
            dock.setFloating(false);
            addDockWidget(area, &dock);
            dock.show();
        });
    }
    QAction* floating = menu->addAction(tr("In a window of its own"));
    floating->setCheckable(true);
    connect(floating, &QAction::triggered, &dock, &QDockWidget::setFloating);
    connect(&dock, &QDockWidget::topLevelChanged, floating, &QAction::setChecked);
    menu->addSeparator();
    connect(menu->addAction(icon(QStringLiteral("close")), tr("Close")), &QAction::triggered, &dock, &QWidget::hide);
    button->setMenu(menu);
    return button;
}

QDockWidget* MainWindow::makeDock(const QString& name, const QString& title, QWidget* content, QWidget* head) {
    auto* made = new QDockWidget(title, this);
    made->setObjectName(name);
    made->setAccessibleName(title);
    made->setWidget(content);
    made->setTitleBarWidget(head);
    head->layout()->addWidget(dockButton(*made));
    // Who asks for a dock wants to see it, also where it shares its place.
    connect(made->toggleViewAction(), &QAction::triggered, made, [made](bool on) {
        if (on) made->raise();
    });
    return made;
}

void MainWindow::buildDocks() {
    m_palette = new PalettePanel;
    SectionHeader* paletteHead = panelHead(tr("Layers"));
    m_paletteDock = makeDock(QStringLiteral("paletteDock"), tr("Layers"), m_palette, paletteHead);
    QMenu* paletteMenu = paletteHead->findChild<QToolButton*>()->menu();
    paletteMenu->addSeparator();
    connect(paletteMenu->addAction(tr("Unfold all")), &QAction::triggered, m_palette->tree(), &QTreeWidget::expandAll);
    connect(paletteMenu->addAction(tr("Fold all")), &QAction::triggered, m_palette->tree(), &QTreeWidget::collapseAll);

    m_outline = new OutlinePanel(*m_view);
    m_outlineDock = makeDock(QStringLiteral("outlineDock"), tr("Outline"), m_outline, panelHead(tr("Outline")));

    connect(m_outlineDock->toggleViewAction(), &QAction::triggered, this, [this](bool on) {
        // Shapes and counts are never cut: the dock takes the room while the outline is there.
        const int least = metricsFor(density(), currentTheme()).window.paletteWidth;
        const int wanted = on ? std::clamp(m_outline->wantedWidth(), least, std::max(least, width() / 3)) : least;
        if (!m_outlineDock->isFloating()) resizeDocks({on ? m_outlineDock : m_paletteDock}, {wanted}, Qt::Horizontal);
    });

    auto* history = new QUndoView(&m_document.undoStack());
    history->setObjectName(QStringLiteral("history"));
    history->setAccessibleName(tr("History"));
    history->setToolTip(tr("A click goes back to this step, or forward again"));
    history->setEmptyLabel(tr("As it was opened"));
    history->setFrameShape(QFrame::NoFrame);
    m_historyDock = makeDock(QStringLiteral("historyDock"), tr("History"), history, panelHead(tr("History")));

    m_inspector = new Inspector(m_document);
    m_inspectorDock = makeDock(QStringLiteral("inspectorDock"), tr("Inspector"), m_inspector, m_inspector->header());
    buildBottomDock();
    placeDocks();
}

void MainWindow::buildBottomDock() {
    auto* bottom = new QWidget;
    bottom->setProperty("surface", "panel");
    bottom->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(bottom);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* title = new QWidget;
    title->setProperty("surface", "panel");
    title->setAttribute(Qt::WA_StyledBackground);
    auto* head = new QHBoxLayout(title);
    head->setContentsMargins(6, 0, 8, 0);
    m_tabs = new TabStrip;
    m_tabs->setObjectName(QStringLiteral("bottomTabs"));
    m_tabs->setAccessibleName(tr("Training, problems and more"));
    m_tabs->setUsesScrollButtons(false); // all of them, whole: the corner makes room
    m_tabCorners = new QStackedWidget;
    m_tabCorners->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);
    head->addWidget(m_tabs, 1);
    head->addWidget(m_tabCorners);
    column->addWidget(horizontalLine());
    m_tabPages = new QStackedWidget;
    column->addWidget(m_tabPages, 1);
    m_bottomDock = makeDock(QStringLiteral("bottomDock"), tr("Training and problems"), bottom, title);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        m_tabPages->setCurrentIndex(index);
        m_tabCorners->setCurrentIndex(index);
    });

    m_problems = new ProblemsPanel(m_document);
    addBottomTab(m_problems, tr("Problems"));
    const auto showCount = [this](int count) { m_tabs->setCount(m_tabPages->indexOf(m_problems), count); };
    connect(m_problems, &ProblemsPanel::countChanged, this, showCount);
    showCount(m_problems->count());
}

QList<QDockWidget*> MainWindow::docks() const {
    return {m_paletteDock, m_outlineDock, m_historyDock, m_inspectorDock, m_bottomDock};
}

void MainWindow::placeDocks() {
    addDockWidget(Qt::LeftDockWidgetArea, m_paletteDock);
    addDockWidget(Qt::LeftDockWidgetArea, m_outlineDock);
    addDockWidget(Qt::RightDockWidgetArea, m_inspectorDock);
    addDockWidget(Qt::RightDockWidgetArea, m_historyDock);
    addDockWidget(Qt::BottomDockWidgetArea, m_bottomDock);
    tabifyDockWidget(m_paletteDock, m_outlineDock);
    for (QDockWidget* dock : docks()) dock->setVisible(dock != m_outlineDock && dock != m_historyDock);
}

void MainWindow::restoreDocks() {
    for (QDockWidget* dock : docks()) dock->setFloating(false);
    placeDocks();
    const Density density = m_density.value_or(Density::Regular);
    const auto sizes = metricsFor(density, currentTheme()).window;
    resizeDocks({m_paletteDock, m_inspectorDock}, {sizes.paletteWidth, sizes.inspectorWidth}, Qt::Horizontal);
    resizeDocks({m_bottomDock}, {sizes.trainingHeight}, Qt::Vertical);
}

void MainWindow::keyPressEvent(QKeyEvent* event) {
    // The canvas zooms itself; from anywhere else the same keys are for the words.
    if (event->matches(QKeySequence::ZoomIn) || (event->key() == Qt::Key_Equal && event->modifiers() == Qt::ControlModifier)) ThemeChoice::stepText(1);
    else if (event->matches(QKeySequence::ZoomOut)) ThemeChoice::stepText(-1);
    else if (event->key() == Qt::Key_0 && event->modifiers() == Qt::ControlModifier) ThemeChoice::setTextPercent(100);
    else QMainWindow::keyPressEvent(event);
}

} // namespace strata::ui
