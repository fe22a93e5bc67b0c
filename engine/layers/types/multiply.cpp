// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/merge_layer.h"

namespace strata::layers {

LayerType multiply() {
    return mergeType({.id = "Multiply",
                      .category = "merging",
                      .doc = "Multiplies its inputs, value by value. With one value a channel as second "
                             "input it weighs the channels: attention, or squeeze and excitation.",
                      .reference = "https://keras.io/api/layers/merging_layers/multiply/",
                      .synonyms = {"product", "gate", "attention"}},
                     MergeKind::Multiply);
}

} // namespace strata::layers
