// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"
#include "ui/editor/canvas_map.h"
#include "ui/editor/card_item.h"
#include "ui/editor/strip_item.h"
#include "ui/editor/wire_item.h"

#include <QGraphicsScene>
#include <QVariantAnimation>

#include <map>

namespace strata::ui {

/// The drawing on the canvas. It reacts to the document's signals and holds ids; it never changes the document (the
/// gestures do, through document.edit).
class EditorScene : public QGraphicsScene {
    Q_OBJECT
public:
    explicit EditorScene(GraphDocument& document, QObject* parent = nullptr);
    ~EditorScene() override;

    GraphDocument& document() const { return m_document; }
    const CanvasLook& look() const { return m_look; }
    const CanvasMap& map() const { return m_map; }
    void setTheme(const Theme& theme);
    void setDensity(Density density);

    CardItem* card(NodeId id) const;
    WireItem* wire(const Edge& edge) const;
    std::vector<NodeId> cardIds() const;
    std::vector<Edge> wireEdges() const;
    /// Where a card stands, or is going to stand when it is on its way.
    QPointF restingPlace(NodeId id) const;

    std::vector<NodeId> selectedNodes() const;
    std::vector<Edge> selectedWires() const;
    void selectOnly(std::span<const NodeId> nodes);
    void selectAllCards();

    /// What is under a point: buttons before ports before cards before wires.
    struct Hit {
        enum class Kind { Nothing, Card, Port, Repair, Wire, Strip } kind = Kind::Nothing;
        NodeId node = 0;
        int index = 0; ///< slot of the port (-1: output), number of the repair
        Edge edge;
    };
    Hit hitAt(QPointF place, double zoom) const;

    /// Hovering: one thing at a time.
    void setHovered(const Hit& hit);

    /// Cards in the hand: shown moved, while the document stays as it is until the hand opens.
    void previewMove(const std::map<NodeId, QPointF>& places);
    void endPreview();
    /// While on, moves of the document are shown as a short slide (auto-layout).
    void slideNextMoves(bool slide) { m_slideNext = slide; }

    /// The output shapes that are known, for the judgement of a wire in the hand.
    std::map<NodeId, Shape> outputShapes() const;

    /// What a producer shows right of a card: feature maps, the pinned image, class bars.
    void setStrip(NodeId id, const Strip& strip);
    void clearStrips();
    StripItem* strip(NodeId id) const;
    /// The live badge of a card in training ("update 1.2e-3"); empty takes it away.
    /// The chips of the cards that learn, drawn while a card is under the pointer or selected; empty: none.
    void setTrainingChips(std::map<NodeId, QString> chips);

    /// All cards with the room for their strips: what "fit" shows.
    QRectF contentRect() const;
    QRectF cardsRect(std::span<const NodeId> nodes) const;

Q_SIGNALS:
    void repairClicked(strata::NodeId node, int repair);
    void mapsRequested(strata::NodeId node);
    /// Cards, wires or their places are new: an overview draws itself again.
    void contentChanged();

private:
    void onChanged(const GraphDiff& diff);
    void onAnalysed();
    void onSelection();
    void addCard(NodeId id);
    void removeCard(NodeId id);
    void refreshFace(NodeId id);
    void refreshPorts(NodeId id);
    void refreshPanels();
    void placeCards();
    void routeAll();
    void moveTo(CardItem& card, QPointF place);

    GraphDocument& m_document;
    CanvasLook m_look;
    CanvasMap m_map;
    std::map<NodeId, CardItem*> m_cards;
    std::map<Edge, WireItem*> m_wires;
    std::map<NodeId, StripItem*> m_strips;
    std::map<NodeId, QString> m_chips;
    std::map<NodeId, QPointF> m_preview;
    QVariantAnimation m_slide;
    std::map<NodeId, std::pair<QPointF, QPointF>> m_sliding; ///< from, to
    Hit m_hovered;
    bool m_slideNext = false;
};

} // namespace strata::ui
