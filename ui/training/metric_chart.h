// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/document_state.h"

#include <QWidget>

namespace strata::ui {

class CurveChart;

/// The curve of one figure that is measured once an epoch: the learning rate, or a metric with its value on the
/// validation images.
class MetricChart : public QWidget {
    Q_OBJECT
public:
    explicit MetricChart(QWidget* parent = nullptr);

    CurveChart& chart() const { return *m_chart; }
    /// What there is to choose from: "learning_rate", "auc".
    QStringList names() const;
    QString name() const { return m_name; }
    void choose(const QString& name);
    void setPoints(std::vector<HistoryPoint> points);
    void append(const HistoryPoint& point);

Q_SIGNALS:
    void namesChanged();

private:
    void add(const HistoryPoint& point);
    void redraw();

    QString m_name = QStringLiteral("learning_rate");
    CurveChart* m_chart;
    std::vector<HistoryPoint> m_points;
};

/// "learning_rate" -> "Learning rate".
QString figureTitle(const QString& name);

} // namespace strata::ui
