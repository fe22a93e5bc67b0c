// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/curve_chart.h"

#include <QChart>
#include <QChartView>
#include <QLineSeries>
#include <QScatterSeries>
#include <QValueAxis>

namespace strata::ui {

/// The view of a CurveChart: Qt Charts draws the series; ground, grid, labels, legend and probe are painted
/// by the CurveChart below and above them, because Qt Charts can neither align two charts' labels nor tick a
/// logarithmic axis at 1 2 5.
class CurveView : public QChartView {
    Q_OBJECT
public:
    CurveView(CurveChart& owner, QChart* chart);

protected:
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    CurveChart& m_owner;
};

/// The chart, its axes and its series.
struct CurveChart::Parts {
    explicit Parts(CurveChart& owner);
    void restyle(const Theme& theme);

    QChart* chart;
    CurveView* view;
    QLineSeries *raw, *train, *validation;
    QScatterSeries* rings;
    QValueAxis *xAxis, *yAxis;
};

/// What the probe stands on: an epoch that is over, or a batch.
struct CurveChart::Probe {
    double x = 0;
    std::optional<int> epoch;
    std::optional<double> train, raw, validation;
};

} // namespace strata::ui
