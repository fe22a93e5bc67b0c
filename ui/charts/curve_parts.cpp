// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/curve_parts.h"

#include <QGraphicsLayout>
#include <QLegend>
#include <QMouseEvent>
#include <QPainter>

namespace strata::ui {

CurveView::CurveView(CurveChart& owner, QChart* chart)
    : QChartView(chart)
    , m_owner(owner) {
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setBackgroundBrush(Qt::NoBrush);
    setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    setStyleSheet(QStringLiteral("background: transparent"));
}

void CurveView::drawBackground(QPainter* painter, const QRectF&) {
    m_owner.paintGround(*painter);
}

void CurveView::drawForeground(QPainter* painter, const QRectF&) {
    m_owner.paintOver(*painter);
}

void CurveView::mouseMoveEvent(QMouseEvent* event) {
    m_owner.setProbe(event->position().x(), false);
    QChartView::mouseMoveEvent(event);
}

void CurveView::leaveEvent(QEvent* event) {
    m_owner.setProbe({}, false);
    QChartView::leaveEvent(event);
}

CurveChart::Parts::Parts(CurveChart& owner)
    : chart(new QChart)
    , view(new CurveView(owner, chart))
    , raw(new QLineSeries)
    , train(new QLineSeries)
    , validation(new QLineSeries)
    , rings(new QScatterSeries)
    , xAxis(new QValueAxis)
    , yAxis(new QValueAxis) {
    chart->setBackgroundRoundness(0);
    chart->setMargins({0, 0, 0, 0});
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->setDropShadowEnabled(false);
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->legend()->hide();
    chart->setBackgroundVisible(false);
    chart->setPlotAreaBackgroundVisible(false);
    chart->addAxis(xAxis, Qt::AlignBottom);
    chart->addAxis(yAxis, Qt::AlignLeft);
    for (QValueAxis* axis : {xAxis, yAxis}) {
        axis->setLabelsVisible(false);
        axis->setGridLineVisible(false);
        axis->setLineVisible(false);
    }
    for (QAbstractSeries* series : std::initializer_list<QAbstractSeries*>{raw, train, validation, rings}) {
        chart->addSeries(series);
        series->attachAxis(xAxis);
        series->attachAxis(yAxis);
    }
}

void CurveChart::Parts::restyle(const Theme& theme) {
    const auto& look = Metrics::regular().chart;
    QColor faint = theme.series.train;
    faint.setAlphaF(static_cast<float>(look.rawOpacity));
    raw->setPen(QPen(faint, look.rawPen));
    QPen solid(theme.series.train, look.trainPen);
    solid.setJoinStyle(Qt::RoundJoin);
    train->setPen(solid);
    QPen dashed(theme.series.validation, look.validationPen);
    dashed.setDashPattern({3, 1.5});
    dashed.setCapStyle(Qt::FlatCap);
    validation->setPen(dashed);
    rings->setMarkerShape(QScatterSeries::MarkerShapeCircle);
    rings->setMarkerSize(2 * look.markerRadius);
    rings->setPen(QPen(theme.series.validation, look.markerPen));
    rings->setBrush(theme.surface.plot);
}

} // namespace strata::ui
