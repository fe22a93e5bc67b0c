// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/core/workers.h"
#include "engine/graph/model_graph.h"
#include "engine/training/settings.h"

#include <string>
#include <vector>

namespace strata {

/// Where the time of one image goes. Seconds an image; floating-point operations an image, two for each
/// multiply-add of the direct algorithm (so that Winograd may exceed the processor's peak).
struct BenchLayer {
    std::string name, type;
    double forwardSeconds = 0, backwardSeconds = 0;
    double forwardFlops = 0, backwardFlops = 0; ///< backward: both gradients, as far as they are wanted
};

struct BenchResult {
    std::int64_t images = 0;
    double seconds = 0;
    double flopsPerImage = 0; ///< the sum over the layers
    std::vector<BenchLayer> layers; ///< in order of execution; empty unless asked for
    double otherSeconds = 0;        ///< an image: input, loss and update
    double imagesPerSecond() const { return static_cast<double>(images) / seconds; }
    double gflops() const { return imagesPerSecond() * flopsPerImage * 1e-9; }
};

struct BenchOptions {
    double seconds = 3;
    bool training = true; ///< whole steps: forward, loss, backward, update; else forward only
    bool perLayer = false;
};

/// Works on one synthetic batch in memory for about `seconds` after a short warm-up. The loss is the drawing's
/// own (see defaultLoss).
Result<BenchResult> benchNetwork(const ModelGraph& graph, const TrainingSettings& settings, const BenchOptions& options, Workers& workers);

/// Every layer's operations, times being 0; backward only if `training`.
std::vector<BenchLayer> layerFlops(const ModelGraph& graph, bool training);

} // namespace strata
