// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/canvas_settings.h"
#include "ui/editor/editor_scene.h"
#include "ui/editor/gesture.h"
#include "ui/editor/link_gesture.h"

#include <QGraphicsView>

#include <memory>

class QPushButton;

namespace strata::ui {

class EditorActions;
class EmptyHint;
class MiniMap;
class TextOverlay;
class SearchPalette;

/// The canvas under the user's hands: zooming, panning, and the gestures that become edits.
class EditorView : public QGraphicsView {
    Q_OBJECT
public:
    static constexpr double kLeastZoom = 0.1, kMostZoom = 4.0;
    /// What a drag from the palette carries: a layer's id.
    static constexpr const char* kLayerMime = "application/x-strata-layer";

    explicit EditorView(EditorScene& scene, QWidget* parent = nullptr);
    ~EditorView() override;

    EditorScene& editor() const { return m_scene; }
    EditorActions& actions() const { return *m_actions; }
    SearchPalette& search() const { return *m_search; }
    MiniMap& miniMap() const { return *m_miniMap; }
    TextOverlay& textOverlay() const { return *m_overlay; }

    const CanvasSettings& settings() const { return m_settings; }
    /// Takes over and remembers how the canvas is to be used.
    void setSettings(const CanvasSettings& settings);

    double zoom() const { return m_zoom; }
    /// Zooms so that what is under `anchor` (viewport) stays there.
    void setZoom(double zoom, QPoint anchor);
    void zoomBy(double factor);
    void fit(const QRectF& rect, double most = 1.0);
    void fitSelection();
    void fitAll();
    /// How a drawing is first shown: whole where that is not below 75 %, else its beginning.
    void showFirst();
    /// Scrolls just so far that a card is seen.
    void reveal(NodeId id);
    /// Asks why a card has its shape.
    void askWhy(NodeId id);
    /// Where a card (or its folded block) stands in the view, or is going to when it is on its way. / With the cards before
    /// and after it.
    QRect placeOf(NodeId id) const;
    QRect placeWithNeighbours(NodeId id) const;
    /// Where a paste or a new card goes: under the cursor when it is over the canvas, else in the middle.
    QPointF handPlace() const;

    /// Opens the search at `place` (scene) for a card that stands there alone.
    void searchAt(QPointF place);
    /// Opens it at the hand for a card that follows the selected one; with none selected, or several, it stands alone.
    void searchAfterSelected(QPointF place);
    /// Adds a card after the selected one (or at the drawing's end) and selects it: the palette's Enter.
    void addLayer(const QString& type);
    /// The same after this card, also one that is folded away in a block; 0: at the drawing's end.
    void addLayerAfter(const QString& type, NodeId after);

    /// Selects the next card in the arrow's direction, along the wires where they lead there.
    void walk(Qt::Key arrow);
    /// Moves the selected cards and notes a little.
    void nudge(Qt::Key arrow);
    /// Connects the selected card with the next one in the arrow's direction: onwards to what takes its wire, backwards
    /// to what can feed it, sideways whichever is allowed.
    void connectToNext(Qt::Key arrow);

Q_SIGNALS:
    void zoomChanged(double zoom);
    /// Enter or a double click on a card: its first field wants the focus.
    void fieldsRequested(strata::NodeId node);
    /// The empty canvas was asked for a beginning.
    void templatesRequested();
    /// The shape or the count of a card was clicked.
    void whyRequested(strata::NodeId node);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void resizeEvent(QResizeEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool viewportEvent(QEvent* event) override;

private:
    enum class Pan { None, Waiting, Moving };

    void beginLeft(QMouseEvent* event);
    void startDrag(QPoint at);
    void startPan(Qt::MouseButton button);
    bool holdsSelection() const;
    /// The reason beside the hand; empty: none.
    void explain(const QString& reason);
    void endGesture(bool finish, QPoint at, Qt::KeyboardModifiers modifiers);
    void clickRepair(NodeId node, int index);
    bool onBadge(const EditorScene::Hit& hit, QPoint at) const;
    void openSearch(QPointF place, const std::optional<LinkGesture::Start>& link, NodeId after = 0);
    void searchChosen(const QString& type);
    void addBelow(const QString& type, NodeId after);
    void showMenu(QPoint at);
    void setDropWire(const std::optional<Edge>& edge);
    /// The card that would feed a layer dropped there, with the wire that it would get; 0: none.
    void setDropFeeder(NodeId feeder, QPointF hand);
    void growSceneRect();
    void updateCursor();

    EditorScene& m_scene;
    EditorActions* m_actions;
    SearchPalette* m_search;
    MiniMap* m_miniMap;
    TextOverlay* m_overlay;
    EmptyHint* m_emptyHint;
    QPushButton* m_zoomButton;
    CanvasSettings m_settings = CanvasSettings::load();
    double m_zoom = 1.0;
    std::unique_ptr<Gesture> m_gesture;
    EditorScene::Hit m_pressed;
    Qt::KeyboardModifiers m_pressKeys;
    QPoint m_pressAt, m_panFrom, m_lastMouse{-1, -1};
    std::optional<QPoint> m_menuAt; ///< while a menu is open
    bool m_leftDown = false, m_spaceDown = false, m_knife = false;
    Pan m_pan = Pan::None;
    Qt::MouseButton m_panButton = Qt::NoButton;
    QPointF m_searchPlace;
    std::optional<LinkGesture::Start> m_searchLink;
    NodeId m_searchAfter = 0; ///< the card that the new one follows; 0: it stands where the hand is
    std::vector<NodeId> m_selectedBefore; ///< by the first press of a double click
    std::optional<Edge> m_dropWire;
    NodeId m_dropFeeder = 0;
    LooseWireItem m_searchWire;
};

} // namespace strata::ui
