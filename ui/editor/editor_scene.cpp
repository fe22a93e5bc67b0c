// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_scene.h"

#include "ui/document/number_text.h"
#include "ui/editor/wire_route.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kSlideMs = 140;
constexpr double kStripRoom = 620; ///< twelve tiles and their "+4"

/// Where the inputs beside the main path sit, as shares of the width.
constexpr std::array<double, 6> kSidePorts{0.22, 0.78, 0.36, 0.64, 0.10, 0.90};

} // namespace

EditorScene::EditorScene(GraphDocument& document, QObject* parent) : QGraphicsScene(parent), m_document(document) {
    setItemIndexMethod(NoIndex);
    m_slide.setDuration(kSlideMs);
    m_slide.setEasingCurve(QEasingCurve::OutCubic);
    m_slide.setStartValue(0.0);
    m_slide.setEndValue(1.0);
    connect(&m_slide, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        for (const auto& [id, way] : m_sliding) {
            if (CardItem* item = card(id)) moveTo(*item, way.first + (way.second - way.first) * value.toDouble());
        }
        routeAll();
    });
    connect(&m_slide, &QVariantAnimation::finished, this, [this] {
        m_sliding.clear();
        placeCards();
    });
    connect(&document, &GraphDocument::changed, this, &EditorScene::onChanged);
    connect(&document, &GraphDocument::analysed, this, &EditorScene::onAnalysed);
    connect(&document, &GraphDocument::replaced, this, [this] {
        clearSelection();
        clearStrips();
        m_chips.clear();
    });
    connect(this, &QGraphicsScene::selectionChanged, this, &EditorScene::onSelection);
    onChanged(diff(ModelGraph(), document.graph()));
    onAnalysed();
}

EditorScene::~EditorScene() {
    disconnect(this, nullptr, this, nullptr);
}

void EditorScene::setTheme(const Theme& theme) {
    m_look.theme = theme;
    for (const auto& [id, item] : m_cards) item->lookChanged();
    for (const auto& [edge, item] : m_wires) item->lookChanged();
    for (const auto& [id, item] : m_strips) item->lookChanged();
    refreshPanels();
    update();
    Q_EMIT contentChanged();
}

void EditorScene::setDensity(Density density) {
    m_look.metrics = Metrics::of(density);
    m_map = CanvasMap(m_look.metrics);
    for (const auto& [id, item] : m_cards) item->lookChanged();
    for (const auto& [id, item] : m_strips) item->lookChanged();
    for (const NodeId id : cardIds()) refreshPorts(id);
    refreshPanels();
    Q_EMIT contentChanged();
}

CardItem* EditorScene::card(NodeId id) const {
    const auto it = m_cards.find(id);
    return it == m_cards.end() ? nullptr : it->second;
}

WireItem* EditorScene::wire(const Edge& edge) const {
    const auto it = m_wires.find(edge);
    return it == m_wires.end() ? nullptr : it->second;
}

StripItem* EditorScene::strip(NodeId id) const {
    const auto it = m_strips.find(id);
    return it == m_strips.end() ? nullptr : it->second;
}

std::vector<NodeId> EditorScene::cardIds() const {
    std::vector<NodeId> ids;
    for (const auto& [id, item] : m_cards) ids.push_back(id);
    return ids;
}

std::vector<Edge> EditorScene::wireEdges() const {
    std::vector<Edge> edges;
    for (const auto& [edge, item] : m_wires) edges.push_back(edge);
    return edges;
}

QPointF EditorScene::restingPlace(NodeId id) const {
    const Node* node = m_document.graph().find(id);
    if (node == nullptr) return {};
    const QPointF place = m_map.toScene(node->position);
    return {std::round(place.x()), std::round(place.y())};
}

std::vector<NodeId> EditorScene::selectedNodes() const {
    std::vector<NodeId> ids;
    for (const auto& [id, item] : m_cards) {
        if (item->isSelected()) ids.push_back(id);
    }
    return ids;
}

std::vector<Edge> EditorScene::selectedWires() const {
    std::vector<Edge> edges;
    for (const auto& [edge, item] : m_wires) {
        if (item->isSelected()) edges.push_back(edge);
    }
    return edges;
}

void EditorScene::selectOnly(std::span<const NodeId> nodes) {
    const bool wasBlocked = blockSignals(true);
    clearSelection();
    for (const NodeId id : nodes) {
        if (CardItem* item = card(id)) item->setSelected(true);
    }
    blockSignals(wasBlocked);
    if (!wasBlocked) Q_EMIT selectionChanged();
}

void EditorScene::selectAllCards() {
    selectOnly(cardIds());
}

std::map<NodeId, Shape> EditorScene::outputShapes() const {
    std::map<NodeId, Shape> shapes;
    for (const auto& [id, report] : m_document.report().nodes) {
        if (report.state == NodeState::Ready) shapes.emplace(id, report.plan.output);
    }
    return shapes;
}

