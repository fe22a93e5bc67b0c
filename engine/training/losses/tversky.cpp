// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/overlap_loss.h"
#include "engine/training/typed_parts.h"

namespace strata::losses {
namespace {

struct Params {
    double alpha = 0.5;
    double beta = 0.5;
};

/// As Keras 3.16 has it: before that its alpha and beta were taken for each other.
class Tversky final : public OverlapLoss {
public:
    explicit Tversky(const Params& p)
        : OverlapLoss({.missed = p.beta, .wrong = p.alpha, .epsilon = 1e-7}) {}
};

} // namespace

LossType tversky() {
    SchemaOf<Params> s({.id = "Tversky",
                        .category = "loss",
                        .doc = "Dice's loss with a weight of its own for what was missed and for what was predicted wrongly (Salehi et al., "
                               "2017). It looks at the whole batch at once, so larger batches are steadier.",
                        .reference = "https://keras.io/api/losses/probabilistic_losses/",
                        .synonyms = {"tversky", "overlap"}});
    s.field(&Params::alpha, {.key = "alpha", .label = "Alpha", .doc = "How much predictions count that are no target.", .min = 0});
    s.field(&Params::beta, {.key = "beta", .label = "Beta", .doc = "How much targets count that were not predicted.", .min = 0});
    return typeOf<LossType, Tversky>(std::move(s));
}

} // namespace strata::losses
