// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/memory_forecast.h"

#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/run_memory.h"
#include "ui/training/background.h"
#include "ui/training/training_session.h"

#include <QThread>

namespace strata::ui {
namespace {

constexpr int kQuietMs = 30; ///< edits in a row are planned once

struct Bytes {
    qint64 training = 0, inference = 0;
};

Bytes planned(const TrainingJob& job) {
    try {
        const Result<std::int64_t> training = runMemory(job);
        const int threads = job.settings.threads > 0 ? job.settings.threads : QThread::idealThreadCount();
        const Result<Network::Memory> inference =
            Network::memoryNeeded(withInputShape(job.graph, job.train->sampleShape()), {.batch = largestBatch(job), .training = false}, threads);
        return training && inference ? Bytes{*training, inference->bytes} : Bytes();
    } catch (const std::exception&) { // of a network too large to be planned nothing is known
        return {};
    }
}

} // namespace

MemoryForecast::MemoryForecast(TrainingSession& session, QObject* parent) : QObject(parent), m_session(session) {
    m_pool.setMaxThreadCount(1);
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &MemoryForecast::plan);
    const auto again = [this] {
        ++m_number;
        // What a drawing with mistakes takes is not known; of a sound one the number before stands until the new one is there.
        if (m_session.document().report().hasErrors()) Q_EMIT told(0, 0);
        m_quiet.start();
    };
    connect(&session.document(), &GraphDocument::analysed, this, again);
    connect(&session.document(), &GraphDocument::stateChanged, this, [again](const StateDiff& diff) {
        if (diff.training) again();
    });
    connect(&session.data(), &ChosenData::changed, this, again);
    m_quiet.start();
}

void MemoryForecast::plan() {
    if (m_session.document().report().hasErrors()) return;
    Result<TrainingJob> job = m_session.plannedJob();
    if (!job) {
        Q_EMIT told(0, 0);
        return;
    }
    const auto work = [job = std::move(*job)] { return planned(job); };
    inBackground(m_pool, this, work, [this, number = m_number](const Bytes& bytes) {
        if (number == m_number) Q_EMIT told(bytes.training, bytes.inference);
    });
}

} // namespace strata::ui
