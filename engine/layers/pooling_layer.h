// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

enum class PoolingKind { Max, Average };

/// Pooling with a sliding window over 1, 2 or 3 axes before the channels.
LayerType poolingType(Schema head, PoolingKind kind, int spatialAxes);
/// Pooling over all places at once: one value a channel.
LayerType globalPoolingType(Schema head, PoolingKind kind, int spatialAxes);

} // namespace strata
