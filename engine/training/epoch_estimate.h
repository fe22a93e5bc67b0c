// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/lone_layers.h"
#include "engine/training/trainer.h"

namespace strata {

/// What an epoch of a run that has not begun is expected to take on this machine.
struct EpochEstimate {
    double trainSeconds = 0, validationSeconds = 0;
    std::map<NodeId, PassSeconds> layers{}; ///< for one image, by card
    double seconds() const { return trainSeconds + validationSeconds; }
};

/// From what the layers, the loss, the update and reading the images take by themselves; the network as a whole is not
/// run. Layers that `layers` knows from before are not measured again. The workers are busy meanwhile.
/// Errors: those that runTraining() would end with; "stopped".
Result<EpochEstimate> estimateEpoch(const TrainingJob& job, LoneLayers& layers, Workers& workers, const std::stop_token& stop = {});

} // namespace strata
