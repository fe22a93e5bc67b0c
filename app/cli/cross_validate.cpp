// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/number_words.h"
#include "app/cli/train_report.h"
#include "app/cli/train_words.h"

#include "engine/core/atomic_file.h"
#include "engine/core/number_text.h"
#include "engine/data/split.h"
#include "engine/interop/run_document.h"
#include "engine/interop/run_record.h"
#include "engine/training/callback.h"
#include "engine/training/evaluate.h"
#include "engine/training/run_watch.h"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {
namespace {

struct Words {
    TrainWords recipe;
    std::int64_t folds = 5;
};

struct FoldResult {
    Evaluation test; ///< of the images that this fold kept aside
    std::vector<HistoryPoint> history;
    double seconds = 0;
};

/// The network and how it learns; each fold trains it anew.
struct Plan {
    DocumentState state;
    Folds folds;
};

bool watchesValidation(const TypedParams& callback) {
    const auto it = callback.params.find("monitor");
    const std::string* text = it == callback.params.end() ? nullptr : it->second.asText();
    return text != nullptr && text->starts_with("val_");
}

/// The images kept aside are what is measured on: nothing that decides about the weights may watch them. Files would be
/// written once for each fold, one over the other.
void dropUnfit(TrainingSettings& settings) {
    settings.keepBest = false;
    std::erase_if(settings.callbacks, [](const TypedParams& callback) {
        const Result<TypedParams> checked = checkCallback(callback);
        if (!checked) return false; // told when the run begins
        const bool watches = watchesValidation(*checked), writes = writesFiles(*checked);
        if (watches || writes) {
            remark(fmt::format("{} is left out: {}", checked->id,
                               writes ? "each fold would write over the file of the one before"
                                      : "it watches the images that each fold keeps aside to be measured on; let it watch loss or accuracy"));
        }
        return watches || writes;
    });
}

Result<Plan> makePlan(const Words& words) {
    Result<Model> model = openModel(words.recipe.model);
    if (!model) return model.error();
    DocumentState state = std::move(model->state);
    if (Result<> settled = settle(words.recipe, state); !settled) return settled.error();
    dropUnfit(state.training);
    Result<DataChoice> choice = chooseData(words.recipe.data, state.data);
    if (!choice) return choice.error();
    state.data = *choice;
    Result<DataSource> source = openWithProgress(state.data);
    if (!source) return source.error();
    const auto data = words.recipe.limit ? limit(source->train, *words.recipe.limit) : source->train;
    if (Result<> weighed = settleClassWeights(words.recipe.classWeight, *data, state.training); !weighed) return weighed.error();
    const auto seed = words.recipe.noShuffle ? std::nullopt : std::optional(state.training.seed);
    Result<Folds> parts = Folds::make(data, words.folds, seed);
    if (!parts) return parts.error();
    return Plan{std::move(state), std::move(*parts)};
}

/// Every fold begins with weights of its own, from the seed and the fold's number.
TrainingJob jobOf(const Plan& plan, std::int64_t fold) {
    TrainingJob job;
    job.graph = plan.state.graph;
    job.settings = plan.state.training;
    job.settings.seed += static_cast<std::uint64_t>(fold);
    takeParts(job, plan.folds.at(fold), plan.state.data);
    return job;
}

/// Errors: a run that did not come to its end. The id "stopped": Ctrl+C.
Result<FoldResult> trainFold(const Plan& plan, std::int64_t fold) {
    FoldResult out;
    ProgressBar bar;
    RunStarted run;
    const TrainingJob job = jobOf(plan, fold);
    const RunEnded end = runToItsEnd(job, [&](const TrainEvent& event) {
        if (const auto* e = std::get_if<RunStarted>(&event)) run = *e;
        if (const auto* e = std::get_if<EpochDone>(&event)) {
            out.history.push_back(historyPoint(*e));
            out.seconds += e->seconds;
        }
        if (const auto* e = std::get_if<BatchDone>(&event)) {
            bar.show(fmt::format("Fold {}/{}", fold + 1, plan.folds.count()), e->epoch * run.batchesPerEpoch + e->batch + 1,
                     run.epochs * run.batchesPerEpoch, fmt::format("epoch {}/{}  loss {:.4f}", e->epoch + 1, run.epochs, e->loss));
        }
        if (const auto* e = std::get_if<RunRemark>(&event)) {
            bar.clear();
            remark(e->text);
        }
    });
    bar.clear();
    if (end.outcome == RunOutcome::Stopped) return failure("stopped", "stopped");
    if (end.outcome != RunOutcome::Finished) return failure("cross_validation.fold", fmt::format("Fold {}: {}", fold + 1, end.message));
    Workers workers(job.settings.threads);
    Result<Evaluation> test = evaluate(job.graph, *end.weights, *job.validation, job.scaling, job.settings.loss, workers, {},
                                       checkWatch(job.settings)->metrics);
    if (!test) return test.error();
    out.test = std::move(*test);
    return out;
}

struct Spread {
    double mean = 0, deviation = 0; ///< the deviation of the folds themselves, as numpy's std
};

Spread spreadOf(std::span<const double> values) {
    Spread s;
    const auto n = static_cast<double>(values.size());
    for (const double v : values) s.mean += v / n;
    for (const double v : values) s.deviation += (v - s.mean) * (v - s.mean) / n;
    s.deviation = std::sqrt(s.deviation);
    return s;
}

/// By name, over all folds: loss, accuracy and the metrics.
std::vector<std::pair<std::string, Spread>> spreads(std::span<const FoldResult> results) {
    std::vector<std::pair<std::string, Spread>> out;
    const auto add = [&](const std::string& name, const auto& valueOf) {
        std::vector<double> values;
        for (const FoldResult& r : results) values.push_back(valueOf(r.test));
        out.emplace_back(name, spreadOf(values));
    };
    add("loss", [](const Evaluation& e) { return e.loss; });
    add("accuracy", [](const Evaluation& e) { return e.accuracy; });
    for (const auto& [name, unused] : results.front().test.metrics) add(name, [&name](const Evaluation& e) { return e.metrics.at(name); });
    return out;
}

void printFold(const FoldResult& r, std::int64_t fold, std::int64_t count, bool json) {
    if (json) {
        nlohmann::ordered_json line{{"fold", fold + 1}, {"loss", r.test.loss}, {"accuracy", r.test.accuracy}};
        for (const auto& [name, value] : r.test.metrics) line[name] = value;
        line["seconds"] = r.seconds;
        fmt::print("{}\n", line.dump());
    } else {
        std::string more;
        for (const auto& [name, value] : r.test.metrics) more += fmt::format("  {} {:.4f}", name, value);
        fmt::print("Fold {}/{}  accuracy {:.2f} % on {} images  loss {:.4f}{}  {:.1f} s\n", fold + 1, count, 100 * r.test.accuracy,
                   grouped(r.test.samples), r.test.loss, more, r.seconds);
    }
    std::fflush(stdout);
}

void printAll(std::span<const FoldResult> results, bool json) {
    if (json) {
        nlohmann::ordered_json line{{"folds", results.size()}};
        for (const auto& [name, s] : spreads(results)) {
            line["mean_" + name] = s.mean;
            line["std_" + name] = s.deviation;
        }
        fmt::print("{}\n", line.dump());
        return;
    }
    fmt::print("Over {} folds:\n", results.size());
    for (const auto& [name, s] : spreads(results)) {
        if (name == "accuracy")
            fmt::print("  accuracy  mean {:.3f} %, standard deviation {:.3f} %\n", 100 * s.mean, 100 * s.deviation);
        else
            fmt::print("  {}  mean {:.4f}, standard deviation {:.4f}\n", name, s.mean, s.deviation);
    }
}

/// The mean of the folds' curves; a run that ended early counts as long as it went on.
std::vector<HistoryPoint> meanCurve(std::span<const FoldResult> results) {
    std::vector<HistoryPoint> mean;
    for (std::size_t epoch = 0;; ++epoch) {
        HistoryPoint p{.epoch = static_cast<std::int64_t>(epoch) + 1};
        double n = 0, loss = 0, accuracy = 0;
        for (const FoldResult& r : results) {
            if (epoch >= r.history.size()) continue;
            const HistoryPoint& one = r.history[epoch];
            ++n;
            p.loss += one.loss;
            p.accuracy += one.accuracy;
            loss += one.validationLoss.value_or(0); // each fold is the validation part of its run
            accuracy += one.validationAccuracy.value_or(0);
            p.learningRate = one.learningRate;
        }
        if (n == 0) return mean;
        p.loss /= n;
        p.accuracy /= n;
        p.validationLoss = loss / n;
        p.validationAccuracy = accuracy / n;
        mean.push_back(std::move(p));
    }
}

int crossValidate(const Words& words, const CurvePainter& paintCurves) {
    if (Result<> places = checkPlaces(words.recipe, static_cast<bool>(paintCurves)); !places) return fail(places.error());
    const Result<Plan> plan = makePlan(words);
    if (!plan) return fail(plan.error());
    std::vector<FoldResult> results;
    for (std::int64_t fold = 0; fold < plan->folds.count(); ++fold) {
        Result<FoldResult> result = trainFold(*plan, fold);
        if (!result && result.error().id == "stopped") return kInterrupted;
        if (!result) return fail(result.error());
        printFold(*result, fold, plan->folds.count(), words.recipe.json);
        results.push_back(std::move(*result));
    }
    printAll(results, words.recipe.json);
    const std::vector<HistoryPoint> curve = meanCurve(results);
    Result<> written;
    if (!words.recipe.csv.empty()) written = writeFileAtomically(words.recipe.csv, curveCsv(curve));
    if (written && !words.recipe.curves.empty()) written = paintCurves(curve, words.recipe.curves);
    return written ? kOk : fail(written.error());
}

} // namespace

void addCrossValidate(const Context& context) {
    CLI::App* c = context.app.add_subcommand(
        "cross-validate", "Train a network once for each fold of the training images and measure it on the fold kept aside");
    auto w = std::make_shared<Words>();
    addRecipeWords(*c, w->recipe);
    c->get_option("model")->required();
    c->add_option("--folds", w->folds, "Into how many parts the training images are cut")->check(wholeNumber(2, 1000))->capture_default_str();
    c->add_flag("--json", w->recipe.json, "One JSON line a fold, then one with mean and standard deviation");
    c->get_option("--curves")->description("Save the mean of the folds' learning curves as a picture");
    c->get_option("--history")->description("Save the mean of the folds' learning curves as a table");
    c->callback([w, &code = context.exitCode, &paint = context.paintCurves] { code = crossValidate(*w, paint); });
}

} // namespace strata::cli
