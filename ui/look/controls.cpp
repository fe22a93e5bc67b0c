// SPDX-License-Identifier: GPL-3.0-or-later
// Notices, tabs, progress and buttons: the widgets of widgets.h that people act on.
#include "ui/look/widgets.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QToolButton>

namespace strata::ui {
namespace {

struct NoticeLook {
    QColor soft, strong;
    const char* icon;
};

NoticeLook lookOf(Notice::Kind kind, const Theme& theme) {
    switch (kind) {
    case Notice::Kind::Warning:
        return {theme.status.warningSoft, theme.status.warning, "warning"};
    case Notice::Kind::Error:
        return {theme.status.errorSoft, theme.status.error, "error"};
    case Notice::Kind::Running:
        return {theme.status.runningSoft, theme.status.running, "running"};
    case Notice::Kind::Hint:
        break;
    }
    return {theme.status.hintSoft, theme.status.hint, "hint"};
}

constexpr int kTabGap = 20;  // between two words
constexpr int kCountGap = 8; // between a word and its count
constexpr int kUnderline = 2;

} // namespace

Notice::Notice(Kind kind, const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_kind(kind)
    , m_layout(new QHBoxLayout(this))
    , m_icon(new QLabel(this))
    , m_text(label(text, TextRole::Small, QFont::Normal, this)) {
    m_layout->setContentsMargins(8, 5, 8, 5);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_icon, 0, Qt::AlignVCenter);
    m_layout->addWidget(m_text, 1);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setAccessibleName(text);
    refreshIcon();
}

void Notice::setText(const QString& text) {
    m_text->setText(text);
    setAccessibleName(text);
}

void Notice::setKind(Kind kind) {
    if (kind == m_kind) return;
    m_kind = kind;
    refreshIcon();
    update();
}

QPushButton* Notice::addButton(const QString& text, const QString& iconName) {
    QPushButton* button = plainButton(text, iconName, this);
    m_layout->addWidget(button);
    return button;
}

void Notice::refreshIcon() {
    const NoticeLook look = lookOf(m_kind, currentTheme());
    m_icon->setPixmap(iconPixmap(QLatin1String(look.icon), 16, look.strong, devicePixelRatioF()));
}

void Notice::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(lookOf(m_kind, currentTheme()).soft);
    painter.drawRoundedRect(rect(), Metrics::regular().radius.button, Metrics::regular().radius.button);
}

void Notice::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) refreshIcon();
    QWidget::changeEvent(event);
}

TabStrip::TabStrip(QWidget* parent)
    : QTabBar(parent) {
    setDrawBase(false);
    setExpanding(false);
    setElideMode(Qt::ElideNone);
    setUsesScrollButtons(true);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setTextRole(this, TextRole::Body, QFont::Medium);
}

void TabStrip::setCount(int index, int count) {
    setTabData(index, count < 0 ? QVariant() : QVariant(count));
    setAccessibleTabName(index, count < 0 ? tabText(index)
                                          : QStringLiteral("%1, %2").arg(tabText(index)).arg(count));
    // QTabBar lays its tabs out anew only when a tab's text is set.
    setTabText(index, tabText(index));
    update();
}

QString TabStrip::countText(int index) const {
    const QVariant count = tabData(index);
    return count.isValid() ? QString::number(count.toInt()) : QString();
}

QSize TabStrip::tabSizeHint(int index) const {
    int width = fontMetrics().horizontalAdvance(tabText(index)) + kTabGap;
    const QString count = countText(index);
    if (!count.isEmpty())
        width +=
            kCountGap +
            QFontMetrics(currentTheme().font(TextRole::Caption, QFont::Medium)).horizontalAdvance(count) + 12;
    return {width, fontMetrics().height() + 16};
}

void TabStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPoint mouse = mapFromGlobal(QCursor::pos());
    for (int i = 0; i < count(); ++i) {
        if (!isTabVisible(i)) continue;
        const QRect tab = tabRect(i);
        const bool current = i == currentIndex();
        const bool hovered = underMouse() && tab.contains(mouse);
        const QRect inner = tab.adjusted(kTabGap / 2, 0, -kTabGap / 2, 0);
        QColor ink = current || hovered ? theme.text.primary : theme.text.secondary;
        if (!isTabEnabled(i) || !isEnabled()) ink = theme.text.disabled;
        painter.setPen(ink);
        painter.setFont(font());
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, tabText(i));
        if (const QString text = countText(i); !text.isEmpty()) {
            const QFont small = theme.font(TextRole::Caption, QFont::Medium);
            const int width = QFontMetrics(small).horizontalAdvance(text) + 12;
            const int height = QFontMetrics(small).height() + 3;
            const QRectF box(inner.right() + 1 - width, tab.center().y() + 0.5 - height / 2.0, width, height);
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.surface.badge);
            painter.drawRoundedRect(box, height / 2.0, height / 2.0);
            painter.setPen(theme.text.primary);
            painter.setFont(small);
            painter.drawText(box, Qt::AlignCenter, text);
        }
        if (current) {
            const int reach = 2;
            painter.fillRect(QRect(inner.left() - reach, tab.bottom() + 1 - kUnderline,
                                   inner.width() + 2 * reach, kUnderline),
                             theme.accent.base);
        }
        if (current && hasFocus()) {
            painter.setPen(QPen(theme.selection.focus, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(inner).adjusted(-7, 5, 7, -6), 5, 5);
        }
    }
}

TabPages::TabPages(QWidget* parent)
    : QTabWidget(parent)
    , m_strip(new TabStrip) {
    setTabBar(m_strip);
    setDocumentMode(true);
}

void TabPages::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), currentTheme().surface.panel);
    painter.fillRect(QRect(0, m_strip->geometry().bottom(), width(), 1), currentTheme().line.line);
}

ThinProgress::ThinProgress(QWidget* parent)
    : QProgressBar(parent) {
    setTextVisible(false);
    setFixedHeight(6);
}

void setPrimary(QPushButton* button, bool primary, const QString& iconName) {
    if (button->property("primary").toBool() != primary) {
        button->setProperty("primary", primary);
        // A property is looked at when the style sheet is applied, not when it changes.
        button->style()->unpolish(button);
        button->style()->polish(button);
    }
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName, primary ? IconTone::OnAccent : IconTone::Primary));
    button->setIconSize({16, 16});
}

QPushButton* plainButton(const QString& text, const QString& iconName, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    setPrimary(button, false, iconName);
    return button;
}

QPushButton* primaryButton(const QString& text, const QString& iconName, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    setPrimary(button, true, iconName);
    return button;
}

QPushButton* linkButton(const QString& text, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setProperty("link", true);
    button->setCursor(Qt::PointingHandCursor);
    return button;
}

QToolButton* iconButton(const QString& iconName, const QString& tooltip, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setIconSize({18, 18});
    button->setToolTip(tooltip);
    button->setAccessibleName(tooltip);
    button->setAutoRaise(true);
    return button;
}

} // namespace strata::ui
