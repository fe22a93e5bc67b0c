// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/heat_legend.h"

#include "ui/editor/editor_scene.h"
#include "ui/look/text_scale.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kEdge = 10, kPad = 10, kGap = 6, kRamp = 64, kRampHeight = 8;
constexpr int kFirstCard = 520; ///< with its picture, as a drawing is first seen

const QString kZero = QStringLiteral("0");

} // namespace

HeatLegend::HeatLegend(EditorScene& scene, QWidget* host) : QWidget(host), m_scene(scene), m_zoom(host->findChild<QWidget*>(QStringLiteral("zoomButton"))) {
    setObjectName(QStringLiteral("heatLegend"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
    host->installEventFilter(this);
    if (m_zoom != nullptr) m_zoom->installEventFilter(this);
    connect(&scene, &EditorScene::heatChanged, this, &HeatLegend::refresh);
}

void HeatLegend::refresh() {
    setVisible(m_scene.heat() != HeatKind::Off);
    if (isHidden()) return;
    m_name = heatName(m_scene.heat());
    m_most = m_scene.heatLimit().text;
    setAccessibleName(tr("Heat: %1, the longest bar is %2").arg(m_name, m_most));
    const Theme& theme = m_scene.look().theme;
    const QFontMetrics title(theme.font(TextRole::Small, QFont::Medium)), small(theme.font(TextRole::Small));
    m_mostWidth = small.horizontalAdvance(m_most);
    m_zeroWidth = small.horizontalAdvance(kZero);
    m_ramp = std::max(kRamp, title.horizontalAdvance(m_name) - m_zeroWidth - m_mostWidth - 2 * kGap);
    resize(2 * kPad + m_zeroWidth + m_ramp + m_mostWidth + 2 * kGap, 4 + title.height() + small.height() + 6);
    place();
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
    painter.setFont(theme.font(TextRole::Small, QFont::Medium));
    painter.setPen(theme.text.primary);
    const int half = painter.fontMetrics().height();
    painter.drawText(QRect(kPad, 4, width() - 2 * kPad, half), Qt::AlignLeft | Qt::AlignVCenter, m_name);
    const QRect below(kPad, 4 + half, width() - 2 * kPad, height() - half - 8);
    painter.setFont(theme.font(TextRole::Small));
    painter.setPen(theme.text.secondary);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, kZero);
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, m_most);
    const QRect bar(kPad + m_zeroWidth + kGap, below.center().y() - kRampHeight / 2 + 1, m_ramp, kRampHeight);
    QLinearGradient ramp(bar.topLeft(), bar.topRight());
    ramp.setColorAt(0, heatColor(theme, 0));
    ramp.setColorAt(1, heatColor(theme, 1));
    painter.fillRect(bar, ramp);
}

/// Above the drawing at the right, left of the zoom: below, it would lie on the last cards and their answers.
void HeatLegend::place() {
    const int right = m_zoom == nullptr ? parentWidget()->width() - kEdge : m_zoom->x() - kGap;
    const int left = right - width();
    // On a narrow canvas the first card's picture is there.
    if (left < wordLength(kFirstCard)) move(std::max(kEdge, parentWidget()->width() - width() - kEdge), parentWidget()->height() - height() - kEdge);
    else move(left, kEdge);
}

bool HeatLegend::eventFilter(QObject* watched, QEvent* event) {
    if ((event->type() == QEvent::Resize || event->type() == QEvent::Move) && !isHidden()) place();
    return QWidget::eventFilter(watched, event);
}

} // namespace strata::ui
