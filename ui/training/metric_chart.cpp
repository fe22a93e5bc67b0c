// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/metric_chart.h"

#include "ui/charts/curve_chart.h"

#include <QVBoxLayout>

namespace strata::ui {
namespace {

const std::string kRate = "learning_rate";
const std::string kValidation = "val_";

} // namespace

QString figureTitle(const QString& name) {
    QString title = name;
    title.replace('_', ' ');
    if (title.size() <= 3) return title.toUpper(); // AUC
    return title.left(1).toUpper() + title.mid(1);
}

MetricChart::MetricChart(QWidget* parent)
    : QWidget(parent), m_chart(new CurveChart({figureTitle(m_name), NumberStyle::Plain})) {
    m_chart->setObjectName(QStringLiteral("metricChart"));
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_chart);
}

QStringList MetricChart::names() const {
    QStringList out{QString::fromStdString(kRate)};
    if (m_points.empty()) return out;
    for (const auto& [name, value] : m_points.back().metrics) {
        if (!name.starts_with(kValidation)) out.append(QString::fromStdString(name));
    }
    return out;
}

void MetricChart::choose(const QString& name) {
    m_name = name;
    m_chart->setHeading(figureTitle(name));
    redraw();
}

void MetricChart::setPoints(std::vector<HistoryPoint> points) {
    const QStringList before = names();
    m_points = std::move(points);
    redraw();
    if (names() != before) Q_EMIT namesChanged();
}

void MetricChart::redraw() {
    m_chart->clear();
    for (const HistoryPoint& point : m_points) add(point);
}

void MetricChart::append(const HistoryPoint& point) {
    const QStringList before = names();
    m_points.push_back(point);
    add(point);
    if (names() != before) Q_EMIT namesChanged();
}

void MetricChart::add(const HistoryPoint& point) {
    const std::string name = m_name.toStdString();
    const int epoch = static_cast<int>(point.epoch);
    if (name == kRate) {
        if (point.learningRate >= 0) m_chart->appendEpoch(epoch, point.learningRate);
        return;
    }
    const auto value = point.metrics.find(name);
    if (value == point.metrics.end()) return;
    const auto validation = point.metrics.find(kValidation + name);
    m_chart->appendEpoch(epoch, value->second, validation == point.metrics.end() ? std::nullopt : std::optional(validation->second));
}

} // namespace strata::ui
