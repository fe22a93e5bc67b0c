// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chart_scale.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

QString withMinus(QString text) {
    return text.replace('-', QChar(0x2212));
}

/// The least of 1, 2, 2.5, 5 times a power of ten that is not under `least`.
double roundStep(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (double factor : {1.0, 2.0, 2.5, 5.0, 10.0})
        if (factor * power >= least * (1 - 1e-9)) return factor * power;
    return 10 * power;
}

/// How many decimals tell multiples of `step` apart.
int decimalsFor(double step) {
    for (int decimals = 0; decimals < 9; ++decimals) {
        const double shifted = step * std::pow(10.0, decimals);
        if (std::abs(shifted - std::round(shifted)) < 1e-6 * shifted) return decimals;
    }
    return 9;
}

/// "7.0e-4": one digit of exponent where one is enough, as Keras users write it; the exponent keeps its
/// hyphen.
QString scientific(double value, int decimals) {
    QString text = QString::number(std::abs(value), 'e', decimals);
    text.replace(QStringLiteral("e-0"), QStringLiteral("e-"));
    text.replace(QStringLiteral("e+0"), QStringLiteral("e"));
    text.replace(QStringLiteral("e+"), QStringLiteral("e"));
    return value < 0 ? QChar(0x2212) + text : text;
}

QString tickText(double value, double step, NumberStyle style) {
    if (style == NumberStyle::Percent)
        return withMinus(QStringLiteral("%1 %").arg(value * 100, 0, 'f', decimalsFor(step * 100)));
    if (value != 0 && (std::abs(value) >= 1e5 || step < 0.99e-3)) return scientific(value, 0);
    return withMinus(QString::number(value, 'f', decimalsFor(step)));
}

} // namespace

double ChartScale::place(double value) const {
    if (!logarithmic) return value;
    return value > 0 ? std::max(std::log10(value), from) : from;
}

ChartScale linearScale(double least, double largest, int maxTicks, NumberStyle style) {
    maxTicks = std::clamp(maxTicks, 3, 6);
    const bool percent = style == NumberStyle::Percent;
    if (!(largest - least > 1e-12 * std::max(1.0, std::abs(largest)))) {
        // One value, or all the same: room around it.
        const double room = percent ? 0.05 : std::max(std::abs(largest) * 0.5, 1e-3);
        const bool positive = least >= 0;
        least = positive ? std::max(0.0, least - room) : least - room;
        largest += room;
    }
    if (percent) {
        least = std::max(least, 0.0);
        largest = std::min(largest, 1.0);
    }
    ChartScale scale;
    double step = roundStep((largest - least) / (maxTicks - 1));
    for (;;) {
        scale.from = std::floor(least / step + 1e-9) * step;
        scale.to = std::ceil(largest / step - 1e-9) * step;
        if (percent) scale.to = std::min(scale.to, 1.0);
        if (std::lround((scale.to - scale.from) / step) + 1 <= maxTicks) break;
        step = roundStep(step * 1.01);
    }
    if (percent && scale.to == 1.0) {
        // Ticks are counted down from 100 %, so that it stands on the axis.
        scale.from = 1.0 - std::ceil((1.0 - least) / step - 1e-9) * step;
        if (scale.from < 1e-9) scale.from = 0;
    }
    for (int i = 0;; ++i) {
        double value = percent && scale.to == 1.0 ? scale.to - i * step : scale.from + i * step;
        if (value > scale.to + step * 1e-6 || value < scale.from - step * 1e-6) break;
        if (std::abs(value) < step * 1e-9) value = 0; // never "-0"
        scale.ticks << Tick{value, tickText(value, step, style)};
    }
    std::sort(scale.ticks.begin(), scale.ticks.end(),
              [](const Tick& a, const Tick& b) { return a.value < b.value; });
    return scale;
}

ChartScale logarithmicScale(double least, double largest, int maxTicks, NumberStyle style) {
    maxTicks = std::clamp(maxTicks, 3, 6);
    if (largest < least * 1.2) {
        least /= 1.5;
        largest *= 1.5;
    }
    // Ever coarser sets of round numbers until few enough remain: 1 2 5, then 1, then every second decade...
    ChartScale scale;
    scale.logarithmic = true;
    const int low = static_cast<int>(std::floor(std::log10(least) + 1e-9));
    const int high = static_cast<int>(std::ceil(std::log10(largest) - 1e-9));
    const auto collect = [&](const QList<double>& factors, int stride) {
        QList<double> values;
        for (int decade = low; decade <= high; decade += stride)
            for (double factor : factors)
                values << factor * std::pow(10.0, decade);
        // The ticks that enclose the data, and no more.
        while (values.size() > 2 && values[1] <= least * (1 + 1e-9))
            values.removeFirst();
        while (values.size() > 2 && values[values.size() - 2] >= largest * (1 - 1e-9))
            values.removeLast();
        return values;
    };
    QList<double> values = collect({1, 2, 5}, 1);
    if (values.size() > maxTicks) values = collect({1, 3}, 1);
    for (int stride = 1; values.size() > maxTicks; ++stride)
        values = collect({1}, stride);
    scale.from = std::log10(std::min(values.first(), least));
    scale.to = std::log10(std::max(values.last(), largest));
    for (double value : values) {
        const double step = std::pow(10.0, std::floor(std::log10(value) + 1e-9));
        scale.ticks << Tick{std::log10(value), tickText(value, step, style)};
    }
    return scale;
}

ChartScale epochScale(int last, int maxTicks) {
    ChartScale scale;
    scale.to = std::max(last, 1);
    maxTicks = std::clamp(maxTicks, 3, 8);
    int step = 1;
    for (int power = 1; scale.to / step > maxTicks - 1; power *= 10)
        for (int factor : {1, 2, 5}) {
            step = factor * power;
            if (scale.to / step <= maxTicks - 1) break;
        }
    for (int value = 0; value <= static_cast<int>(scale.to); value += step)
        scale.ticks << Tick{static_cast<double>(value), QString::number(value)};
    return scale;
}

QString valueText(double value, NumberStyle style) {
    if (std::isnan(value)) return QStringLiteral("not a number");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    if (style == NumberStyle::Percent) return QStringLiteral("%1 %").arg(value * 100, 0, 'f', 1);
    const double size = std::abs(value);
    if (value != 0 && (size < 0.00095 || size >= 1e5)) return scientific(value, 1);
    if (value != 0 && size < 0.0095) return withMinus(QString::number(value, 'f', 4));
    return withMinus(QString::number(value, 'f', size < 10 ? 3 : size < 1000 ? 2 : 0));
}

} // namespace strata::ui
