// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_view.h"
#include "ui/editor/heat_legend.h"
#include "ui/inspector/why_card.h"
#include "ui/window/main_window.h"

#include <QActionGroup>
#include <QMenu>

namespace strata::ui {

/// What explains the drawing: "why this shape?" and the heat of the cards.
void MainWindow::addInsight(QMenu& view) {
    auto* why = new WhyCard(m_document, m_view);
    connect(m_view, &EditorView::whyRequested, why, &WhyCard::open);
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
    for (const HeatKind kind : {HeatKind::Off, HeatKind::Parameters, HeatKind::Macs, HeatKind::Memory, HeatKind::ReceptiveField}) {
        QAction* choice = heat->addAction(heatName(kind));
        choice->setObjectName(QStringLiteral("heat:%1").arg(static_cast<int>(kind)));
        choice->setCheckable(true);
        choice->setChecked(kind == HeatKind::Off);
        group->addAction(choice);
        connect(choice, &QAction::triggered, this, [this, kind] { m_scene->setHeat(kind); });
    }
    view.addSeparator();
}

} // namespace strata::ui
