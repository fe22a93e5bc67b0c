// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/card_item.h"

#include "ui/document/number_text.h"
#include "ui/look/text_scale.h"

#include <QFontMetricsF>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kPanelPad = 12, kPanelIcon = 16, kButtonHeight = 28, kButtonIcon = 16, kLeastName = 30;

} // namespace

CardItem::CardItem(NodeId id, const CanvasLook& look) : m_id(id), m_look(look) {
    setFlag(ItemIsSelectable);
    setAcceptHoverEvents(false);
    prepare();
}

void CardItem::setFace(const CardFace& face) {
    if (face == m_face) return;
    prepareGeometryChange();
    m_face = face;
    setToolTip(face.toolTip);
    prepare();
    update();
}

void CardItem::setPorts(std::vector<Port> ports) {
    m_ports = std::move(ports);
    update();
}

void CardItem::setHovered(bool hovered) {
    if (m_hovered == hovered) return;
    m_hovered = hovered;
    update();
}

void CardItem::setLinkRole(LinkRole role, int targetSlot) {
    if (m_role == role && m_targetSlot == targetSlot) return;
    m_role = role;
    m_targetSlot = targetSlot;
    update();
}

void CardItem::setLinkStart(int slot) {
    m_startSlot = slot;
    update();
}

void CardItem::lookChanged() {
    prepareGeometryChange();
    prepare();
    update();
}

void CardItem::setHotRepair(int index) {
    if (m_hotRepair == index) return;
    m_hotRepair = index;
    update();
}

QRectF CardItem::cardRect() const {
    const auto& card = m_look.metrics.card;
    return {-card.width / 2.0, 0, static_cast<double>(card.width), card.height + m_panelHeight};
}

QRectF CardItem::boundingRect() const {
    // Ports, the chip above the top edge and the outline outside the border.
    const double pile = m_face.pile ? 2.0 * m_look.metrics.card.pileOffset : 0;
    return cardRect().adjusted(-9, -18, 9 + pile, 11 + pile);
}

QPainterPath CardItem::shape() const {
    QPainterPath path;
    path.addRect(cardRect());
    return path;
}

int CardItem::repairAt(QPointF point) const {
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        if (m_buttons[i].rect.contains(point)) return static_cast<int>(i);
    }
    return -1;
}

bool CardItem::onBadge(QPointF point) const {
    if (m_face.state != CardFace::State::Ready || m_badge.isNull()) return false;
    const double left = std::min(m_badge.left(), m_count.place.x());
    return QRectF(left, 0, m_badge.right() - left, m_look.metrics.card.height).contains(point);
}

QRectF CardItem::repairRect(int index) const {
    return m_buttons.at(static_cast<std::size_t>(index)).rect;
}

const Port* CardItem::portAt(QPointF point, double reach) const {
    const Port* best = nullptr;
    double least = reach * reach;
    for (const Port& port : m_ports) {
        const QPointF d = port.place - point;
        const double distance = QPointF::dotProduct(d, d);
        if (distance <= least) {
            least = distance;
            best = &port;
        }
    }
    return best;
}

void CardItem::prepare() {
    m_wordsReady = false;
    const Metrics& metrics = m_look.metrics;
    preparePanel();

    const QRectF card = cardRect();
    if (card == m_preparedFor) return;
    m_preparedFor = card;
    const double radius = metrics.radius.card;
    m_outline = QPainterPath();
    m_outline.addRoundedRect(card, radius, radius);
    QPainterPath stripe;
    stripe.addRect(QRectF(card.left(), card.top(), metrics.card.stripe, card.height()));
    m_stripe = m_outline.intersected(stripe);
    m_panelPath = QPainterPath();
    if (m_panelHeight > 0) {
        QPainterPath panel;
        panel.addRect(card.adjusted(metrics.card.stripe, metrics.card.height, 0, 0));
        m_panelPath = m_outline.intersected(panel);
    }
}

void CardItem::makeReady() {
    if (!m_wordsReady) prepareWords();
    m_wordsReady = true;
}

