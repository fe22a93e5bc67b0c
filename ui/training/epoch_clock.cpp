// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/epoch_clock.h"

#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "ui/document/background.h"
#include "ui/document/number_text.h"
#include "ui/training/training_session.h"

#include <utility>

namespace strata::ui {
namespace {

constexpr int kQuietMs = 700;  ///< without an edit, before anything is measured
constexpr int kAgainMs = 1500; ///< then again: the first time the window was just being opened, or the machine busy
constexpr int kMostRounds = 6;
constexpr double kSteady = 1.2;  ///< two measurements in a row that differ by less are believed
constexpr double kRunSeconds = 3; ///< of a run, before its speed is one
constexpr int kRunBatches = 20;

QString about(double seconds) {
    if (seconds < 0.05) return EpochClock::tr("under 0.1 s");
    if (seconds < 90) return EpochClock::tr("about %1 s").arg(seconds, 0, 'f', seconds < 10 ? 1 : 0);
    if (seconds < 5400) return EpochClock::tr("about %1 min").arg(seconds / 60, 0, 'f', seconds < 600 ? 1 : 0);
    return EpochClock::tr("about %1 h").arg(seconds / 3600, 0, 'f', 1);
}

Result<EpochEstimate> measured(const TrainingJob& job, LoneLayers& layers, const std::stop_token& stop) {
    return guarded("estimate.fault", toSay("An epoch could not be estimated: {}."), [&] {
        Workers workers(job.settings.threads);
        return estimateEpoch(job, layers, workers, stop);
    });
}

} // namespace

EpochClock::EpochClock(TrainingSession& session, QObject* parent) : QObject(parent), m_session(session) {
    m_pool.setMaxThreadCount(1);
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &EpochClock::estimate);
    connect(&session.document(), &GraphDocument::analysed, this, &EpochClock::forget);
    connect(&session.data(), &ChosenData::changed, this, &EpochClock::forget);
    connect(&session, &TrainingSession::stateChanged, this, [this](TrainingSession::State state) {
        m_stop.request_stop();
        if (state == TrainingSession::State::Idle && !m_known) m_quiet.start(kQuietMs); // an edit during the run
        else m_quiet.stop();
    });
    connect(&session, &TrainingSession::epochDone, this, &EpochClock::learned);
    connect(&session, &TrainingSession::started, this, [this] { m_epochSeen = false; });
    connect(&session, &TrainingSession::progressed, this, &EpochClock::watch);
    m_quiet.start();
}

EpochClock::~EpochClock() {
    m_stop.request_stop();
}

/// What was known is of another drawing or other data.
void EpochClock::forget() {
    m_stop.request_stop();
    tell({}, {});
    Q_EMIT layersTimed({});
    m_round = 0;
    m_expected = 0;
    m_validation = 0;
    m_quiet.start(kQuietMs);
}

void EpochClock::learned(const EpochDone& done) {
    m_epochSeen = true;
    tell(about(done.seconds), tr("What the last epoch took."));
    m_known = sameNetwork(m_session.graph(), m_session.document().graph()); // else another network's epoch
    constexpr double kFar = 1.5;
    if (m_known && m_expected > kFar * done.seconds) m_layers->measureAgain(); // their times are of a bad moment
    m_expected = 0;
}

/// Before the first epoch of a run is over, its batches say more than any estimate does.
void EpochClock::watch(const RunProgress& progress) {
    const bool enough = progress.seconds >= kRunSeconds && progress.batch >= kRunBatches && progress.imagesPerSecond > 0;
    if (m_epochSeen || !enough || m_session.state() != TrainingSession::State::Running) return;
    const auto images = static_cast<double>(m_session.data().trainCount());
    const QString time = about(images / progress.imagesPerSecond + m_validation);
    if (time == m_told) return;
    tell(time, tr("As fast as this run goes now, with the validation as it was expected; once an epoch is over, its own time stands here."));
    m_known = sameNetwork(m_session.graph(), m_session.document().graph()); // else another network's speed
}

void EpochClock::tell(const QString& time, const QString& how) {
    m_known = !time.isEmpty();
    m_told = time;
    Q_EMIT told(time, how);
}

void EpochClock::estimate() {
    if (!m_session.whyNot().isEmpty()) return;
    Result<TrainingJob> job = m_session.plannedJob();
    if (!job) return;
    const std::int64_t images = job->train->size();
    const std::int64_t validationImages = job->validation ? job->validation->size() : 0;
    m_stop = std::stop_source();
    const auto work = [job = std::move(*job), layers = m_layers, stop = m_stop.get_token()] { return measured(job, *layers, stop); };
    inBackground(m_pool, this, work, [this, images, validationImages, stop = m_stop.get_token()](Result<EpochEstimate> result) {
        if (stop.stop_requested() || !result) return;
        const double before = std::exchange(m_expected, result->seconds());
        m_validation = result->validationSeconds;
        show(*result, images, validationImages);
        const bool steady = before > 0 && before < kSteady * m_expected && m_expected < kSteady * before;
        if (++m_round >= kMostRounds || steady) return;
        m_layers->measureAgain();
        m_quiet.start(kAgainMs);
    });
}

void EpochClock::show(const EpochEstimate& estimate, std::int64_t images, std::int64_t validationImages) {
    const QString how = tr("Expected on this machine: %1 training images in %2, %3 validation images in %4. Each layer was timed "
                           "by itself; once an epoch is over, its own time stands here.");
    tell(about(estimate.seconds()), how.arg(countText(images), about(estimate.trainSeconds), countText(validationImages),
                                                   about(estimate.validationSeconds)));
    std::map<NodeId, double> layers;
    for (const auto& [card, seconds] : estimate.layers) layers[card] = seconds.forward + seconds.backward;
    Q_EMIT layersTimed(layers);
}

} // namespace strata::ui
