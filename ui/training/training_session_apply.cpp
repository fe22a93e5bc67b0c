// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/core/memory.h"
#include "engine/graph/flatten.h"
#include "engine/training/job_check.h"
#include "engine/training/recipe.h"
#include "engine/training/run_memory.h"
#include "ui/document/background.h"
#include "ui/training/training_session.h"

namespace strata::ui {
namespace {

/// What carries weights over to an edited drawing.
template <class Work>
auto carrying(Work work) {
    return [work = std::move(work)] { return guarded("run.carry", toSay("The weights could not be carried over: {}."), work); };
}

/// Would this run begin, once the one of `now` is over and has given its memory back?
Result<> beginsAfter(const TrainingJob& now, const TrainingJob& next) {
    return guarded("run.check", toSay("The edited network could not be looked at: {}."), [&]() -> Result<> {
        const Result<std::int64_t> given = runMemory(now);
        const Result<TrainingSettings> settings = checkJob(next, availableMemory() + (given ? *given : 0));
        return settings ? Result<>() : settings.error();
    });
}

} // namespace

/// The drawing was edited since it was trained.
void TrainingSession::carryAndSetOut(bool paused) {
    setState(State::Starting);
    const auto work = [before = m_begun.trained, graph = m_graph, seed = m_job.settings.seed]() -> Result<TrainingJob> {
        return continuedJob(before, graph, seed);
    };
    inBackground(m_pool, this, carrying(work), [this, paused, number = m_applyNumber](Result<TrainingJob> job) {
        if (number != m_applyNumber) return;
        if (!job) {
            setState(State::Idle);
            Q_EMIT ended(RunOutcome::Failed, QString::fromStdString(job.error().message));
            return;
        }
        setOut(std::move(*job), std::nullopt, paused);
        if (const std::vector<CarryNote> notes = notesOnGoingOn(*m_begun.trained, m_graph); !notes.empty()) Q_EMIT carriedOver(notes);
    });
}

bool TrainingSession::takesRate() const {
    const bool trains = m_state == State::Starting || m_state == State::Running || m_state == State::Paused;
    const TrainingSettings& next = m_document.state().training;
    return trains && !m_job.settings.schedule && next.optimizer.id == m_job.settings.optimizer.id;
}

void TrainingSession::passRate() {
    const TrainingSettings& next = m_document.state().training;
    const double rate = learningRateOf(next);
    if (!m_trainer || m_job.settings.schedule || next.optimizer.id != m_job.settings.optimizer.id || rate == m_rate) return;
    if (!m_trainer->setLearningRate(rate)) return;
    m_rate = rate;
    m_progress.learningRate = rate;
    Q_EMIT progressed(m_progress);
}

void TrainingSession::compare() {
    const bool trains = m_state == State::Running || m_state == State::Paused;
    const bool differs = trains && !sameNetwork(m_graph, m_document.graph());
    const bool news = differs || m_differs; // the reason why it cannot be applied may be another, too
    m_differs = differs;
    if (news) Q_EMIT differenceChanged();
}

QString TrainingSession::whyNotApply() const {
    if (m_state != State::Running && m_state != State::Paused) return tr("No training is running.");
    if (!m_differs) return tr("The run trains this network already.");
    return problemsInTheWay();
}

void TrainingSession::applyToRun() {
    if (!whyNotApply().isEmpty()) return;
    TrainingJob now = m_job, next = m_job;
    now.graph = m_graph;
    next.graph = m_document.graph();
    const int number = ++m_applyNumber;
    const auto work = [now = std::move(now), next] { return beginsAfter(now, next); };
    inBackground(m_pool, this, work, [this, number, drawing = next.graph](Result<> begins) {
        if (number != m_applyNumber || (m_state != State::Running && m_state != State::Paused)) return;
        m_refused = begins ? QString() : QString::fromStdString(begins.error().message);
        if (!begins) {
            Q_EMIT differenceChanged();
            return;
        }
        m_next = drawing;
        m_wasPaused = m_state == State::Paused;
        stop();
    });
}

/// The run has ended as it was asked to: its network goes over to the drawing, on another thread.
void TrainingSession::carry() {
    const std::shared_ptr<const TrainedState> stopped = learned();
    leaveRecord(*stopped);
    m_beforeApply = stopped;
    const int number = ++m_applyNumber;
    const auto work = [stopped, drawing = *m_next, sample = m_job.train->sampleShape()] { return carryRun(*stopped, drawing, sample); };
    inBackground(m_pool, this, carrying(work), [this, number](Result<CarriedRun> run) {
        if (number != m_applyNumber) return;
        if (run) {
            goOnWith(*run);
            return;
        }
        couldNotGoOn(run.error().message);
    });
}

/// The edited network cannot be trained, or not to the end: the document gets what was learned before the edit.
void TrainingSession::couldNotGoOn(const std::string& why) {
    const QString sentence = m_next || m_appliedNow ? tr("The run could not go on with the edited drawing; what it had learned is kept. %1")
                                                    : tr("%1 What was learned until the drawing went into the run is kept.");
    m_next.reset();
    m_end.outcome = RunOutcome::Failed;
    m_end.message = sentence.arg(QString::fromStdString(why)).toStdString();
    keep(m_beforeApply);
    m_testing->again();
}

void TrainingSession::goOnWith(const CarriedRun& run) {
    m_graph = *std::exchange(m_next, {});
    m_resumes = true;
    m_begun.graph = m_graph;
    m_begun.training = m_origin.settings = run.trained->stopped->settings; // its learning rate may have been set meanwhile
    m_begun.trained = run.trained;
    m_rate = learningRateOf(m_begun.training);
    m_origin.graph = m_graph;
    m_origin.before = run.trained;
    m_end = {};
    m_appliedNow = true;
    m_secondsAtStart = m_progress.seconds;
    m_progress.bestEpoch = 0;
    m_progress.bestValidationLoss.reset();

    TrainingJob job = resumedJob(run.trained);
    job.train = m_job.train;
    job.validation = m_job.validation;
    m_scaling = m_job.scaling = job.scaling = scalingOf(m_begun.data, m_graph); // it follows from how the network begins
    job.save = networkSaver(m_begun, m_origin);
    m_preview = job.startWeights;
    launch(std::move(job), m_wasPaused);
    Q_EMIT weightsArrived(m_preview);
    Q_EMIT applied();
    Q_EMIT progressed(m_progress);
    Q_EMIT carriedOver(run.notes);
}

} // namespace strata::ui
