// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/data/split.h"
#include "engine/interop/document_state.h"
#include "engine/network/carry_over.h"
#include "engine/training/trainer.h"

#include <span>

namespace strata {

/// What a run was given, as far as its document has to remember it.
struct RunOrigin {
    ModelGraph graph;
    TrainingSettings settings;
    std::uint64_t dataFingerprint = 0;
    std::int64_t limit = 0; ///< of the first so many training images; 0: of all
    std::vector<std::string> classNames;
    std::shared_ptr<const TrainedState> before; ///< what it went on from; null: it began anew
};

HistoryPoint historyPoint(const EpochDone& done);

/// What the document has learned when the run is over. `history` is the whole curve, earlier runs included.
/// requires: end.weights
std::shared_ptr<TrainedState> trainedBy(const RunOrigin& origin, const RunEnded& end,
                                        std::vector<HistoryPoint> history);
/// The same, were the run stopped at this checkpoint. `done`: its epochs since it was started or resumed.
std::shared_ptr<TrainedState> trainedAt(const RunOrigin& origin, const RunState& state,
                                        std::span<const EpochDone> done);

/// Writes the network of a run with the weights of the moment, for ModelCheckpoint: a `.keras` file, or with
/// weightsOnly a `.weights.h5` one.
SaveNetwork networkSaver(DocumentState document, RunOrigin origin);

/// The whole job of a document's network, settings and data: anew where `state.trained` is null, else going on from that;
/// with `resumes` exactly where its stopped run stood. `first`: of the first so many training images; 0: of all. A schedule
/// whose length is not given goes over the whole run, and in a resumed one over what it went over.
/// Weights of another drawing are carried over, which takes as long as they are large.
/// requires: state.trained->stopped where it resumes. Errors: the validation share leaves nothing.
Result<TrainingJob> makeJob(const DocumentState& state, const DataSource& source, bool resumes, std::int64_t first);
/// `settings` for going on with a stopped run: a schedule has the length that it had there.
TrainingSettings asStopped(TrainingSettings settings, const StoppedRun& run);
/// The same, but the optimizer begins at its first step, as after Keras's compile(), and no stopped run can be resumed.
/// requires: trained
std::shared_ptr<const TrainedState> compiledAnew(const std::shared_ptr<const TrainedState>& trained);

/// The job that goes on exactly where a stopped run stood; its data is still to be filled in.
/// requires: trained->stopped
TrainingJob resumedJob(const std::shared_ptr<const TrainedState>& trained);
/// The job of this drawing that goes on from what was learned, with the optimiser's memory where there is one; settings
/// and data are still to be filled in. Weights of another drawing are carried over (carry_over.h), `seed` for what
/// a cut array lacks. `trained` null: anew.
TrainingJob continuedJob(const std::shared_ptr<const TrainedState>& trained, const ModelGraph& drawing, std::uint64_t seed);
/// The drawing is another one than what was trained: continuedJob() takes as long as its weights are large.
bool isCarriedOver(const TrainedState& trained, const ModelGraph& drawing);
/// What continuedJob() does with the weights of each card; empty where the drawing is still what was trained.
std::vector<CarryNote> notesOnGoingOn(const TrainedState& trained, const ModelGraph& drawing);

/// A run that was stopped, taken over to an edited drawing: a stopped run of that.
struct CarriedRun {
    std::shared_ptr<const TrainedState> trained; ///< with `stopped`
    std::vector<CarryNote> notes;
};
/// Weights go over where they still fit, the rest begins anew; the optimiser's memory goes over when all of it fits, else it
/// begins anew. The schedule goes on; the run goes on in the same epoch
/// after the same batch, with the same curve. Callbacks and the best epoch begin anew: they judged another network.
/// `sample`: the shape of a training image. requires: trained.stopped. Errors: Network::compile()'s.
Result<CarriedRun> carryRun(const TrainedState& trained, const ModelGraph& drawing, const Shape& sample);

/// Gives a job its data: the first `limit` training images (0: all), cut into training and validation part.
/// A schedule whose length is not given goes over the whole run. Errors: the validation share leaves nothing.
Result<> giveData(TrainingJob& job, const DataSource& source, const DataChoice& choice, std::int64_t limit);
/// The same with parts that are cut already.
void takeParts(TrainingJob& job, ValidationSplit parts, const DataChoice& choice);

} // namespace strata
