// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/run_verify.h"

#include "engine/core/said.h"
#include "engine/interop/run_document.h"

namespace strata {
namespace {

/// Passes everything on, sets the learning rates where the recorded run had them set, and stops where it was stopped.
class AsRecorded final : public RunObserver {
public:
    AsRecorded(const RunRecord& record, RunObserver& watch)
        : m_record(record)
        , m_watch(watch) {
        if (record.resumed) {
            const RunState& begun = record.document.trained->stopped->state;
            m_epoch = begun.epoch;
            m_batches = begun.batches;
        } else if (record.document.trained && !record.document.trained->history.empty()) {
            m_epoch = record.document.trained->history.back().epoch;
        }
    }
    void event(TrainEvent e) override {
        if (std::holds_alternative<BatchDone>(e)) ++m_batches;
        if (const auto* done = std::get_if<EpochDone>(&e)) {
            m_epoch = done->epoch + 1;
            m_batches = 0;
        }
        m_watch.event(std::move(e));
    }
    bool mayGoOn() override {
        if (m_record.outcome == "stopped" && m_epoch == m_record.endEpoch && m_batches == m_record.endBatches)
            return false;
        if (m_watch.mayGoOn()) return true;
        m_ended = true;
        return false;
    }
    std::optional<double> newLearningRate(std::int64_t epoch, std::int64_t batches) override {
        std::optional<double> rate;
        for (; m_nextRate < m_record.rates.size(); ++m_nextRate) {
            const RateChange& change = m_record.rates[m_nextRate];
            if (change.epoch != epoch || change.batches != batches) break;
            rate = change.rate;
        }
        return rate;
    }
    bool weightsWanted() override { return m_watch.weightsWanted(); }
    void weights(LiveWeights w) override { m_watch.weights(std::move(w)); }
    bool endedByWatch() const { return m_ended; }

private:
    const RunRecord& m_record;
    RunObserver& m_watch;
    std::int64_t m_epoch = 0, m_batches = 0;
    std::size_t m_nextRate = 0;
    bool m_ended = false;
};

Result<TrainingJob> jobOf(const RunRecord& record, const DataSource& source, int threads) {
    Result<TrainingJob> job = makeJob(record.document, source, record.resumed, record.limit);
    if (!job) return job;
    job->settings.threads = threads;
    job->repeats = true;
    return job;
}

std::string sentence(Verdict verdict, const RunRecord& record, std::uint64_t now) {
    switch (verdict) {
    case Verdict::Same:
        return said("The run gives the same weights to the bit ({}).", hashText(now));
    case Verdict::OtherArithmetic:
        return said("The run was computed with {}; here it is {}. The last bits depend on that, so nothing can be "
                    "said. Repeat it with STRATA_ISA={} or on a processor like the one it ran on.",
                    record.arithmetic.text(), arithmetic().text(), record.arithmetic.instructionSet);
    default:
        return said("The run gives other weights: recorded {}, now {}{}.", hashText(record.weightsHash), hashText(now),
                    record.version == programVersion()
                        ? std::string()
                        : said(" (it was recorded by version {}, this is {})", record.version, programVersion()));
    }
}

} // namespace

Result<Verification> verifyRun(const RunRecord& record, const DataSource& source, int threads, RunObserver& watch) {
    if (source.fingerprint != record.dataFingerprint) {
        return Verification{Verdict::OtherData, 0,
                            said("The data of \"{}\" has changed since the run (fingerprint {}, recorded {}): it "
                                 "cannot be repeated. If the old data is elsewhere, say where.",
                                 record.document.data.source, hashText(source.fingerprint),
                                 hashText(record.dataFingerprint))};
    }
    const Result<TrainingJob> job = jobOf(record, source, threads);
    if (!job) return job.error();
    AsRecorded observer(record, watch);
    const RunEnded end = runTraining(*job, observer);
    if (observer.endedByWatch()) return failure("stopped", said("The check was stopped before its end; nothing can be said."));
    if (end.outcome == RunOutcome::Failed) return failure("run.failed", end.message);
    const std::uint64_t now = end.weights->fingerprint();
    const Verdict verdict = now == record.weightsHash              ? Verdict::Same
                            : record.arithmetic == arithmetic() ? Verdict::Different
                                                                : Verdict::OtherArithmetic;
    return Verification{verdict, now, sentence(verdict, record, now)};
}

} // namespace strata
