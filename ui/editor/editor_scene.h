// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"
#include "ui/editor/canvas_map.h"
#include "ui/editor/card_item.h"
#include "ui/editor/heat.h"
#include "ui/editor/group_item.h"
#include "ui/editor/note_item.h"
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
    /// Data flow from left to right instead of from top to bottom: the same drawing, seen otherwise.
    void setLeftToRight(bool leftToRight);

    /// A card, also one that is folded away in a block. Minus the id of a folded block: the card that stands for it.
    CardItem* card(NodeId id) const;
    WireItem* wire(const Edge& edge) const;
    std::vector<NodeId> cardIds() const;
    std::vector<Edge> wireEdges() const;
    /// Where a card stands, or is going to stand when it is on its way.
    QPointF restingPlace(NodeId id) const;

    /// The block that a card is folded away in, or 0.
    GroupId foldedIn(NodeId id) const;
    /// The card that is seen for one: its own, or that of its folded block.
    CardItem* shownCard(NodeId id) const;
    /// Whether a wire can be drawn to or from it: it is seen, or is where its folded block begins or ends.
    bool reachable(NodeId id) const;
    /// Where wires enter and leave a group: the first card fed from outside, the first read from there.
    NodeId entryOf(GroupId id) const;
    NodeId exitOf(GroupId id) const;

    /// A wire stays at the port where the hand put it; the one that was there takes the other's seat. For the time that the
    /// drawing is open: a file knows the order of the inputs, not their seats.
    void keepSeat(NodeId from, NodeId to, int seat);

    GroupItem* group(GroupId id) const;
    NoteItem* note(NoteId id) const;
    std::vector<NoteId> noteIds() const;
    std::vector<NoteId> selectedNotes() const;
    void selectNotes(std::span<const NoteId> notes);

    std::vector<NodeId> selectedNodes() const;
    std::vector<Edge> selectedWires() const;
    void selectOnly(std::span<const NodeId> nodes);
    /// Every card and every note.
    void selectAll();

    /// What is under a point: buttons before ports before cards before wires.
    struct Hit {
        enum class Kind { Nothing, Card, Port, Repair, Wire, Strip, Bend, Frame, Fold, Note } kind = Kind::Nothing;
        NodeId node = 0; ///< minus the id of a folded block for its card
        int index = 0;   ///< slot of the port (-1: output), number of the repair, of the bend
        Edge edge;
        std::int64_t other = 0; ///< id of the frame or the note
    };
    Hit hitAt(QPointF place, double zoom) const;

    /// The badge of the wire under the pointer.
    const CargoItem& cargo() const { return *m_cargo; }
    /// Hovering: one thing at a time.
    void setHovered(const Hit& hit);

    /// Cards in the hand: shown moved, while the document stays as it is until the hand opens.
    void previewMove(const std::map<NodeId, QPointF>& places);
    void previewNotes(const std::map<NoteId, QPointF>& places);
    void previewBends(const Edge& edge, const std::vector<QPointF>& points);
    void endPreview();
    /// While on, moves of the document are shown as a short slide (auto-layout).
    void slideNextMoves(bool slide) { m_slideNext = slide; }

    /// The output shapes that are known, for the judgement of a wire in the hand.
    std::map<NodeId, Shape> outputShapes() const;

    /// What a producer shows right of a card: feature maps, the pinned image, class bars.
    void setStrip(NodeId id, const Strip& strip);
    void clearStrips();
    /// Whether they are seen: also those that come while they are not are there afterwards.
    void showStrips(bool show);
    StripItem* strip(NodeId id) const;
    /// The live badge of a card in training ("update 1.2e-3"); empty takes it away.
    /// The chips of the cards that learn, drawn while a card is under the pointer or selected; empty: none.
    void setTrainingChips(std::map<NodeId, QString> chips);
    /// The chips of all cards are drawn.
    void setAllChips(bool all);

    /// Which cost the cards show as a bar and in place of their parameters.
    void setHeat(HeatKind kind);
    HeatKind heat() const { return m_heat; }
    const HeatLimit& heatLimit() const { return m_heatMost; } ///< the longest bar's
    /// What the layers of the drawing as it is now take, as far as it was measured; an edit forgets it.
    void setLayerSeconds(const LayerSeconds& seconds);

    /// Lays out what is written on the cards that are about to be painted there.
    void makeReady(const QRectF& seen) const;

    /// All that is drawn: what "fit" shows.
    QRectF contentRect() const;
    /// Each thing that a new card is not to lie on: cards, frames, notes, feature maps.
    std::vector<QRectF> takenRects() const;
    /// With the room that the strips of the cards would take: how a drawing is first shown.
    QRectF roomyRect() const;
    QRectF cardsRect(std::span<const NodeId> nodes) const;
    QRectF noteRect(NoteId id) const;

