// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/receptive_field.h"

#include "engine/layers/sizes.h"
#include "engine/layers/window.h"

#include <algorithm>

namespace strata {
namespace {

/// Nothing is larger than the largest array: so that a drawing of any length cannot overflow.
std::int64_t farther(std::int64_t window, std::int64_t cells, std::int64_t jump) {
    return std::min(window + saturatingProduct({cells, jump}), kMaxFloats);
}
std::int64_t jump(std::int64_t before, std::int64_t stride) {
    return std::min(saturatingProduct({before, stride}), kMaxFloats);
}

ReceptiveStep unknown(bool global) {
    ReceptiveStep field = kUnknownField;
    field.global = global;
    return field;
}

} // namespace

ReceptiveStep compose(const ReceptiveStep& before, const ReceptiveStep& layer) {
    if (!isKnown(before) || !isKnown(layer)) return unknown(before.global || layer.global);
    return {.windowH = farther(before.windowH, layer.windowH - 1, before.strideH),
            .windowW = farther(before.windowW, layer.windowW - 1, before.strideW),
            .strideH = jump(before.strideH, layer.strideH),
            .strideW = jump(before.strideW, layer.strideW),
            .global = before.global || layer.global};
}

ReceptiveStep widest(const ReceptiveStep& a, const ReceptiveStep& b) {
    if (!isKnown(a) || !isKnown(b)) return unknown(a.global || b.global);
    return {.windowH = std::max(a.windowH, b.windowH),
            .windowW = std::max(a.windowW, b.windowW),
            .strideH = std::max(a.strideH, b.strideH),
            .strideW = std::max(a.strideW, b.strideW),
            .global = a.global || b.global};
}

} // namespace strata
