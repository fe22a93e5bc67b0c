// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace strata::ui {

struct Tick {
    double value;
    QString text;
};

/// A value axis: its ends, in the axis's own measure (the decimal logarithm where it is logarithmic), and its
/// ticks on round numbers.
struct ChartScale {
    double from = 0, to = 1;
    bool logarithmic = false;
    QList<Tick> ticks; ///< values in the axis's measure

    /// Where a value lies on the axis; on a logarithmic one values <= 0 lie at the lower end.
    double place(double value) const;
};

enum class NumberStyle { Plain, Percent };

/// A linear axis round about [least, largest] with at most maxTicks ticks (never under 3). Percent never goes
/// over 100 % or under 0 %, plain values that are all >= 0 never under 0.
ChartScale linearScale(double least, double largest, int maxTicks, NumberStyle style);
/// A logarithmic one; requires: 0 < least <= largest
ChartScale logarithmicScale(double least, double largest, int maxTicks, NumberStyle style);
/// The axis of epochs: from 0 to `last`, whole numbers.
ChartScale epochScale(int last, int maxTicks);

/// "0.020", "1.2e-4", "99.4 %", with a true minus sign: as legend and hover show a value.
QString valueText(double value, NumberStyle style);

} // namespace strata::ui
