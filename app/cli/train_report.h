// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/progress_bar.h"
#include "engine/interop/batch_curve.h"
#include "engine/training/evaluate.h"
#include "engine/training/trainer.h"

#include <optional>

namespace strata::cli {

/// Runs it and tells of each event but the last, which it returns; Ctrl+C stops it.
/// `learningRate`: set at its first batch, as Trainer::setLearningRate(); refused, the run has failed.
RunEnded runToItsEnd(TrainingJob job, const std::function<void(const TrainEvent&)>& tell, std::optional<double> learningRate = {});

/// Tells a terminal or a program how a run goes: a bar on a terminal, a line an epoch otherwise, JSON when asked.
/// Collects the learning curve.
class TrainReport {
public:
    TrainReport(bool json, std::vector<HistoryPoint>& history, std::vector<BatchPoint> batches = {})
        : m_json(json), m_history(history), m_batches(std::move(batches)) {}

    void take(const TrainEvent& event);
    void ended(const RunEnded& end);
    void tested(const Evaluation& test) const;
    std::vector<BatchPoint> batches() const { return m_batches.points(); }

private:
    void started(const RunStarted& run);
    void batch(const BatchDone& done);
    void epoch(const EpochDone& done);

    bool m_json;
    std::vector<HistoryPoint>& m_history;
    BatchCurve m_batches;
    ProgressBar m_bar;
    RunStarted m_run;
    std::chrono::steady_clock::time_point m_runStart{};
    std::int64_t m_imagesDone = 0;
    std::int64_t m_imagesBefore = 0; ///< before the run was resumed
    double m_lossSum = 0, m_accuracySum = 0;
    std::int64_t m_epochImages = 0;
};

} // namespace strata::cli
