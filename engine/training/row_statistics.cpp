// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_statistics.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

constexpr double kEpsilon = 1e-7; // Keras's backend.epsilon()

struct Moments {
    double meanA = 0, meanB = 0, varianceA = 0, varianceB = 0, covariance = 0;
};

Moments moments(std::span<const double> a, std::span<const double> b) {
    Moments m;
    const auto n = static_cast<double>(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        m.meanA += a[i] / n;
        m.meanB += b[i] / n;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        m.varianceA += (a[i] - m.meanA) * (a[i] - m.meanA) / n;
        m.varianceB += (b[i] - m.meanB) * (b[i] - m.meanB) / n;
        m.covariance += (a[i] - m.meanA) * (b[i] - m.meanB) / n;
    }
    return m;
}

double lengthOr(double squares) {
    return std::sqrt(std::max(squares, 1e-12)); // as Keras's normalize()
}

} // namespace

double cosine(std::span<const double> target, std::span<const double> prediction) {
    double product = 0, a = 0, b = 0;
    for (std::size_t i = 0; i < target.size(); ++i) {
        product += target[i] * prediction[i];
        a += target[i] * target[i];
        b += prediction[i] * prediction[i];
    }
    return product / (lengthOr(a) * lengthOr(b));
}

double pearson(std::span<const double> target, std::span<const double> prediction) {
    const Moments m = moments(target, prediction);
    const auto n = static_cast<double>(target.size());
    return n * m.covariance / (lengthOr(n * m.varianceA) * lengthOr(n * m.varianceB));
}

double concordance(std::span<const double> target, std::span<const double> prediction) {
    const Moments m = moments(target, prediction);
    const double apart = m.meanA - m.meanB;
    return 2 * m.covariance / (m.varianceA + m.varianceB + apart * apart + kEpsilon);
}

Result<> statisticOfRows(MetricValues& target, MetricValues& prediction, RowStatistic statistic) {
    if (Result<> same = alignShapes(target, prediction); !same) return same;
    if (target.shape.empty()) return {};
    const auto n = static_cast<std::size_t>(target.shape.back());
    target.shape.pop_back();
    for (std::size_t first = 0, row = 0; first < target.data.size(); first += n, ++row)
        target.data[row] = statistic(std::span(target.data).subspan(first, n), std::span(prediction.data).subspan(first, n));
    target.data.resize(n == 0 ? 0 : target.data.size() / n);
    return {};
}

} // namespace strata
