// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/network/weights.h"
#include "engine/training/run_state.h"
#include "engine/training/settings.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace strata {

/// Which data the drawing learns from; opened by engine/data, remembered by name.
struct DataChoice {
    std::string source = "digits";                  ///< a built-in name or a path
    std::int64_t resizeHeight = 0, resizeWidth = 0; ///< 0: as they are
    std::string colour;                             ///< "", "grey", "rgb"
    std::string scaling;                            ///< "": as the network needs it; "unit"; "none"
    bool operator==(const DataChoice&) const = default;
};

/// One point of the learning curve, kept with the document.
struct HistoryPoint {
    std::int64_t epoch = 0; ///< from 1
    double loss = 0, accuracy = 0;
    std::optional<double> validationLoss{}, validationAccuracy{};
    double learningRate = -1;                            ///< of the last update; negative: not known
    std::map<std::string, double> metrics{};             ///< by log name: "auc", "val_auc"
    bool operator==(const HistoryPoint&) const = default;
};

/// A batch, or the mean of some in a row, between two points of the curve.
struct BatchPoint {
    double epochs = 0; ///< 0.5 after the first half of the first epoch
    double loss = 0, accuracy = 0;
    bool operator==(const BatchPoint&) const = default;
};

/// A run that was stopped, with what it was given: enough to go on exactly where it stood.
struct StoppedRun {
    RunState state;
    TrainingSettings settings; ///< with the learning rate that was set last while it went on
    std::uint64_t dataFingerprint = 0; ///< DataSource::fingerprint of what it learned from
    std::int64_t limit = 0;            ///< of the first so many training images; 0: of all
};

/// What training has left: weights and the curve to them. A value; shared by every document state that has
/// it.
struct TrainedState {
    Weights weights;
    std::vector<HistoryPoint> history;
    std::vector<BatchPoint> batches; ///< see BatchCurve; empty: not kept
    std::int64_t bestEpoch = 0; ///< 0: none
    double testAccuracy = -1;   ///< negative: not measured
    std::vector<std::string> classNames; ///< of the data it learned from
    ModelGraph trainedGraph;    ///< the drawing that was trained: cards say when theirs differs
    std::shared_ptr<const OptimizerState> optimizer; ///< after the last update; null: not known
    std::shared_ptr<const StoppedRun> stopped;       ///< null: the run came to its end
};

/// The whole undoable value of a document. Every change, from a drag to a finished training, replaces it by
/// another.
struct DocumentState {
    ModelGraph graph;
    DataChoice data;
    TrainingSettings training;
    std::string notes;
    std::set<SilencedHint> silenced;             ///< hints that the user does not want to see
    std::shared_ptr<const TrainedState> trained; ///< null: never trained
    bool operator==(const DocumentState& other) const {
        return graph == other.graph && data == other.data && training == other.training &&
               notes == other.notes && silenced == other.silenced && trained == other.trained;
    }
};

} // namespace strata
