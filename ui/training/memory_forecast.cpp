// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/memory_forecast.h"

#include "engine/training/run_memory.h"
#include "ui/document/background.h"
#include "ui/training/training_session.h"

namespace strata::ui {
namespace {

constexpr int kQuietMs = 30; ///< edits in a row are planned once

/// Of a network too large to be planned nothing is known, and of one with mistakes neither.
DrawingMemory planned(const TrainingJob& job) {
    try {
        const Result<std::int64_t> training = runMemory(job);
        const Result<std::int64_t> inference = inferenceMemory(job);
        return training && inference ? DrawingMemory{*training, *inference} : DrawingMemory();
    } catch (const std::exception&) {
        return {};
    }
}

DrawingMemory planned(const ModelGraph& graph, const TrainingSettings& settings) {
    try {
        const Result<DrawingMemory> memory = drawingMemory(graph, settings);
        return memory ? *memory : DrawingMemory();
    } catch (const std::exception&) {
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
    const auto tell = [this, number = m_number](const DrawingMemory& bytes) {
        if (number == m_number) Q_EMIT told(bytes.training, bytes.inference);
    };
    if (Result<TrainingJob> job = m_session.plannedJob(); job)
        return inBackground(m_pool, this, [job = std::move(*job)] { return planned(job); }, tell);
    const DocumentState& state = m_session.document().state();
    inBackground(m_pool, this, [graph = state.graph, settings = state.training] { return planned(graph, settings); }, tell);
}

} // namespace strata::ui
