// SPDX-License-Identifier: GPL-3.0-or-later
// Where wires end and run, and what of it all is under a point.
#include "ui/editor/editor_scene.h"
#include "ui/editor/wire_route.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata::ui {
namespace {

/// Where the inputs beside the main path sit, as shares of the width.
constexpr std::array<double, 6> kSidePorts{0.22, 0.78, 0.36, 0.64, 0.10, 0.90};
constexpr double kBeside = 158; ///< further away than this a card stands in another column

double shareOf(int seat, int all) {
    if (seat == 0) return 0.5;
    const auto side = static_cast<std::size_t>(seat - 1);
    return side < kSidePorts.size() ? kSidePorts[side] : std::min(0.98, (seat - 0.5) / (all + 1.0));
}

} // namespace

/// The slot of the straight way in. It belongs to the card right above, and is kept free for it while an input is missing;
/// what skips comes in at the side.
int EditorScene::straightWayIn(const Node& node, const std::vector<Edge>& inputs, int least) const {
    const ModelGraph& graph = m_document.graph();
    int main = 0;
    double nearest = -1e300;
    for (const Edge& edge : inputs) {
        const Node* source = graph.find(edge.from);
        if (source == nullptr || source->position.y <= nearest) continue;
        nearest = source->position.y;
        main = edge.slot;
    }
    const int used = static_cast<int>(inputs.size());
    if (used == 0 || used >= least) return main;
    const double reach = Metrics::regular().card.width / 2.0;
    const auto between = [&](const auto& other) {
        return other->position.y > nearest && other->position.y < node.position.y && std::abs(other->position.x - node.position.x) < reach;
    };
    return std::ranges::any_of(graph.nodes(), between) ? used : main;
}

std::vector<int> EditorScene::seatsOf(const Node& node, const std::vector<Edge>& inputs, int least, int all) const {
    std::vector<int> seats(static_cast<std::size_t>(all), -1);
    const auto taken = [&](int seat) { return std::ranges::find(seats, seat) != seats.end(); };
    for (const Edge& edge : inputs) {
        const auto chosen = m_seats.find({edge.from, node.id});
        if (chosen != m_seats.end() && !taken(chosen->second)) seats.at(static_cast<std::size_t>(edge.slot)) = chosen->second;
    }
    const auto main = static_cast<std::size_t>(straightWayIn(node, inputs, least));
    if (main < seats.size() && seats[main] < 0 && !taken(0)) seats[main] = 0;
    for (const bool right : {false, true}) {
        // What comes from another column enters at its side, so that wires do not cross over the card.
        std::vector<std::pair<double, int>> wires; // where from, slot
        for (const Edge& edge : inputs) {
            const Node* source = m_document.graph().find(edge.from);
            const double dx = source == nullptr ? 0 : source->position.x - node.position.x;
            const bool beside = right ? dx > kBeside : dx < -kBeside;
            if (beside && seats.at(static_cast<std::size_t>(edge.slot)) < 0) wires.emplace_back(dx, edge.slot);
        }
        std::vector<int> open;
        for (int seat = right ? 2 : 1; seat <= static_cast<int>(kSidePorts.size()) && open.size() < wires.size(); seat += 2) {
            if (!taken(seat)) open.push_back(seat);
        }
        std::ranges::sort(wires);
        std::ranges::sort(open, {}, [all](int seat) { return shareOf(seat, all); });
        for (std::size_t i = 0; i < open.size(); ++i) seats.at(static_cast<std::size_t>(wires[i].second)) = open[i];
    }
    int next = 0;
    for (int& seat : seats) {
        if (seat >= 0) continue;
        while (taken(next)) ++next;
        seat = next;
    }
    return seats;
}

void EditorScene::keepSeat(NodeId from, NodeId to, int seat) {
    const CardItem* item = card(to);
    if (item == nullptr || seat < 0) return;
    const auto seatAt = [item](int slot) {
        for (const Port& port : item->ports()) {
            if (port.slot == slot) return port.seat;
        }
        return -1;
    };
    const std::vector<Edge> inputs = m_document.graph().inputsOf(to);
    int left = -1; // the seat that the wire itself leaves
    for (const Edge& edge : inputs) {
        if (edge.from == from) left = seatAt(edge.slot);
    }
    for (const Edge& edge : inputs) {
        if (edge.from == from || seatAt(edge.slot) != seat) continue;
        if (left >= 0) m_seats[{edge.from, to}] = left;
        else m_seats.erase({edge.from, to});
    }
    m_seats[{from, to}] = seat;
    refreshPorts(to);
    routeAll();
}

