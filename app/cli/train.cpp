// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/train_report.h"
#include "app/cli/train_words.h"

#include "engine/core/atomic_file.h"
#include "engine/core/number_text.h"
#include "engine/interop/run_document.h"
#include "engine/interop/run_record.h"
#include "engine/training/epoch_estimate.h"
#include "engine/training/evaluate.h"
#include "engine/training/run_watch.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace strata::cli {
namespace {

/// A run as the words ask for it: a new one, or one that goes on from a file.
struct Plan {
    std::string name;    ///< of the network
    DocumentState state; ///< trained: what the run begins with
    bool resumed = false;
    std::int64_t limit = 0;
};

Result<Plan> resumedPlan(const TrainWords& words) {
    Result<OpenedDocument> opened = openDocument(words.resume);
    if (!opened) return opened.error();
    for (const std::string& text : opened->remarks)
        remark(text);
    Plan plan{words.resume, std::move(opened->state), true, 0};
    if (!plan.state.trained || !plan.state.trained->stopped) {
        return failure("words.resume", fmt::format("{} holds no stopped run; train it on with: strata train {}", words.resume,
                                                   words.resume));
    }
    const StoppedRun& run = *plan.state.trained->stopped;
    plan.limit = run.limit;
    plan.state.graph = plan.state.trained->trainedGraph;
    plan.state.training = run.settings;
    if (words.epochs) {
        // Nothing would be trained, and the file that goes on exactly be overwritten by one that is ended.
        if (*words.epochs <= run.state.epoch) {
            return failure("words.resume", fmt::format("--epochs {}: the run in {} stands in epoch {} already, and --epochs counts them all; "
                                                       "give at least {}, or leave it out for {}.",
                                                       *words.epochs, words.resume, run.state.epoch + 1, run.state.epoch + 1,
                                                       run.settings.epochs));
        }
        plan.state.training.epochs = *words.epochs;
    }
    if (words.threads) plan.state.training.threads = *words.threads;
    if (words.learningRate) plan.state.training.optimizer.params["learning_rate"] = *words.learningRate; // the run takes it itself
    return plan;
}

Result<Plan> newPlan(const TrainWords& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return model.error();
    Plan plan{words.model, std::move(model->state), false, words.limit.value_or(0)};
    if (words.fromScratch) plan.state.trained = nullptr;
    if (plan.state.trained && plan.state.trained->stopped)
        remark(fmt::format("a stopped run is in the file; to go on with it exactly: strata train --resume {}", words.model));
    if (Result<> settled = settle(words, plan.state); !settled) return settled.error();
    if (plan.state.trained && (!words.schedule.empty() || !words.optimizer.empty())) plan.state.trained = compiledAnew(plan.state.trained);
    return plan;
}

Result<TrainingJob> jobOf(const Plan& plan, const DataSource& source) {
    if (plan.resumed && source.fingerprint != plan.state.trained->stopped->dataFingerprint) {
        return failure("words.resume", fmt::format("The data of \"{}\" is not what the run learned from: it cannot go on exactly. If "
                                                   "the old data is elsewhere, name it with --data.",
                                                   plan.state.data.source));
    }
    if (plan.state.trained && !plan.resumed) {
        for (const CarryNote& note : notesOnGoingOn(*plan.state.trained, plan.state.graph)) {
            if (note.carried != Carried::Kept) remark(note.text);
        }
    }
    return makeJob(plan.state, source, plan.resumed, plan.limit);
}

/// What stands where a network is to be written took time to train, too: it is kept as FILE~ until the next one takes its
/// place. Not where it is the run that goes on.
class FormerFiles {
public:
    explicit FormerFiles(const std::string& resumed)
        : m_resumed(placeOf(resumed))
        , m_done{m_resumed} {}

    /// Before any writing to `path`, of which the first one counts; says where the former file is.
    void keep(const std::string& path) {
        namespace fs = std::filesystem;
        if (!m_done.insert(placeOf(path)).second) return;
        std::error_code error;
        const fs::path former = fs::canonical(path, error); // a link stays, what it leads to is replaced
        if (!fs::is_regular_file(former, error)) return;
        std::string kept = path + "~";
        if (placeOf(kept) == m_resumed) kept += "~"; // what goes on from it is not written yet
        fs::remove(kept, error);
        if (!error) fs::create_hard_link(former, kept, error);
        if (error) fs::copy_file(former, kept, fs::copy_options::overwrite_existing, error); // a file system without links
        remark(error ? fmt::format("{}: what stood there could not be kept as {}: {}", path, kept, error.message())
                     : fmt::format("what stood in {} before is now {}", path, kept));
    }

private:
    /// The same for all names of a file: a.keras, ./a.keras, and a link to it.
    static std::filesystem::path placeOf(const std::string& path) {
        std::error_code error;
        return path.empty() ? std::filesystem::path() : std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
    }

