// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "ui/document/background.h"
#include "ui/training/training_session.h"

#include <atomic>

namespace strata::ui {

/// What is measured, and on what.
struct TrainingSession::TestJob {
    ModelGraph graph;
    std::shared_ptr<const Weights> weights;
    std::shared_ptr<const Dataset> images;
    Scaling scaling;
    TypedParams loss;

    Result<Evaluation> measure(TestWatch& watch) const;
};

struct TrainingSession::TestWatch {
    std::atomic<bool> stop = false;
    std::atomic<double> share = 0;
};

Result<Evaluation> TrainingSession::TestJob::measure(TestWatch& watch) const {
    try {
        Workers workers(0);
        return evaluate(graph, *weights, *images, scaling, loss, workers, [&watch](std::int64_t done, std::int64_t total) {
            watch.share = static_cast<double>(done) / static_cast<double>(total);
            return !watch.stop.load();
        });
    } catch (const std::exception& e) {
        return failure("evaluation.fault", said("The test images could not be shown to the network: {}.", e.what()));
    }
}

std::optional<double> TrainingSession::testing() const {
    if (!m_testWatch || m_testWatch->stop) return {};
    return m_testWatch->share.load();
}

void TrainingSession::dropTest() {
    if (m_testWatch) m_testWatch->stop = true;
}

void TrainingSession::stopTesting() {
    if (!testing()) return;
    dropTest();
    Q_EMIT testingChanged();
}

/// One at a time: the one before ends within a batch, and nobody hears of it.
void TrainingSession::measureTest(TestJob job, std::function<void(Result<Evaluation>)> then) {
    dropTest();
    const auto watch = std::make_shared<TestWatch>();
    m_testWatch = watch;
    const int number = ++m_testNumber;
    const auto work = [job = std::move(job), watch] { return job.measure(*watch); };
    inBackground(m_pool, this, work, [this, number, watch, then = std::move(then)](Result<Evaluation> tested) {
        if (m_testWatch == watch) m_testWatch.reset();
        if (number == m_testNumber) {
            m_testProblem = tested || tested.error().id == "stopped" ? QString() : QString::fromStdString(tested.error().message);
            then(std::move(tested));
        }
        Q_EMIT testingChanged();
    });
    Q_EMIT testingChanged();
}

/// What a run has learned; the document gets it with the result.
void TrainingSession::test() {
    m_tested.reset();
    if (!m_test) {
        write(-1);
        return;
    }
    setState(State::Testing);
    measureTest({m_graph, m_end.weights, m_test, m_scaling, m_loss}, [this](Result<Evaluation> tested) {
        if (tested) m_tested = std::make_shared<const Evaluation>(std::move(*tested));
        write(m_tested ? m_tested->accuracy : -1);
    });
}

void TrainingSession::evaluateTest() {
    const std::shared_ptr<const TrainedState> trained = m_document.state().trained;
    if (isBusy()) return;
    if (!trained || m_data->source() == nullptr || m_document.report().hasErrors()) {
        if (m_tested) {
            m_tested.reset();
            Q_EMIT testedChanged();
        }
        return;
    }
    if (m_tested && trained == m_lastResult && m_document.graph() == trained->trainedGraph && m_test == m_data->source()->test) return;
    const std::shared_ptr<const Weights> weights(trained, &trained->weights);
    measureTest({m_document.graph(), weights, m_data->testPart(), m_data->scaling(), m_document.state().training.loss},
                [this](Result<Evaluation> tested) {
                    if (isBusy()) return;
                    m_tested = tested ? std::make_shared<const Evaluation>(std::move(*tested)) : nullptr;
                    Q_EMIT testedChanged();
                });
}

} // namespace strata::ui
