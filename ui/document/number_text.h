// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"

#include <QString>

namespace strata::ui {

/// "14 × 14 × 16"
QString shapeText(const Shape& shape);
/// With thousands: "11,546"
QString countText(std::int64_t count);
/// "1.6 MB"
QString bytesText(std::int64_t bytes);

} // namespace strata::ui
