// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/evaluate.h"
#include "ui/training/chosen_data.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace strata::ui {

/// What is measured, and on what.
struct TestJob {
    ModelGraph graph;
    std::shared_ptr<const Weights> weights;
    std::shared_ptr<const Dataset> images;
    Scaling scaling = Scaling::UnitRange;
    TypedParams loss;
};

/// The test part as the document's weights see it: measured on another thread, a moment after they, the drawing or the
/// data have changed, and forgotten when the data are others. While a run goes on, only what that asks for is measured.
class TestMeasurement : public QObject {
    Q_OBJECT
public:
    /// The pool's other work comes before or after a measurement, never beside it.
    TestMeasurement(GraphDocument& document, const ChosenData& data, QThreadPool& pool, QObject* parent);
    ~TestMeasurement() override;

    /// Of the chosen data's test part; null until it was measured.
    const std::shared_ptr<const Evaluation>& result() const { return m_result; }
    /// How much is measured, 0..1, while it is.
    std::optional<double> share() const;
    /// It will be measured in a moment, where that can be done.
    bool isDue() const { return m_soon.isActive(); }
    /// Why it could not be measured; empty when nobody tried or somebody stopped it.
    const QString& problem() const { return m_problem; }

    void again();
    /// Ends within a batch, without a result.
    void stop();
    /// The same, and nobody hears of it; for an owner whose pool is about to wait.
    void abandon();
    /// As if nothing had been measured.
    void forget();
    /// A run has begun, or is over: what it has kept waiting is measured then.
    void hold(bool on);
    /// What a run has learned. One at a time: nobody hears of the one before. `then` gets null where it was stopped or failed;
    /// it comes to be the result only if its images are still those of the chosen data.
    void measure(TestJob job, std::function<void(std::shared_ptr<const Evaluation>)> then);

Q_SIGNALS:
    void resultChanged();
    /// A measurement has begun, or is over.
    void shareChanged();

private:
    struct Watch;
    void follow();
    void setResult(std::shared_ptr<const Evaluation> result, const TestJob& of = {});
    void forgetOthers();

    GraphDocument& m_document;
    const ChosenData& m_data;
    QThreadPool& m_pool;
    QTimer m_soon;
    bool m_held = false;
    bool m_waits = false; ///< for the end of the run
    std::shared_ptr<const Evaluation> m_result;
    TestJob m_of;                   ///< the result
    std::shared_ptr<Watch> m_watch; ///< of the measurement that goes on
    TestJob m_measured;             ///< by that
    QString m_problem;
};

} // namespace strata::ui
