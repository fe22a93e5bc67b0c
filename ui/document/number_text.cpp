// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/number_text.h"

#include "engine/core/number_text.h"

#include <QLocale>
#include <QObject>
#include <QStringList>

#include <algorithm>

namespace strata::ui {

QString shapeText(const Shape& shape) {
    return QString::fromStdString(shape.text());
}

QString dimsText(std::span<const std::int64_t> dims) {
    QStringList parts;
    for (const std::int64_t dim : dims) parts << QString::number(dim);
    return parts.join(QStringLiteral(" × "));
}

QString countText(std::int64_t count) {
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(count));
}

int pluralOf(std::int64_t count) {
    constexpr std::int64_t kMillion = 1'000'000;
    return static_cast<int>(count < kMillion ? count : kMillion + count % kMillion);
}

QString layersText(std::int64_t count) {
    return QObject::tr("%1 layers", nullptr, pluralOf(count)).arg(countText(count));
}

QString parametersText(std::int64_t count) {
    return QObject::tr("%1 parameters", nullptr, pluralOf(count)).arg(countText(count));
}

QString bytesText(std::int64_t bytes) {
    return QString::fromStdString(byteText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, bytes))));
}

QString secondsText(double seconds) {
    const auto number = [](double value) { return QString::number(value, 'f', value < 1 ? 2 : value < 10 ? 1 : 0); };
    if (seconds < 1e-4) return QStringLiteral("%1 µs").arg(number(seconds * 1e6));
    if (seconds < 1) return QStringLiteral("%1 ms").arg(number(seconds * 1e3));
    return QStringLiteral("%1 s").arg(number(seconds));
}

QString receptiveText(const ReceptiveStep& field) {
    if (field.global) return QObject::tr("everything");
    if (!isKnown(field)) return QStringLiteral("–");
    return QObject::tr("%1 × %2").arg(field.windowH).arg(field.windowW);
}

QString unbroken(QString sentence) {
    return sentence.replace(QStringLiteral(" × "), QStringLiteral("\u00A0×\u00A0"));
}

} // namespace strata::ui
