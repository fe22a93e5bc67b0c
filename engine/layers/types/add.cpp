// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/merge_layer.h"

namespace strata::layers {

LayerType add() {
    return mergeType({.id = "Add",
                      .category = "merging",
                      .doc = "Adds its inputs, value by value. With one input that skips a few layers this "
                             "is the residual connection "
                             "which lets very deep networks learn (He et al., 2015).",
                      .reference = "https://keras.io/api/layers/merging_layers/add/",
                      .synonyms = {"sum", "residual", "skip connection", "shortcut"}},
                     MergeKind::Add);
}

} // namespace strata::layers
