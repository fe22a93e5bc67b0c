// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/merge_layer.h"

namespace strata::layers {

LayerType subtract() {
    return mergeType({.id = "Subtract",
                      .category = "merging",
                      .doc = "Takes its second input from its first, value by value.",
                      .reference = "https://keras.io/api/layers/merging_layers/subtract/",
                      .synonyms = {"difference", "minus"}},
                     MergeKind::Subtract);
}

} // namespace strata::layers
