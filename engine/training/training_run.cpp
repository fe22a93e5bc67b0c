// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/training_run.h"

#include "engine/core/memory.h"
#include "engine/core/said.h"
#include "engine/data/batch_loader.h"
#include "engine/data/class_weights.h"
#include "engine/math/reductions.h"
#include "engine/training/evaluate.h"
#include "engine/training/job_check.h"
#include "engine/training/loss_meter.h"
#include "engine/training/parameter_update.h"
#include "engine/training/run_memory.h"
#include "engine/training/run_watch.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace strata {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

RunEnded failed(const Error& error) {
    return {RunOutcome::Failed, error.message, {}, nullptr, nullptr};
}

/// A checkpoint of another network is refused as a whole: half of it would be neither the one nor the other.
Result<> checkResume(const RunState& state, Network& network, const ParameterUpdate& update) {
    const auto fits = [&](const Weights& weights) {
        return weights.nodes.empty() || network.load(weights) == std::ssize(network.arrays());
    };
    const std::vector<float> before(network.parameters().begin(), network.parameters().end());
    const bool all =
        !state.weights.nodes.empty() && fits(state.weights) && fits(state.lastGood) && fits(state.best) && fits(state.kept);
    std::ranges::copy(before, network.parameters().begin());
    if (!all || state.optimizer.optimizer != update.optimizer() || state.batches < 0 ||
        state.epoch < state.firstEpoch) {
        return failure("training.resume",
                       said("The checkpoint belongs to another network or another optimizer; resume it "
                            "with the drawing and the settings it was made with."));
    }
    return {};
}

/// One run's state; everything is made before the first batch.
class Run final : RunControl {
public:
    /// requires: `settings` came out of checkWatch()
    Run(const TrainingJob& job, TrainingSettings settings, RunObserver& observer, std::unique_ptr<Network> network,
        Workers& workers)
        : m_job(job)
        , m_settings(std::move(settings))
        , m_observer(observer)
        , m_workers(workers)
        , m_network(std::move(network))
        , m_batch(largestBatch(job))
        , m_meter(m_settings.loss, m_network->outputShape(), m_network->endsInSoftmax(), m_batch, m_settings.classWeights)
        , m_update(*checkOptimizer(m_settings.optimizer), m_settings.schedule, *m_network, workers)
        , m_watch(m_settings, m_network->outputShape(), !job.repeats) {
        if (job.startWeights) m_network->load(*job.startWeights);
        m_update.beginAnew();
        if (job.startOptimizer) (void)m_update.load(*job.startOptimizer); // of an edited network: it begins anew
        m_update.beginSchedule(m_update.iterations());
        remember(m_lastGood);
    }

    /// Errors: the checkpoint does not belong to this run.
    Result<> resume(const RunState& state);
    RunEnded train();

private:
    enum class Passed { Yes, Stopped, Diverged };
    Passed trainEpoch(std::int64_t epoch, BatchLoader& loader, EpochDone& done);
    BatchScore trainBatch(const Batch& batch);
    Passed validate(EpochDone& done);
    void loadInput(const Batch& batch);
    void judge(EpochDone& done);
    void sendWeights();
    /// False: the run is to end. Takes the learning rate that was set meanwhile, also at the end: a run that goes on later
    /// goes on with it.
    bool mayGoOn();
    /// Where the run stands now. requires: between two batches
    RunState state();
    Weights asWeights(const std::vector<float>& flat);
    void saveCheckpoint();
    /// The flat parameter array, copied into memory that was taken at the start.
    void remember(std::vector<float>& copy) const {
        const std::span<const float> now = std::as_const(*m_network).parameters();
        copy.assign(now.begin(), now.end());
    }
    /// Cards that were put aside take no part in the run; what they learned before stays theirs.
    Weights withWeightsOfOthers(Weights weights) const;
    void restore(const std::vector<float>& copy) { std::ranges::copy(copy, m_network->parameters().begin()); }
    RunEnded ended(RunOutcome outcome, std::string message);
    bool keepsBest() const { return m_settings.keepBest && m_job.validation && m_bestEpoch; }
    /// Asked after every update: a relu may hide from the loss what is not a number, and neither a checkpoint nor a stop
    /// shall keep it.
    bool weightsAreFinite() const {
        const std::span<const float> weights = std::as_const(*m_network).parameters();
        return math::allFinite(std::ssize(weights), weights.data()) && m_update.gatheredIsFinite();
    }
    /// `, first in the layer "dense_1"`; nothing where every layer's values are finite, and only the loss is not.
    std::string firstNotFinite() const {
        const std::optional<NodeId> id = m_network->firstNotFinite();
        const Node* node = id ? m_job.graph.find(*id) : nullptr;
        return node == nullptr ? std::string() : said(", first in the layer \"{}\"", node->name);
    }

