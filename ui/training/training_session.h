// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/batch_curve.h"
#include "engine/interop/run_document.h"
#include "engine/training/trainer.h"
#include "ui/document/graph_document.h"
#include "ui/training/chosen_data.h"
#include "ui/training/run_progress.h"
#include "ui/training/test_measurement.h"

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include <deque>
#include <filesystem>

namespace strata::ui {

/// The only one that knows the Trainer: starts it, drains it 30 times a second, tells the window, and at the end
/// writes one undoable edit into the document.
class TrainingSession : public QObject {
    Q_OBJECT
public:
    enum class State { Idle, Starting, Running, Paused, Stopping, Testing };
    Q_ENUM(State)

    explicit TrainingSession(GraphDocument& document, QObject* parent = nullptr);
    ~TrainingSession() override;

    GraphDocument& document() const { return m_document; }
    ChosenData& data() const { return *m_data; }
    State state() const { return m_state; }
    bool isBusy() const { return m_state != State::Idle; }
    const RunProgress& progress() const { return m_progress; }
    /// The drawing that is being trained, or was last.
    const ModelGraph& graph() const { return m_graph; }
    /// The test part as the document's weights see it; null until it was measured.
    const std::shared_ptr<const Evaluation>& tested() const { return m_testing->result(); }
    /// How much of it is measured, 0..1, while it is.
    std::optional<double> testing() const { return m_testing->share(); }
    /// It will be measured in a moment, where that can be done.
    bool testIsDue() const { return m_testing->isDue(); }
    /// Why it could not be measured; empty when nobody tried or somebody stopped it.
    const QString& testProblem() const { return m_testing->problem(); }
    void stopTesting() { m_testing->stop(); }
    void testAgain() { m_testing->again(); }

    /// The newest weights there are: of the run while there is one, else of the document. Null: never trained.
    std::shared_ptr<const Weights> weights() const;
    /// The drawing they belong to.
    const ModelGraph& weightsGraph() const { return isBusy() ? m_graph : m_document.graph(); }
    /// What happens to the values 0..255 before they reach that drawing.
    Scaling weightsScaling() const { return isBusy() ? m_scaling : m_data->scaling(); }
    /// The document's drawing was edited since these weights were trained, or is another than the run's.
    bool weightsAreOlder() const;