void CardItem::prepareWords() {
    const Metrics& metrics = m_look.metrics;
    const Theme& theme = m_look.theme;
    const double left = -metrics.card.width / 2.0;
    const double right = metrics.card.width / 2.0;
    const double middle = metrics.card.height / 2.0;
    const double scale = wordScale(theme);
    const double row = metrics.card.height >= 50 * scale ? 9.0 * scale : 7.5 * scale;

    const auto words = [](const QString& text, const QFont& font) {
        Words made;
        made.text.setTextFormat(Qt::PlainText);
        made.text.setText(text);
        made.text.setPerformanceHint(QStaticText::AggressiveCaching);
        made.text.prepare(QTransform(), font);
        made.font = font;
        return made;
    };
    const auto width = [](const Words& w) { return QFontMetricsF(w.font).horizontalAdvance(w.text.text()); };
    const auto place = [](Words& w, double x, double centre) {
        w.place = {std::round(x), std::round(centre - QFontMetricsF(w.font).height() / 2)};
    };

    m_iconTile = {left + metrics.card.padLeft, middle - metrics.card.iconTile / 2.0,
                  static_cast<double>(metrics.card.iconTile), static_cast<double>(metrics.card.iconTile)};

    const double badgeRight = right - metrics.card.padRight;
    m_shape = words(m_face.shape, theme.font(TextRole::Body, QFont::Medium));
    const double shapeWidth = std::ceil(width(m_shape));
    m_badge = {badgeRight - shapeWidth - 2.0 * metrics.badge.padX, std::round(middle - row - metrics.badge.height / 2.0),
               shapeWidth + 2.0 * metrics.badge.padX, static_cast<double>(metrics.badge.height)};
    place(m_shape, m_badge.left() + metrics.badge.padX, m_badge.center().y());
    m_count = words(m_face.count, theme.font(TextRole::Body));
    place(m_count, badgeRight - metrics.badge.padX - width(m_count), middle + row);

    const double textLeft = m_iconTile.right() + metrics.card.padRight + 1;
    // A long type is written smaller before it is cut; the shape keeps its place.
    const double titleRoom = m_badge.left() - 6 - textLeft;
    const QFont titleFont = fittingFont(theme.font(TextRole::CardTitle, QFont::DemiBold), m_face.title, titleRoom, theme);
    m_title = words(QFontMetricsF(titleFont).elidedText(m_face.title, Qt::ElideMiddle, titleRoom), titleFont);
    place(m_title, textLeft, middle - row);
    const double nameLeft = textLeft + std::ceil(width(m_title)) + 6;
    const QFont nameFont = theme.font(TextRole::Small);
    const double nameRoom = std::max(0.0, m_badge.left() - 8 - nameLeft);
    const QString name = nameRoom < kLeastName ? QString() : m_face.name; // three dots say nothing
    m_name = words(QFontMetricsF(nameFont).elidedText(name, Qt::ElideMiddle, nameRoom), nameFont);
    place(m_name, nameLeft, middle - row);
    const double lineRoom = m_count.place.x() - 10 - textLeft;
    m_line = words(QFontMetricsF(nameFont).elidedText(m_face.line, Qt::ElideRight, lineRoom), nameFont);
    place(m_line, textLeft, middle + row);

    // Read by the eye at 10 px on the screen, whatever the zoom: painted without the zoom.
    QFont far = theme.font(TextRole::Caption, QFont::DemiBold);
    far.setPixelSize(metrics.levelOfDetail.minScreenFont);
    m_farTitle = words(m_face.title, far);
    m_farDots = words(QStringLiteral("…"), far);
    m_farLetters.clear();
    const QFontMetricsF farMetrics(far);
    double end = 0;
    for (const QChar letter : m_face.title) m_farLetters.push_back(end += farMetrics.horizontalAdvance(letter));
    far.setWeight(QFont::Normal);
    QString farShape = m_face.shape;
    m_farShape = words(farShape.remove(QLatin1Char(' ')), far);

    m_chipRect = {};
    if (m_face.chip != CardFace::Chip::None) {
        QFont font = theme.font(TextRole::Caption, QFont::Medium);
        m_chip = words(m_face.chipText, font);
        const double chipWidth = std::ceil(width(m_chip)) + 14 + 8 + 8;
        // Over the top edge, but clear of the badge below it, on low cards too.
        const double top = std::min<double>(metrics.chip.top, m_badge.top() - metrics.chip.height - 3);
        m_chipRect = {right - metrics.chip.right - chipWidth, top, chipWidth, static_cast<double>(metrics.chip.height)};
        place(m_chip, m_chipRect.left() + 8 + 14, m_chipRect.center().y());
    }
}

void CardItem::preparePanel() {
    m_buttons.clear();
    m_panelHeight = 0;
    if (m_face.state != CardFace::State::Broken) return;
    const Metrics& metrics = m_look.metrics;
    const Theme& theme = m_look.theme;
    const double left = -metrics.card.width / 2.0 + metrics.card.stripe + kPanelPad;
    const double right = metrics.card.width / 2.0 - kPanelPad;
    double y = metrics.card.height + kPanelPad;

    QTextOption wrapped(Qt::AlignLeft | Qt::AlignTop);
    wrapped.setWrapMode(QTextOption::WordWrap);
    m_sentence = {};
    m_sentence.font = theme.font(TextRole::Body);
    m_sentence.text.setTextFormat(Qt::PlainText);
    m_sentence.text.setText(unbroken(m_face.sentence));
    m_sentence.text.setTextOption(wrapped);
    m_sentence.text.setTextWidth(right - left - kPanelIcon - 8);
    m_sentence.text.prepare(QTransform(), m_sentence.font);
    m_sentence.place = {left + kPanelIcon + 8, y};
    y += std::ceil(m_sentence.text.size().height());

    const QFont buttonFont = theme.font(TextRole::Small, QFont::Medium);
    const double buttonHeight = std::round(kButtonHeight * wordScale(theme));
    constexpr double kBeside = 8 + kButtonIcon + 6 + 10; // of a button, what is not its words
    double x = left, bottom = y;
    for (const QString& label : m_face.repairs) {
        const double textWidth = std::ceil(QFontMetricsF(buttonFont).horizontalAdvance(label)) + 1;
        const double buttonWidth = std::min(kBeside + textWidth, right - left);
        if (m_buttons.empty()) y += 10;
        else if (x + buttonWidth > right) {
            x = left;
            y = bottom + 6;
        }
        Button button;
        button.label.font = buttonFont;
        button.label.text.setTextFormat(Qt::PlainText);
        button.label.text.setText(label);
        button.label.text.setTextOption(wrapped);
        button.label.text.setTextWidth(buttonWidth - kBeside); // words that need two lines have a higher button
        button.label.text.prepare(QTransform(), buttonFont);
        const double textHeight = button.label.text.size().height();
        button.rect = {x, y, buttonWidth, std::max(buttonHeight, std::ceil(textHeight) + 10)};
        button.label.place = {x + 8 + kButtonIcon + 6, std::round(button.rect.center().y() - textHeight / 2)};
        bottom = std::max(bottom, button.rect.bottom());
        m_buttons.push_back(button);
        x += buttonWidth + 8;
    }
    if (!m_buttons.empty()) y = bottom;
    m_panelHeight = std::round(y + kPanelPad - metrics.card.height);
}

} // namespace strata::ui
