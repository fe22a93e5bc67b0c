// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/link_gesture.h"

#include "ui/document/number_text.h"
#include "ui/editor/edits.h"

namespace strata::ui {

LinkGesture::LinkGesture(EditorScene& scene, const Start& start, std::function<void(QPointF)> onEmpty, Voice voice)
    : m_scene(scene)
    , m_start(start)
    , m_onEmpty(std::move(onEmpty))
    , m_voice(std::move(voice))
    , m_outputs(scene.outputShapes())
    , m_wire(scene.look())
    , m_cargo(scene.look()) {
    scene.addItem(&m_wire);
    scene.addItem(&m_cargo);
    if (m_start.old) {
        if (WireItem* wire = scene.wire(*m_start.old)) wire->setInHand(true);
    }
    if (CardItem* card = scene.shownCard(m_start.node)) card->setLinkStart(m_start.slot);
    showRoles();
}

LinkGesture::~LinkGesture() {
    for (QGraphicsItem* item : {static_cast<QGraphicsItem*>(&m_wire), static_cast<QGraphicsItem*>(&m_cargo)}) {
        if (item->scene() != nullptr) m_scene.removeItem(item);
    }
}

void LinkGesture::showRoles() {
    for (const NodeId id : m_scene.cardIds()) {
        if (id == m_start.node || !m_scene.reachable(id)) continue;
        m_refusals[id] = refusal(id, -1);
        m_scene.shownCard(id)->setLinkRole(m_refusals[id].isEmpty() ? CardItem::LinkRole::Fits : CardItem::LinkRole::Dimmed);
    }
}

QString LinkGesture::refusal(NodeId other, int slot) const {
    const ModelGraph& graph = m_scene.document().graph();
    const Result<> allowed = upwards()
                                 ? edits::canLink(graph, other, m_start.node, startSlot(), m_start.old, m_outputs)
                                 : edits::canLink(graph, m_start.node, other, slot, m_start.old, m_outputs);
    return allowed ? QString() : QString::fromStdString(allowed.error().message);
}

/// A free input that is not the first in line takes the wire as the next one.
int LinkGesture::startSlot() const {
    const auto used = static_cast<int>(m_scene.document().graph().inputsOf(m_start.node).size());
    return m_start.slot < used ? m_start.slot : -1;
}

/// A single input is always meant. Of several it is the one under the hand, as long as that is free or no other is: a wire
/// that is there gives way only where there is no room.
void LinkGesture::land(NodeId to, const Port* under, Target& target) const {
    const CardItem& card = *m_scene.shownCard(to);
    const Port *open = nullptr, *spare = nullptr;
    for (const Port& port : card.ports()) {
        if (port.slot < 0 || port.connected) continue;
        const Port*& first = port.spare ? spare : open;
        if (first == nullptr) first = &port;
    }
    const bool own = m_start.old && m_start.old->to == to; // moved along its own card
    const Port* port = under != nullptr && under->connected && open != nullptr && !own ? open : under;
    if (port == nullptr) port = open != nullptr ? open : spare;
    if (port != nullptr) target.seat = port->seat;
    const LayerType* type = findLayerType(m_scene.document().graph().find(to)->type);
    if (type != nullptr && type->maxInputs == 1) target.slot = m_scene.document().graph().inputsOf(to).empty() ? -1 : 0;
    else if (port != nullptr && port->connected) target.slot = port->slot;
}

/// Whose wire gives way, for a sentence; empty: nobody's.
QString LinkGesture::replaced(NodeId from, NodeId to, int slot) const {
    if (m_start.old && m_start.old->to == to) return {};
    const ModelGraph& graph = m_scene.document().graph();
    for (const Edge& edge : graph.inputsOf(to)) {
        if (edge.slot != slot || edge.from == from) continue;
        return QObject::tr("The wire from %1 gave way: %2 reads %3 now.")
            .arg(QString::fromStdString(graph.find(edge.from)->name), QString::fromStdString(graph.find(to)->name),
                 QString::fromStdString(graph.find(from)->name));
    }
    return {};
}

QPointF LinkGesture::fixedEnd() const {
    const CardItem* card = m_scene.shownCard(m_start.node);
    if (card == nullptr) return {};
    for (const Port& port : card->ports()) {
        if (port.slot == m_start.slot || (m_start.slot > 0 && port.slot == 0 && m_scene.foldedIn(m_start.node) != 0)) return card->pos() + port.place;
    }
    return card->pos();
}

std::optional<LinkGesture::Target> LinkGesture::targetAt(QPointF place) const {
    const double reach = m_scene.look().metrics.port.hitRadius + 4;
    for (const NodeId id : m_scene.cardIds()) {
        const GroupId block = m_scene.foldedIn(id);
        if (id == m_start.node || !m_scene.reachable(id)) continue;
        // A folded block is fed where it begins and read where it ends.
        if (block != 0 && id != (upwards() ? m_scene.exitOf(block) : m_scene.entryOf(block))) continue;
        const CardItem& card = *m_scene.shownCard(id);
        const QPointF local = place - card.pos();
        const Port* port = card.portAt(local, reach);
        if (port != nullptr && (port->slot >= 0) == upwards()) port = nullptr; // the wrong side of the card
        if (port == nullptr && !card.cardRect().contains(local)) continue;
        Target target{id, -1, -1, {}};
        if (upwards()) target.slot = startSlot();
        else land(id, port, target);
        target.reason = refusal(id, target.slot);
        return target;
    }
    return {};
}

void LinkGesture::move(QPointF place, Qt::KeyboardModifiers) {
    if (m_shown != 0) {
        if (CardItem* card = m_scene.shownCard(m_shown)) {
            card->setLinkRole(m_refusals[m_shown].isEmpty() ? CardItem::LinkRole::Fits : CardItem::LinkRole::Dimmed);
        }
        m_shown = 0;
    }
    const std::optional<Target> target = targetAt(place);
    QPointF end = place;
    if (target) {
        CardItem& card = *m_scene.shownCard(target->node);
        const Port* shown = nullptr;
        for (const Port& port : card.ports()) {
            if (upwards() != (port.slot < 0)) continue;
            if (shown == nullptr || (target->seat >= 0 ? port.seat == target->seat : port.slot == target->slot)) shown = &port;
        }
        m_shown = target->node;
        card.setLinkRole(target->reason.isEmpty() ? CardItem::LinkRole::Target : CardItem::LinkRole::Refused,
                         shown == nullptr ? -2 : shown->slot);
        if (target->reason.isEmpty() && shown != nullptr) end = card.pos() + shown->place;
    }
    m_voice.explain(target ? target->reason : QString());
    const auto shape = m_outputs.find(upwards() && target ? target->node : m_start.node);
    const bool fits = target && target->reason.isEmpty() && shape != m_outputs.end();
    m_cargo.showAt(fits ? shapeText(shape->second) : QString(), end);
    m_wire.setRefused(target && !target->reason.isEmpty());
    if (upwards()) m_wire.setEnds(end, fixedEnd());
    else m_wire.setEnds(fixedEnd(), end);
}

void LinkGesture::finish(QPointF place, Qt::KeyboardModifiers) {
    const std::optional<Target> target = targetAt(place);
    GraphDocument& document = m_scene.document();
    clear();
    if (target) {
        if (!target->reason.isEmpty()) {
            m_voice.say(target->reason);
            return;
        }
        const NodeId from = upwards() ? target->node : m_start.node;
        const NodeId to = upwards() ? m_start.node : target->node;
        const std::optional<Edge> old = m_start.old;
        const QString lost = replaced(from, to, target->slot);
        m_scene.keepSeat(from, to, upwards() ? m_start.seat : target->seat);
        document.edit(old ? QObject::tr("Move a wire") : QObject::tr("Connect"),
                      [&](DocumentState& state) { (void)edits::link(state.graph, from, to, target->slot, old); });
        if (!lost.isEmpty()) m_voice.say(lost);
        return;
    }
    if (m_start.old) {
        const Edge old = *m_start.old;
        document.edit(QObject::tr("Disconnect"), [&](DocumentState& state) { state.graph.disconnect(old); });
        return;
    }
    m_onEmpty(place);
}

void LinkGesture::cancel() {
    clear();
}

void LinkGesture::clear() {
    m_voice.explain({});
    for (const NodeId id : m_scene.cardIds()) m_scene.shownCard(id)->setLinkRole(CardItem::LinkRole::None);
    if (CardItem* card = m_scene.shownCard(m_start.node)) card->setLinkStart(-2);
    if (m_start.old) {
        if (WireItem* wire = m_scene.wire(*m_start.old)) wire->setInHand(false);
    }
    m_wire.hide();
    m_cargo.hide();
}

} // namespace strata::ui
