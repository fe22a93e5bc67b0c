// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/class_bars.h"

#include "ui/training/run_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kMostBars = 12; // more are shown as the likeliest ones, in their order

struct Bar {
    std::size_t index;
    float value;
};

std::vector<Bar> chosenBars(const std::vector<float>& probabilities) {
    std::vector<Bar> bars;
    for (std::size_t i = 0; i < probabilities.size(); ++i) bars.push_back({i, probabilities[i]});
    if (bars.size() <= kMostBars) return bars;
    std::ranges::stable_sort(bars, [](const Bar& a, const Bar& b) { return a.value > b.value; });
    bars.resize(kMostBars);
    std::ranges::sort(bars, {}, &Bar::index);
    return bars;
}

} // namespace

void paintClassBars(QPainter& painter, const QRectF& rect, const std::vector<float>& probabilities, const QStringList& names, const Theme& theme) {
    const std::vector<Bar> bars = chosenBars(probabilities);
    if (bars.empty()) return;
    const auto best = std::ranges::max_element(bars, {}, &Bar::value);
    const QFont plain = theme.font(TextRole::Caption);
    const QFont strong = theme.font(TextRole::Caption, QFont::DemiBold);
    const QFontMetricsF metrics(strong);
    const double line = metrics.height();
    const double gap = 4;
    const double width = (rect.width() - gap * static_cast<double>(bars.size() - 1)) / static_cast<double>(bars.size());
    const double ground = rect.bottom() - line - 2;
    const double highest = std::max(4.0, ground - rect.top() - line);
    for (auto bar = bars.begin(); bar != bars.end(); ++bar) {
        const auto at = static_cast<double>(bar - bars.begin());
        const bool winner = bar == best;
        const double share = std::clamp(static_cast<double>(bar->value), 0.0, 1.0);
        const double height = std::max(1.5, highest * share);
        const QRectF column(rect.left() + at * (width + gap), ground - height, width, height);
        painter.fillRect(column, winner ? theme.series.train : theme.line.lineStrong);
        const QString name = static_cast<int>(bar->index) < names.size() ? names[static_cast<int>(bar->index)] : QString::number(bar->index);
        painter.setFont(winner ? strong : plain);
        painter.setPen(winner ? theme.text.primary : theme.text.secondary);
        painter.drawText(QRectF(column.left() - 2, ground + 1, width + 4, line + 1), Qt::AlignHCenter | Qt::AlignTop,
                         QFontMetricsF(painter.font()).elidedText(name, Qt::ElideRight, width + 4));
        if (!winner) continue;
        const QString percent = percentText(share);
        const double wide = metrics.horizontalAdvance(percent) + 2;
        double left = column.center().x() - wide / 2;
        left = std::clamp(left, rect.left(), rect.right() - wide);
        painter.drawText(QRectF(left, column.top() - line, wide, line), Qt::AlignCenter, percent);
    }
}

QImage classBarsImage(QSize size, const std::vector<float>& probabilities, const QStringList& names, const Theme& theme, qreal ratio) {
    QImage image(size * ratio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::TextAntialiasing);
    paintClassBars(painter, QRectF(QPointF(), QSizeF(size)), probabilities, names, theme);
    return image;
}

ClassBars::ClassBars(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("classBars"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Class probabilities"));
}

void ClassBars::show(std::vector<float> probabilities, QStringList names) {
    m_probabilities = std::move(probabilities);
    m_names = std::move(names);
    m_hint.clear();
    QStringList said;
    for (std::size_t i = 0; i < m_probabilities.size(); ++i) {
        const QString name = static_cast<int>(i) < m_names.size() ? m_names[static_cast<int>(i)] : QString::number(i);
        said << tr("%1: %2").arg(name, percentText(static_cast<double>(m_probabilities[i])));
    }
    setAccessibleDescription(said.join(QStringLiteral(", ")));
    setToolTip(said.join(QLatin1Char('\n')));
    update();
}

void ClassBars::clear(const QString& hint) {
    m_probabilities.clear();
    m_hint = hint;
    setToolTip({});
    setAccessibleDescription(hint);
    update();
}

void ClassBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = currentTheme();
    if (m_probabilities.empty()) {
        painter.setFont(theme.font(TextRole::Small));
        painter.setPen(theme.text.secondary);
        painter.drawText(rect(), static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, m_hint);
        return;
    }
    QRectF area(rect());
    constexpr double kHighest = 150;
    if (area.height() > kHighest) area.setTop(area.bottom() - kHighest);
    paintClassBars(painter, area, m_probabilities, m_names, theme);
}

} // namespace strata::ui
