// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/why_card.h"

#include "ui/document/number_text.h"
#include "ui/inspector/why_content.h"
#include "ui/look/metrics.h"
#include "ui/look/popover_room.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace strata::ui {
namespace {

constexpr int kMargin = 20, kRight = 12, kAbove = 12, kEdge = 8, kNotch = 8;
constexpr int kFarNeighbour = 24; ///< a card further away is not pointed at
constexpr int kLeastHeight = 160;

} // namespace

WhyCard::WhyCard(GraphDocument& document, QWidget* host, std::function<Place(NodeId)> placeOf)
    : QFrame(host), m_document(document), m_host(host), m_placeOf(std::move(placeOf)) {
    setObjectName(QStringLiteral("whyCard"));
    setAccessibleName(tr("Why this shape?"));
    setAccessibleDescription(tr("How this card's shape and costs follow from its numbers; Escape closes it"));
    setFocusPolicy(Qt::StrongFocus);
    auto* column = new QVBoxLayout(this);
    auto* head = new QHBoxLayout;
    m_title = label({}, TextRole::DialogTitle, QFont::DemiBold);
    head->addWidget(m_title, 1);
    m_pin = iconButton(QStringLiteral("pin"), tr("Keep open"));
    m_pin->setObjectName(QStringLiteral("keepOpen"));
    m_pin->setCheckable(true);
    head->addWidget(m_pin);
    auto* close = iconButton(QStringLiteral("close"), tr("Close"));
    close->setObjectName(QStringLiteral("closeWhy"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    head->addWidget(close);
    column->addLayout(head);
    m_area = new QScrollArea;
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->viewport()->setAutoFillBackground(false);
    column->addWidget(m_area);
    hide();
    host->installEventFilter(this);
    qApp->installEventFilter(this);
    connect(&document, &GraphDocument::analysed, this, [this] {
        if (isVisible()) refresh(Spot::KeepUnseen);
    });
    connect(&document, &GraphDocument::replaced, this, &QWidget::hide);
    m_follow.setSingleShot(true);
    m_follow.setInterval(0);
    connect(&m_follow, &QTimer::timeout, this, &WhyCard::goAlong);
}

bool WhyCard::isPinned() const {
    return m_pin->isChecked();
}

void WhyCard::open(NodeId node) {
    m_node = node;
    liftToWindow(*this, *m_host);
    refresh(Spot::Find);
    if (m_node == 0) return;
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

void WhyCard::follow() {
    if (isVisible()) m_follow.start();
}

void WhyCard::goAlong() {
    if (!isVisible() || m_document.graph().find(m_node) == nullptr) return;
    m_place = m_placeOf(m_node);
    if (!cardInSight()) {
        update(); // it stays, and points at nothing
        return;
    }
    const std::array shown{static_cast<const WhyContent*>(m_area->widget())};
    PopoverSpot spot = findSpot(shown);
    spot.shape = m_spot.shape;
    place(spot);
}

bool WhyCard::cardInSight() const {
    return m_host->rect().intersects(m_place.card);
}

void WhyCard::preview(const Repair* repair) {
    m_previews = repair != nullptr;
    m_document.preview(repair);
}

void WhyCard::refresh(Spot where) {
    const NodeReport* report = m_document.report().find(m_node);
    const bool can = m_document.graph().find(m_node) != nullptr && report != nullptr && report->state == NodeState::Ready &&
                     report->plan.output.isKnown() && std::ranges::all_of(report->inputShapes, [](const strata::Shape& s) { return s.isKnown(); });
    if (!can) {
        m_node = 0;
        hide();
        return;
    }
    const Explanation why = explain(m_document.graph(), m_document.report(), m_node, m_document.context());
    if (m_previews) preview(nullptr); // its button goes
    m_mend = why.keepAll;
    m_place = m_placeOf(m_node);
    m_title->setText(tr("Why %1?").arg(shapeText(why.output)));
    std::array<std::unique_ptr<WhyContent>, 2> contents;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        contents[i] = std::make_unique<WhyContent>(why, *report, m_document.state().training.batchSize, i == 0 ? WhyContent::Shape::Wide : WhyContent::Shape::Tall);
        contents[i]->setParent(this); // styles and fonts are those of the window, also for the measure
        contents[i]->hide();
    }
    const std::array<const WhyContent*, 2> either{contents[0].get(), contents[1].get()};
    const PopoverSpot spot = where == Spot::KeepUnseen && !cardInSight() ? m_spot : findSpot(either);
    WhyContent* chosen = contents.at(spot.shape).release();
    connect(chosen, &WhyContent::mendClicked, this, [this] {
        const Repair repair = *m_mend; // what it does leads back here
        m_document.applyRepair(repair);
    });
    connect(chosen, &WhyContent::mendPointedAt, this, [this](bool on) { preview(on ? &*m_mend : nullptr); });
    QWidget* old = m_area->takeWidget();
    m_area->setWidget(chosen);
    chosen->show();
    chosen->setAutoFillBackground(false); // setWidget turned it on
    if (old != nullptr) old->deleteLater(); // one of its buttons may be what brought us here
    place(spot);
}

int WhyCard::headHeight() const {
    return layout()->itemAt(0)->sizeHint().height() + layout()->spacing();
}

/// First over the canvas, then also over what lies below it, then over what lies beside it; each time so that the card and
/// its neighbours can be seen. Where there is no such place the card itself is left, and what does not fit is scrolled to.
PopoverSpot WhyCard::findSpot(std::span<const WhyContent* const> contents) const {
    // A scroll area judges by the width beside a bar that it shows already: with a bar and without it the height is enough.
    const int bar = m_area->verticalScrollBar()->sizeHint().width();
    std::vector<PopoverShape> shapes;
    for (const WhyContent* content : contents) {
        const int around = kMargin + kRight + kNotch;
        shapes.push_back({content->wantedWidth() + around, content->leastWidth() + around,
                          [this, content, around, bar](int width) { return content->heightAt(width - around - bar) + headHeight() + 2 * kAbove + kNotch; }});
    }
    const QWidget& window = *m_host->window();
    const QPoint origin = m_host->mapTo(&window, QPoint());
    const QRect canvas = QRect(origin, m_host->size()).adjusted(kEdge, kEdge, -kEdge, -kEdge);
    const QRect whole = window.rect().adjusted(kEdge, kEdge, -kEdge, -kEdge);
    QRect low = canvas, wider = canvas;
    low.setBottom(whole.bottom());
    wider.setRight(whole.right());
    const PopoverShape& last = shapes.back();
    const QRect card = m_place.card.translated(origin);
    // Only what is seen of the neighbours can be kept in sight.
    const QRect neighbours = (m_place.neighbours.translated(origin) & canvas).united(card & canvas);
    for (const QRect& kept : {neighbours, card}) {
        const QRect around = kept.adjusted(-4, -4, 4, 4);
        for (const QRect& room : {canvas, low, wider, wider.united(low)}) {
            if (const std::optional<PopoverSpot> spot = spotBeside(room, around, card, shapes)) return *spot;
        }
        const PopoverSpot most = largestSpot(wider.united(low), around, last, shapes.size() - 1);
        if (!most.rect.intersects(kept) && 3 * most.rect.height() >= 2 * last.heightFor(most.rect.width())) return most;
    }
    const QRect room = canvas.height() < kLeastHeight || canvas.width() < last.leastWidth ? whole : low;
    return largestSpot(room, card.adjusted(-4, -4, 4, 4), last, shapes.size() - 1);
}

void WhyCard::place(const PopoverSpot& spot) {
    m_spot = spot;
    const auto on = [&](PopoverSpot::Side side) { return m_spot.side == side ? kNotch : 0; };
    using Side = PopoverSpot::Side;
    layout()->setContentsMargins(kMargin + on(Side::Right), kAbove + on(Side::Below), kRight + on(Side::Left), kAbove + on(Side::Above));
    setGeometry(spot.rect);
    update(); // where it points may be another place all the same
}

/// The card as the frame is drawn: with the notch that points at the card.
QPainterPath WhyCard::outline() const {
    using Side = PopoverSpot::Side;
    QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const QRectF card = QRectF(m_place.card.translated(m_host->mapTo(m_host->window(), QPoint())).translated(-pos()));
    const double radius = Metrics::regular().radius.card;
    QPolygonF notch;
    const auto along = [&](double at, double low, double high) { return std::clamp(at, low + radius + kNotch, high - radius - kNotch); };
    // Its foot lies inside the frame: where both only touch, a line would stay between them.
    const auto within = [](double edge, double tip) { return edge + (edge > tip ? 1 : -1); };
    const auto side = m_spot.side;
    if (side == Side::Right || side == Side::Left) {
        const bool right = side == Side::Right;
        const double edge = right ? frame.left() + kNotch : frame.right() - kNotch, tip = right ? frame.left() : frame.right();
        const double y = along(card.center().y(), frame.top(), frame.bottom());
        if (std::abs((right ? card.right() : card.left()) - tip) < kFarNeighbour) notch << QPointF(within(edge, tip), y - kNotch) << QPointF(tip, y) << QPointF(within(edge, tip), y + kNotch);
        right ? frame.setLeft(edge) : frame.setRight(edge);
    } else {
        const bool below = side == Side::Below;
        const double edge = below ? frame.top() + kNotch : frame.bottom() - kNotch, tip = below ? frame.top() : frame.bottom();
        const double x = along(card.center().x(), frame.left(), frame.right());
        if (std::abs((below ? card.bottom() : card.top()) - tip) < kFarNeighbour) notch << QPointF(x - kNotch, within(edge, tip)) << QPointF(x, tip) << QPointF(x + kNotch, within(edge, tip));
        below ? frame.setTop(edge) : frame.setBottom(edge);
    }
    QPainterPath path, pointer;
    path.addRoundedRect(frame, radius, radius);
    if (notch.isEmpty() || !cardInSight()) return path;
    pointer.addPolygon(notch);
    pointer.closeSubpath();
    return path.united(pointer);
}

bool WhyCard::eventFilter(QObject* watched, QEvent* event) {
    // What is in the host has its new place once that has dealt with it.
    if (watched == m_host && event->type() == QEvent::Resize) QMetaObject::invokeMethod(this, [this] { if (isVisible()) refresh(Spot::Find); }, Qt::QueuedConnection);
    if (watched == m_host && event->type() == QEvent::KeyPress && isVisible() && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        hide();
        return true;
    }
    if (isVisible() && !isPinned() && (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::Wheel)) {
        auto* pressed = qobject_cast<QWidget*>(watched);
        if (pressed != nullptr && pressed->window() == window() && pressed != this && !isAncestorOf(pressed) && m_host->isAncestorOf(pressed)) hide();
    }
    return QFrame::eventFilter(watched, event);
}

void WhyCard::hideEvent(QHideEvent* event) {
    QFrame::hideEvent(event);
    if (m_previews) preview(nullptr);
}

void WhyCard::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QFrame::keyPressEvent(event);
    hide();
    m_host->setFocus();
}

void WhyCard::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.line.lineStrong, 1));
    painter.setBrush(theme.surface.panel);
    painter.drawPath(outline());
}

} // namespace strata::ui
