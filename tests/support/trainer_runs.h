// SPDX-License-Identifier: GPL-3.0-or-later
// Short runs over stripes on a trainer's own thread, with all that it says of them.
#pragma once

#include "engine/data/split.h"
#include "engine/training/evaluate.h"
#include "engine/training/recipe.h"
#include "engine/training/trainer.h"
#include "tests/support/graph_dsl.h"
#include "tests/support/stripes.h"

namespace strata::test {

inline constexpr const char* kNet =
    "Input 8x8x1 > Conv2D filters=4 kernel_size=3 activation=relu > BatchNormalization > MaxPooling2D > "
    "Dropout rate=0.2 > Flatten > Dense units=3 activation=softmax";

inline TrainingJob job(int threads = 2) {
    TrainingJob j;
    j.graph = graphFrom(kNet);
    const ValidationSplit split = *validationSplit(stripes(400, 1), 0.2);
    j.train = split.train;
    j.validation = split.validation;
    j.settings.optimizer = *makeOptimizer("adam", 0.01, {});
    j.settings.loss = defaultLoss(j.graph);
    j.settings.epochs = 4;
    j.settings.threads = threads;
    return j;
}

struct Seen {
    std::vector<BatchDone> batches;
    std::vector<EpochDone> epochs;
    std::optional<RunStarted> started;
    RunEnded end;
};

inline Seen runToEnd(Trainer& trainer) {
    Seen seen;
    for (;;) {
        trainer.waitForEvents();
        for (TrainEvent& e : trainer.drainEvents()) {
            if (auto* s = std::get_if<RunStarted>(&e)) seen.started = *s;
            if (auto* b = std::get_if<BatchDone>(&e)) seen.batches.push_back(*b);
            if (auto* d = std::get_if<EpochDone>(&e)) seen.epochs.push_back(*d);
            if (auto* r = std::get_if<RunEnded>(&e)) {
                seen.end = std::move(*r);
                return seen;
            }
        }
    }
}

inline Seen trained(TrainingJob j) {
    Trainer trainer(std::move(j));
    trainer.start();
    return runToEnd(trainer);
}

} // namespace strata::test