    std::string keptAfterDivergence(std::int64_t epoch) const {
        if (keepsBest()) return said("epoch {}, the best one,", *m_bestEpoch + 1);
        if (m_wentOnAt > 0) return said("epoch {}, batch {}, where this run went on,", epoch + 1, m_wentOnAt);
        return epoch > m_firstEpoch ? said("epoch {}", epoch) : said("the start");
    }

    EpochLogs logsOf(const EpochDone& done) const;

    // RunControl, called by callbacks between two epochs
    double learningRate() const override { return m_update.learningRate(); }
    void setLearningRate(double rate) override { m_update.setLearningRate(rate); }
    void stop(std::string why) override { m_stopReason = std::move(why); }
    void keepWeights() override { remember(m_kept); }
    void restoreWeights() override {
        restore(m_kept);
        m_restored = true;
    }
    Result<> save(const std::string& path, bool weightsOnly) override {
        if (!m_job.save) return failure("run.no_saver", said("{}: this run cannot save while it trains.", path));
        return m_job.save(path, weightsOnly, {withWeightsOfOthers(m_network->snapshot()), m_update.state(), m_done});
    }
    void remark(std::string text) override { m_observer.event(RunRemark{std::move(text)}); }

    const TrainingJob& m_job;
    const TrainingSettings m_settings;
    RunObserver& m_observer;
    Workers& m_workers;
    std::unique_ptr<Network> m_network;
    const std::int64_t m_batch;
    LossMeter m_meter;
    ParameterUpdate m_update;
    RunWatch m_watch;
    std::vector<float> m_lastGood, m_best, m_kept, m_beforeStep;
    double m_bestLoss = INFINITY;
    std::optional<std::int64_t> m_bestEpoch;
    std::string m_divergedAt;
    std::int64_t m_firstEpoch = m_job.firstEpoch;
    std::int64_t m_epoch = m_job.firstEpoch; ///< the present one
    std::int64_t m_batches = 0;              ///< done in it
    std::int64_t m_wentOnAt = 0;             ///< m_lastGood is of there in the present epoch; 0: of the end of one, or the start
    BatchScore m_sum;                        ///< of them
    std::vector<EpochDone> m_done;           ///< epochs since the start
    std::int64_t m_batchesSinceSave = 0;
    std::size_t m_epochsSaved = 0;
    std::vector<RateChange> m_rates;     ///< since the start
    std::optional<double> m_givenRate;   ///< the last of them, or of the run before it was resumed
    bool m_restored = false; ///< a callback has chosen the weights
    std::optional<std::string> m_stopReason; ///< a callback has asked for the end
};

