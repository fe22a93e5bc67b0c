// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/merge_layer.h"

namespace strata::layers {

LayerType average() {
    return mergeType({.id = "Average",
                      .category = "merging",
                      .doc = "The mean of its inputs, value by value.",
                      .reference = "https://keras.io/api/layers/merging_layers/average/",
                      .synonyms = {"mean"}},
                     MergeKind::Average);
}

} // namespace strata::layers
