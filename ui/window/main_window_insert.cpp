// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/templates.h"
#include "ui/document/clipboard.h"
#include "ui/document/words.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/look/icons.h"
#include "ui/window/main_window.h"

#include <QMenu>

namespace strata::ui {
namespace {

/// Cards that make data by themselves: a block takes what the drawing has.
bool begins(const Node& node) {
    const LayerType* type = findLayerType(node.type);
    return type != nullptr && type->maxInputs == 0;
}

} // namespace

void MainWindow::buildInsertMenu(QMenu& menu) {
    QMenu* sub = menu.addMenu(tr("Insert a template"));
    for (const Template& each : templates()) {
        const ModelGraph graph = each.make();
        if (graph.edges().empty()) continue; // nothing but an input
        const QString id = QString::fromStdString(each.id);
        auto* action = new QAction(icon(QStringLiteral("block")), tr("Insert %1").arg(translated(each.title)), this);
        action->setObjectName(QStringLiteral("insertTemplate:") + id);
        action->setToolTip(translated(each.doc));
        connect(action, &QAction::triggered, this, [this, id] { insertTemplate(id); });
        sub->addAction(action);
    }
}

bool MainWindow::insertTemplate(const QString& id) {
    const Template* chosen = findTemplate(id.toStdString());
    if (chosen == nullptr) return false;
    const ModelGraph whole = chosen->make();
    std::vector<NodeId> cards;
    for (const auto& node : whole.nodes()) {
        if (!begins(*node)) cards.push_back(node->id);
    }
    const Fragment fragment = fragmentOf(whole, cards);
    const std::vector<NodeId> selected = m_scene->selectedNodes();
    const NodeId source = selected.size() == 1 ? selected.front() : 0;
    Point at = m_scene->map().toDocument(m_view->handPlace());
    if (const Node* node = m_document.graph().find(source)) {
        at = edits::freePlace(m_document.graph(), {node->position.x, node->position.y + edits::pitch()});
    }
    std::vector<NodeId> added;
    QString refused;
    showCanvas();
    const bool done = m_document.edit(tr("Insert %1").arg(translated(chosen->title)), [&](DocumentState& state) {
        const Result<Pasted> pasted = paste(state.graph, fragment, {std::round(at.x), std::round(at.y)});
        if (!pasted) {
            refused = QString::fromStdString(pasted.error().message);
            return;
        }
        added = pasted->nodes;
        // What the template's own input fed is fed by the selected card.
        for (const Fragment::Incoming& wire : fragment.incoming) {
            const auto& nodes = fragment.graph.nodes();
            for (std::size_t i = 0; i < nodes.size() && source != 0; ++i) {
                if (nodes[i]->id == wire.to) (void)state.graph.connect(source, added[i]);
            }
        }
        Group block;
        block.title = translated(chosen->title).toStdString();
        block.block = true;
        (void)state.graph.addGroup(std::move(block), added);
    });
    if (!done) {
        if (!refused.isEmpty()) say(refused);
        return false;
    }
    m_scene->selectOnly(added);
    m_view->fitSelection();
    return true;
}

} // namespace strata::ui