Result<> Run::resume(const RunState& s) {
    if (Result<> fits = checkResume(s, *m_network, m_update); !fits) return fits;
    m_network->load(s.weights);
    remember(m_lastGood);
    if (!s.best.nodes.empty()) {
        m_network->load(s.best);
        remember(m_best);
    }
    if (!s.lastGood.nodes.empty()) {
        m_network->load(s.lastGood);
        remember(m_lastGood);
    }
    m_network->load(s.weights);
    m_update.beginAnew();
    (void)m_update.load(s.optimizer); // a file without the optimiser's memory: it begins anew
    m_update.setLearningRate(s.optimizer.learningRate);
    m_firstEpoch = s.firstEpoch;
    m_epoch = s.epoch;
    m_batches = s.batches;
    if (s.lastGood.nodes.empty()) m_wentOnAt = s.batches; // the network before was another one
    if (const auto sums = s.values.find("epoch"); sums != s.values.end() && sums->second.size() == 3) {
        m_sum.lossSum = sums->second[0];
        m_sum.correct = countOf(sums->second[1]);
        m_sum.samples = countOf(sums->second[2]);
    }
    m_givenRate = rateGiven(s);
    m_watch.setState(s.values);
    m_update.beginSchedule(scheduleStart(s) - s.optimizer.iterations + m_update.iterations());
    if (!s.kept.nodes.empty()) {
        m_network->load(s.kept);
        remember(m_kept);
        m_network->load(s.weights);
    }
    if (const auto best = s.values.find("best"); best != s.values.end() && best->second.size() == 2) {
        m_bestLoss = best->second[0];
        m_bestEpoch = countOf(best->second[1]);
    }
    return {};
}

Weights Run::asWeights(const std::vector<float>& flat) {
    std::vector<float> now;
    remember(now);
    restore(flat);
    Weights out = m_network->snapshot();
    restore(now);
    return out;
}

RunState Run::state() {
    RunState s;
    s.firstEpoch = m_firstEpoch;
    s.epoch = m_epoch;
    s.batches = m_batches;
    s.weights = m_network->snapshot();
    s.optimizer = m_update.state();
    if (m_batches > 0) s.lastGood = asWeights(m_lastGood);
    if (!m_best.empty()) s.best = asWeights(m_best);
    s.values["epoch"] = {m_sum.lossSum, static_cast<double>(m_sum.correct),
                         static_cast<double>(m_sum.samples)};
    m_watch.addState(s.values);
    s.values["schedule"] = {static_cast<double>(m_update.scheduleStart())};
    if (m_givenRate) s.values["given_rate"] = {*m_givenRate};
    if (!m_kept.empty()) s.kept = asWeights(m_kept);
    if (m_bestEpoch) s.values["best"] = {m_bestLoss, static_cast<double>(*m_bestEpoch)};
    return s;
}

void Run::saveCheckpoint() {
    if (!m_job.checkpoint) return;
    const auto due = [](std::int64_t since, std::int64_t every) { return every > 0 && since >= every; };
    if (!due(m_batchesSinceSave, m_job.checkpointEveryBatches) &&
        !due(static_cast<std::int64_t>(m_done.size() - m_epochsSaved), m_job.checkpointEveryEpochs))
        return;
    m_batchesSinceSave = 0;
    m_epochsSaved = m_done.size();
    m_job.checkpoint(state(), m_done);
}

bool Run::mayGoOn() {
    const bool goesOn = m_observer.mayGoOn();
    if (const std::optional<double> rate = m_observer.newLearningRate(m_epoch, m_batches)) {
        m_update.setLearningRate(*rate);
        m_givenRate = rate;
        m_rates.push_back({m_epoch, m_batches, *rate});
    }
    return goesOn;
}

void Run::loadInput(const Batch& batch) {
    const auto floats = batch.size * m_network->inputShape().count();
    std::copy_n(batch.images, floats, m_network->input().data());
}

BatchScore Run::trainBatch(const Batch& batch) {
    loadInput(batch);
    m_network->forward(batch.size, true, m_update.iterations());
    BatchScore score = m_meter.measure(batch.size, m_network->output().data(), batch.labels,
                                       m_network->outputGradient().data(), m_workers);
    score.lossSum += (m_update.penalty() + m_network->activityPenalty()) * static_cast<double>(batch.size);
    if (!std::isfinite(score.lossSum)) return score; // the weights stay as they were
    m_network->backward(m_meter.skipsSoftmax());
    m_update.apply();
    return score;
}

