// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_scene.h"

#include "ui/document/extent.h"
#include "ui/document/number_text.h"
#include "ui/look/text_scale.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kSlideMs = 140;

} // namespace

EditorScene::EditorScene(GraphDocument& document, QObject* parent)
    : QGraphicsScene(parent)
    , m_document(document)
    , m_cargo(new CargoItem(m_look)) {
    addItem(m_cargo);
    setItemIndexMethod(NoIndex);
    m_slide.setDuration(kSlideMs);
    m_slide.setEasingCurve(QEasingCurve::OutCubic);
    m_slide.setStartValue(0.0);
    m_slide.setEndValue(1.0);
    connect(&m_slide, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        for (const auto& [id, way] : m_sliding) {
            if (CardItem* item = card(id)) moveTo(*item, way.first + (way.second - way.first) * value.toDouble());
        }
        placeGroups();
        routeAll();
        yieldStrips();
    });
    connect(&m_slide, &QVariantAnimation::finished, this, [this] {
        m_sliding.clear();
        placeCards();
    });
    connect(&document, &GraphDocument::changed, this, &EditorScene::onChanged);
    connect(&document, &GraphDocument::analysed, this, &EditorScene::onAnalysed);
    connect(&document, &GraphDocument::previewChanged, this, [this] {
        for (const auto& [id, item] : m_cards) {
            if (m_document.graph().find(id) != nullptr) refreshFace(id);
        }
    });
    connect(&document.repairBook(), &RepairBook::found, this, [this](const Problem& problem) {
        const CardItem* item = m_cards.contains(problem.node) ? shownCard(problem.node) : nullptr;
        if (item == nullptr) return;
        const double before = item->panelHeight();
        refreshFace(problem.node);
        if (const GroupId block = foldedIn(problem.node)) refreshBlockFace(block);
        if (item->panelHeight() != before) refreshPanels();
    });
    connect(&document, &GraphDocument::replaced, this, [this] {
        clearSelection();
        clearStrips();
        m_chips.clear();
        m_seats.clear();
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
    for (const auto& [id, item] : m_blocks) item->lookChanged();
    for (const auto& [id, item] : m_groups) item->lookChanged();
    for (const auto& [id, item] : m_notes) item->lookChanged();
    refreshPanels();
    update();
    Q_EMIT heatChanged();
    Q_EMIT contentChanged();
}

void EditorScene::setLeftToRight(bool leftToRight) {
    if (m_look.leftToRight == leftToRight) return;
    m_look.leftToRight = leftToRight;
    relook();
}

void EditorScene::setAllChips(bool all) {
    if (m_look.allChips == all) return;
    m_look.allChips = all;
    update();
}

void EditorScene::setDensity(Density density) {
    m_look.metrics = metricsFor(density, m_look.theme);
    relook();
}

void EditorScene::relook() {
    m_map = CanvasMap(m_look.metrics, m_look.leftToRight);
    for (const auto& [id, item] : m_cards) item->lookChanged();
    for (const auto& [id, item] : m_strips) item->lookChanged();
    for (const auto& [id, item] : m_blocks) item->lookChanged();
    for (const NodeId id : cardIds()) refreshPorts(id);
    refreshGroups();
    refreshPanels();
    Q_EMIT contentChanged();
}

CardItem* EditorScene::card(NodeId id) const {
    const auto& items = id < 0 ? m_blocks : m_cards;
    const auto it = items.find(id < 0 ? -id : id);
    return it == items.end() ? nullptr : it->second;
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
    if (id < 0) return blockPlace(-id);
    if (const GroupId block = foldedIn(id)) return blockPlace(block);
    const Node* node = m_document.graph().find(id);
    if (node == nullptr) return {};
    const QPointF place = m_map.toScene(node->position);
    return {std::round(place.x()), std::round(place.y())};
}

std::vector<NodeId> EditorScene::selectedNodes() const {
    std::vector<NodeId> ids;
    for (const auto& [id, item] : m_cards) {
        const CardItem* shown = shownCard(id);
        if (shown != nullptr && shown->isSelected()) ids.push_back(id);
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
        if (CardItem* item = shownCard(id)) item->setSelected(true);
    }
    blockSignals(wasBlocked);
    if (!wasBlocked) Q_EMIT selectionChanged();
}

void EditorScene::selectAll() {
    const bool wasBlocked = blockSignals(true);
    selectOnly(cardIds());
    selectNotes(noteIds());
    blockSignals(wasBlocked);
    if (!wasBlocked) Q_EMIT selectionChanged();
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
        if (m_hovered.kind == Hit::Kind::Wire && m_hovered.edge == edge) {
            m_hovered = {};
            m_cargo->hide();
        }
        const auto it = m_wires.find(edge);
        if (it == m_wires.end()) continue;
        destroy(m_wires, it);
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
    refreshGroups();
    refreshNotes();
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
    m_folded.erase(id);
    m_sliding.erase(id);
    m_chips.erase(id);
    if (const auto strip = m_strips.find(id); strip != m_strips.end()) {
        destroy(m_strips, strip);
    }
    const auto it = m_cards.find(id);
    if (it == m_cards.end()) return;
    destroy(m_cards, it);
}

void EditorScene::setHeat(HeatKind kind) {
    if (m_heat == kind) return;
    m_heat = kind;
    m_heatMost = strata::ui::heatLimit(kind, m_document.report(), m_seconds);
    for (const NodeId id : cardIds()) refreshFace(id);
    Q_EMIT heatChanged();
}

void EditorScene::setLayerSeconds(const LayerSeconds& seconds) {
    if (m_seconds == seconds) return;
    m_seconds = seconds;
    refreshHeatLimit();
    for (const NodeId id : cardIds()) refreshFace(id);
}

void EditorScene::refreshHeatLimit() {
    HeatLimit most = strata::ui::heatLimit(m_heat, m_document.report(), m_seconds);
    if (most == m_heatMost) return;
    m_heatMost = std::move(most);
    Q_EMIT heatChanged();
}

void EditorScene::onAnalysed() {
    m_seconds.clear();
    refreshHeatLimit();
    for (const NodeId id : cardIds()) refreshFace(id);
    for (const NodeId id : cardIds()) refreshPorts(id);
    const auto shapes = outputShapes();
    for (const auto& [edge, item] : m_wires) {
        const auto shape = shapes.find(edge.from);
        item->setCargo(shape == shapes.end() ? QString() : tr("%1, float32").arg(shapeText(shape->second)));
    }
    refreshGroups();
    refreshPanels();
}

void EditorScene::refreshFace(NodeId id) {
    CardFace face = cardFace(m_document, id);
    describeHeat(face, m_heat, m_document.report(), m_seconds, id, m_heatMost);
    if (const auto chip = m_chips.find(id); chip != m_chips.end() && face.chip == CardFace::Chip::None) {
        face.chip = CardFace::Chip::Training;
        face.chipText = chip->second;
    }
    // Until its repairs are found again a card keeps its buttons, so that nothing jumps with each step of a number.
    if (const CardFace& old = m_cards.at(id)->face(); face.repairsSought && face.mistake == old.mistake) face.repairs = old.repairs;
    m_cards.at(id)->setFace(face);
}

void EditorScene::makeReady(const QRectF& seen) const {
    for (const auto* cards : {&m_cards, &m_blocks}) {
        for (const auto& [id, item] : *cards) {
            if (item->isVisible() && item->sceneBoundingRect().intersects(seen)) item->makeReady();
        }
    }
}

/// A picture of the drawing begins here; a view has a ground of its own.
void EditorScene::drawBackground(QPainter*, const QRectF& rect) {
    makeReady(rect);
}

void EditorScene::refreshPanels() {
    std::vector<CanvasMap::Panel> panels;
    for (const auto& [id, item] : m_cards) {
        const Node* node = m_document.graph().find(id);
        if (node != nullptr && item->panelHeight() > 0 && foldedIn(id) == 0) panels.push_back({id, node->position.y, item->panelHeight()});
    }
    // The panel of a folded block is that of a card in it: they are moved together.
    for (const auto& [id, item] : m_blocks) {
        const std::vector<NodeId> members = m_document.graph().membersOf(id);
        if (members.empty() || item->panelHeight() <= 0) continue;
        Extent extent;
        for (const NodeId member : members) extent.reach(m_document.graph().find(member)->position);
        panels.push_back({members.front(), extent.top, item->panelHeight()});
    }
    m_map.setPanels(std::move(panels));
    placeCards();
}

void EditorScene::placeCards() {
    for (const auto& [id, item] : m_cards) {
        if (const auto held = m_preview.find(id); held != m_preview.end()) moveTo(*item, held->second);
        else if (!m_sliding.contains(id)) moveTo(*item, restingPlace(id));
    }
    placeGroups();
    routeAll();
    yieldStrips();
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
    m_notePreview.clear();
    m_bendPreview.reset();
    refreshNotes();
    placeCards();
}

void EditorScene::onSelection() {
    for (const auto& [edge, item] : m_wires) {
        const CardItem* from = shownCard(edge.from);
        const CardItem* to = shownCard(edge.to);
        item->setCardSelected((from != nullptr && from->isSelected()) || (to != nullptr && to->isSelected()));
    }
}

void EditorScene::setHovered(const Hit& hit) {
    const auto apply = [this](const Hit& on, bool hovered) {
        if (GroupItem* item = on.kind != Hit::Kind::Note ? group(on.other) : nullptr) item->setHovered(hovered);
        if (CardItem* item = on.node != 0 ? shownCard(on.node) : nullptr) {
            item->setHovered(hovered);
            item->setHotRepair(hovered && on.kind == Hit::Kind::Repair ? on.index : -1);
        }
        if (on.kind != Hit::Kind::Wire && on.kind != Hit::Kind::Bend) return;
        WireItem* item = wire(on.edge);
        if (item == nullptr) return;
        item->setHovered(hovered);
        if (hovered) m_cargo->showOn(*item);
    };
    const auto isRepair = [](const Hit& on) { return on.kind == Hit::Kind::Repair; };
    const bool otherRepair = (isRepair(hit) || isRepair(m_hovered)) &&
                             (hit.kind != m_hovered.kind || hit.node != m_hovered.node || hit.index != m_hovered.index);
    apply(m_hovered, false);
    m_cargo->hide();
    m_hovered = hit;
    apply(m_hovered, true);
    if (otherRepair) previewRepair(isRepair(hit) ? &hit : nullptr);
}

void EditorScene::previewRepair(const Hit* hit) {
    const Problem* problem = hit == nullptr ? nullptr : cardProblem(m_document.report(), hit->node);
    const std::vector<Repair> none;
    const std::vector<Repair>* known = problem == nullptr ? nullptr : m_document.repairBook().soon(*problem);
    const std::vector<Repair>& repairs = known == nullptr ? none : *known;
    const auto index = hit == nullptr ? std::size_t{0} : static_cast<std::size_t>(hit->index);
    m_document.preview(index < repairs.size() ? &repairs[index] : nullptr);
}

void EditorScene::setTrainingChips(std::map<NodeId, QString> chips) {
    const std::map<NodeId, QString> before = std::exchange(m_chips, std::move(chips));
    for (const auto& [id, item] : m_cards) {
        if (before.contains(id) || m_chips.contains(id)) refreshFace(id);
    }
}

} // namespace strata::ui
