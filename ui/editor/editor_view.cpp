// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_view.h"

#include "ui/editor/editor_actions.h"
#include "ui/editor/empty_hint.h"
#include "ui/editor/mini_map.h"
#include "ui/editor/group_actions.h"
#include "ui/editor/search_palette.h"
#include "ui/editor/text_overlay.h"
#include "ui/look/icons.h"

#include <QMenu>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kDots = 20;
constexpr double kPaintedBeyond = 4; ///< device pixels: so far outside of what is seen items may be painted, for soft edges
constexpr double kLeastDots = 0.5, kAround = 40;
constexpr double kFirstZoom = 0.9; ///< the least of the beginning: words are read before the whole is seen

/// One tile of the canvas, made anew only when the colours change.
const QPixmap& dotTile(const QColor& ground, const QColor& dot) {
    static QPixmap tile;
    static QRgb made[2] = {0, 0};
    if (tile.isNull() || made[0] != ground.rgb() || made[1] != dot.rgb()) {
        tile = QPixmap(kDots * 8, kDots * 8);
        tile.fill(ground);
        QPainter painter(&tile);
        for (int y = 0; y < tile.height(); y += kDots) {
            for (int x = 0; x < tile.width(); x += kDots) painter.fillRect(x, y, 1, 1, dot);
        }
        made[0] = ground.rgb();
        made[1] = dot.rgb();
    }
    return tile;
}

} // namespace

EditorView::EditorView(EditorScene& scene, QWidget* parent)
    : QGraphicsView(&scene, parent), m_scene(scene), m_searchWire(scene.look()) {
    setObjectName(QStringLiteral("canvas"));
    setAccessibleName(tr("Canvas"));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setDragMode(NoDrag);
    setAcceptDrops(true);
    setTransformationAnchor(NoAnchor);
    setResizeAnchor(NoAnchor);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setContextMenuPolicy(Qt::DefaultContextMenu);
    setOptimizationFlag(DontSavePainterState);

    m_scene.setLeftToRight(m_settings.leftToRight);
    m_scene.setAllChips(m_settings.allChips);
    m_scene.showStrips(m_settings.mapsBeside);
    m_overlay = new TextOverlay(this);
    // What was begun in one document does not belong into the next.
    connect(&scene.document(), &GraphDocument::replaced, m_overlay, &TextOverlay::drop);
    m_actions = new EditorActions(*this);
    m_search = new SearchPalette(this);
    connect(m_search, &SearchPalette::chosen, this, &EditorView::searchChosen);
    connect(m_search, &SearchPalette::closed, this, [this] { m_searchWire.hide(); });
    m_searchWire.hide();
    scene.addItem(&m_searchWire);

    m_zoomButton = new QPushButton(this);
    m_zoomButton->setObjectName(QStringLiteral("zoomButton"));
    m_zoomButton->setIcon(icon(QStringLiteral("fit"), IconTone::Secondary));
    m_zoomButton->setToolTip(tr("Zoom; a click fits all"));
    m_zoomButton->setFocusPolicy(Qt::NoFocus);
    connect(m_zoomButton, &QPushButton::clicked, this, &EditorView::fitAll);
    m_miniMap = new MiniMap(*this);
    m_emptyHint = new EmptyHint(*this);
    connect(&scene, &EditorScene::contentChanged, this, [this] {
        // A gesture that was begun on another drawing means nothing any more.
        if (m_gesture) endGesture(false, m_lastMouse, Qt::NoModifier);
        growSceneRect();
    });
    growSceneRect();
    setZoom(1.0, {});
    connect(m_miniMap, &MiniMap::shown, m_actions->overview, &QAction::setChecked);
    m_miniMap->refresh();
    m_actions->overview->setChecked(!m_miniMap->isHidden());
}

void EditorView::setSettings(const CanvasSettings& settings) {
    if (settings == m_settings) return;
    m_settings = settings;
    m_settings.save();
    m_scene.setAllChips(m_settings.allChips);
    m_scene.showStrips(m_settings.mapsBeside);
    if (m_scene.look().leftToRight == m_settings.leftToRight) return;
    m_scene.setLeftToRight(m_settings.leftToRight);
    showFirst();
}

