// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/adam_family.h"

namespace strata::optimizers {

OptimizerType adam() {
    SchemaOf<AdamParams> s(
        {.id = "Adam",
         .category = "optimizer",
         .doc = "Gives every weight a step of its own size, from running means of its gradient and of the "
                "gradient's square. Works well without much tuning: a good first choice.",
         .reference = "https://keras.io/api/optimizers/adam/",
         .synonyms = {"adaptive moment"}});
    addAdamParams(s);
    return typeOf<OptimizerType, Adam>(std::move(s));
}

} // namespace strata::optimizers
