// SPDX-License-Identifier: GPL-3.0-or-later
// What a CurveChart paints below and above the series, and what the probe finds.
#include "ui/charts/curve_parts.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kSnapPx = 8;      // nearer than this the probe stands on the epoch
constexpr double kHeadingLeft = 9; // from the frame
constexpr double kSample = 18;     // length of a legend's line
constexpr double kShortSample = 16; // of one without a name
constexpr double kMark = 7;         // width and height of the arrow to what lies beyond the axis

/// 1 px lines are sharp on half coordinates.
double crisp(double at) {
    return std::round(at) + 0.5;
}

} // namespace

void CurveChart::paintGround(QPainter& painter) {
    painter.save(); // Qt Charts fills its lines with whatever brush it finds
    const double radius = Metrics::regular().chart.frameRadius;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hasFocus() ? m_theme.selection.focus : m_theme.line.line, 1));
    painter.setBrush(m_theme.surface.plot);
    painter.drawRoundedRect(QRectF(QPointF(), m_size).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    paintAxes(painter);
    paintBest(painter);
    paintReferences(painter);
    painter.restore();
}

void CurveChart::paintOver(QPainter& painter) {
    painter.setRenderHint(QPainter::Antialiasing);
    paintHeading(painter);
    paintBeyond(painter);
    paintProbe(painter);
}

void CurveChart::paintAxes(QPainter& painter) {
    const QFont font = m_theme.font(TextRole::Caption);
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    for (const Tick& tick : m_y.ticks) {
        const double at = m_plot.bottom() - (tick.value - m_y.from) / (m_y.to - m_y.from) * m_plot.height();
        if (at < m_plot.top() - 1 || at > m_plot.bottom() + 1) continue;
        painter.setPen(QPen(m_theme.line.line, 1));
        painter.drawLine(QPointF(m_plot.left(), crisp(at)), QPointF(m_plot.right(), crisp(at)));
        painter.setPen(m_theme.text.secondary);
        const QRectF box(0, at - metrics.height() / 2, m_plot.left() - 8, metrics.height());
        painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, tick.text);
    }
    painter.setPen(m_theme.text.secondary);
    for (const Tick& tick : m_x.ticks) {
        const double at = m_plot.left() + (tick.value - m_x.from) / (m_x.to - m_x.from) * m_plot.width();
        const QRectF box(at - 30, m_plot.bottom() + 4, 60, metrics.height());
        painter.drawText(box, Qt::AlignHCenter | Qt::AlignTop | Qt::TextDontClip, tick.text);
    }
    if (!m_style.compact) {
        const QRectF box(m_plot.left(), m_plot.bottom() + 5 + metrics.height(), m_plot.width(),
                         metrics.height());
        painter.drawText(box, Qt::AlignHCenter | Qt::AlignTop | Qt::TextDontClip, tr("epoch"));
    }
}

