// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/optimizer.h"
#include "engine/training/typed_parts.h"

namespace strata {

/// First parameter of every optimiser. P derives from OptimizerCommon.
template <class P>
void addLearningRate(SchemaOf<P>& s) {
    s.field(&P::learningRate,
            {.key = "learning_rate",
             .label = "Learning rate",
             .doc = "How far each step goes. Too large: the loss jumps or grows; too small: it hardly falls.",
             .min = 0});
}

/// Last parameters of every optimiser, in Keras's order.
template <class P>
void addDecayAndClipping(SchemaOf<P>& s) {
    s.field(
        &P::weightDecay,
        {.key = "weight_decay",
         .label = "Weight decay",
         .doc = "Before each step every weight shrinks by this part of the learning rate. None: not at all.",
         .min = 0,
         .advanced = true});
    s.field(&P::clipNorm,
            {.key = "clipnorm",
             .label = "Clip norm",
             .doc = "A weight array's gradient is made shorter when its norm exceeds this. None: never.",
             .min = 0,
             .exclusiveMin = true,
             .advanced = true});
    s.field(&P::clipValue,
            {.key = "clipvalue",
             .label = "Clip value",
             .doc = "Every gradient value is brought between minus this and this. None: never.",
             .min = 0,
             .exclusiveMin = true,
             .advanced = true});
    s.field(&P::globalClipNorm,
            {.key = "global_clipnorm",
             .label = "Global clip norm",
             .doc = "All gradients are made shorter when their common norm exceeds this. None: never.",
             .min = 0,
             .exclusiveMin = true,
             .advanced = true});
    s.field(&P::gradientAccumulationSteps,
            {.key = "gradient_accumulation_steps",
             .label = "Accumulate gradients",
             .doc = "The weights move only after every so many batches, by the mean of their gradients: as a batch so many times as "
                    "large would, in the memory of one. None: after each batch.",
             .min = 2,
             .advanced = true});
}

/// A parameter between 0 and 1 that says how slowly something forgets.
inline Param forgetting(const char* key, const char* label, const char* doc) {
    return {
        .key = key, .label = label, .doc = doc, .min = 0, .max = 1, .exclusiveMax = true, .advanced = true};
}
inline Param epsilonParam() {
    return {.key = "epsilon",
            .label = "Epsilon",
            .doc = "A small number that keeps the division from blowing up.",
            .min = 0,
            .advanced = true};
}

} // namespace strata
