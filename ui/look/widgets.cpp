// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/widgets.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QStyle>
#include <QToolButton>

namespace strata::ui {
namespace {

constexpr int kTilePx = 26;

QColor toneColor(const Theme& theme, IconTone tone) {
    return tone == IconTone::Secondary ? theme.text.secondary : theme.text.primary;
}

/// A colour of the theme for a label, through the style sheet, so that a theme change is followed.
void setToneProperty(QLabel* label, const char* tone) {
    label->setProperty("tone", QLatin1String(tone));
}

bool isThemeChange(const QEvent* event) {
    return event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
           event->type() == QEvent::FontChange;
}

} // namespace

QRectF paintBadge(QPainter& painter, const Theme& theme, const QString& text, QPointF rightCenter, int height,
                  const QColor& fill, const QColor& ink) {
    const auto& metrics = Metrics::regular();
    painter.setFont(theme.font(TextRole::Small, QFont::Medium));
    const int width = painter.fontMetrics().horizontalAdvance(text) + 2 * metrics.badge.padX;
    const QRectF box(rightCenter.x() - width, rightCenter.y() - height / 2.0, width, height);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(box, metrics.radius.badge, metrics.radius.badge);
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter, text);
    return box;
}

Badge::Badge(const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_text(text) {
    setTextRole(this, TextRole::Small, QFont::Medium);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void Badge::setText(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Badge::setTone(Tone tone) {
    m_tone = tone;
    update();
}

QSize Badge::sizeHint() const {
    const auto& badge = Metrics::regular().badge;
    const QFontMetrics metrics(font());
    return {metrics.horizontalAdvance(m_text) + 2 * badge.padX, qMax(badge.height, metrics.height() + 2)};
}

void Badge::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QColor fill = theme.surface.badge;
    QColor ink = theme.text.primary;
    if (m_tone == Tone::Accent) fill = theme.accent.soft;
    if (m_tone == Tone::Running) fill = theme.status.runningSoft;
    if (m_tone == Tone::Error) {
        fill = theme.status.errorSoft;
        ink = theme.status.error;
    }
    QPainter painter(this);
    paintBadge(painter, theme, m_text, QPointF(width(), height() / 2.0), height(), fill, ink);
}

void Badge::changeEvent(QEvent* event) {
    if (isThemeChange(event)) updateGeometry();
    QWidget::changeEvent(event);
}

KeyCap::KeyCap(const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_text(text) {
    setTextRole(this, TextRole::Caption);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
}

QSize KeyCap::sizeHint() const {
    const QFontMetrics metrics(font());
    return {qMax(20, metrics.horizontalAdvance(m_text) + 12), metrics.height() + 5};
}

void KeyCap::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line.cardBorder);
    painter.setBrush(theme.surface.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(theme.text.secondary);
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

SectionHeader::SectionHeader(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
    , m_leading(new QLabel(this))
    , m_title(new QLabel(title, this))
    , m_detail(new ElidedLabel({}, this)) {
    setMinimumHeight(40);
    m_layout->addStrut(40); // a dock asks its title bar for the hint, not for the minimum
    m_layout->setContentsMargins(12, 0, 8, 0);
    m_layout->setSpacing(8);
    setTextRole(m_title, TextRole::Body, QFont::DemiBold);
    m_detail->setTone(IconTone::Secondary);
    m_layout->addWidget(m_leading);
    m_layout->addWidget(m_title);
    m_layout->addWidget(m_detail, 1);
    m_leading->hide();
}

void SectionHeader::setTitle(const QString& title) {
    m_title->setText(title);
}

IconLabel::IconLabel(int size, const QString& name, IconTone tone, QWidget* parent)
    : QLabel(parent)
    , m_size(size)
    , m_name(name)
    , m_tone(tone) {
    refresh();
}

void IconLabel::setIcon(const QString& name, IconTone tone) {
    if (name == m_name && tone == m_tone) return;
    m_name = name;
    m_tone = tone;
    refresh();
}

void IconLabel::refresh() {
    if (!m_name.isEmpty()) setPixmap(icon(m_name, m_tone).pixmap(QSize(m_size, m_size), devicePixelRatioF()));
}

void IconLabel::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (isThemeChange(event)) refresh();
}

void SectionHeader::setDetail(const QString& detail) {
    m_detail->setText(detail);
}

void SectionHeader::setLeading(const QIcon& icon, const QColor& tint) {
    m_leading->setVisible(!icon.isNull());
    if (icon.isNull()) return;
    const qreal dpr = devicePixelRatioF();
    QPixmap tile(QSize(kTilePx, kTilePx) * dpr);
    tile.setDevicePixelRatio(dpr);
    tile.fill(Qt::transparent);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tint);
    painter.drawRoundedRect(QRectF(0, 0, kTilePx, kTilePx), 6, 6);
    icon.paint(&painter, QRect(4, 4, 18, 18));
    painter.end();
    m_leading->setPixmap(tile);
    setTextRole(m_title, TextRole::Heading, QFont::DemiBold);
}

QToolButton* SectionHeader::addButton(const QString& iconName, const QString& tooltip) {
    auto* button = iconButton(iconName, tooltip, this);
    m_layout->addWidget(button);
    return button;
}

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_text(text) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void ElidedLabel::setText(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void ElidedLabel::setTone(IconTone tone) {
    m_tone = tone;
    update();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode) {
    m_elide = mode;
    update();
}

QSize ElidedLabel::sizeHint() const {
    return {fontMetrics().horizontalAdvance(m_text) + 1, fontMetrics().height() + 2};
}

QSize ElidedLabel::minimumSizeHint() const {
    const int least = m_text.isEmpty() ? 0 : fontMetrics().horizontalAdvance(QStringLiteral("conv…1"));
    return {qMin(sizeHint().width(), least), sizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
    const QString shown = fontMetrics().elidedText(m_text, m_elide, width());
    const QString tip = shown == m_text ? QString() : m_text;
    if (toolTip() != tip) setToolTip(tip);
    QPainter painter(this);
    painter.setPen(isEnabled() ? toneColor(currentTheme(), m_tone) : currentTheme().text.disabled);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, shown);
}

void ElidedLabel::changeEvent(QEvent* event) {
    if (isThemeChange(event)) updateGeometry();
    QWidget::changeEvent(event);
}

TickLabel::TickLabel(const QString& widest, QWidget* parent)
    : QLabel(parent)
    , m_widest(widest) {
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    fixWidth();
}

void TickLabel::setWidest(const QString& widest) {
    m_widest = widest;
    fixWidth();
}

void TickLabel::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (isThemeChange(event)) fixWidth();
}

void TickLabel::fixWidth() {
    const int width = QFontMetrics(font()).horizontalAdvance(m_widest) + 2;
    if (minimumWidth() != width || maximumWidth() != width) setFixedWidth(width);
}

FigureList::FigureList(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
}

int FigureList::addRow(const QString& name) {
    const int row = static_cast<int>(m_rows.size());
    Row added{secondaryLabel(name, TextRole::Small, this), label({}, TextRole::Small, QFont::Medium, this)};
    added.value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    added.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_grid->addWidget(added.name, row, 0);
    m_grid->addWidget(added.value, row, 1);
    m_rows << added;
    return row;
}

void FigureList::setValue(int row, const QString& value) {
    if (m_rows[row].value->text() == value) return;
    m_rows[row].value->setText(value);
    m_rows[row].value->setAccessibleName(m_rows[row].name->text() + ' ' + value);
}

QString FigureList::value(int row) const {
    return m_rows[row].value->text();
}

void FigureList::setName(int row, const QString& name) {
    m_rows[row].name->setText(name);
}

void FigureList::setRowVisible(int row, bool visible) {
    m_rows[row].name->setVisible(visible);
    m_rows[row].value->setVisible(visible);
}

QLabel* label(const QString& text, TextRole role, QFont::Weight weight, QWidget* parent) {
    auto* made = new QLabel(text, parent);
    setTextRole(made, role, weight);
    return made;
}

QLabel* secondaryLabel(const QString& text, TextRole role, QWidget* parent) {
    auto* made = label(text, role, QFont::Normal, parent);
    setToneProperty(made, "secondary");
    return made;
}

QScrollArea* scrollingColumn(QWidget* content) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

QFrame* horizontalLine(QWidget* parent) {
    auto* line = new QFrame(parent);
    line->setProperty("frame", QStringLiteral("line"));
    line->setFixedHeight(1);
    return line;
}

} // namespace strata::ui