void CurveChart::paintHeading(QPainter& painter) {
    const double middle = m_plot.top() / 2 - 1;
    const QFont bold = m_theme.font(TextRole::Body, QFont::DemiBold);
    QString heading = m_style.compact ? tr("%1, by epoch").arg(m_style.heading) : m_style.heading;
    double headingWidth = QFontMetricsF(bold).horizontalAdvance(heading);
    const QRectF line(kHeadingLeft, middle - 12, m_size.width() - 2 * kHeadingLeft, 24);

    struct Entry {
        QString name, value;
        bool isTrain;
    };
    QList<Entry> entries;
    if (const auto value = m_data.latestTrain())
        entries << Entry{tr("train"), valueText(*value, m_style.numbers), true};
    if (const auto value = m_data.latestValidation())
        entries << Entry{tr("validation"), valueText(*value, m_style.numbers), false};

    const QFont small = m_theme.font(TextRole::Small);
    const QFont smallBold = m_theme.font(TextRole::Small, QFont::DemiBold);
    const QFontMetricsF plain(small), strong(smallBold);
    // The widest value is given room, so that names stand still while values tick.
    const QString widest =
        m_style.numbers == NumberStyle::Percent ? QStringLiteral("100.0 %") : QStringLiteral("0.0000");
    double right = m_size.width() - Metrics::regular().chartMargins.right - 4;
    const bool roomy = right - headingWidth - kHeadingLeft > 330 * m_theme.fontScale;
    const double gap = roomy ? 26 : 12;
    double wanted = 0;
    for (const Entry& entry : entries) {
        wanted += kSample + 7 + plain.horizontalAdvance(entry.name) + 4 + std::max(strong.horizontalAdvance(entry.value), strong.horizontalAdvance(widest)) + gap;
    }
    // Where heading and names do not fit, line and marker tell the series apart.
    const bool named = right - wanted > kHeadingLeft + headingWidth;
    double least = 0; // of the entries without their names
    for (const Entry& entry : entries) least += kShortSample + 4 + std::max(strong.horizontalAdvance(entry.value), strong.horizontalAdvance(widest)) + gap;
    if (right - least < kHeadingLeft + headingWidth) {
        heading = m_style.heading;
        headingWidth = QFontMetricsF(bold).horizontalAdvance(heading);
    }
    painter.setFont(bold);
    painter.setPen(m_theme.text.primary);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, heading);
    for (auto entry = entries.crbegin(); entry != entries.crend(); ++entry) {
        const double valueWidth =
            std::max(strong.horizontalAdvance(entry->value), strong.horizontalAdvance(widest));
        const double nameWidth = named ? plain.horizontalAdvance(entry->name) : 0;
        const double sample = named ? kSample : kShortSample;
        const double left = right - valueWidth - 4 - nameWidth - (named ? 7 : 0) - sample;
        if (left < kHeadingLeft + headingWidth + 6) break; // no room for this one: the probe tells its values
        painter.setPen(m_theme.text.secondary);
        painter.setFont(small);
        if (named)
            painter.drawText(QRectF(left + kSample + 7, line.top(), nameWidth + 2, line.height()),
                             Qt::AlignLeft | Qt::AlignVCenter, entry->name);
        painter.setPen(m_theme.text.primary);
        painter.setFont(smallBold);
        painter.drawText(QRectF(right - valueWidth, line.top(), valueWidth + 1, line.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, entry->value);
        painter.setPen(entry->isTrain ? m_parts->train->pen() : m_parts->validation->pen());
        painter.drawLine(QPointF(left, middle), QPointF(left + sample, middle));
        if (!entry->isTrain) {
            painter.setPen(m_parts->rings->pen());
            painter.setBrush(m_theme.surface.plot);
            const double radius = Metrics::regular().chart.markerRadius;
            painter.drawEllipse(QPointF(left + sample / 2, middle), radius, radius);
        }
        right = left - gap;
    }

    if (m_style.logarithmic) {
        QString note = tr("logarithmic");
        if (m_clamped > 0) note = tr("logarithmic; values of 0 or less lie on the lowest line");
        if (!m_y.logarithmic) note = tr("nothing above 0 to draw logarithmically");
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(m_theme.text.secondary);
        const QRectF room(kHeadingLeft + headingWidth + 10, line.top(),
                          right - kHeadingLeft - headingWidth - 10, line.height());
        if (room.width() < painter.fontMetrics().averageCharWidth() * 4) return;
        painter.drawText(
            room, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(note, Qt::ElideRight, static_cast<int>(room.width())));
    }
}

void CurveChart::paintBest(QPainter& painter) {
    if (!m_best || *m_best > m_x.to) return;
    const double x = crisp(toPixel({static_cast<double>(*m_best), 0}).x());
    QPen pen(m_theme.series.reference, 1);
    pen.setDashPattern({2, 3});
    painter.setPen(pen);
    painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));

    const QString text = tr("best, epoch %1").arg(*m_best);
    const QRectF box = bestLabel(text);
    painter.fillRect(box.adjusted(-2, 0, 2, 0), m_theme.surface.plot);
    painter.setFont(m_theme.font(TextRole::Caption));
    painter.setPen(m_theme.text.secondary);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, text);
}

QRectF CurveChart::bestLabel(const QString& text) const {
    const QFontMetricsF metrics(m_theme.font(TextRole::Caption));
    const double x = crisp(toPixel({static_cast<double>(*m_best), 0}).x());
    const double width = metrics.horizontalAdvance(text);
    const double left = x + 6 + width <= m_plot.right() ? x + 6 : x - 6 - width;
    // A falling curve leaves room at the top, a rising one at the bottom.
    const double top =
        m_style.numbers == NumberStyle::Percent ? m_plot.bottom() - metrics.height() - 3 : m_plot.top() + 3;
    return {left, top, width, metrics.height()};
}

