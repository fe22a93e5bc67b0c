// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/merge_layer.h"

namespace strata::layers {

LayerType minimum() {
    return mergeType({.id = "Minimum",
                      .category = "merging",
                      .doc = "The smaller of its inputs, value by value.",
                      .reference = "https://keras.io/api/layers/merging_layers/minimum/",
                      .synonyms = {"min"}},
                     MergeKind::Minimum);
}

} // namespace strata::layers
