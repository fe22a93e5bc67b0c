// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/curve_csv.h"
#include "app/cli/train_report.h"

#include "engine/data/split.h"
#include "engine/training/evaluate.h"
#include "engine/training/optimizer.h"
#include "engine/training/recipe.h"

#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>

namespace strata::cli {
namespace {

struct Words {
    std::string model, out, optimizer, loss, curves, csv;
    DataWords data;
    std::optional<std::int64_t> epochs, batchSize, limit;
    std::optional<int> threads;
    std::optional<double> learningRate, momentum, validationSplit;
    std::optional<std::uint64_t> seed;
    bool noShuffle = false, json = false, fromScratch = false;
};

/// The words win over the document's settings.
Result<> settle(const Words& words, DocumentState& state) {
    TrainingSettings& s = state.training;
    if (words.epochs) s.epochs = *words.epochs;
    if (words.batchSize) s.batchSize = *words.batchSize;
    if (words.validationSplit) s.validationSplit = *words.validationSplit;
    if (words.seed) s.seed = *words.seed;
    if (words.threads) s.threads = *words.threads;
    if (words.noShuffle) s.shuffle = false;
    if (!words.optimizer.empty()) {
        Result<TypedParams> optimizer = makeOptimizer(words.optimizer, words.learningRate, words.momentum);
        if (!optimizer) return optimizer.error();
        s.optimizer = std::move(*optimizer);
    } else if (words.learningRate || words.momentum) {
        ParamMap params = s.optimizer.params;
        if (words.learningRate) params["learning_rate"] = *words.learningRate;
        if (words.momentum) params["momentum"] = *words.momentum;
        const OptimizerType* type = findOptimizerType(s.optimizer.id);
        if (type == nullptr) {
            return failure(
                "optimizer.unknown",
                fmt::format("There is no optimizer {}; choose one with --optimizer.", s.optimizer.id));
        }
        Result<ParamMap> checked = type->schema.check(params);
        if (!checked) return checked.error();
        s.optimizer.params = std::move(*checked);
    }
    if (!words.loss.empty()) {
        Result<TypedParams> loss = makeLoss(words.loss, state.graph);
        if (!loss) return loss.error();
        s.loss = std::move(*loss);
    }
    return {};
}

Result<TrainingJob> makeJob(const Words& words, const DocumentState& state, const DataSource& source) {
    TrainingJob job;
    job.graph = state.graph;
    job.settings = state.training;
    job.scaling = scalingOf(state.data, state.graph);
    const auto data = words.limit ? limit(source.train, *words.limit) : source.train;
    Result<ValidationSplit> split = validationSplit(data, state.training.validationSplit);
    if (!split) return split.error();
    job.train = split->train;
    job.validation = split->validation;
    if (state.trained && !words.fromScratch) {
        job.startWeights = std::make_shared<const Weights>(state.trained->weights);
        job.firstEpoch = static_cast<std::int64_t>(state.trained->history.size());
    }
    return job;
}

/// Runs it to its end, reporting as it goes. The history is the whole curve, earlier runs included.
RunEnded runJob(TrainingJob job, TrainReport& report) {
    Trainer trainer(std::move(job));
    trainer.start();
    for (;;) {
        trainer.waitForEvents();
        for (TrainEvent& event : trainer.drainEvents()) {
            if (interrupted()) trainer.stop();
            if (auto* end = std::get_if<RunEnded>(&event)) return std::move(*end);
            report.take(event);
        }
    }
}

/// Told before hours of training and not after them.
Result<> checkPlaces(const Words& words, const CurvePainter& paintCurves) {
    namespace fs = std::filesystem;
    if (!words.curves.empty() && !paintCurves) {
        return failure("words.curves",
                       "--curves: this build has no charts (STRATA_GUI=OFF); use --history for a CSV file.");
    }
    for (const std::string& path : {words.out, words.curves, words.csv}) {
        if (path.empty()) continue;
        std::error_code error;
        const fs::path folder = fs::absolute(path, error).parent_path();
        if (fs::is_directory(path, error))
            return failure("words.out", fmt::format("{}: it is a folder; give a file's name.", path));
        if (!fs::is_directory(folder, error)) {
            return failure(
                "words.out",
                fmt::format("{}: its folder does not exist; create it or choose another one.", path));
        }
        if (::access(folder.c_str(), W_OK) != 0) {
            return failure(
                "words.out",
                fmt::format("{}: nothing can be written into its folder; choose another one.", path));
        }
    }
    return {};
}

/// The network first: it is what took the time. One that fails does not keep the others from being written.
Result<> writeResults(const Words& words, const DocumentState& state, const CurvePainter& paintCurves) {
    const std::vector<HistoryPoint>& history = state.trained->history;
    Result<> all;
    const auto wrote = [&](const std::string& path, const Result<>& result) {
        if (result)
            fmt::print(stderr, "wrote {}\n", path);
        else if (all)
            all = result;
    };
    if (!words.out.empty()) {
        const Result<SaveReport> saved = saveDocument(state, words.out);
        wrote(words.out, saved ? Result<>() : saved.error());
        if (saved && !saved->kerasCanOpen) remark(saved->remark);
    }
    if (!words.csv.empty()) wrote(words.csv, writeCurveCsv(history, words.csv));
    if (!words.curves.empty()) wrote(words.curves, paintCurves(history, words.curves));
    return all;
}

int train(const Words& words, const CurvePainter& paintCurves) {
    if (Result<> places = checkPlaces(words, paintCurves); !places) return fail(places.error());
    Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    DocumentState& state = model->state;
    Result<DataChoice> choice = chooseData(words.data, state.data);
    if (!choice) return fail(choice.error());
    state.data = *choice;
    if (Result<> settled = settle(words, state); !settled) return fail(settled.error());
    Result<DataSource> source = openWithProgress(state.data);
    if (!source) return fail(source.error());
    Result<TrainingJob> job = makeJob(words, state, *source);
    if (!job) return fail(job.error());

    auto trained = std::make_shared<TrainedState>();
    if (job->startWeights) trained->history = state.trained->history;
    TrainReport report(words.json, trained->history);
    RunEnded end = runJob(std::move(*job), report);
    if (end.outcome == RunOutcome::Failed) return fail({end.message, "training.failed"});
    trained->weights = *end.weights;
    trained->trainedGraph = state.graph;
    trained->classNames = source->train->classNames();
    if (end.bestEpoch) trained->bestEpoch = *end.bestEpoch + 1;
    report.ended(end);
    std::optional<Error> untested;
    if (source->test && !interrupted()) {
        Workers workers(state.training.threads);
        Result<Evaluation> test = evaluate(state.graph, trained->weights, *source->test,
                                           scalingOf(state.data, state.graph), state.training.loss, workers);
        if (test) {
            trained->testAccuracy = test->accuracy;
            report.tested(*test);
        } else {
            untested = test.error(); // said when what was learned is safe
        }
    }
    state.trained = std::move(trained);
    if (Result<> written = writeResults(words, state, paintCurves); !written) return fail(written.error());
    if (untested) return fail(*untested);
    if (end.outcome == RunOutcome::Diverged) return fail({end.message, "training.diverged"});
    return end.outcome == RunOutcome::Stopped ? kInterrupted : kOk;
}

} // namespace

void addTrain(const Context& context) {
    CLI::App* c = context.app.add_subcommand("train", "Train a network and save it");
    auto w = std::make_shared<Words>();
    c->add_option("model", w->model, "A .keras file, or the name of a template")
        ->required()
        ->type_name("MODEL");
    addDataWords(*c, w->data);
    c->add_option("--epochs", w->epochs, "How often the training images are gone through")
        ->check(CLI::Range(1, 1'000'000));
    c->add_option("--batch-size", w->batchSize, "Images an update")->check(CLI::Range(1, 65536));
    c->add_option("--optimizer", w->optimizer, "Keras's name: sgd, adam, ...");
    c->add_option("--learning-rate", w->learningRate, "Step size of the optimizer");
    c->add_option("--momentum", w->momentum, "Momentum of the optimizer, where it has one");
    c->add_option("--loss", w->loss,
                  "Keras's name: sparse_categorical_crossentropy, categorical_crossentropy, ...");
    c->add_option("--validation-split", w->validationSplit,
                  "Share of the training images, from the end, kept for validation")
        ->check(CLI::Range(0.0, 0.99));
    c->add_option("--seed", w->seed, "Same seed, same weights to the bit");
    c->add_option("--threads", w->threads, "0: one per processor")->check(CLI::Range(0, 256));
    c->add_option("--limit", w->limit, "Use the first N training images only")
        ->check(CLI::Range(1, 1'000'000'000));
    c->add_flag("--no-shuffle", w->noShuffle, "Take the images in their order");
    c->add_flag("--from-scratch", w->fromScratch,
                "Begin with new weights although the file has trained ones");
    c->add_option("--out", w->out, "Save the trained network here")->type_name("FILE.keras");
    c->add_option("--curves", w->curves, "Save the learning curves as a picture")->type_name("FILE.png");
    c->add_option("--history", w->csv, "Save the learning curves as a table")->type_name("FILE.csv");
    c->add_flag("--json", w->json, "One JSON line an epoch on standard output");
    c->callback([w, &code = context.exitCode, &paint = context.paintCurves] { code = train(*w, paint); });
}

} // namespace strata::cli