EditorView::~EditorView() {
    m_gesture.reset();
    m_scene.removeItem(&m_searchWire);
}

void EditorView::growSceneRect() {
    // Room to put things anywhere: what is shown may be pushed out of sight by nearly a window.
    const QSizeF room = QSizeF(viewport()->size()) / kLeastZoom;
    const QRectF wanted = m_scene.contentRect().adjusted(-room.width(), -room.height(), room.width(), room.height());
    if (sceneRect().contains(wanted) && sceneRect().width() < 4 * wanted.width()) return;
    const QPointF seen = mapToScene(0, 0);
    setSceneRect(wanted);
    const QPointF shift = mapFromScene(seen);
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(shift.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(shift.y()));
}

void EditorView::setZoom(double zoom, QPoint anchor) {
    zoom = std::clamp(zoom, kLeastZoom, kMostZoom);
    if (std::abs(zoom - 1.0) < 0.02) zoom = 1.0;
    const QPointF fixed = mapToScene(anchor);
    m_zoom = zoom;
    setTransform(QTransform::fromScale(zoom, zoom));
    const QPointF now = QPointF(mapFromScene(fixed)) - anchor;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(std::round(now.x())));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(std::round(now.y())));
    m_zoomButton->setText(tr("%1 %").arg(std::round(zoom * 100)));
    m_zoomButton->adjustSize();
    m_zoomButton->move(width() - m_zoomButton->width() - 10, 10);
    Q_EMIT zoomChanged(zoom);
}

void EditorView::zoomBy(double factor) {
    setZoom(m_zoom * factor, viewport()->rect().center());
}

void EditorView::fit(const QRectF& rect, double most) {
    const QRectF room = QRectF(viewport()->rect()).adjusted(kAround, 24, -kAround, -24);
    if (rect.isEmpty() || room.isEmpty()) return;
    setZoom(std::min({room.width() / rect.width(), room.height() / rect.height(), most}), {});
    const QPointF corner = QPointF(mapFromScene(rect.topLeft())) -
                           QPointF(room.left() + std::max(0.0, (room.width() - rect.width() * m_zoom) / 2),
                                   room.top() + std::max(0.0, (room.height() - rect.height() * m_zoom) / 2));
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(corner.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(corner.y()));
}

void EditorView::fitSelection() {
    QRectF selected = m_scene.cardsRect(m_scene.selectedNodes());
    for (const NoteId id : m_scene.selectedNotes()) selected |= m_scene.noteRect(id);
    fit(selected.isEmpty() ? m_scene.contentRect() : selected.adjusted(-40, -40, 40, 40));
}

void EditorView::fitAll() {
    fit(m_scene.contentRect());
}

void EditorView::showFirst() {
    growSceneRect();
    const QRectF content = m_scene.roomyRect();
    const QRectF cards = m_scene.cardsRect(m_scene.cardIds());
    const QRectF room = QRectF(viewport()->rect()).adjusted(0, 20, 0, -14);
    const double whole = cards.isEmpty() ? 1.0 : room.height() / cards.height();
    setZoom(std::clamp(whole, kFirstZoom, 1.0), {});
    // At the left with a lane's width before it, so that the strips find their room at the right.
    const double lane = m_scene.look().metrics.card.laneLeft + 20;
    const double spare = room.width() - content.width() * m_zoom;
    const double left = std::clamp(spare / 2, lane, 1.5 * lane);
    double top = std::max(room.top(), room.top() + std::min((room.height() - cards.height() * m_zoom) / 2, 12.0));
    // On a canvas hardly wider than a card the zoom stands above the first one, not on its shape.
    if (left + cards.width() * m_zoom > m_zoomButton->x()) top = std::max(top, m_zoomButton->geometry().bottom() + 10.0);
    const QPointF corner = QPointF(mapFromScene(content.topLeft())) - QPointF(left, top);
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(corner.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(corner.y()));
}

