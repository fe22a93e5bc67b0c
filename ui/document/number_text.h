// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/receptive_field.h"

#include <QString>

#include <span>

namespace strata::ui {

/// "14 × 14 × 16"
QString shapeText(const Shape& shape);
/// The same for an array of any rank: "3 × 3 × 16 × 32"
QString dimsText(std::span<const std::int64_t> dims);
/// With thousands: "11,546"
QString countText(std::int64_t count);
/// The number by which tr() chooses among a language's plural forms where a text writes the number itself. They depend
/// on its last digits.
int pluralOf(std::int64_t count);
/// "1 layer", "11,546 parameters"
QString layersText(std::int64_t count);
QString parametersText(std::int64_t count);
/// "1.6 MB"
QString bytesText(std::int64_t bytes);
/// A time that was measured, in two or three digits: "12 µs", "0.84 ms", "1.2 s"
QString secondsText(double seconds);
/// "16 × 16", "everything", or "–" where it is not known
QString receptiveText(const ReceptiveStep& field);

/// The same words with shapes and sizes ("8 × 8") that no line break divides.
QString unbroken(QString sentence);

} // namespace strata::ui
