// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace strata::ui {

/// "0:38", "1:02:05"
QString clockText(double seconds);
/// "5 s", "3 min", "1 h 20 min": how long it still takes, no finer than anyone needs
QString leftText(double seconds);
/// "97.8 %"
QString percentText(double share);
/// "0.089", "7.0e-4", with four digits at most
QString rateText(double value);

} // namespace strata::ui
