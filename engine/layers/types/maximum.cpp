// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/merge_layer.h"

namespace strata::layers {

LayerType maximum() {
    return mergeType({.id = "Maximum",
                      .category = "merging",
                      .doc = "The larger of its inputs, value by value.",
                      .reference = "https://keras.io/api/layers/merging_layers/maximum/",
                      .synonyms = {"max"}},
                     MergeKind::Maximum);
}

} // namespace strata::layers