void CurveChart::paintBeyond(QPainter& painter) {
    if (m_above) paintMark(painter, *m_above, true);
    if (m_below) paintMark(painter, *m_below, false);
}

/// A small arrow at the edge over which the curve leaves the plot, and how far it goes.
void CurveChart::paintMark(QPainter& painter, const QPointF& beyond, bool above) {
    const QFont font = m_theme.font(TextRole::Caption);
    const QFontMetricsF metrics(font);
    const QString text = valueText(beyond.y(), m_style.numbers);
    const double width = kMark + 3 + metrics.horizontalAdvance(text);
    const double x = std::min(toPixel({beyond.x(), 1}).x() + 3, m_plot.right() - width);
    QRectF box(x, above ? m_plot.top() + 3 : m_plot.bottom() - metrics.height() - 3, width, metrics.height());
    if (m_best && bestLabel(tr("best, epoch %1").arg(*m_best)).adjusted(-4, 0, 4, 0).intersects(box)) box.translate(0, above ? box.height() : -box.height());
    painter.fillRect(box.adjusted(-2, 0, 2, 0), m_theme.surface.plot);
    const double tip = box.center().y() + (above ? -kMark / 2 : kMark / 2), foot = box.center().y() + (above ? kMark / 2 : -kMark / 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.text.secondary);
    painter.drawPolygon(QPolygonF{{box.left(), foot}, {box.left() + kMark, foot}, {box.left() + kMark / 2, tip}});
    painter.setFont(font);
    painter.setPen(m_theme.text.secondary);
    painter.drawText(box.adjusted(kMark + 3, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, text);
}

void CurveChart::paintReferences(QPainter& painter) {
    painter.setFont(m_theme.font(TextRole::Caption));
    for (const ReferenceCurve& curve : m_references) {
        CurveReducer reducer(m_x.to);
        for (const QPointF& point : curve.points)
            if (point.x() <= m_x.to) reducer.add(point.x(), point.y());
        QPolygonF line;
        for (const QPointF& point : reducer.points())
            line << toPixel(point);
        if (line.isEmpty()) continue;
        painter.save();
        painter.setClipRect(m_plot);
        painter.setPen(QPen(m_theme.series.reference, Metrics::regular().chart.referencePen));
        painter.drawPolyline(line);
        painter.restore();
        painter.setPen(m_theme.text.secondary);
        const double width = painter.fontMetrics().horizontalAdvance(curve.name);
        const QPointF end = line.constLast();
        const double left = std::min(end.x() + 4, m_plot.right() - width);
        painter.drawText(QPointF(left, std::clamp(end.y() - 4, m_plot.top() + 10, m_plot.bottom())),
                         curve.name);
    }
}

std::optional<CurveChart::Probe> CurveChart::probeAt(double x) const {
    if (m_data.isEmpty() || x < m_plot.left() - kSnapPx || x > m_plot.right() + kSnapPx) return {};
    const double at = m_x.from + (x - m_plot.left()) / m_plot.width() * (m_x.to - m_x.from);
    const double pixel = (m_x.to - m_x.from) / m_plot.width();
    Probe probe;
    const EpochPoint* nearest = nullptr;
    for (const EpochPoint& epoch : m_data.epochs())
        if (!nearest || std::abs(epoch.epoch - at) < std::abs(nearest->epoch - at)) nearest = &epoch;
    const auto& batches = m_data.batches();
    if (nearest && (batches.empty() || std::abs(nearest->epoch - at) <= kSnapPx * pixel)) {
        probe.x = nearest->epoch;
        probe.epoch = nearest->epoch;
        probe.train = nearest->train;
        probe.validation = nearest->validation;
        return probe;
    }
    if (batches.empty()) return {};
    auto after = std::lower_bound(batches.begin(), batches.end(), at,
                                  [](const QPointF& p, double v) { return p.x() < v; });
    if (after == batches.end()) --after;
    if (after != batches.begin() && at - std::prev(after)->x() < after->x() - at) --after;
    probe.x = after->x();
    probe.raw = after->y();
    probe.train = m_data.smoothedAt(static_cast<std::size_t>(after - batches.begin()));
    return probe;
}

QStringList CurveChart::valuesAt(double x) const {
    const std::optional<Probe> probe = probeAt(x);
    if (!probe) return {};
    QStringList lines;
    const auto text = [this](double value) { return valueText(value, m_style.numbers); };
    if (probe->epoch) {
        lines << tr("epoch %1").arg(*probe->epoch) << tr("train %1").arg(text(*probe->train));
        if (probe->validation) lines << tr("validation %1").arg(text(*probe->validation));
    } else {
        lines << tr("at epoch %1").arg(probe->x, 0, 'f', 2);
        lines << tr("train %1").arg(text(*probe->train));
        if (m_data.smoothing() > 1) lines << tr("this batch %1").arg(text(*probe->raw));
    }
    return lines;
}

void CurveChart::setProbe(std::optional<double> x, bool byKeyboard) {
    m_probeX = x;
    m_probeByKeyboard = byKeyboard;
    m_parts->view->viewport()->update();
}

void CurveChart::paintProbe(QPainter& painter) {
    if (!m_probeX) return;
    const QStringList lines = valuesAt(*m_probeX);
    const std::optional<Probe> probe = probeAt(*m_probeX);
    if (lines.isEmpty() || !probe) return;
    const double x = toPixel({probe->x, 1}).x();
    painter.setPen(QPen(m_theme.line.lineStrong, 1));
    painter.drawLine(QPointF(crisp(x), m_plot.top()), QPointF(crisp(x), m_plot.bottom()));
    const auto dot = [&](std::optional<double> value, const QColor& color) {
        if (!value || !std::isfinite(*value)) return;
        const QPointF at = toPixel({probe->x, *value});
        if (!m_plot.adjusted(0, -1, 0, 1).contains(at)) return;
        painter.setPen(QPen(m_theme.surface.plot, 1.5));
        painter.setBrush(color);
        painter.drawEllipse(at, 4, 4);
    };
    dot(probe->train, m_theme.series.train);
    dot(probe->validation, m_theme.series.validation);

    const QFont font = m_theme.font(TextRole::Small);
    const QFont bold = m_theme.font(TextRole::Small, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    double width = QFontMetricsF(bold).horizontalAdvance(lines.constFirst());
    for (const QString& line : lines)
        width = std::max(width, metrics.horizontalAdvance(line));
    const double row = metrics.height() + 1;
    QRectF box(x + 10, m_plot.top() + 4, width + 16, row * static_cast<double>(lines.size()) + 10);
    if (box.right() > m_plot.right()) box.moveRight(x - 10);
    if (box.bottom() > m_size.height() - 2) box.moveBottom(m_size.height() - 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.surface.tooltip);
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(m_theme.text.onTooltip);
    double y = box.top() + 5;
    for (const QString& line : lines) {
        painter.setFont(&line == &lines.constFirst() ? bold : font);
        painter.drawText(QRectF(box.left() + 8, y, width + 2, row), Qt::AlignLeft | Qt::AlignVCenter, line);
        y += row;
    }
}

void CurveChart::keyPressEvent(QKeyEvent* event) {
    const bool left = event->key() == Qt::Key_Left, right = event->key() == Qt::Key_Right;
    if ((!left && !right) || m_data.epochs().empty()) {
        if (event->key() == Qt::Key_Escape && m_probeX) return setProbe({}, true);
        QWidget::keyPressEvent(event);
        return;
    }
    const int last = m_data.epochs().back().epoch;
    int epoch = last;
    if (m_probeX)
        if (const auto probe = probeAt(*m_probeX))
            epoch = static_cast<int>(std::lround(probe->x)) + (left ? -1 : 1);
    epoch = std::clamp(epoch, m_data.epochs().front().epoch, last);
    setProbe(toPixel({static_cast<double>(epoch), 1}).x(), true);
    setAccessibleDescription(valuesAt(*m_probeX).join(QStringLiteral(", ")));
}

void CurveChart::focusOutEvent(QFocusEvent* event) {
    if (m_probeByKeyboard) setProbe({}, false);
    m_parts->view->viewport()->update();
    QWidget::focusOutEvent(event);
}

} // namespace strata::ui