void EditorScene::onChanged(const GraphDiff& diff) {
    for (const Edge& edge : diff.edgesRemoved) {
        if (m_hovered.kind == Hit::Kind::Wire && m_hovered.edge == edge) m_hovered = {};
        const auto it = m_wires.find(edge);
        if (it == m_wires.end()) continue;
        delete it->second;
        m_wires.erase(it);
    }
    for (const NodeId id : diff.removed) removeCard(id);
    for (const NodeId id : diff.added) addCard(id);
    for (const Edge& edge : diff.edgesAdded) {
        auto* item = new WireItem(edge, m_look);
        addItem(item);
        m_wires[edge] = item;
    }
    for (const NodeId id : cardIds()) refreshPorts(id);
    if (m_slideNext && !diff.moved.empty()) {
        m_sliding.clear();
        for (const NodeId id : diff.moved) m_sliding[id] = {card(id)->pos(), restingPlace(id)};
        m_slide.start();
    }
    refreshPanels();
    onSelection();
    Q_EMIT contentChanged();
}

void EditorScene::addCard(NodeId id) {
    auto* item = new CardItem(id, m_look);
    addItem(item);
    m_cards[id] = item;
    item->setPos(restingPlace(id));
}

void EditorScene::removeCard(NodeId id) {
    if (m_hovered.node == id) m_hovered = {};
    m_preview.erase(id);
    m_sliding.erase(id);
    m_chips.erase(id);
    if (const auto strip = m_strips.find(id); strip != m_strips.end()) {
        delete strip->second;
        m_strips.erase(strip);
    }
    const auto it = m_cards.find(id);
    if (it == m_cards.end()) return;
    delete it->second;
    m_cards.erase(it);
}

void EditorScene::onAnalysed() {
    for (const NodeId id : cardIds()) refreshFace(id);
    for (const NodeId id : cardIds()) refreshPorts(id);
    const auto shapes = outputShapes();
    for (const auto& [edge, item] : m_wires) {
        const auto shape = shapes.find(edge.from);
        item->setCargo(shape == shapes.end() ? QString() : tr("%1, float32").arg(shapeText(shape->second)));
    }
    refreshPanels();
}

void EditorScene::refreshFace(NodeId id) {
    CardFace face = cardFace(m_document, id);
    if (const auto chip = m_chips.find(id); chip != m_chips.end() && face.chip == CardFace::Chip::None) {
        face.chip = CardFace::Chip::Training;
        face.chipText = chip->second;
    }
    m_cards.at(id)->setFace(face);
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

    // The straight way in belongs to the card right above; what skips comes in at the side.
    int main = 0;
    double nearest = -1e300;
    for (const Edge& edge : inputs) {
        const Node* source = graph.find(edge.from);
        if (source == nullptr || source->position.y <= nearest) continue;
        nearest = source->position.y;
        main = edge.slot;
    }
    const double width = item.cardRect().width();
    std::vector<Port> ports;
    std::size_t side = 0;
    for (int slot = 0; slot < all; ++slot) {
        double share = 0.5;
        if (slot != main) {
            share = side < kSidePorts.size() ? kSidePorts[side] : (static_cast<double>(side) + 0.5) / (all + 1.0);
            ++side;
        }
        ports.push_back({slot, {std::round((share - 0.5) * width), 0}, slot < used, slot >= shown});
    }
    ports.push_back({-1, {0, item.cardRect().height()}, !graph.outputsOf(id).empty(), false});
    item.setPorts(std::move(ports));
}

void EditorScene::refreshPanels() {
    std::vector<CanvasMap::Panel> panels;
    for (const auto& [id, item] : m_cards) {
        const Node* node = m_document.graph().find(id);
        if (node != nullptr && item->panelHeight() > 0) panels.push_back({id, node->position.y, item->panelHeight()});
    }
    m_map.setPanels(std::move(panels));
    placeCards();
}

void EditorScene::moveTo(CardItem& card, QPointF place) {
    card.setPos(place);
    if (StripItem* beside = strip(card.id())) {
        const auto& metrics = m_look.metrics.card;
        beside->setPos(place + QPointF(metrics.width / 2.0 + metrics.stripOffset, metrics.height / 2.0));
    }
}

void EditorScene::placeCards() {
    for (const auto& [id, item] : m_cards) {
        if (const auto held = m_preview.find(id); held != m_preview.end()) moveTo(*item, held->second);
        else if (!m_sliding.contains(id)) moveTo(*item, restingPlace(id));
    }
    routeAll();
}