Run::Passed Run::trainEpoch(std::int64_t epoch, BatchLoader& loader, EpochDone& done) {
    if (m_batches == 0) m_watch.training().reset();
    loader.startEpoch(epoch, m_batches);
    const Clock::time_point start = Clock::now();
    const std::int64_t samplesBefore = m_sum.samples;
    for (;;) {
        saveCheckpoint();
        if (!mayGoOn()) return Passed::Stopped;
        const std::optional<Batch> batch = loader.next();
        if (!batch) break;
        const bool wanted = m_observer.weightsWanted();
        if (wanted) remember(m_beforeStep);
        const double rate = m_update.learningRate();
        const BatchScore score = trainBatch(*batch);
        const auto n = static_cast<double>(score.samples);
        if (!std::isfinite(score.lossSum) || !weightsAreFinite()) {
            m_divergedAt = said("epoch {}, batch {}{}", epoch + 1, m_batches + 1, firstNotFinite());
            return Passed::Diverged;
        }
        m_watch.training().update(batch->size, m_network->output().data(), batch->labels);
        m_observer.event(BatchDone{epoch, m_batches, score.samples, score.lossSum / n,
                                   static_cast<double>(score.correct) / n, rate});
        ++m_batches;
        ++m_batchesSinceSave;
        m_sum.lossSum += score.lossSum;
        m_sum.correct += score.correct;
        m_sum.samples += score.samples;
        if (wanted) sendWeights();
    }
    const auto n = static_cast<double>(std::max<std::int64_t>(m_sum.samples, 1));
    done.loss = m_sum.lossSum / n;
    done.accuracy = static_cast<double>(m_sum.correct) / n;
    done.imagesPerSecond =
        static_cast<double>(m_sum.samples - samplesBefore) / std::max(secondsSince(start), 1e-9);
    return Passed::Yes;
}

Run::Passed Run::validate(EpochDone& done) {
    if (!m_job.validation) return Passed::Yes;
    BatchLoader loader(m_job.validation, {.batchSize = m_batch, .shuffle = false, .scaling = m_job.scaling});
    loader.startEpoch(0);
    m_watch.validation().reset();
    BatchScore sum;
    while (const std::optional<Batch> batch = loader.next()) {
        if (!mayGoOn()) return Passed::Stopped;
        loadInput(*batch);
        m_network->forward(batch->size, false);
        const BatchScore score =
            m_meter.measure(batch->size, m_network->output().data(), batch->labels, nullptr, m_workers);
        m_watch.validation().update(batch->size, m_network->output().data(), batch->labels);
        sum.lossSum += score.lossSum + (m_update.penalty() + m_network->activityPenalty()) *
                                           static_cast<double>(score.samples);
        sum.correct += score.correct;
        sum.samples += score.samples;
    }
    const auto n = static_cast<double>(std::max<std::int64_t>(sum.samples, 1));
    done.validationLoss = sum.lossSum / n;
    done.validationAccuracy = static_cast<double>(sum.correct) / n;
    return Passed::Yes;
}

EpochLogs Run::logsOf(const EpochDone& done) const {
    EpochLogs logs = done.metrics;
    logs["loss"] = done.loss;
    logs["accuracy"] = done.accuracy;
    logs["learning_rate"] = done.learningRate;
    if (done.validationLoss) logs["val_loss"] = *done.validationLoss;
    if (done.validationAccuracy) logs["val_accuracy"] = *done.validationAccuracy;
    return logs;
}

void Run::judge(EpochDone& done) {
    remember(m_lastGood);
    m_wentOnAt = 0;
    const double loss = done.validationLoss.value_or(done.loss);
    if (!(loss < m_bestLoss)) return;
    m_bestLoss = loss;
    m_bestEpoch = done.epoch;
    done.best = true;
    if (m_settings.keepBest && m_job.validation) m_best = m_lastGood;
}

void Run::sendWeights() {
    LiveWeights live{std::make_shared<const Weights>(m_network->snapshot()), {}};
    std::map<NodeId, std::pair<double, double>> squares; // of the update, of the weights
    const std::span<const float> now = std::as_const(*m_network).parameters();
    for (const Network::Slot& array : m_network->arrays()) {
        if (!array.trained) continue;
        auto& [step, size] = squares[array.node];
        for (std::int64_t i = array.offset; i < array.offset + array.count; ++i) {
            const double value = now[i], change = value - m_beforeStep[i];
            step += change * change;
            size += value * value;
        }
    }
    for (const auto& [node, sums] : squares) {
        if (sums.second > 0) live.lastStep[node] = std::sqrt(sums.first / sums.second);
    }
    m_observer.weights(std::move(live));
}

