// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/pooling_layer.h"

namespace strata {

/// The layers that pool to a size that is given, whatever the size of their input.
LayerType adaptivePoolingType(Schema head, PoolingKind kind, int spatialAxes);

} // namespace strata
