// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_view.h"
#include "ui/editor/heat_legend.h"
#include "ui/inspector/why_card.h"
#include "ui/window/commands.h"
#include "ui/window/main_window.h"

#include <QActionGroup>
#include <QMenu>
#include <QScrollBar>

namespace strata::ui {
namespace {

/// "Receptive field" becomes "receptive field"; MACs stay as they are.
QString inSentence(QString words) {
    if (words.size() > 1 && words[1].isLower()) words[0] = words[0].toLower();
    return words;
}

} // namespace

/// What explains the drawing: "why this shape?" and the heat of the cards.
void MainWindow::addInsight(QMenu& view) {
    auto* why = new WhyCard(m_document, m_view, [view = m_view](NodeId id) { return WhyCard::Place{view->placeOf(id), view->placeWithNeighbours(id)}; });
    connect(m_view, &EditorView::whyRequested, why, &WhyCard::open);
    connect(m_view, &EditorView::zoomChanged, why, &WhyCard::follow);
    for (const QScrollBar* bar : {m_view->horizontalScrollBar(), m_view->verticalScrollBar()}) connect(bar, &QScrollBar::valueChanged, why, &WhyCard::follow);
    connect(m_scene, &EditorScene::contentChanged, why, &WhyCard::follow);
    QAction* ask = view.addAction(tr("Why this shape?"));
    ask->setObjectName(QStringLiteral("whyShape"));
    ask->setShortcut(QKeySequence(QStringLiteral("W")));
    ask->setShortcutContext(Qt::WidgetShortcut); // elsewhere a letter is a letter: in the outline it finds names
    m_view->addAction(ask);
    connect(ask, &QAction::triggered, this, [this] {
        const std::vector<NodeId> selected = m_scene->selectedNodes();
        if (selected.size() == 1) m_view->askWhy(selected.front());
        else say(tr("Select one card to see why it has its shape."));
    });

    new HeatLegend(*m_scene, m_view);
    QMenu* heat = view.addMenu(tr("Heat"));
    auto* group = new QActionGroup(this);
    for (const HeatKind kind : kHeatKinds) {
        QAction* choice = heat->addAction(heatName(kind));
        // Outside the menu the word Heat is missing.
        choice->setProperty(kWholeName, tr("Heat: %1").arg(inSentence(heatName(kind))));
        choice->setObjectName(heatCommand(kind));
        choice->setCheckable(true);
        choice->setChecked(kind == HeatKind::Off);
        group->addAction(choice);
        connect(choice, &QAction::triggered, this, [this, kind] { m_scene->setHeat(kind); });
    }
    view.addSeparator();
}

} // namespace strata::ui
