// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/overlap_loss.h"
#include "engine/training/typed_parts.h"

namespace strata::losses {
namespace {

struct Params {};

/// Keras's 1 - 2 I / (T + P + 1e-7), halved above and below.
class Dice final : public OverlapLoss {
public:
    explicit Dice(const Params&)
        : OverlapLoss({.missed = 0.5, .wrong = 0.5, .epsilon = 0.5e-7}) {}
};

} // namespace

LossType dice() {
    SchemaOf<Params> s({.id = "Dice",
                        .category = "loss",
                        .doc = "How little the predictions of a batch overlap with its targets (one-hot), as one minus Dice's coefficient: for "
                               "classes of very different frequency. It looks at the whole batch at once, so larger batches are steadier.",
                        .reference = "https://keras.io/api/losses/probabilistic_losses/",
                        .synonyms = {"dice", "overlap", "F1"}});
    return typeOf<LossType, Dice>(std::move(s));
}

} // namespace strata::losses
