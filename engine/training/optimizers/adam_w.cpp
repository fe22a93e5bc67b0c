// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/adam_family.h"

namespace strata::optimizers {
namespace {

struct Params : AdamParams {
    Params() { weightDecay = 0.004; }
};

} // namespace

OptimizerType adam_w() {
    SchemaOf<Params> s({.id = "AdamW",
                        .category = "optimizer",
                        .doc = "Adam with weight decay that does not pass through its running means "
                               "(Loshchilov, Hutter, 2019): often "
                               "a little better on images it has not seen.",
                        .reference = "https://keras.io/api/optimizers/adamw/",
                        .synonyms = {"weight decay"}});
    addAdamParams(s);
    return typeOf<OptimizerType, Adam>(std::move(s));
}

} // namespace strata::optimizers