void EditorScene::refreshPorts(NodeId id) {
    CardItem& item = *m_cards.at(id);
    const ModelGraph& graph = m_document.graph();
    const Node* node = graph.find(id);
    if (node == nullptr) return;
    const LayerType* type = findLayerType(node->type);
    const int least = type == nullptr ? 1 : type->minInputs;
    const int most = type == nullptr ? -1 : type->maxInputs;
    const std::vector<Edge> inputs = graph.inputsOf(id);
    const int used = static_cast<int>(inputs.size());
    const int shown = most == 0 ? 0 : std::max(used, least);
    const int all = most < 0 || most > shown ? shown + (used == shown && shown > 1 ? 1 : 0) : shown;

    const bool sideways = m_look.leftToRight;
    const QRectF card = item.cardRect();
    // Of a card with a mistake the ports at its sides stay where they were.
    const double across = sideways ? m_look.metrics.card.height : card.width();
    std::vector<Port> ports;
    const std::vector<int> seats = seatsOf(*node, inputs, least, all);
    for (int slot = 0; slot < all; ++slot) {
        const int seat = seats[static_cast<std::size_t>(slot)];
        const double share = shareOf(seat, all);
        const QPointF place = sideways ? QPointF(card.left(), std::round(share * across)) : QPointF(std::round((share - 0.5) * across), 0);
        ports.push_back({slot, place, slot < used, slot >= shown, seat});
    }
    const QPointF out = sideways ? QPointF(card.right(), across / 2) : QPointF(0, card.height());
    ports.push_back({-1, out, !graph.outputsOf(id).empty(), false, 0});
    item.setPorts(std::move(ports));
}

std::vector<QPointF> EditorScene::bendsOf(const Edge& edge) const {
    if (m_bendPreview && m_bendPreview->first == edge) return m_bendPreview->second;
    // Bends between two cards in the hand come along.
    QPointF by;
    const auto from = m_preview.find(edge.from);
    if (from != m_preview.end() && m_preview.contains(edge.to)) by = from->second - restingPlace(edge.from);
    std::vector<QPointF> points;
    for (const Point& point : m_document.graph().bends(edge.from, edge.to)) points.push_back(m_map.toScene(point) + by);
    return points;
}

void EditorScene::routeAll() {
    std::vector<WireEnds> wires;
    std::vector<Obstacle> cards;
    for (const auto& [id, item] : m_cards) {
        if (!m_folded.contains(id)) cards.push_back({id, item->cardRect().translated(item->pos())});
    }
    for (const auto& [id, item] : m_blocks) cards.push_back({-id, item->cardRect().translated(item->pos())});
    // The ports of a card that is folded away are those of its block.
    const auto portOf = [this](NodeId id, int slot) {
        const CardItem& item = *shownCard(id);
        const int wanted = m_folded.contains(id) && slot > 0 ? 0 : slot;
        for (const Port& port : item.ports()) {
            if (port.slot == wanted) return item.pos() + port.place;
        }
        return item.pos();
    };
    for (const auto& [edge, item] : m_wires) {
        if (shownCard(edge.from) == nullptr || shownCard(edge.to) == nullptr) continue;
        const GroupId from = foldedIn(edge.from), to = foldedIn(edge.to);
        if (from != 0 && from == to) continue; // inside
        WireEnds ends{edge, portOf(edge.from, -1), portOf(edge.to, edge.slot), from != 0 ? -from : edge.from, to != 0 ? -to : edge.to};
        const std::vector<QPointF> bends = bendsOf(edge);
        item->setBends(bends);
        if (bends.empty()) wires.push_back(ends);
        else item->setPath(bentWire(ends.from, bends, ends.to, m_look.leftToRight));
    }
    if (!m_look.leftToRight) {
        for (const auto& [edge, path] : routeWires(wires, cards, m_look.metrics)) m_wires.at(edge)->setPath(path);
        return;
    }
    // Left to right is top to bottom seen in the mirror of the diagonal.
    const QTransform mirror(0, 1, 1, 0, 0, 0);
    for (WireEnds& wire : wires) {
        wire.from = wire.from.transposed();
        wire.to = wire.to.transposed();
    }
    for (Obstacle& card : cards) card.rect = mirror.mapRect(card.rect);
    for (const auto& [edge, path] : routeWires(wires, cards, m_look.metrics)) m_wires.at(edge)->setPath(mirror.map(path));
}

