// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/interop/run_document.h"
#include "engine/training/arithmetic.h"

#include <filesystem>
#include <vector>

namespace strata {

/// "0.1.0"
std::string programVersion();

/// What a run leaves behind: enough to repeat it and to say whether the same came out.
struct RunRecord {
    std::string id;   ///< its folder's name
    std::string name; ///< of the network: a file or a template
    std::string date; ///< "2025-03-01 12:00:00", UTC
    std::string version = programVersion();
    Arithmetic arithmetic = strata::arithmetic();
    int threads = 0;
    DocumentState document;  ///< drawing, data, settings, and what the run began with; null trained: anew
    bool resumed = false;    ///< it went on exactly from document.trained->stopped
    std::uint64_t dataFingerprint = 0;
    std::int64_t limit = 0; ///< of the first so many training images; 0: of all
    std::string outcome = "finished"; ///< finished, stopped, diverged
    std::int64_t endEpoch = 0, endBatches = 0; ///< where it stood when it was stopped (RunState)
    std::vector<RateChange> rates; ///< learning rates that a person set while it went on
    std::vector<HistoryPoint> history;
    double testAccuracy = -1; ///< negative: not measured
    double seconds = 0;
    std::uint64_t weightsHash = 0; ///< Weights::fingerprint() of what was kept
};

/// The record of a run that has ended. `begun`: the document as it was when the run began; `resumed`: exactly where
/// begun.trained->stopped stood. requires: end.weights
RunRecord recordOf(std::string name, const DocumentState& begun, bool resumed, const RunOrigin& origin,
                   const RunEnded& end, const TrainedState& trained);

/// XDG_DATA_HOME/strata/runs, or ~/.local/share/strata/runs.
std::filesystem::path defaultRunsFolder();

/// Makes a folder of its own in `folder` with run.json, curves.csv and, for a run that did not begin anew,
/// start.keras. Names and dates the record where that is still to do. Returns the new folder.
Result<std::filesystem::path> writeRunRecord(const std::filesystem::path& folder, RunRecord record);
/// `where`: a run's folder or its run.json. Reads start.keras, too. Errors: file.*, run.damaged.
Result<RunRecord> readRunRecord(const std::filesystem::path& where);
/// The records of a folder, oldest first, without what they began with; what cannot be read is left out and
/// told in `remarks`.
std::vector<RunRecord> listRunRecords(const std::filesystem::path& folder, std::vector<std::string>& remarks);

/// The curve as comma-separated values, as Keras's CSVLogger writes them.
std::string curveCsv(const std::vector<HistoryPoint>& history);
/// A hash as it is shown: 16 hexadecimal digits.
std::string hashText(std::uint64_t hash);

} // namespace strata
