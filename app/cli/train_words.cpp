// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/train_words.h"

#include "app/cli/number_words.h"
#include "app/cli/typed_word.h"

#include "engine/core/closest_word.h"
#include "engine/core/lower_case.h"
#include "engine/data/class_weights.h"
#include "engine/schema/param_words.h"
#include "engine/training/callback.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/recipe.h"
#include "engine/training/schedule.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <sstream>
#include <unistd.h>

namespace strata::cli {

void addRecipeWords(CLI::App& command, TrainWords& words) {
    command.add_option("model", words.model, "A .keras file, or the name of a template")->type_name("MODEL");
    addDataWords(command, words.data);
    command.add_option("--epochs", words.epochs, "How often the training images are gone through")
        ->check(wholeNumber(1, 1'000'000));
    command.add_option("--batch-size", words.batchSize, "Images an update")->check(wholeNumber(1, 65536));
    command.add_option("--optimizer", words.optimizer, "Keras's name: sgd, adam, or with options: adam:beta_1=0.8,clipnorm=1")
        ->type_name("NAME[:KEY=VALUE,...]");
    command.add_option("--learning-rate", words.learningRate, "Step size of the optimizer");
    command.add_option("--momentum", words.momentum, "Momentum of the optimizer, where it has one");
    command.add_option("--loss", words.loss,
                  "Keras's name: sparse_categorical_crossentropy, or with options: categorical_crossentropy:label_smoothing=0.1")
        ->type_name("NAME[:KEY=VALUE,...]");
    command.add_option("--schedule", words.schedule,
                  "How the learning rate changes: cosine, exponential, piecewise_constant, one_cycle, ...; it goes over the whole "
                  "run unless its length is given; none: the optimizer's own rate")
        ->type_name("NAME[:KEY=VALUE,...]");
    command.add_option("--metric", words.metrics, "Measured beside loss and accuracy: auc, f1_score, top_k_categorical_accuracy:k=3")
        ->type_name("NAME[:KEY=VALUE,...]")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    command.add_option("--callback", words.callbacks, "early_stopping:patience=3, reduce_lr_on_plateau, model_checkpoint:filepath=..., csv_logger:filename=..., terminate_on_nan")
        ->type_name("NAME[:KEY=VALUE,...]")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    command.add_option("--class-weight", words.classWeight, "How much a class counts in the loss: balanced, or 0=1,3=2.5 by number or name")
        ->type_name("CLASS=WEIGHT,...");
    command.add_option("--seed", words.seed, "Same seed, same weights to the bit")->check(wholeSeed());
    command.add_option("--threads", words.threads, "0: one per processor")->check(wholeNumber(0, 256));
    command.add_option("--limit", words.limit, "Use the first N training images only")
        ->check(wholeNumber(1, 1'000'000'000));
    command.add_flag("--no-shuffle", words.noShuffle, "Take the images in their order");
    command.add_option("--curves", words.curves, "Save the learning curves as a picture")->type_name("FILE.png");
    command.add_option("--history", words.csv, "Save the learning curves as a table")->type_name("FILE.csv");
}

void addTrainWords(CLI::App& command, TrainWords& words) {
    addRecipeWords(command, words);
    command.add_option("--validation-split", words.validationSplit,
                  "Share of the training images, from the end, kept for validation")
        ->check(numberWithin(0.0, 0.99));
    command.add_flag("--from-scratch", words.fromScratch,
                "Begin with new weights although the file has trained ones");
    command.add_option("--out", words.out, "Save the trained network here; what stood there before is kept as FILE.keras~")->type_name("FILE.keras");
    command.add_flag("--estimate", words.estimate, "Say what an epoch is expected to take on this machine, and do not train");
    command.add_flag("--json", words.json, "One JSON line an epoch on standard output");
    command.add_option("--checkpoint", words.checkpoint, "Keep the whole run here while it goes on; written in one step")
        ->type_name("FILE.keras");
    command.add_option("--checkpoint-every", words.checkpointEvery, "How often: 2 or 2epochs, 500batches (without it: every epoch)")
        ->type_name("N[batches]");
    CLI::Option* resume =
        command.add_option("--resume", words.resume, "Go on exactly where a stopped run stood, with its settings; "
                                                     "--epochs, --threads, --data and --learning-rate may be given anew")
            ->type_name("FILE.keras");
    resume->excludes(command.get_option("model"));
    for (const char* fixed : {"--resize", "--colour", "--scale", "--batch-size", "--optimizer", "--momentum", "--loss",
                              "--validation-split", "--seed", "--limit", "--schedule", "--metric", "--callback", "--class-weight", "--no-shuffle", "--from-scratch"})
        resume->excludes(command.get_option(fixed));
    command.add_option("--runs", words.runs, "Folder where the run leaves its record (without it: the user's data folder)")
        ->type_name("DIR");
}

namespace {

/// The options behind the colon, checked with those that are set already.
Result<> addOptions(const WordParts& word, const SchemaFamily& family, TypedParams& to) {
    const Schema* schema = family.find(to.id);
    if (word.params.empty() || schema == nullptr) return {};
    Result<ParamMap> options = paramsFromWords(*schema, word.params);
    if (!options) return options.error();
    for (auto& [key, value] : *options) to.params[key] = std::move(value);
    Result<ParamMap> checked = schema->check(to.params);
    if (!checked) return checked.error();
    to.params = std::move(*checked);
    return {};
}

Result<> settleOptimizer(const TrainWords& words, TrainingSettings& s) {
    if (!words.optimizer.empty()) {
        Result<TypedParams> optimizer = optimizerOf(words.optimizer, words.learningRate, words.momentum);
        if (!optimizer) return optimizer.error();
        s.optimizer = std::move(*optimizer);
        return {};
    }
    if (!words.learningRate && !words.momentum) return {};
    ParamMap params = s.optimizer.params;
    if (words.learningRate) params["learning_rate"] = *words.learningRate;
    if (words.momentum) params["momentum"] = *words.momentum;
    const OptimizerType* type = findOptimizerType(s.optimizer.id);
    if (type == nullptr)
        return failure("optimizer.unknown", fmt::format("There is no optimizer {}; choose one with --optimizer.", s.optimizer.id));
    Result<ParamMap> checked = type->schema.check(params);
    if (!checked) return checked.error();
    s.optimizer.params = std::move(*checked);
    return {};
}

} // namespace

Result<TypedParams> optimizerOf(const std::string& word, std::optional<double> learningRate, std::optional<double> momentum) {
    const WordParts parts = wordParts(word);
    Result<TypedParams> optimizer = makeOptimizer(parts.name, learningRate, momentum);
    if (!optimizer) return optimizer;
    if (Result<> options = addOptions(parts, optimizerFamily(), *optimizer); !options) return options.error();
    return optimizer;
}

Result<> settle(const TrainWords& words, DocumentState& state) {
    TrainingSettings& s = state.training;
    if (words.epochs) s.epochs = *words.epochs;
    if (words.batchSize) s.batchSize = *words.batchSize;
    if (words.validationSplit) s.validationSplit = *words.validationSplit;
    if (words.seed) s.seed = *words.seed;
    if (words.threads) s.threads = *words.threads;
    if (words.noShuffle) s.shuffle = false;
    if (Result<> settled = settleOptimizer(words, s); !settled) return settled;
    if (!words.loss.empty()) {
        const WordParts parts = wordParts(words.loss);
        Result<TypedParams> loss = makeLoss(parts.name, state.graph);
        if (!loss) return loss.error();
        if (Result<> options = addOptions(parts, lossFamily(), *loss); !options) return options;
        s.loss = std::move(*loss);
    }
    if (!words.schedule.empty()) {
        s.schedule.reset();
        if (words.schedule != "none") {
            Result<TypedParams> schedule = typedWord<ScheduleType>(words.schedule, findScheduleType, checkSchedule, scheduleFamily());
            if (!schedule) return schedule.error();
            if (words.learningRate && !schedule->params.contains(kInitialRate)) schedule->params[kInitialRate] = *words.learningRate;
            s.schedule = std::move(*schedule);
        }
    }
    if (!words.metrics.empty()) s.metrics.clear();
    for (const std::string& word : words.metrics) {
        Result<TypedParams> metric = typedWord<MetricType>(word, findMetricType, checkMetric, metricFamily());
        if (!metric) return metric.error();
        s.metrics.push_back(std::move(*metric));
    }
    if (!words.callbacks.empty()) s.callbacks.clear();
    for (const std::string& word : words.callbacks) {
        Result<TypedParams> callback = typedWord<CallbackType>(word, findCallbackType, checkCallback, callbackFamily());
        if (!callback) return callback.error();
        s.callbacks.push_back(std::move(*callback));
    }
    return {};
}

Result<> settleClassWeights(const std::string& word, const Dataset& train, TrainingSettings& settings) {
    if (word.empty()) return {};
    const std::vector<std::string>& names = train.classNames();
    if (word == "balanced") {
        settings.classWeights.clear();
        settings.balanceClasses = true;
        return {};
    }
    settings.balanceClasses = false;
    settings.classWeights.assign(names.size(), 1.0);
    std::istringstream parts(word);
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t equals = part.rfind('=');
        const std::string name = part.substr(0, equals);
        auto at = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
        if (at == names.size()) {
            const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), at);
            if (error != std::errc() || end != name.data() + name.size()) at = names.size();
        }
        if (at >= names.size()) {
            const std::vector<std::string> balanced{"balanced"};
            return failure("words.class_weight",
                           fmt::format("--class-weight {}: {} is no class; there are {} classes, 0 to {}.{}", word, name, names.size(),
                                       names.size() - 1, equals == std::string::npos ? didYouMean(word, balanced) : didYouMean(name, names)));
        }
        double weight = -1;
        const char* end = part.data() + part.size();
        if (equals != std::string::npos && std::from_chars(part.data() + equals + 1, end, weight).ptr != end) weight = -1;
        if (!(weight >= 0) || !std::isfinite(weight)) {
            return failure("words.class_weight",
                           fmt::format("--class-weight {}: the weight of {} must be a number from 0 on; write CLASS=WEIGHT.", word, name));
        }
        settings.classWeights[at] = weight;
    }
    return {};
}