RunEnded Run::ended(RunOutcome outcome, std::string message) {
    RunEnded end{outcome, std::move(message), {}, nullptr, nullptr};
    end.rates = m_rates;
    if (outcome != RunOutcome::Diverged) end.state = std::make_shared<const RunState>(state());
    if (outcome != RunOutcome::Diverged) m_watch.end(*this);
    // Without validation data "best" would mean "fits the training data best": then the last weights are
    // kept.
    if (keepsBest() && !m_restored) {
        restore(m_best);
        end.bestEpoch = m_bestEpoch;
    }
    end.weights = std::make_shared<const Weights>(withWeightsOfOthers(m_network->snapshot()));
    return end;
}

Weights Run::withWeightsOfOthers(Weights weights) const {
    if (!m_job.startWeights) return weights;
    for (const auto& [id, arrays] : m_job.startWeights->nodes) {
        if (m_job.graph.find(id) != nullptr) weights.nodes.emplace(id, arrays);
    }
    return weights;
}

RunEnded Run::train() {
    BatchLoader loader(m_job.train, {.batchSize = m_batch,
                                     .shuffle = m_settings.shuffle,
                                     .seed = m_settings.seed,
                                     .scaling = m_job.scaling});
    m_observer.event(RunStarted{m_job.train->size(), m_job.validation ? m_job.validation->size() : 0,
                                loader.batchesPerEpoch(), m_firstEpoch, m_settings.epochs,
                                *runMemory(m_job),
                                (m_epoch - m_firstEpoch) * m_job.train->size() + m_sum.samples});
    m_batches = std::min(m_batches, loader.batchesPerEpoch());
    while (m_epoch < m_firstEpoch + m_settings.epochs) {
        EpochDone done;
        done.epoch = m_epoch;
        const Clock::time_point start = Clock::now();
        Passed passed = trainEpoch(done.epoch, loader, done);
        if (passed == Passed::Yes) passed = validate(done);
        if (passed == Passed::Stopped) return ended(RunOutcome::Stopped, {});
        if (passed == Passed::Diverged) {
            restore(m_lastGood);
            return ended(
                RunOutcome::Diverged,
                said(
                    "The loss or a weight became infinite or not a number at {}; the weights of {} are kept. "
                    "Try a smaller learning rate (it was {}).",
                    m_divergedAt, keptAfterDivergence(done.epoch), m_update.learningRate()));
        }
        judge(done);
        done.seconds = secondsSince(start);
        done.metrics = m_watch.figures();
        done.learningRate = m_update.learningRate();
        m_observer.event(done);
        m_done.push_back(done);
        ++m_epoch;
        m_batches = 0;
        m_sum = {};
        m_watch.epochEnd(done.epoch, logsOf(done), *this);
        if (m_stopReason) break;
    }
    return ended(RunOutcome::Finished, m_stopReason.value_or(std::string()));
}

} // namespace

RunEnded runTraining(const TrainingJob& job, RunObserver& observer) {
    Result<TrainingSettings> settings = checkJob(job, availableMemory());
    if (!settings) return failed(settings.error());
    if (settings->balanceClasses) settings->classWeights = balancedClassWeights(*job.train);
    Workers workers(job.settings.threads);
    CompileOptions options;
    options.batch = largestBatch(job);
    options.training = true;
    options.seed = job.settings.seed;
    Result<std::unique_ptr<Network>> network =
        Network::compile(withInputShape(job.graph, job.train->sampleShape()), options, workers);
    if (!network) return failed(network.error());
    Run run(job, std::move(*settings), observer, std::move(*network), workers);
    if (job.resume) {
        if (Result<> resumed = run.resume(*job.resume); !resumed) return failed(resumed.error());
    }
    return run.train();
}

} // namespace strata
