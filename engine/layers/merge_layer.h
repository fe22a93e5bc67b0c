// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

enum class MergeKind { Add, Subtract, Multiply, Average, Maximum, Minimum };

/// A layer that joins its inputs value by value. Inputs of different shapes are stretched as in numpy:
/// aligned at the last axis, a size of 1 (or a missing axis) repeats.
LayerType mergeType(Schema schema, MergeKind kind);

} // namespace strata