Result<Rhythm> checkpointRhythm(const std::string& word) {
    if (word.empty()) return Rhythm{};
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
    const std::string_view unit(end, static_cast<std::size_t>(word.data() + word.size() - end));
    if (error == std::errc() && count > 0) {
        if (unit.empty() || unit == "e" || unit == "epoch" || unit == "epochs") return Rhythm{0, count};
        if (unit == "b" || unit == "batch" || unit == "batches") return Rhythm{count, 0};
    }
    return failure("words.checkpoint_every",
                   fmt::format("--checkpoint-every {}: must be a number of epochs (2) or of batches (500batches).", word));
}

Result<> checkPlaces(const TrainWords& words, bool canPaintCurves) {
    namespace fs = std::filesystem;
    if (!words.curves.empty() && !canPaintCurves) {
        return failure("words.curves",
                       "--curves: this build has no charts (STRATA_GUI=OFF); use --history for a CSV file.");
    }
    if (!words.checkpointEvery.empty() && words.checkpoint.empty()) {
        return failure("words.checkpoint_every",
                       fmt::format("--checkpoint-every {}: it is not said where; give --checkpoint FILE.keras too.", words.checkpointEvery));
    }
    for (const auto& [option, path] : {std::pair("--out", words.out), std::pair("--checkpoint", words.checkpoint)}) {
        if (path.empty() || path.ends_with(".keras")) continue;
        return failure("words.out", fmt::format("{} {}: a network is saved as a Keras file, and Keras opens it only when its name ends in .keras; "
                                                "write {} {}.",
                                                option, path, option, fs::path(path).replace_extension(".keras").string()));
    }
    if (!words.curves.empty() && lowerCase(fs::path(words.curves).extension().string()) != ".png") {
        return failure("words.curves", fmt::format("--curves {}: the picture is a PNG; give a name that ends in .png, or use --history for a "
                                                   "CSV file.",
                                                   words.curves));
    }
    for (const std::string& path : {words.out, words.curves, words.csv, words.checkpoint}) {
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

} // namespace strata::cli
