// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/epoch_clock.h"

#include "engine/data/split.h"
#include "engine/graph/flatten.h"
#include "ui/document/number_text.h"
#include "ui/training/background.h"
#include "ui/training/training_session.h"

namespace strata::ui {
namespace {

constexpr int kQuietMs = 700; ///< without an edit, before anything is measured

QString about(double seconds) {
    if (seconds < 90) return EpochClock::tr("about %1 s").arg(seconds, 0, 'f', seconds < 10 ? 1 : 0);
    if (seconds < 5400) return EpochClock::tr("about %1 min").arg(seconds / 60, 0, 'f', seconds < 600 ? 1 : 0);
    return EpochClock::tr("about %1 h").arg(seconds / 3600, 0, 'f', 1);
}

Result<EpochEstimate> measured(const TrainingJob& job, LoneLayers& layers, const std::stop_token& stop) {
    try {
        Workers workers(job.settings.threads);
        return estimateEpoch(job, layers, workers, stop);
    } catch (const std::exception& e) {
        return failure("estimate.fault", std::string("An epoch could not be estimated: ") + e.what() + ".");
    }
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
        if (state == TrainingSession::State::Idle && !m_known) m_quiet.start(); // an edit during the run
        else m_quiet.stop();
    });
    connect(&session, &TrainingSession::epochDone, this, [this](const EpochDone& done) {
        tell(about(done.seconds), tr("What the last epoch took."));
        m_known = sameNetwork(m_session.graph(), m_session.document().graph()); // else another network's epoch
    });
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
    m_quiet.start();
}

void EpochClock::tell(const QString& time, const QString& how) {
    m_known = !time.isEmpty();
    Q_EMIT told(time, how);
}

void EpochClock::estimate() {
    if (!m_session.whyNot().isEmpty()) return;
    const DocumentState& state = m_session.document().state();
    Result<ValidationSplit> split = validationSplit(m_session.data().source()->train, state.training.validationSplit);
    if (!split) return;
    TrainingJob job;
    job.graph = state.graph;
    job.settings = state.training;
    job.train = split->train;
    job.validation = split->validation;
    job.scaling = m_session.data().scaling();
    const std::int64_t images = job.train->size();
    const std::int64_t validationImages = job.validation ? job.validation->size() : 0;
    m_stop = std::stop_source();
    const auto work = [job = std::move(job), layers = m_layers, stop = m_stop.get_token()] { return measured(job, *layers, stop); };
    inBackground(m_pool, this, work, [this, images, validationImages, stop = m_stop.get_token()](Result<EpochEstimate> result) {
        if (!stop.stop_requested() && result) show(*result, images, validationImages);
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