void EditorView::reveal(NodeId id) {
    const CardItem* card = m_scene.shownCard(id);
    if (card == nullptr) return;
    const QRectF rect = card->cardRect().translated(m_scene.restingPlace(id));
    const QRectF seen = mapToScene(viewport()->rect()).boundingRect();
    if (seen.contains(rect)) return;
    if (m_zoom < 0.5) setZoom(1.0, {});
    centerOn(rect.center());
}

QPointF EditorView::handPlace() const {
    // The pointer has left the canvas for the menu; what the menu does is done where it was opened.
    if (m_menuAt) return mapToScene(*m_menuAt);
    const bool over = viewport()->rect().contains(m_lastMouse);
    return mapToScene(over ? m_lastMouse : viewport()->rect().center());
}

void EditorView::wheelEvent(QWheelEvent* event) {
    const bool touchpad = event->pointingDevice() != nullptr && event->pointingDevice()->type() == QInputDevice::DeviceType::TouchPad;
    if (touchpad && !(event->modifiers() & Qt::ControlModifier)) {
        const QPoint by = event->pixelDelta().isNull() ? event->angleDelta() / 4 : event->pixelDelta();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by.x());
        verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
    } else {
        const double notches = event->angleDelta().y() / 120.0;
        if (notches != 0) setZoom(m_zoom * std::pow(1.15, notches), event->position().toPoint());
    }
    event->accept();
}

bool EditorView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::NativeGesture) {
        const auto* gesture = static_cast<QNativeGestureEvent*>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            setZoom(m_zoom * (1 + gesture->value()), gesture->position().toPoint());
            return true;
        }
    }
    return QGraphicsView::viewportEvent(event);
}

void EditorView::drawBackground(QPainter* painter, const QRectF& rect) {
    const double around = kPaintedBeyond / m_zoom;
    m_scene.makeReady(rect.adjusted(-around, -around, around, around));
    const Theme& theme = m_scene.look().theme;
    if (m_zoom < kLeastDots) {
        painter->fillRect(rect, theme.surface.canvas);
        return;
    }
    painter->setRenderHint(QPainter::SmoothPixmapTransform, false);
    QBrush brush(dotTile(theme.surface.canvas, theme.surface.canvasDot));
    painter->fillRect(rect, brush);
}

void EditorView::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    m_zoomButton->move(width() - m_zoomButton->width() - 10, 10);
    m_miniMap->refresh();
    m_emptyHint->refresh();
    growSceneRect();
}

void EditorView::leaveEvent(QEvent* event) {
    QGraphicsView::leaveEvent(event);
    m_lastMouse = {-1, -1};
    if (!m_gesture) m_scene.setHovered({});
}

void EditorView::showMenu(QPoint at) {
    using Kind = EditorScene::Hit::Kind;
    const EditorScene::Hit hit = m_scene.hitAt(mapToScene(at), m_zoom);
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("canvasMenu"));
    if (hit.kind == Kind::Card || hit.kind == Kind::Port || hit.kind == Kind::Repair) {
        if (!m_scene.shownCard(hit.node)->isSelected()) m_scene.selectOnly(std::array{hit.node});
        m_actions->fillCardMenu(menu);
    } else if (hit.kind == Kind::Frame || hit.kind == Kind::Fold) {
        m_scene.selectOnly(m_scene.document().graph().membersOf(hit.other));
        m_actions->fillCardMenu(menu);
    } else if (hit.kind == Kind::Note) {
        m_scene.clearSelection();
        m_scene.selectNotes(std::array{hit.other});
        m_actions->fillNoteMenu(menu);
    } else if (hit.kind == Kind::Wire || hit.kind == Kind::Bend) {
        m_scene.clearSelection();
        m_scene.wire(hit.edge)->setSelected(true);
        m_actions->fillWireMenu(menu);
    } else {
        m_scene.clearSelection();
        m_actions->fillCanvasMenu(menu);
    }
    m_menuAt = at;
    menu.exec(viewport()->mapToGlobal(at));
    m_menuAt.reset();
}

} // namespace strata::ui
