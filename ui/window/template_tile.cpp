// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/template_tile.h"

#include "engine/data/open_data.h"
#include "engine/graph/analysis.h"
#include "ui/document/number_text.h"
#include "ui/document/words.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace strata::ui {
namespace {

constexpr int kPicture = 164, kRemark = 26, kWords = 88, kPad = 16;

} // namespace

TemplateTile::TemplateTile(const Template* shown, QWidget* parent) : QAbstractButton(parent) {
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    if (shown == nullptr) {
        m_title = tr("Blank");
        m_first = tr("start with an input");
        m_second = tr("bring your own data");
        setAccessibleName(m_title);
        return;
    }
    m_id = QString::fromStdString(shown->id);
    m_title = translated(shown->title);
    setToolTip(translated(shown->doc));
    const ModelGraph graph = shown->make();
    const GraphReport report = analyse(graph);
    const bool blank = graph.edges().empty();
    m_first = blank ? tr("start with an input") : layersText(report.totals.layers);
    m_second = blank ? tr("bring your own data") : parametersText(report.totals.parameters);
    setAccessibleName(tr("%1, %2, %3").arg(m_title, m_first, m_second));
    if (blank) return;
    double widest = 1;
    for (const NodeId id : report.order) {
        const NodeReport* node = report.find(id);
        const LayerType* type = findLayerType(graph.find(id)->type);
        if (node == nullptr || type == nullptr || node->state != NodeState::Ready) continue;
        // Wide pictures with few channels and narrow ones with many: the fourth root shows both ends.
        const double values = static_cast<double>(node->plan.output.isKnown() ? node->plan.output.count() : 1);
        m_bars.append({QString::fromStdString(type->schema.category), std::pow(values, 0.25)});
        widest = std::max(widest, m_bars.back().width);
    }
    // More bars than the picture has rows for: every n-th tells the same story.
    const qsizetype most = 14;
    if (m_bars.size() > most) {
        QList<Bar> thinned;
        for (qsizetype i = 0; i < most; ++i) thinned << m_bars[i * (m_bars.size() - 1) / (most - 1)];
        m_bars = thinned;
    }
    for (Bar& bar : m_bars) bar.width /= widest;
}

QSize TemplateTile::sizeHint() const {
    return {wordLength(284), kPicture + wordLength(kWords)};
}

QSize TemplateTile::minimumSizeHint() const {
    return {wordLength(230), kPicture + wordLength(kWords)};
}

void TemplateTile::setSamples(const QList<QImage>& samples) {
    m_samples = samples;
    if (!m_missing.isEmpty()) setAccessibleDescription({}); // they have come since
    m_missing.clear();
    update();
}

void TemplateTile::setMissing(const QString& data) {
    m_missing = tr("Needs %1, not on this computer yet").arg(QString::fromStdString(dataTitle(data.toStdString())));
    m_samples.clear();
    setAccessibleDescription(m_missing);
    update();
}

void TemplateTile::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void TemplateTile::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void TemplateTile::paintSilhouette(QPainter& painter, const QRectF& room) const {
    const Theme& theme = currentTheme();
    if (m_bars.isEmpty()) {
        painter.drawPixmap(QPointF(room.center() - QPointF(16, 16)),
                           iconPixmap(QStringLiteral("plus"), 32, theme.text.secondary, devicePixelRatioF()));
        return;
    }
    const double right = m_samples.isEmpty() ? 0 : 70;
    const double pitch = std::min(14.0, (room.height() - 24) / static_cast<double>(m_bars.size()));
    const double width = std::min(130.0, room.width() - right - 40);
    double y = room.center().y() - pitch * static_cast<double>(m_bars.size()) / 2;
    const double middle = room.left() + (room.width() - right) / 2;
    painter.setPen(Qt::NoPen);
    for (const Bar& bar : m_bars) {
        painter.setBrush(theme.category(bar.category).color);
        const double w = std::max(0.25, bar.width) * width;
        painter.drawRoundedRect(QRectF(middle - w / 2, y + 1, w, pitch - 3), 2, 2);
        y += pitch;
    }
    double top = room.top() + 10;
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    for (const QImage& sample : m_samples) {
        const QRectF place(room.right() - 62, top, 44, 44);
        painter.drawImage(place, sample);
        top += 50;
    }
}

void TemplateTile::paintEvent(QPaintEvent*) {
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool focus = hasFocus();
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    QPainterPath outline;
    outline.addRoundedRect(frame, 8, 8);
    painter.fillPath(outline, theme.surface.card);
    const QRectF picture(frame.left(), frame.top(), frame.width(), kPicture);
    const int remark = wordLength(kRemark);
    painter.save();
    painter.setClipPath(outline);
    painter.fillRect(picture, theme.surface.canvas);
    paintSilhouette(painter, m_missing.isEmpty() ? picture : picture.adjusted(0, 0, 0, -remark));
    if (!m_missing.isEmpty()) {
        painter.setPen(theme.text.secondary);
        painter.setFont(theme.font(TextRole::Small));
        painter.drawText(QRectF(picture.left(), picture.bottom() - remark, picture.width(), remark), Qt::AlignCenter, m_missing);
    }
    painter.fillRect(QRectF(picture.left(), picture.bottom(), picture.width(), 1), theme.line.line);
    painter.restore();
    painter.setPen(QPen(focus ? theme.selection.focus : underMouse() ? theme.line.lineStrong : theme.line.cardBorder, focus ? 2 : 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(outline);
    const double x = frame.left() + kPad;
    painter.setPen(theme.text.primary);
    painter.setFont(fittingFont(theme.font(TextRole::Heading, QFont::DemiBold), m_title, frame.width() - 2 * kPad, theme));
    painter.drawText(QPointF(x, picture.bottom() + wordLength(27)), m_title);
    painter.setPen(theme.text.secondary);
    painter.setFont(theme.font(TextRole::Small));
    painter.drawText(QPointF(x, picture.bottom() + wordLength(49)), m_first);
    painter.drawText(QPointF(x, picture.bottom() + wordLength(66)), m_second);
}

} // namespace strata::ui
