// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/curve_chart.h"

#include "ui/charts/curve_parts.h"

#include <QEvent>
#include <QGraphicsScene>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kFrameMs = 33;
// The series are drawn on a little more than the plot, so that a ring on its edge is whole.
constexpr double kOverlap = 3.5;      // at the sides and above
constexpr double kOverlapBelow = 1.5; // less: a line that leaves the plot downwards would cross the labels

} // namespace

CurveChart::CurveChart(const CurveStyle& style, QWidget* parent)
    : QWidget(parent)
    , m_style(style)
    , m_theme(currentTheme())
    , m_parts(std::make_unique<Parts>(*this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_parts->view);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(style.heading);
    m_frame.setSingleShot(true);
    m_frame.setInterval(kFrameMs);
    connect(&m_frame, &QTimer::timeout, this, &CurveChart::flush);
    restyle();
    flush();
}

CurveChart::~CurveChart() = default;

void CurveChart::setHeading(const QString& heading) {
    m_style.heading = heading;
    setAccessibleName(heading);
    schedule();
    update();
}

void CurveChart::clear() {
    m_data.clear();
    m_best.reset();
    m_probeX.reset();
    schedule();
}

void CurveChart::setPlannedEpochs(int epochs) {
    m_data.setPlannedEpochs(epochs);
    schedule();
}

void CurveChart::appendBatch(double epochPosition, double value) {
    m_data.appendBatch(epochPosition, value);
    schedule();
}

void CurveChart::appendEpoch(int epoch, double train, std::optional<double> validation) {
    m_data.appendEpoch({epoch, train, validation});
    schedule();
}

void CurveChart::setBestEpoch(std::optional<int> epoch) {
    m_best = epoch;
    schedule();
}

void CurveChart::setReferences(std::vector<ReferenceCurve> curves) {
    m_references = std::move(curves);
    schedule();
}

void CurveChart::setSmoothing(int batches) {
    m_data.setSmoothing(batches);
    schedule();
}

void CurveChart::setLogarithmic(bool on) {
    m_style.logarithmic = on;
    schedule();
}

void CurveChart::setCompact(bool on) {
    m_style.compact = on;
    layoutPlot(size());
    schedule();
}

void CurveChart::setTheme(const Theme& theme) {
    m_ownTheme = theme;
    restyle();
}

void CurveChart::schedule() {
    if (!m_frame.isActive()) m_frame.start();
}

void CurveChart::flush() {
    m_frame.stop();
    updateScales();
    updateSeries();
    describe();
    m_parts->view->viewport()->update();
}

void CurveChart::restyle() {
    m_theme = m_ownTheme.value_or(currentTheme());
    m_parts->restyle(m_theme);
    layoutPlot(size());
    m_parts->view->viewport()->update();
}

void CurveChart::layoutPlot(QSize size) {
    m_size = size;
    m_parts->chart->resize(size);
    const auto& metrics = Metrics::of(m_style.compact ? Density::Compact : Density::Regular).chartMargins;
    // The margins are made for 11 px labels and grow with the font, so that no number is cut.
    const double grow = m_theme.fontScale;
    m_plot = QRectF(QPointF(), m_size)
                 .adjusted(metrics.left * grow, metrics.top * grow, -metrics.right, -metrics.bottom * grow);
    if (m_plot.width() < 20 || m_plot.height() < 10)
        m_plot = QRectF(m_size.width() / 2.0, m_size.height() / 2.0, 20, 10);
    m_parts->chart->setPlotArea(m_plot.adjusted(-kOverlap, -kOverlap, kOverlap, kOverlapBelow));
}

void CurveChart::updateScales() {
    const int xTicks = std::max(3, static_cast<int>(m_plot.width() / 56));
    m_x = epochScale(m_data.plannedEpochs(), xTicks);

    const ValueRange range = shownRange();
    const int yTicks = m_style.compact ? 3 : std::clamp(static_cast<int>(m_plot.height() / 20), 3, 6);
    if (range.isEmpty()) {
        m_y = linearScale(0, 1, yTicks, m_style.numbers);
    } else if (m_style.logarithmic && std::isfinite(range.leastPositive)) {
        m_y = logarithmicScale(range.leastPositive, range.largest, yTicks, m_style.numbers);
    } else {
        // A loss is read from 0; an accuracy fills its axis.
        const bool fromZero = m_style.numbers == NumberStyle::Plain && range.least >= 0 && range.least < 0.6 * range.largest;
        m_y = linearScale(fromZero ? 0 : range.least, range.largest, yTicks, m_style.numbers);
    }
    findBeyond();
    const double dx = (m_x.to - m_x.from) / m_plot.width() * kOverlap;
    const double dy = (m_y.to - m_y.from) / m_plot.height();
    m_parts->xAxis->setRange(m_x.from - dx, m_x.to + dx);
    m_parts->yAxis->setRange(m_y.from - dy * kOverlapBelow, m_y.to + dy * kOverlap);
}

