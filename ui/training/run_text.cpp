// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/run_text.h"

#include <QCoreApplication>

#include <cmath>

namespace strata::ui {

QString clockText(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::max(0.0, seconds));
    const QString rest = QStringLiteral("%1:%2").arg(whole / 60 % 60, whole >= 3600 ? 2 : 1, 10, QLatin1Char('0')).arg(whole % 60, 2, 10, QLatin1Char('0'));
    return whole >= 3600 ? QStringLiteral("%1:%2").arg(whole / 3600).arg(rest) : rest;
}

QString leftText(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::ceil(std::max(0.0, seconds)));
    const auto tr = [](const char* text) { return QCoreApplication::translate("strata::ui", text); };
    if (whole < 90) return tr("%1 s").arg(whole);
    if (whole < 90 * 60) return tr("%1 min").arg((whole + 30) / 60);
    return tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
}

QString percentText(double share) {
    return QStringLiteral("%1 %").arg(share * 100, 0, 'f', 1);
}

QString rateText(double value) {
    if (value == 0) return QStringLiteral("0");
    if (value < 0) return QStringLiteral("−") + rateText(-value);
    const double size = value;
    if (size >= 0.001 && size < 1000) return QString::number(value, 'g', 3);
    QString text = QString::number(value, 'e', 1);
    text.replace(QStringLiteral("e-0"), QStringLiteral("e-")).replace(QStringLiteral("e+0"), QStringLiteral("e"));
    return text;
}

} // namespace strata::ui