    /// The run that goes on, or went last, continues what the document had learned.
    bool goesOn() const { return m_origin.before != nullptr; }
    /// Where start(false) goes on exactly: the document's run was stopped there, and drawing, data and settings are
    /// still those it had. The learning rate may be another: it counts from there on.
    std::optional<RunPlace> stoppedAt() const;
    /// Why a run cannot start; empty when it can.
    QString whyNot() const;
    /// The document's run, anew: what the estimates of time and memory look at. Errors: there is no data; the validation share
    /// leaves nothing.
    Result<TrainingJob> plannedJob() const;
    /// With the document's weights, or anew from the seed. Weights of another drawing are carried over first, on another
    /// thread: Starting.
    void start(bool anew);
    void pause();
    void resume();
    /// One batch; starts a run that then stands still, where none is.
    void step();
    /// Within one batch; what was learned up to there is kept.
    void stop();
    /// The same, but when it returns the document has what was learned, untested. For a window that closes.
    void stopAndKeep();
    /// The document's network is not the one that is being trained: the drawing was edited since.
    bool differs() const { return m_differs; }
    /// What applyToRun() would do with the weights of each card.
    std::vector<CarryNote> foreseen() const { return carryNotes(m_graph, m_document.graph()); }
    /// Why the drawing cannot go into the run; empty when it can.
    QString whyNotApply() const;
    /// Why the last applyToRun() left the run as it is: the drawing is sound, but a run of it would not begin. Empty when
    /// there is no such reason, or the drawing is another since.
    const QString& refused() const { return m_refused; }
    /// Ends the present run within a batch, when one of the document's network would begin, and goes on at that batch with that network, for the epochs that are left, with the same settings, data and curve. What still fits of the weights goes over: applied() tells.
    void applyToRun();
    /// Where runs leave their records; empty: nowhere.
    void setRunsFolder(const std::filesystem::path& folder) { m_runsFolder = folder; }
    /// The settings' learning rate goes into the present run at once, where no schedule sets it; nothing else of them does.
    bool takesRate() const;
    /// Forgets weights and curve: one undoable edit.
    void resetWeights();
    /// Previews of the weights are only made while somebody looks.
    void setPreviewsWanted(bool wanted) { m_previewsWanted = wanted; }

Q_SIGNALS:
    void stateChanged(strata::ui::TrainingSession::State state);
    /// What start() depends on may be another.
    void readinessChanged();
    void started(std::int64_t firstEpoch, std::int64_t epochs);
    void batches(const QList<strata::BatchPoint>& points);
    void epochDone(const strata::EpochDone& epoch);
    void progressed(const strata::ui::RunProgress& progress);
    /// A copy of the weights as they are now, at most five a second.
    void weightsArrived(const std::shared_ptr<const strata::Weights>& weights);
    /// With weightsArrived() while a run goes on: size of the last update over size of the weights, for every card that learns.
    void stepped(const std::map<strata::NodeId, double>& lastStep);
    /// differs(), whyNotApply() or refused() is another.
    void differenceChanged();
    /// A run goes on with the weights of another drawing: what became of them.
    void carriedOver(const std::vector<strata::CarryNote>& notes);
    /// The run goes on with an edited network; it comes before carriedOver(). The best epoch begins anew.
    void applied();
    /// A callback has something to tell; the run goes on.
    void remarked(const QString& text);
    void ended(strata::RunOutcome outcome, const QString& message);
    void testedChanged();
    void testingChanged();
    /// The record of a run was written, or why not.
    void recorded(const QString& folder, const QString& problem);

private:
    void begin(bool anew, bool paused);
    void carryAndSetOut(bool paused);
    /// The run gets the document's learning rate when that is another since.
    void passRate();
    void setOut(TrainingJob job, const std::optional<RunPlace>& place, bool paused);
    void launch(TrainingJob job, bool paused);
    void drain();
    void finish(const RunEnded& end);
    void compare();
    void carry();
    void goOnWith(const CarriedRun& run);
    void couldNotGoOn(const std::string& why);
    QString problemsInTheWay() const;
    void test();
    void write(double testAccuracy);
    void keep(const std::shared_ptr<const TrainedState>& trained);
    std::shared_ptr<TrainedState> learned() const;
    void leaveRecord(const TrainedState& trained);
    void setState(State state);
    void updateRate(std::int64_t samples);

    GraphDocument& m_document;
    ChosenData* m_data;
    TestMeasurement* m_testing;
    State m_state = State::Idle;
    std::unique_ptr<Trainer> m_trainer;
    QTimer m_timer;

    // of the run
    ModelGraph m_graph;
    Scaling m_scaling = Scaling::UnitRange;
    TypedParams m_loss;
    std::shared_ptr<const Dataset> m_testPart;
    std::vector<std::string> m_classNames;
    DocumentState m_begun; ///< the document when the run began
    RunOrigin m_origin;
    TrainingJob m_job; ///< its data and settings
    double m_secondsAtStart = 0; ///< of the run before, whose network was edited
    bool m_differs = false;
    double m_rate = 0; ///< that a person gave the run
    std::optional<ModelGraph> m_next; ///< the drawing that the run is to go on with
    bool m_wasPaused = false;         ///< when that was asked for
    int m_applyNumber = 0;            ///< an older answer comes too late
    bool m_appliedNow = false;        ///< and no batch was trained since
    QString m_refused;
    std::shared_ptr<const TrainedState> m_beforeApply; ///< what it had learned until then; null: no drawing was applied
    bool m_stepsAtStart = false;
    bool m_resumes = false; ///< it goes on exactly where a stopped one stood
    std::vector<HistoryPoint> m_history;
    BatchCurve m_batches;
    RunEnded m_end;
    std::shared_ptr<TrainedState> m_learned; ///< while it is tested
    std::filesystem::path m_runsFolder;
    RunProgress m_progress;
    QElapsedTimer m_clock;
    double m_secondsBefore = 0; ///< before the last pause
    std::deque<std::pair<double, std::int64_t>> m_recent; ///< (second, samples)
    std::shared_ptr<const Weights> m_preview;
    bool m_previewsWanted = false;
    QElapsedTimer m_sincePreview;

    QThreadPool m_pool{this}; // last: its threads end before anything else goes
};

} // namespace strata::ui
