// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/test_measurement.h"

#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "ui/document/background.h"

#include <atomic>

namespace strata::ui {
namespace {

constexpr int kMomentMs = 150;

bool same(const TestJob& a, const TestJob& b) {
    return a.weights == b.weights && a.images == b.images && a.scaling == b.scaling && a.loss == b.loss && sameNetwork(a.graph, b.graph);
}

} // namespace

struct TestMeasurement::Watch {
    std::atomic<bool> stop = false;
    std::atomic<double> share = 0;
};

TestMeasurement::TestMeasurement(GraphDocument& document, const ChosenData& data, QThreadPool& pool, QObject* parent)
    : QObject(parent), m_document(document), m_data(data), m_pool(pool) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(kMomentMs);
    connect(&m_soon, &QTimer::timeout, this, &TestMeasurement::follow);
    connect(&data, &ChosenData::changed, this, [this] {
        forgetOthers();
        m_soon.start();
    });
    connect(&document, &GraphDocument::analysed, this, [this] { m_soon.start(); });
    connect(&document, &GraphDocument::stateChanged, this, [this](const StateDiff& diff) {
        if (!diff.trained) return;
        forgetOthers();
        if (!m_held) m_soon.start(); // else the run has measured what it writes
    });
    connect(&document, &GraphDocument::replaced, this, [this] {
        forget();
        m_soon.start();
    });
}

TestMeasurement::~TestMeasurement() {
    abandon();
}

std::optional<double> TestMeasurement::share() const {
    if (!m_watch || m_watch->stop) return {};
    return m_watch->share.load();
}

void TestMeasurement::again() {
    forget();
    m_soon.start();
}

void TestMeasurement::stop() {
    if (!share()) return;
    m_watch->stop = true;
    Q_EMIT shareChanged();
}

void TestMeasurement::abandon() {
    if (m_watch) m_watch->stop = true;
    m_watch.reset();
}

void TestMeasurement::forget() {
    const bool went = share().has_value();
    abandon();
    m_problem.clear();
    setResult(nullptr);
    if (went) Q_EMIT shareChanged();
}

void TestMeasurement::hold(bool on) {
    if (on == m_held) return;
    m_held = on;
    if (on && share()) {
        m_waits = true;
        stop();
    }
    if (!on && std::exchange(m_waits, false)) m_soon.start();
}

void TestMeasurement::setResult(std::shared_ptr<const Evaluation> result, const TestJob& of) {
    if (result == m_result) return;
    m_result = std::move(result);
    m_of = of;
    Q_EMIT resultChanged();
}

/// Answers to other images, or of other weights.
void TestMeasurement::forgetOthers() {
    const auto& trained = m_document.state().trained;
    if (m_result && (m_of.images != m_data.testPart() || !trained || m_of.weights.get() != &trained->weights)) setResult(nullptr);
}

void TestMeasurement::measure(TestJob job, std::function<void(std::shared_ptr<const Evaluation>)> then) {
    abandon();
    const auto watch = std::make_shared<Watch>();
    m_watch = watch;
    m_measured = job;
    const auto work = [job, watch] {
        return guarded("evaluation.fault", toSay("The test images could not be shown to the network: {}."), [&] {
            Workers workers(0);
            return evaluate(job.graph, *job.weights, *job.images, job.scaling, job.loss, workers, [&watch](std::int64_t done, std::int64_t total) {
                watch->share = static_cast<double>(done) / static_cast<double>(total);
                return !watch->stop.load();
            });
        });
    };
    inBackground(m_pool, this, work, [this, job, watch, then = std::move(then)](Result<Evaluation> tested) {
        if (m_watch != watch) return;
        m_watch.reset();
        m_problem = tested || tested.error().id == "stopped" ? QString() : QString::fromStdString(tested.error().message);
        const auto evaluation = tested ? std::make_shared<const Evaluation>(std::move(*tested)) : nullptr;
        if (evaluation && job.images == m_data.testPart()) setResult(evaluation, job);
        else setResult(nullptr);
        if (then) then(evaluation);
        Q_EMIT shareChanged();
    });
    Q_EMIT shareChanged();
}

/// What the document has.
void TestMeasurement::follow() {
    m_waits = m_held;
    if (m_held) return;
    const std::shared_ptr<const TrainedState> trained = m_document.state().trained;
    if (!trained || !m_data.testPart() || m_document.report().hasErrors()) {
        setResult(nullptr);
        return;
    }
    TestJob job{m_document.graph(), {trained, &trained->weights}, m_data.testPart(), m_data.scaling(), m_document.state().training.loss};
    const bool known = m_result && same(m_of, job);
    const bool goesOn = m_watch && !m_watch->stop && same(m_measured, job);
    if (!known && !goesOn) measure(std::move(job), {});
}

} // namespace strata::ui