    std::filesystem::path m_resumed;
    std::set<std::filesystem::path> m_done;
};

/// Saves for ModelCheckpoint, whose file may be that of another network, too.
SaveNetwork carefulSaver(SaveNetwork save, FormerFiles& former) {
    return [save = std::move(save), &former](const std::string& path, bool weightsOnly, const NetworkNow& now) {
        former.keep(path);
        return save(path, weightsOnly, now);
    };
}

/// Written by the trainer's thread between two batches; a checkpoint that fails is told once and ends nothing.
SaveCheckpoint checkpointWriter(const std::string& path, const DocumentState& document, const RunOrigin& origin, FormerFiles& former) {
    return [path, document, origin, &former, failed = false](const RunState& run, std::span<const EpochDone> done) mutable {
        former.keep(path);
        DocumentState state = document;
        state.trained = trainedAt(origin, run, done);
        const Result<SaveReport> saved = saveDocument(state, path);
        if (!saved && !failed) remark(saved.error().message);
        failed = !saved;
    };
}

constexpr double kLeastShown = 0.05; ///< seconds; below that a tenth would be none

std::string secondsText(double seconds) {
    if (seconds > 0 && seconds < kLeastShown) return "under 0.1 s";
    return seconds < 10 ? fmt::format("{:.1f} s", seconds) : fmt::format("{:.0f} s", seconds);
}

/// The network first: it is what took the time. One that fails does not keep the others from being written.
Result<> writeResults(const TrainWords& words, const DocumentState& state, FormerFiles& former, const CurvePainter& paintCurves) {
    const std::vector<HistoryPoint>& history = state.trained->history;
    Result<> all;
    const auto wrote = [&](const std::string& path, const Result<>& result) {
        if (result)
            tell(fmt::format("wrote {}", path));
        else if (all)
            all = result;
    };
    if (!words.out.empty()) {
        former.keep(words.out);
        const Result<SaveReport> saved = saveDocument(state, words.out);
        wrote(words.out, saved ? Result<>() : saved.error());
        if (saved && !saved->kerasCanOpen) remark(saved->remark);
    }
    if (!words.checkpoint.empty()) {
        former.keep(words.checkpoint);
        const Result<SaveReport> saved = saveDocument(state, words.checkpoint);
        wrote(words.checkpoint, saved ? Result<>() : saved.error());
    }
    if (!words.csv.empty()) wrote(words.csv, writeFileAtomically(words.csv, curveCsv(history)));
    if (!words.curves.empty()) wrote(words.curves, paintCurves(history, words.curves));
    return all;
}

/// A run without a record is still a run: what keeps it from being written is a remark.
void leaveRecord(const TrainWords& words, const RunRecord& record) {
    const std::filesystem::path folder = words.runs.empty() ? defaultRunsFolder() : std::filesystem::path(words.runs);
    const Result<std::filesystem::path> written = writeRunRecord(folder, record);
    if (!written)
        remark(inWords(written.error()));
    else
        tell(fmt::format("record {}", written->string()));
}

void tellHowToGoOn(const TrainWords& words, const RunState& state) {
    const std::string& file = words.checkpoint.empty() ? words.out : words.checkpoint;
    if (file.empty()) return;
    tell(fmt::format("strata: stopped in epoch {} after {} {}; go on exactly with: strata train --resume {}", state.epoch + 1, state.batches,
                     state.batches == 1 ? "batch" : "batches", file));
}

/// Nothing that was learned for long is thrown away: a resumed run goes back into its file, one that was interrupted into
/// a file of its own.
std::string placeToKeep(const TrainWords& words, const std::string& name, const RunEnded& end) {
    if (!words.out.empty() || !words.checkpoint.empty()) return words.out;
    if (!words.resume.empty()) return words.resume;
    if (end.outcome != RunOutcome::Stopped) {
        remark("the trained network was not saved; --out FILE.keras saves it");
        return {};
    }
    const std::string stem = std::filesystem::path(name).stem().string() + "_stopped";
    std::string path = stem + ".keras";
    for (int n = 2; std::filesystem::exists(path); ++n) path = fmt::format("{}_{}.keras", stem, n);
    return path;
}

int printEstimate(const TrainingJob& job, bool json) {
    Workers workers(job.settings.threads);
    LoneLayers layers;
    const Result<EpochEstimate> estimate = estimateEpoch(job, layers, workers);
    if (!estimate) return fail(estimate.error());
    if (json) {
        fmt::print("{{\"seconds\": {:.4f}, \"train_seconds\": {:.4f}, \"validation_seconds\": {:.4f}}}\n", estimate->seconds(),
                   estimate->trainSeconds, estimate->validationSeconds);
    } else {
        fmt::print("An epoch takes {}{}: {} training images in {}, {} for validation in {}.\n", estimate->seconds() < kLeastShown ? "" : "about ", secondsText(estimate->seconds()),
                   grouped(job.train->size()), secondsText(estimate->trainSeconds),
                   grouped(job.validation ? job.validation->size() : 0), secondsText(estimate->validationSeconds));
    }
    return kOk;
}

int train(TrainWords words, const CurvePainter& paintCurves) {
    if (words.model.empty() && words.resume.empty())
        return fail({"It is not said which network to train: give a MODEL, or --resume FILE.", "words.model"});
    if (Result<> places = checkPlaces(words, static_cast<bool>(paintCurves)); !places) return fail(places.error());
    const Result<Rhythm> rhythm = checkpointRhythm(words.checkpointEvery);
    if (!rhythm) return fail(rhythm.error());
    Result<Plan> plan = words.resume.empty() ? newPlan(words) : resumedPlan(words);
    if (!plan) return fail(plan.error());
    DocumentState& state = plan->state;
    Result<DataChoice> choice = plan->resumed && !words.data.data.empty() ? movedTo(state.data, words.data.data) : chooseData(words.data, state.data);
    if (!choice) return fail(choice.error());
    state.data = *choice;
    Result<DataSource> source = openWithProgress(state.data);
    if (!source) return fail(source.error());
    if (Result<> weighed = settleClassWeights(words.classWeight, *source->train, state.training); !weighed) return fail(weighed.error());
    Result<TrainingJob> job = jobOf(*plan, *source);
    if (!job) return fail(job.error());
    if (words.estimate) return printEstimate(*job, words.json);

    state.training.schedule = job->settings.schedule; // with its length

    const RunOrigin origin{state.graph, state.training, source->fingerprint, plan->limit, source->train->classNames(), state.trained};
    FormerFiles former(words.resume);
    job->save = carefulSaver(networkSaver(state, origin), former);
    if (!words.checkpoint.empty()) {
        job->checkpoint = checkpointWriter(words.checkpoint, state, origin, former);
        job->checkpointEveryBatches = rhythm->batches;
        job->checkpointEveryEpochs = rhythm->epochs;
    }
    std::vector<HistoryPoint> history = state.trained ? state.trained->history : std::vector<HistoryPoint>();
    TrainReport report(words.json, history, state.trained ? state.trained->batches : std::vector<BatchPoint>());
    const auto start = std::chrono::steady_clock::now();
    const RunEnded end = runToItsEnd(std::move(*job), [&](const TrainEvent& event) { report.take(event); },
                                     plan->resumed ? words.learningRate : std::nullopt);
    if (end.outcome == RunOutcome::Failed) return fail({end.message, "training.failed"});
    const std::shared_ptr<TrainedState> trained = trainedBy(origin, end, std::move(history));
    trained->batches = report.batches();
    report.ended(end);
    std::optional<Error> untested;
    if (source->test && !interrupted()) {
        Workers workers(state.training.threads);
        Result<Evaluation> test = evaluate(state.graph, trained->weights, *source->test, scalingOf(state.data, state.graph),
                                           state.training.loss, workers, {}, checkWatch(state.training)->metrics);
        if (test) {
            trained->testAccuracy = test->accuracy;
            report.tested(*test);
        } else {
            untested = test.error(); // said when what was learned is safe
        }
    }
    RunRecord record = recordOf(plan->name, state, plan->resumed, origin, end, *trained);
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    state.trained = trained;
    words.out = placeToKeep(words, plan->name, end);
    const Result<> written = writeResults(words, state, former, paintCurves);
    leaveRecord(words, record);
    if (!written) return fail(written.error());
    if (untested) return fail(*untested);
    if (end.outcome == RunOutcome::Diverged) return fail({end.message, "training.diverged"});
    if (end.outcome != RunOutcome::Stopped) return kOk;
    tellHowToGoOn(words, *end.state);
    return kInterrupted;
}

} // namespace

void addTrain(const Context& context) {
    CLI::App* c = context.app.add_subcommand("train", "Train a network and save it");
    auto w = std::make_shared<TrainWords>();
    addTrainWords(*c, *w);
    c->callback([w, &code = context.exitCode, &paint = context.paintCurves] { code = train(*w, paint); });
}

} // namespace strata::cli