/// A logarithmic axis shows all there is. Else a single spike would press all that lasts onto the axis: what would take
/// more room than that is clipped by the plot, and marked (paintBeyond). So would the steep beginning of a training,
/// which is left out once an epoch is over.
ValueRange CurveChart::shownRange() {
    const QList<QPointF> train = m_data.trainPoints(), validation = m_data.validationPoints();
    m_clamped = 0;
    for (const QList<QPointF>* points : {&train, &validation})
        m_clamped += static_cast<int>(std::count_if(points->begin(), points->end(), [](const QPointF& p) { return p.y() <= 0; }));
    const bool past = !train.isEmpty() && train.constLast().x() > 1.5 && !m_style.logarithmic;
    const double from = past ? 1 : 0;
    // Of the batches as they were: the smoothed line carries a spike on for as many batches as it averages.
    const QList<QPointF> raw = m_data.batches().empty() ? train : m_data.rawPoints();
    ValueRange lasting;
    for (const ValueRange& one : {lastingRange(raw, from), lastingRange(validation, 0)}) {
        if (one.isEmpty()) continue;
        lasting.cover(one.least);
        lasting.cover(one.largest);
    }
    const ValueRange bearable = lasting.doubled();
    ValueRange range;
    for (const QList<QPointF>* points : {&train, &validation})
        for (const QPointF& point : *points)
            if (m_style.logarithmic || (bearable.contains(point.y()) && (points == &validation || point.x() >= from))) range.cover(point.y());
    return range.isEmpty() ? lasting : range; // a constant: what is smoothed misses it by a rounding
}

void CurveChart::findBeyond() {
    m_above.reset();
    m_below.reset();
    if (m_style.logarithmic) return; // what lies on its lowest line is told beside the heading
    const auto look = [this](const QList<QPointF>& points, double slack) {
        for (const QPointF& point : points) {
            if (point.y() > m_y.to + slack && (!m_above || point.y() > m_above->y())) m_above = point;
            if (point.y() < m_y.from - slack && (!m_below || point.y() < m_below->y())) m_below = point;
        }
    };
    look(m_data.trainPoints(), 0);
    look(m_data.validationPoints(), 0);
    // The faint line of the batches leaves the plot all the time; what is worth a mark is far off.
    if (m_data.smoothing() > 1) look(m_data.rawPoints(), m_y.to - m_y.from);
}

void CurveChart::updateSeries() {
    const auto placed = [this](QList<QPointF> points) {
        if (m_y.logarithmic)
            for (QPointF& point : points)
                point.setY(m_y.place(point.y()));
        return points;
    };
    m_parts->raw->replace(m_data.smoothing() > 1 ? placed(m_data.rawPoints()) : QList<QPointF>());
    m_parts->train->replace(placed(m_data.trainPoints()));
    const QList<QPointF> validation = placed(m_data.validationPoints());
    m_parts->validation->replace(validation);
    m_parts->rings->replace(validation);
}

int CurveChart::largestSeries() const {
    return static_cast<int>(
        std::max({m_parts->raw->count(), m_parts->train->count(), m_parts->validation->count()}));
}

void CurveChart::describe() {
    QStringList parts;
    if (const auto train = m_data.latestTrain())
        parts << tr("train %1").arg(valueText(*train, m_style.numbers));
    if (const auto value = m_data.latestValidation())
        parts << tr("validation %1").arg(valueText(*value, m_style.numbers));
    if (m_best) parts << tr("best, epoch %1").arg(*m_best);
    if (m_above) parts << tr("up to %1 above the axis, at epoch %2").arg(valueText(m_above->y(), m_style.numbers)).arg(m_above->x(), 0, 'f', 2);
    if (m_below) parts << tr("down to %1 below the axis, at epoch %2").arg(valueText(m_below->y(), m_style.numbers)).arg(m_below->x(), 0, 'f', 2);
    parts << tr("point at the curves to read their values");
    setAccessibleDescription(parts.join(QStringLiteral(", ")));
}

QPointF CurveChart::toPixel(QPointF value) const {
    const double x = (value.x() - m_x.from) / (m_x.to - m_x.from);
    const double y = (m_y.place(value.y()) - m_y.from) / (m_y.to - m_y.from);
    return {m_plot.left() + x * m_plot.width(), m_plot.bottom() - y * m_plot.height()};
}

QImage CurveChart::image(QSize size, qreal scale) {
    QImage picture(size * scale, QImage::Format_ARGB32_Premultiplied);
    picture.setDevicePixelRatio(scale);
    picture.fill(m_theme.surface.panel);
    // The view is left alone: it may never have been shown, and if it was, it must not flicker.
    layoutPlot(size);
    flush();
    QPainter painter(&picture);
    paintGround(painter);
    m_parts->chart->scene()->render(&painter, QRectF(QPointF(), size), QRectF(QPointF(), size));
    paintOver(painter);
    painter.end();
    layoutPlot(this->size());
    flush();
    return picture;
}

void CurveChart::resizeEvent(QResizeEvent*) {
    layoutPlot(size());
    schedule();
}

void CurveChart::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange ||
        event->type() == QEvent::FontChange)
        restyle();
}

QImage renderCurves(const std::vector<CurvePicture>& curves, const Theme& theme, QSize each, qreal scale) {
    constexpr int kMargin = 16;
    const int count = static_cast<int>(curves.size());
    const QSize size(kMargin + count * (each.width() + kMargin), each.height() + 2 * kMargin);
    QImage page(size * scale, QImage::Format_RGB32);
    page.setDevicePixelRatio(scale);
    page.fill(theme.surface.panel);
    QPainter painter(&page);
    for (int i = 0; i < count; ++i) {
        const CurvePicture& curve = curves[static_cast<std::size_t>(i)];
        CurveChart chart(curve.style);
        chart.setTheme(theme);
        chart.setSmoothing(curve.data.smoothing());
        chart.setPlannedEpochs(curve.data.plannedEpochs());
        for (const QPointF& batch : curve.data.batches())
            chart.appendBatch(batch.x(), batch.y());
        for (const EpochPoint& epoch : curve.data.epochs())
            chart.appendEpoch(epoch.epoch, epoch.train, epoch.validation);
        chart.setBestEpoch(curve.bestEpoch);
        painter.drawImage(QPointF(kMargin + i * (each.width() + kMargin), kMargin), chart.image(each, scale));
    }
    return page;
}

} // namespace strata::ui
