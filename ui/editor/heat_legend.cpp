// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/heat_legend.h"

#include "ui/editor/editor_scene.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kEdge = 12, kPad = 10, kRamp = 120, kRampHeight = 8;

} // namespace

HeatLegend::HeatLegend(EditorScene& scene, QWidget* host) : QWidget(host), m_scene(scene) {
    setObjectName(QStringLiteral("heatLegend"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
    host->installEventFilter(this);
    connect(&scene, &EditorScene::heatChanged, this, &HeatLegend::refresh);
}

void HeatLegend::refresh() {
    setVisible(m_scene.heat() != HeatKind::Off);
    if (isHidden()) return;
    m_name = heatName(m_scene.heat());
    m_most = m_scene.heatLimit().text;
    setAccessibleName(tr("Heat: %1, the longest bar is %2").arg(m_name, m_most));
    const Theme& theme = m_scene.look().theme;
    const QFontMetrics title(theme.font(TextRole::Small, QFont::Medium)), small(theme.font(TextRole::Caption));
    const int width = std::max({title.horizontalAdvance(m_name), small.horizontalAdvance(m_most) + 30, kRamp}) + 2 * kPad;
    resize(width, kPad + title.height() + 6 + kRampHeight + 4 + small.height() + kPad);
    move(kEdge, parentWidget()->height() - height() - kEdge);
    raise();
    update();
}

void HeatLegend::paintEvent(QPaintEvent*) {
    const Theme& theme = m_scene.look().theme;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line.cardBorder);
    painter.setBrush(theme.surface.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const QFont title = theme.font(TextRole::Small, QFont::Medium), small = theme.font(TextRole::Caption);
    painter.setFont(title);
    painter.setPen(theme.text.primary);
    const int titleHeight = QFontMetrics(title).height();
    painter.drawText(QRect(kPad, kPad, width() - 2 * kPad, titleHeight), Qt::AlignLeft, m_name);
    const int top = kPad + titleHeight + 6, wide = width() - 2 * kPad;
    QLinearGradient ramp(kPad, 0, kPad + wide, 0);
    ramp.setColorAt(0, heatColor(theme, 0));
    ramp.setColorAt(1, heatColor(theme, 1));
    painter.fillRect(QRect(kPad, top, wide, kRampHeight), ramp);
    painter.setFont(small);
    painter.setPen(theme.text.secondary);
    const QRect numbers(kPad, top + kRampHeight + 4, wide, QFontMetrics(small).height());
    painter.drawText(numbers, Qt::AlignLeft, QStringLiteral("0"));
    painter.drawText(numbers, Qt::AlignRight, m_most);
}

bool HeatLegend::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && !isHidden()) move(kEdge, parentWidget()->height() - height() - kEdge);
    return QWidget::eventFilter(watched, event);
}

} // namespace strata::ui
