// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/formula_view.h"

#include "ui/look/theme.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kPad = 9, kGap = 7, kBadge = 28, kLabelGap = 2, kLineGap = 8;

QFont valueFont() {
    return currentTheme().font(TextRole::Body, QFont::DemiBold);
}
QFont signFont() {
    return currentTheme().font(TextRole::Body);
}
QFont labelFont() {
    return currentTheme().font(TextRole::Caption);
}
QString text(const std::string& s) {
    return QString::fromStdString(s);
}

} // namespace

FormulaView::FormulaView(std::vector<FormulaTerm> terms, QWidget* parent) : QWidget(parent), m_terms(std::move(terms)) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    QStringList words;
    for (const FormulaTerm& term : m_terms) words << text(term.text) + (term.label.empty() ? QString() : QLatin1Char(' ') + text(term.label));
    setAccessibleName(words.join(QLatin1Char(' ')));
}

double FormulaView::widthOf(const FormulaTerm& term) const {
    if (term.kind == FormulaTerm::Kind::Sign) return std::ceil(QFontMetricsF(signFont()).horizontalAdvance(text(term.text)));
    const double value = QFontMetricsF(valueFont()).horizontalAdvance(text(term.text)) + 2 * kPad;
    return std::ceil(std::max(value, QFontMetricsF(labelFont()).horizontalAdvance(text(term.label))));
}

int FormulaView::place(int width, std::vector<Box>* boxes) const {
    const double labelHeight = std::ceil(QFontMetricsF(labelFont()).height());
    const double line = kBadge + kLabelGap + labelHeight;
    double x = 0, y = 0;
    for (const FormulaTerm& term : m_terms) {
        const double w = widthOf(term);
        if (x > 0 && x + w > width) {
            x = 0;
            y += line + kLineGap;
        }
        if (boxes != nullptr) {
            const double badge = term.kind == FormulaTerm::Kind::Sign ? w : std::ceil(QFontMetricsF(valueFont()).horizontalAdvance(text(term.text))) + 2 * kPad;
            boxes->push_back({QRectF(std::round(x + (w - badge) / 2), y, badge, kBadge), QRectF(x, y + kBadge + kLabelGap, w, labelHeight)});
        }
        x += w + kGap;
    }
    return static_cast<int>(std::ceil(y + line));
}

int FormulaView::heightForWidth(int width) const {
    return place(width, nullptr);
}

QSize FormulaView::sizeHint() const {
    double width = 0;
    for (const FormulaTerm& term : m_terms) width += widthOf(term) + kGap;
    return {static_cast<int>(width), place(100000, nullptr)};
}

QSize FormulaView::minimumSizeHint() const {
    double widest = 0;
    for (const FormulaTerm& term : m_terms) widest = std::max(widest, widthOf(term));
    return {static_cast<int>(widest), place(100000, nullptr)};
}

void FormulaView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) updateGeometry();
    QWidget::changeEvent(event);
}

void FormulaView::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    std::vector<Box> boxes;
    place(width(), &boxes);
    for (std::size_t i = 0; i < m_terms.size(); ++i) {
        const FormulaTerm& term = m_terms[i];
        const bool sign = term.kind == FormulaTerm::Kind::Sign;
        if (!sign) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(term.kind == FormulaTerm::Kind::Result ? theme.accent.soft : theme.surface.badge);
            painter.drawRoundedRect(boxes[i].value, 5, 5);
        }
        painter.setFont(sign ? signFont() : valueFont());
        painter.setPen(sign ? theme.text.secondary : theme.text.primary);
        painter.drawText(boxes[i].value, Qt::AlignCenter, text(term.text));
        painter.setFont(labelFont());
        painter.setPen(theme.text.secondary);
        painter.drawText(boxes[i].label, Qt::AlignCenter, text(term.label));
    }
}

} // namespace strata::ui