EditorScene::Hit EditorScene::hitAt(QPointF place, double zoom) const {
    const bool near = zoom >= m_look.metrics.levelOfDetail.belowZoom;
    const auto& port = m_look.metrics.port;
    Hit best;
    double least = port.hitRadius;
    const auto wireUnder = [&](double reach) -> const WireItem* {
        for (const auto& [edge, item] : m_wires) {
            if (!item->isVisible() || !item->boundingRect().adjusted(-reach, -reach, reach, reach).contains(place)) continue;
            QPainterPath spot;
            spot.addEllipse(place, reach, reach);
            if (item->shape().intersects(spot)) return item;
        }
        return nullptr;
    };
    for (const auto& [id, item] : m_cards) {
        if (m_folded.contains(id)) continue;
        const QPointF local = place - item->pos();
        if (near && item->repairAt(local) >= 0) return {Hit::Kind::Repair, id, item->repairAt(local), {}, 0};
        if (!near) continue;
        const Port* under = item->portAt(local, least);
        if (under == nullptr || (under->spare && item->linkRole() == CardItem::LinkRole::None)) continue;
        const QPointF d = under->place - local;
        least = std::hypot(d.x(), d.y());
        best = {Hit::Kind::Port, id, under->slot, {}, 0};
    }
    for (const auto& [id, item] : m_blocks) {
        const int repair = near ? item->repairAt(place - item->pos()) : -1;
        const auto& reports = m_document.report().blocks;
        if (const auto report = reports.find(id); repair >= 0 && report != reports.end() && card(report->second.broken) != nullptr) {
            return {Hit::Kind::Repair, report->second.broken, repair, {}, 0};
        }
        const Port* under = near ? item->portAt(place - item->pos(), least) : nullptr;
        if (under == nullptr) continue;
        const QPointF d = under->place + item->pos() - place;
        least = std::hypot(d.x(), d.y());
        best = blockPort(id, under->slot);
    }
    if (best.kind == Hit::Kind::Port) {
        // The short wire between two neighbours can be taken between their ports.
        if (least > port.radius + 1) {
            const WireItem* item = wireUnder(0.5);
            if (item != nullptr && !shownCard(best.node)->cardRect().translated(shownCard(best.node)->pos()).contains(place)) {
                return {Hit::Kind::Wire, 0, 0, item->edge(), 0};
            }
        }
        return best;
    }
    for (const auto& [id, item] : m_cards) {
        if (!m_folded.contains(id) && item->cardRect().contains(place - item->pos())) return {Hit::Kind::Card, id, 0, {}, 0};
    }
    for (const auto& [id, item] : m_blocks) {
        if (item->cardRect().contains(place - item->pos())) return {Hit::Kind::Card, -id, 0, {}, 0};
    }
    // A title lies over the wires that run through it.
    for (const auto& [id, item] : m_groups) {
        if (!item->isVisible()) continue;
        if (item->foldButton().contains(place)) return {Hit::Kind::Fold, 0, 0, {}, id};
        if (item->titleBar().contains(place)) return {Hit::Kind::Frame, 0, 0, {}, id};
    }
    for (const auto& [edge, item] : m_wires) {
        const int bend = item->bendAt(place, port.hitRadius / std::min(zoom, 1.0));
        if (item->isVisible() && bend >= 0) return {Hit::Kind::Bend, 0, bend, edge, 0};
    }
    if (const WireItem* item = wireUnder(2 / std::min(zoom, 1.0))) return {Hit::Kind::Wire, 0, 0, item->edge(), 0};
    for (const auto& [id, item] : m_strips) {
        if (item->isVisible() && item->onMore(item->mapFromScene(place))) return {Hit::Kind::Strip, id, 0, {}, 0};
    }
    for (const auto& [id, item] : m_notes) {
        if (item->rect().contains(place - item->pos())) return {Hit::Kind::Note, 0, 0, {}, id};
    }
    return {};
}

} // namespace strata::ui
