// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// A layer that makes pictures larger or works on volumes does not say what a value sees.
inline bool isKnown(const ReceptiveStep& field) {
    return field.windowH > 0;
}

/// What a value sees after one more layer: windows add up in steps of the strides so far,
/// r = r_before + (window - 1) * strides_before, and strides multiply (Araujo, Norris, Sim: "Computing
/// Receptive Fields of Convolutional Neural Networks", Distill 2019).
ReceptiveStep compose(const ReceptiveStep& before, const ReceptiveStep& layer);

/// What a value sees that is made of several: the widest of them.
ReceptiveStep widest(const ReceptiveStep& a, const ReceptiveStep& b);

} // namespace strata