Q_SIGNALS:
    void repairClicked(strata::NodeId node, int repair);
    void mapsRequested(strata::NodeId node);
    /// Cards, wires or their places are new: an overview draws itself again.
    void contentChanged();
    void heatChanged();

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;

private:
    void onChanged(const GraphDiff& diff);
    void onAnalysed();
    void onSelection();
    void addCard(NodeId id);
    void removeCard(NodeId id);
    void refreshFace(NodeId id);
    void refreshHeatLimit();
    void refreshPorts(NodeId id);
    std::vector<int> seatsOf(const Node& node, const std::vector<Edge>& inputs, int least, int all) const;
    int straightWayIn(const Node& node, const std::vector<Edge>& inputs, int least) const;
    void refreshPanels();
    void refreshGroups();
    void refreshNotes();
    void refreshBlockFace(GroupId id);
    void placeGroups();
    bool showsStrip(NodeId id) const;
    Hit blockPort(GroupId id, int slot) const;
    QPointF blockPlace(GroupId id) const;
    std::vector<QPointF> bendsOf(const Edge& edge) const;
    void previewRepair(const Hit* hit);
    void placeCards();
    void routeAll();
    double roomBeside(const CardItem& card) const;
    void yieldStrip(NodeId id);
    void yieldStrips();
    void relook();
    void moveTo(CardItem& card, QPointF place);
    /// Forgets an item, then deletes it: one that was selected tells of the new selection while it goes.
    template <class Items>
    static typename Items::iterator destroy(Items& items, typename Items::iterator it) {
        const auto* item = it->second;
        it = items.erase(it);
        delete item;
        return it;
    }

    GraphDocument& m_document;
    HeatKind m_heat = HeatKind::Off;
    HeatLimit m_heatMost;
    LayerSeconds m_seconds;
    CanvasLook m_look;
    CanvasMap m_map;
    std::map<NodeId, CardItem*> m_cards;
    std::map<Edge, WireItem*> m_wires;
    std::map<NodeId, StripItem*> m_strips;
    std::map<GroupId, GroupItem*> m_groups;
    std::map<GroupId, CardItem*> m_blocks; ///< of folded ones
    std::map<NodeId, GroupId> m_folded;    ///< cards that are folded away
    std::map<NoteId, NoteItem*> m_notes;
    std::map<NoteId, QPointF> m_notePreview;
    std::optional<std::pair<Edge, std::vector<QPointF>>> m_bendPreview;
    std::map<NodeId, QString> m_chips;
    std::map<std::pair<NodeId, NodeId>, int> m_seats; ///< by the wire's ends: chosen by hand
    std::map<NodeId, QPointF> m_preview;
    QVariantAnimation m_slide;
    std::map<NodeId, std::pair<QPointF, QPointF>> m_sliding; ///< from, to
    Hit m_hovered;
    CargoItem* m_cargo; ///< of the wire under the pointer
    bool m_slideNext = false, m_stripsShown = true;
};

} // namespace strata::ui