void EditorScene::routeAll() {
    std::vector<WireEnds> wires;
    std::vector<Obstacle> cards;
    for (const auto& [id, item] : m_cards) cards.push_back({id, item->cardRect().translated(item->pos())});
    const auto portOf = [this](NodeId id, int slot) {
        const CardItem& item = *m_cards.at(id);
        for (const Port& port : item.ports()) {
            if (port.slot == slot) return item.pos() + port.place;
        }
        return item.pos();
    };
    for (const auto& [edge, item] : m_wires) {
        if (card(edge.from) == nullptr || card(edge.to) == nullptr) continue;
        wires.push_back({edge, portOf(edge.from, -1), portOf(edge.to, edge.slot)});
    }
    for (const auto& [edge, path] : routeWires(wires, cards, m_look.metrics)) m_wires.at(edge)->setPath(path);
}

void EditorScene::previewMove(const std::map<NodeId, QPointF>& places) {
    m_preview = places;
    for (const auto& [id, place] : places) {
        if (CardItem* item = card(id)) item->setZValue(1);
    }
    placeCards();
}

void EditorScene::endPreview() {
    for (const auto& [id, place] : m_preview) {
        if (CardItem* item = card(id)) item->setZValue(0);
    }
    m_preview.clear();
    placeCards();
}

void EditorScene::onSelection() {
    for (const auto& [edge, item] : m_wires) {
        const CardItem* from = card(edge.from);
        const CardItem* to = card(edge.to);
        item->setCardSelected((from != nullptr && from->isSelected()) || (to != nullptr && to->isSelected()));
    }
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
        const QPointF local = place - item->pos();
        if (near && item->repairAt(local) >= 0) return {Hit::Kind::Repair, id, item->repairAt(local), {}};
        if (!near) continue;
        const Port* under = item->portAt(local, least);
        if (under == nullptr || (under->spare && item->linkRole() == CardItem::LinkRole::None)) continue;
        const QPointF d = under->place - local;
        least = std::hypot(d.x(), d.y());
        best = {Hit::Kind::Port, id, under->slot, {}};
    }
    if (best.kind == Hit::Kind::Port) {
        // The short wire between two neighbours can be taken between their ports.
        if (least > port.radius + 1) {
            const WireItem* item = wireUnder(0.5);
            if (item != nullptr && !card(best.node)->cardRect().translated(card(best.node)->pos()).contains(place)) {
                return {Hit::Kind::Wire, 0, 0, item->edge()};
            }
        }
        return best;
    }
    for (const auto& [id, item] : m_cards) {
        if (item->cardRect().contains(place - item->pos())) return {Hit::Kind::Card, id, 0, {}};
    }
    if (const WireItem* item = wireUnder(2 / std::min(zoom, 1.0))) return {Hit::Kind::Wire, 0, 0, item->edge()};
    for (const auto& [id, item] : m_strips) {
        if (item->onMore(place - item->pos())) return {Hit::Kind::Strip, id, 0, {}};
    }
    return {};
}

void EditorScene::setHovered(const Hit& hit) {
    const auto apply = [this](const Hit& on, bool hovered) {
        if (CardItem* item = on.node != 0 ? card(on.node) : nullptr) {
            item->setHovered(hovered);
            item->setHotRepair(hovered && on.kind == Hit::Kind::Repair ? on.index : -1);
        }
        if (on.kind != Hit::Kind::Wire) return;
        if (WireItem* item = wire(on.edge)) item->setHovered(hovered);
    };
    apply(m_hovered, false);
    m_hovered = hit;
    apply(m_hovered, true);
}

void EditorScene::setStrip(NodeId id, const Strip& strip) {
    CardItem* item = card(id);
    if (item == nullptr) return;
    StripItem*& beside = m_strips[id];
    if (beside == nullptr) {
        beside = new StripItem(id, m_look);
        addItem(beside);
    }
    beside->setStrip(strip);
    moveTo(*item, item->pos());
}

void EditorScene::clearStrips() {
    for (const auto& [id, item] : m_strips) delete item;
    m_strips.clear();
}

void EditorScene::setTrainingChips(std::map<NodeId, QString> chips) {
    const std::map<NodeId, QString> before = std::exchange(m_chips, std::move(chips));
    for (const auto& [id, item] : m_cards) {
        if (before.contains(id) || m_chips.contains(id)) refreshFace(id);
    }
}

QRectF EditorScene::cardsRect(std::span<const NodeId> nodes) const {
    QRectF rect;
    for (const NodeId id : nodes) {
        if (const CardItem* item = card(id)) rect |= item->cardRect().translated(restingPlace(id));
    }
    return rect;
}

QRectF EditorScene::contentRect() const {
    QRectF rect = cardsRect(cardIds());
    if (rect.isEmpty()) rect = QRectF(-m_look.metrics.card.width / 2.0, 0, m_look.metrics.card.width, m_look.metrics.card.height);
    return rect.adjusted(0, 0, m_look.metrics.card.stripOffset + kStripRoom, 0);
}

} // namespace strata::ui
