// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/document_state.h"

#include <optional>
#include <string>

namespace strata {

/// What strata.json holds: all of a document that Keras's members have no place for. The drawing is in it as
/// a whole, finished or not, with positions and ids.
struct StrataMember {
    DocumentState state;         ///< without weights; `trained` is null
    std::string configHash;      ///< of the config.json beside it; empty: there is none
    bool trained = false;        ///< the document had a trained state; what follows is of it
    TrainedState rest;           ///< all but the weights
    std::vector<NodeId> inKeras; ///< cards whose trained weights are in model.weights.h5
    std::optional<StoppedRun> stopped; ///< all but its state
    /// Where each of its callbacks stood when it was written: those that are not taken over have left gaps.
    std::vector<std::size_t> callbackPlaces{};
};

std::string strataJson(const StrataMember& member);

/// Any text gives a member or an error that says what is damaged. Settings that this version does not know
/// keep their default, with a remark.
enum class CallbackFiles {
    OnlyHere, ///< a callback that would write elsewhere than in the folder of the run is not taken over
    Anywhere, ///< for a reader that never lets them write
};
Result<StrataMember> strataFromJson(const std::string& text, std::vector<std::string>& remarks, CallbackFiles files = CallbackFiles::OnlyHere);

/// Tells a config.json that was changed since: FNV-1a, 64 bits, as hexadecimal digits.
std::string configHash(const std::string& config);

} // namespace strata
