// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/curve_data.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata::ui {

void CurveReducer::reset(double xMax) {
    m_xMax = xMax;
    m_columns.assign(kColumns, {});
    m_count = 0;
}

void CurveReducer::add(double x, double y) {
    if (!std::isfinite(x) || !std::isfinite(y)) return;
    const QPointF point(x, y);
    const int at = std::clamp(static_cast<int>(x / m_xMax * kColumns), 0, kColumns - 1);
    Column& column = m_columns[static_cast<std::size_t>(at)];
    if (!column.used) {
        column = {point, point, true};
    } else {
        if (y < column.least.y()) column.least = point;
        if (y > column.largest.y()) column.largest = point;
    }
    m_newest = point;
    ++m_count;
}

QList<QPointF> CurveReducer::points() const {
    QList<QPointF> points;
    points.reserve(2 * kColumns + 1);
    for (const Column& column : m_columns) {
        if (!column.used) continue;
        const bool leastFirst = column.least.x() <= column.largest.x();
        points << (leastFirst ? column.least : column.largest);
        if (column.least != column.largest) points << (leastFirst ? column.largest : column.least);
    }
    if (m_count > 0 && points.constLast() != m_newest) points << m_newest;
    return points;
}

void CurveData::clear() {
    m_batches.clear();
    m_sums.assign(1, 0.0);
    m_finite.assign(1, 0);
    m_epochs.clear();
    rebuild();
}

void CurveData::setPlannedEpochs(int epochs) {
    epochs = std::max(epochs, 1);
    if (epochs == m_planned) return;
    m_planned = epochs;
    rebuild();
}

void CurveData::setSmoothing(int batches) {
    batches = std::max(batches, 1);
    if (batches == m_smoothing) return;
    m_smoothing = batches;
    rebuild();
}

void CurveData::appendBatch(double epochPosition, double value) {
    const bool finite = std::isfinite(value);
    m_batches.emplace_back(epochPosition, value);
    m_sums.push_back(m_sums.back() + (finite ? value : 0.0));
    m_finite.push_back(m_finite.back() + (finite ? 1 : 0));
    if (epochPosition > m_planned + 1e-9) {
        setPlannedEpochs(static_cast<int>(std::ceil(epochPosition)));
        return;
    }
    m_raw.add(epochPosition, value);
    m_smooth.add(epochPosition, smoothedAt(m_batches.size() - 1));
}

void CurveData::appendEpoch(const EpochPoint& point) {
    m_epochs.push_back(point);
    if (point.epoch > m_planned) setPlannedEpochs(point.epoch);
}

bool CurveData::hasValidation() const {
    return std::any_of(m_epochs.begin(), m_epochs.end(),
                       [](const EpochPoint& e) { return e.validation.has_value(); });
}

double CurveData::smoothedAt(std::size_t i) const {
    const std::size_t end = i + 1;
    const std::size_t from = end > static_cast<std::size_t>(m_smoothing) ? end - m_smoothing : 0;
    const std::size_t count = m_finite[end] - m_finite[from];
    if (count == 0) return std::numeric_limits<double>::quiet_NaN();
    return (m_sums[end] - m_sums[from]) / static_cast<double>(count);
}

std::optional<double> CurveData::latestTrain() const {
    if (!m_epochs.empty()) return m_epochs.back().train;
    if (!m_batches.empty()) return smoothedAt(m_batches.size() - 1);
    return {};
}

std::optional<double> CurveData::latestValidation() const {
    for (auto it = m_epochs.rbegin(); it != m_epochs.rend(); ++it)
        if (it->validation) return it->validation;
    return {};
}

QList<QPointF> CurveData::trainPoints() const {
    if (!m_batches.empty()) return m_smooth.points();
    CurveReducer means(m_planned);
    for (const EpochPoint& epoch : m_epochs)
        means.add(epoch.epoch, epoch.train);
    return means.points();
}

QList<QPointF> CurveData::validationPoints() const {
    CurveReducer points(m_planned);
    for (const EpochPoint& epoch : m_epochs)
        if (epoch.validation) points.add(epoch.epoch, *epoch.validation);
    return points.points();
}

void CurveData::rebuild() {
    m_raw.reset(m_planned);
    m_smooth.reset(m_planned);
    for (std::size_t i = 0; i < m_batches.size(); ++i) {
        m_raw.add(m_batches[i].x(), m_batches[i].y());
        m_smooth.add(m_batches[i].x(), smoothedAt(i));
    }
}

} // namespace strata::ui
