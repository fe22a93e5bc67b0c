// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/training_session.h"

#include "engine/graph/flatten.h"
#include "engine/interop/run_record.h"
#include "engine/training/recipe.h"
#include "ui/document/background.h"

#include <algorithm>
#include <thread>

namespace strata::ui {
namespace {

constexpr int kFrameMs = 33;
constexpr int kPreviewMs = 200;
constexpr double kRateWindow = 1.5; // seconds over which images/s is measured

} // namespace

TrainingSession::TrainingSession(GraphDocument& document, QObject* parent)
    : QObject(parent), m_document(document), m_data(new ChosenData(document, this)), m_testing(new TestMeasurement(document, *m_data, m_pool, this)) {
    m_pool.setMaxThreadCount(1);
    m_timer.setInterval(kFrameMs);
    connect(&m_timer, &QTimer::timeout, this, &TrainingSession::drain);
    connect(m_testing, &TestMeasurement::resultChanged, this, &TrainingSession::testedChanged);
    connect(m_testing, &TestMeasurement::shareChanged, this, &TrainingSession::testingChanged);
    connect(m_data, &ChosenData::changed, this, &TrainingSession::readinessChanged);
    connect(&document, &GraphDocument::analysed, this, [this] {
        if (!std::exchange(m_refused, {}).isEmpty()) Q_EMIT differenceChanged();
        compare();
        Q_EMIT readinessChanged();
    });
    connect(&document, &GraphDocument::stateChanged, this, [this](const StateDiff& diff) {
        if (diff.training) passRate();
        if (diff.trained) Q_EMIT readinessChanged();
    });
    connect(&document, &GraphDocument::replaced, this, [this] {
        // The run belonged to the document that was here before; who replaced it was asked.
        m_trainer.reset();
        ++m_applyNumber;
        m_next.reset();
        m_learned.reset();
        if (isBusy()) {
            m_timer.stop();
            setState(State::Idle);
        }
        Q_EMIT testedChanged();
    });
}

TrainingSession::~TrainingSession() {
    m_testing->abandon();
}

std::shared_ptr<const Weights> TrainingSession::weights() const {
    if (isBusy()) return m_preview;
    const auto& trained = m_document.state().trained;
    return trained ? std::shared_ptr<const Weights>(trained, &trained->weights) : nullptr;
}

bool TrainingSession::weightsAreOlder() const {
    if (isBusy()) return m_differs;
    const auto& trained = m_document.state().trained;
    return trained && isCarriedOver(*trained, m_document.graph());
}

QString TrainingSession::problemsInTheWay() const {
    const GraphReport& report = m_document.report();
    if (m_document.graph().empty()) return tr("There is no network yet: add layers, or open a template.");
    if (!report.hasErrors() && report.outputs.size() > 1) {
        return tr("The drawing ends in %n places, %1 is one of them: join them with Add or Concatenate, or remove what is left over.", nullptr,
                  static_cast<int>(report.outputs.size()))
            .arg(QString::fromStdString(m_document.graph().find(report.outputs.back())->name));
    }
    if (!report.hasErrors()) return {};
    const auto errors = static_cast<int>(std::ranges::count_if(report.problems, [](const Problem& p) { return p.severity == Severity::Error; }));
    return errors == 1 ? tr("One problem is in the way: %1").arg(QString::fromStdString(report.problems.front().text))
                       : tr("%n problems are in the way; the list below names them.", nullptr, errors);
}

QString TrainingSession::whyNot() const {
    if (isBusy()) return tr("A training is running.");
    if (const QString problems = problemsInTheWay(); !problems.isEmpty()) return problems;
    if (m_data->isOpening()) return tr("The data is still being opened.");
    if (m_data->source() == nullptr) return m_data->problem().isEmpty() ? tr("Choose the data first.") : m_data->problem();
    return {};
}

Result<TrainingJob> TrainingSession::plannedJob() const {
    const DocumentState& state = m_document.state();
    const DataSource* source = m_data->source();
    if (source == nullptr) return failure("training.no_data", tr("There are no training images.").toStdString());
    DocumentState anew = state;
    anew.trained = nullptr;
    return makeJob(anew, *source, false, 0);
}

void TrainingSession::start(bool anew) {
    begin(anew, false);
}

void TrainingSession::begin(bool anew, bool paused) {
    if (!whyNot().isEmpty()) return;
    const DocumentState& state = m_document.state();
    const DataSource& source = *m_data->source();
    Result<TrainingJob> job = plannedJob();
    if (!job) {
        Q_EMIT ended(RunOutcome::Failed, QString::fromStdString(job.error().message));
        return;
    }
    const std::optional<RunPlace> place = anew ? std::nullopt : stoppedAt();
    m_begun = state;
    if (anew) m_begun.trained = nullptr;
    m_resumes = place.has_value();
    if (m_resumes) job->settings = asStopped(state.training, *state.trained->stopped);
    m_begun.training = job->settings; // a schedule has its length
    const std::shared_ptr<const TrainedState>& before = m_begun.trained;
    m_history = before ? before->history : std::vector<HistoryPoint>();
    m_batches = BatchCurve(before ? before->batches : std::vector<BatchPoint>());
    m_graph = state.graph;
    m_scaling = job->scaling;
    m_loss = state.training.loss;
    m_testPart = source.test;
    m_classNames = m_data->classNames();
    m_origin = {m_graph, m_begun.training, source.fingerprint, 0, m_classNames, before};
    m_end = {};

    m_job = std::move(*job);
    m_secondsAtStart = 0;
    m_beforeApply.reset();
    m_appliedNow = false;
    m_refused.clear();
    ++m_applyNumber; // what was asked for in the run before is too late
    m_stepsAtStart = false;

    m_preview = before ? std::shared_ptr<const Weights>(before, &before->weights) : nullptr;
    m_progress = {};
    m_progress.epochs = state.training.epochs;
    m_progress.batches = (m_job.train->size() + m_job.settings.batchSize - 1) / m_job.settings.batchSize;
    if (m_resumes) {
        m_progress.bestEpoch = before->bestEpoch;
        const auto best = std::ranges::find(before->history, before->bestEpoch, &HistoryPoint::epoch);
        if (best != before->history.end()) m_progress.bestValidationLoss = best->validationLoss;
    }
    m_secondsBefore = 0;
    if (before && !m_resumes && isCarriedOver(*before, m_graph)) {
        carryAndSetOut(paused);
        return;
    }
    setOut(m_resumes ? resumedJob(before) : continuedJob(before, m_graph, state.training.seed), place, paused);
}

/// Begins what begin() has prepared. `job` says only what it goes on from.
void TrainingSession::setOut(TrainingJob job, const std::optional<RunPlace>& place, bool paused) {
    job.graph = m_job.graph;
    job.settings = m_job.settings;
    job.train = m_job.train;
    job.validation = m_job.validation;
    job.scaling = m_job.scaling;
    job.save = networkSaver(m_begun, m_origin);
    m_rate = learningRateOf(job.resume ? m_begun.trained->stopped->settings : m_job.settings);
    m_preview = job.startWeights;
    const std::int64_t first = job.firstEpoch;
    m_progress.firstEpoch = first;
    m_progress.epoch = place ? place->epoch : first + 1;
    m_progress.batch = place ? place->batch : 0;
    m_progress.shareAtStart = m_progress.share();
    launch(std::move(job), paused);
    Q_EMIT started(first, m_progress.epochs);
    Q_EMIT progressed(m_progress);
    if (m_stepsAtStart) m_trainer->step();
}

void TrainingSession::launch(TrainingJob job, bool paused) {
    m_trainer = std::make_unique<Trainer>(std::move(job));
    passRate();
    if (paused) m_trainer->pause();
    // Threads inherit the priority of the one that starts them, and a thread that has lowered its own may not raise it
    // again: so a thread of no other use starts the trainer.
    std::thread([this] {
        lowerThreadPriority();
        m_trainer->start();
    }).join();
    m_clock.start();
    m_recent.clear(); // their seconds were of the clock before
    m_sincePreview.start();
    m_timer.start();
    setState(paused ? State::Paused : State::Running);
}

void TrainingSession::pause() {
    if (m_state != State::Running) return;
    m_trainer->pause();
    m_secondsBefore += static_cast<double>(m_clock.elapsed()) / 1000;
    m_recent.clear();
    setState(State::Paused);
}

void TrainingSession::resume() {
    if (m_state != State::Paused) return;
    m_clock.start();
    m_trainer->resume();
    setState(State::Running);
}

void TrainingSession::step() {
    if (m_state == State::Idle) {
        begin(false, true);
        m_stepsAtStart = m_state == State::Starting;
    } else if (m_state == State::Running) {
        pause();
    }
    if (m_state == State::Paused) m_trainer->step();
}

void TrainingSession::stop() {
    if (m_state == State::Testing) stopTesting();
    if (m_state == State::Starting) {
        ++m_applyNumber;
        setState(State::Idle); // nothing has been learned, the document is as it was
    }
    if (m_state != State::Running && m_state != State::Paused) return;
    if (m_state == State::Running) m_secondsBefore += static_cast<double>(m_clock.elapsed()) / 1000;
    setState(State::Stopping);
    m_trainer->stop();
}

void TrainingSession::stopAndKeep() {
    if (m_state == State::Starting) stop();
    if (m_trainer) m_trainer->stop();
    while (m_trainer) { // ends with the run's last event, at most a batch away
        m_trainer->waitForEvents();
        drain();
    }
    if (m_next) { // its weights are just being carried over
        ++m_applyNumber;
        m_next.reset();
        keep(m_beforeApply);
    }
    if (m_state != State::Testing) return;
    m_testing->forget();
    write(-1);
}

std::optional<RunPlace> TrainingSession::stoppedAt() const {
    const DocumentState& state = m_document.state();
    if (!state.trained || !state.trained->stopped || m_data->source() == nullptr) return {};
    const StoppedRun& run = *state.trained->stopped;
    TrainingSettings settings = run.settings;
    settings.threads = state.training.threads; // change no result
    settings.epochs = state.training.epochs;   // a longer run has the same beginning
    TrainingSettings now = asStopped(state.training, run);
    for (TrainingSettings* s : {&settings, &now}) s->optimizer.params.erase("learning_rate"); // it may change within a run
    const bool same = settings == now && run.limit == 0 && run.dataFingerprint == m_data->source()->fingerprint &&
                      sameNetwork(state.trained->trainedGraph, state.graph);
    if (!same || run.state.epoch >= run.state.firstEpoch + settings.epochs) return {};
    return RunPlace{run.state.epoch + 1, run.state.batches};
}

void TrainingSession::resetWeights() {
    if (isBusy()) return;
    m_document.edit(tr("Reset weights"), [](DocumentState& state) { state.trained.reset(); });
}

void TrainingSession::updateRate(std::int64_t samples) {
    const double now = static_cast<double>(m_clock.elapsed()) / 1000;
    m_recent.emplace_back(now, samples);
    while (m_recent.size() > 2 && m_recent.front().first < now - kRateWindow) m_recent.pop_front();
    std::int64_t sum = 0;
    for (std::size_t i = 1; i < m_recent.size(); ++i) sum += m_recent[i].second;
    const double span = now - m_recent.front().first;
    if (span > 0.2) m_progress.imagesPerSecond = static_cast<double>(sum) / span;
}

void TrainingSession::drain() {
    if (!m_trainer) return;
    QList<BatchPoint> points;
    std::int64_t samples = 0;
    std::optional<RunEnded> end;
    for (const TrainEvent& event : m_trainer->drainEvents()) {
        if (const auto* run = std::get_if<RunStarted>(&event)) {
            m_progress.batches = run->batchesPerEpoch;
        } else if (const auto* batch = std::get_if<BatchDone>(&event)) {
            m_appliedNow = false;
            m_progress.epoch = batch->epoch + 1;
            m_progress.batch = batch->batch + 1;
            m_progress.learningRate = batch->learningRate;
            samples += batch->samples;
            points.append(batchPoint(*batch, std::max<std::int64_t>(m_progress.batches, 1)));
            m_batches.add(points.back());
        } else if (const auto* epoch = std::get_if<EpochDone>(&event)) {
            // The curve's points come in the order of time: the batches of an epoch before its end.
            if (!points.isEmpty()) Q_EMIT batches(std::exchange(points, {}));
            m_history.push_back(historyPoint(*epoch));
            if (epoch->best && epoch->validationLoss) {
                m_progress.bestValidationLoss = epoch->validationLoss;
                m_progress.bestEpoch = epoch->epoch + 1;
            }
            Q_EMIT epochDone(*epoch);
        } else if (const auto* told = std::get_if<RunRemark>(&event)) {
            Q_EMIT remarked(QString::fromStdString(told->text));
        } else if (const auto* last = std::get_if<RunEnded>(&event)) {
            end = *last;
        }
    }
    const bool news = !points.isEmpty();
    if (news) Q_EMIT batches(points);
    if (m_state == State::Running) {
        m_progress.seconds = m_secondsBefore + static_cast<double>(m_clock.elapsed()) / 1000;
        if (news) updateRate(samples);
        if (m_progress.seconds > 1) m_progress.secondsLeft = m_progress.estimatedLeft();
    }
    if (news || m_state == State::Running) Q_EMIT progressed(m_progress);

    if (const LiveWeights live = m_trainer->takeWeights(); live.weights && !end) {
        m_preview = live.weights;
        Q_EMIT weightsArrived(m_preview);
        Q_EMIT stepped(live.lastStep);
    }
    if (m_previewsWanted && m_sincePreview.elapsed() >= kPreviewMs && (m_state == State::Running || news)) {
        m_sincePreview.restart();
        m_trainer->requestWeights();
    }
    if (end) finish(*end);
}

void TrainingSession::finish(const RunEnded& end) {
    m_timer.stop();
    m_trainer.reset();
    m_end = end;
    m_progress.secondsLeft = m_next ? -1 : 0; // of what comes after an edit nothing is known yet
    if (end.bestEpoch) m_progress.bestEpoch = *end.bestEpoch + 1;
    if (m_next && end.outcome == RunOutcome::Stopped && end.state && end.weights) {
        carry();
        return;
    }
    m_next.reset(); // the run was over before the drawing could be applied
    ++m_applyNumber;
    if (!end.weights && m_beforeApply) {
        couldNotGoOn(end.message);
        return;
    }
    const bool hasLearned = m_beforeApply || m_history.size() > (m_origin.before ? m_origin.before->history.size() : 0);
    if (!end.weights || (end.outcome == RunOutcome::Diverged && !hasLearned)) {
        if (end.weights) leaveRecord(*learned()); // the document stays as it was, but there was a run
        setState(State::Idle);
        Q_EMIT ended(end.outcome, QString::fromStdString(end.message));
        return;
    }
    m_preview = end.weights;
    Q_EMIT weightsArrived(m_preview);
    test();
}

/// What the run that has ended leaves.
std::shared_ptr<TrainedState> TrainingSession::learned() const {
    std::shared_ptr<TrainedState> trained = trainedBy(m_origin, m_end, m_history);
    trained->batches = m_batches.points();
    trained->bestEpoch = m_progress.bestEpoch; // also when its weights were not asked for
    return trained;
}

/// What a run has learned; the document gets it with the result.
void TrainingSession::test() {
    m_learned = learned();
    if (!m_testPart) {
        write(-1);
        return;
    }
    setState(State::Testing);
    m_testing->measure({m_graph, {m_learned, &m_learned->weights}, m_testPart, m_scaling, m_loss},
                       [this](const std::shared_ptr<const Evaluation>& tested) { write(tested ? tested->accuracy : -1); });
}

void TrainingSession::write(double testAccuracy) {
    m_learned->testAccuracy = testAccuracy;
    leaveRecord(*m_learned);
    keep(std::exchange(m_learned, nullptr));
}

void TrainingSession::keep(const std::shared_ptr<const TrainedState>& trained) {
    m_document.edit(tr("Train"), [&](DocumentState& state) { state.trained = trained; });
    setState(State::Idle);
    Q_EMIT testedChanged();
    Q_EMIT ended(m_end.outcome, QString::fromStdString(m_end.message));
}

void TrainingSession::leaveRecord(const TrainedState& trained) {
    if (m_runsFolder.empty()) return;
    RunRecord record = recordOf(m_document.title().toStdString(), m_begun, m_resumes, m_origin, m_end, trained);
    record.seconds = m_progress.seconds - m_secondsAtStart;
    const auto work = [folder = m_runsFolder, record = std::move(record)] { return writeRunRecord(folder, record); };
    inBackground(m_pool, this, work, [this](const Result<std::filesystem::path>& written) {
        if (written)
            Q_EMIT recorded(QString::fromStdString(written->string()), {});
        else
            Q_EMIT recorded({}, QString::fromStdString(written.error().message));
    });
}

void TrainingSession::setState(State state) {
    if (m_state == state) return;
    m_state = state;
    m_testing->hold(isBusy());
    compare();
    Q_EMIT stateChanged(state);
    Q_EMIT readinessChanged();
}

} // namespace strata::ui
