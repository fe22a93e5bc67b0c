// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/bundle_gesture.h"

#include "ui/editor/edits.h"

namespace strata::ui {

BundleGesture::BundleGesture(EditorScene& scene, NodeId from, std::function<void(const QString&)> explain)
    : m_scene(scene), m_from(from), m_explain(std::move(explain)) {
    for (const Edge& edge : scene.document().graph().outputsOf(from)) {
        WireItem* wire = scene.wire(edge);
        if (wire == nullptr) continue;
        Strand strand{edge, wire->path().pointAtPercent(1), std::make_unique<LooseWireItem>(scene.look())};
        wire->setInHand(true);
        scene.addItem(strand.item.get());
        m_strands.push_back(std::move(strand));
    }
    for (const NodeId id : scene.cardIds()) {
        if (id == from || !scene.reachable(id) || (scene.foldedIn(id) != 0 && scene.exitOf(scene.foldedIn(id)) != id)) continue;
        m_refusals[id] = refusal(id);
        scene.shownCard(id)->setLinkRole(m_refusals[id].isEmpty() ? CardItem::LinkRole::Fits : CardItem::LinkRole::Dimmed);
    }
}

BundleGesture::~BundleGesture() {
    for (const Strand& strand : m_strands) {
        if (strand.item->scene() != nullptr) m_scene.removeItem(strand.item.get());
    }
}

QString BundleGesture::refusal(NodeId other) const {
    ModelGraph tried = m_scene.document().graph();
    const Result<> moved = edits::moveLinks(tried, m_from, other);
    return moved ? QString() : QString::fromStdString(moved.error().message);
}

std::optional<BundleGesture::Target> BundleGesture::targetAt(QPointF place) const {
    const double reach = m_scene.look().metrics.port.hitRadius + 4;
    for (const auto& [id, reason] : m_refusals) {
        const CardItem& card = *m_scene.shownCard(id);
        const Port* port = card.portAt(place - card.pos(), reach);
        const bool output = port != nullptr && port->slot < 0;
        if (output || card.cardRect().contains(place - card.pos())) return Target{id, reason};
    }
    return {};
}

void BundleGesture::move(QPointF place, Qt::KeyboardModifiers) {
    if (CardItem* card = m_shown == 0 ? nullptr : m_scene.shownCard(m_shown)) {
        card->setLinkRole(m_refusals[m_shown].isEmpty() ? CardItem::LinkRole::Fits : CardItem::LinkRole::Dimmed);
    }
    const std::optional<Target> target = targetAt(place);
    m_shown = target ? target->node : 0;
    if (target) {
        m_scene.shownCard(target->node)->setLinkRole(target->reason.isEmpty() ? CardItem::LinkRole::Target : CardItem::LinkRole::Refused, -1);
    }
    m_explain(target ? target->reason : QString());
    for (const Strand& strand : m_strands) {
        strand.item->setRefused(target && !target->reason.isEmpty());
        strand.item->setEnds(place, strand.end);
    }
}

void BundleGesture::finish(QPointF place, Qt::KeyboardModifiers) {
    const std::optional<Target> target = targetAt(place);
    clear();
    if (!target || !target->reason.isEmpty()) return;
    m_scene.document().edit(QObject::tr("Move all wires of an output"),
                            [&](DocumentState& state) { (void)edits::moveLinks(state.graph, m_from, target->node); });
}

void BundleGesture::cancel() {
    clear();
}

void BundleGesture::clear() {
    m_explain({});
    for (const NodeId id : m_scene.cardIds()) m_scene.shownCard(id)->setLinkRole(CardItem::LinkRole::None);
    for (const Strand& strand : m_strands) {
        if (WireItem* wire = m_scene.wire(strand.edge)) wire->setInHand(false);
        strand.item->hide();
    }
}

} // namespace strata::ui
