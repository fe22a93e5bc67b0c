// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/core/workers.h"
#include "engine/graph/model_graph.h"
#include "engine/training/settings.h"

namespace strata {

struct BenchResult {
    std::int64_t images = 0;
    double seconds = 0;
    double trainingFlopsPerImage = 0; ///< two for each multiply-add: forward, both gradients; none for the input's own gradient
    double imagesPerSecond() const { return static_cast<double>(images) / seconds; }
    double gflops() const { return imagesPerSecond() * trainingFlopsPerImage * 1e-9; }
};

/// Whole training steps (forward, loss, backward, update) on one synthetic batch in memory, for about `seconds` after a
/// short warm-up. The loss is the drawing's own (see defaultLoss).
Result<BenchResult> benchTraining(const ModelGraph& graph, const TrainingSettings& settings, double seconds, Workers& workers);

/// Floating-point operations of one image's training step, as counted above.
double trainingFlops(const ModelGraph& graph);

} // namespace strata
