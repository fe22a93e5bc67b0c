// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// A dropout that drops whole channels of an input with `spatialAxes` axes before the channels.
LayerType spatialDropoutType(Schema head, int spatialAxes);

} // namespace strata
