// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/train_words.h"

#include "engine/training/optimizer.h"
#include "engine/training/recipe.h"

#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace strata::cli {

void addTrainWords(CLI::App& command, TrainWords& words) {
    CLI::Option* model = command.add_option("model", words.model, "A .keras file, or the name of a template")->type_name("MODEL");
    addDataWords(command, words.data);
    command.add_option("--epochs", words.epochs, "How often the training images are gone through")
        ->check(CLI::Range(1, 1'000'000));
    command.add_option("--batch-size", words.batchSize, "Images an update")->check(CLI::Range(1, 65536));
    command.add_option("--optimizer", words.optimizer, "Keras's name: sgd, adam, ...");
    command.add_option("--learning-rate", words.learningRate, "Step size of the optimizer");
    command.add_option("--momentum", words.momentum, "Momentum of the optimizer, where it has one");
    command.add_option("--loss", words.loss,
                  "Keras's name: sparse_categorical_crossentropy, categorical_crossentropy, ...");
    command.add_option("--validation-split", words.validationSplit,
                  "Share of the training images, from the end, kept for validation")
        ->check(CLI::Range(0.0, 0.99));
    command.add_option("--seed", words.seed, "Same seed, same weights to the bit");
    command.add_option("--threads", words.threads, "0: one per processor")->check(CLI::Range(0, 256));
    command.add_option("--limit", words.limit, "Use the first N training images only")
        ->check(CLI::Range(1, 1'000'000'000));
    command.add_flag("--no-shuffle", words.noShuffle, "Take the images in their order");
    command.add_flag("--from-scratch", words.fromScratch,
                "Begin with new weights although the file has trained ones");
    command.add_option("--out", words.out, "Save the trained network here")->type_name("FILE.keras");
    command.add_option("--curves", words.curves, "Save the learning curves as a picture")->type_name("FILE.png");
    command.add_option("--history", words.csv, "Save the learning curves as a table")->type_name("FILE.csv");
    command.add_flag("--json", words.json, "One JSON line an epoch on standard output");
    command.add_option("--checkpoint", words.checkpoint, "Keep the whole run here while it goes on; written in one step")
        ->type_name("FILE.keras");
    command.add_option("--checkpoint-every", words.checkpointEvery, "How often: 2 or 2epochs, 500batches (without it: every epoch)")
        ->type_name("N[batches]");
    CLI::Option* resume =
        command.add_option("--resume", words.resume, "Go on exactly where a stopped run stood, with its settings; "
                                                     "--epochs, --threads and --data may be given anew")
            ->type_name("FILE.keras");
    resume->excludes(model);
    for (const char* fixed : {"--resize", "--colour", "--scale", "--batch-size", "--optimizer", "--learning-rate", "--momentum", "--loss",
                              "--validation-split", "--seed", "--limit", "--no-shuffle", "--from-scratch"})
        resume->excludes(command.get_option(fixed));
    command.add_option("--runs", words.runs, "Folder where the run leaves its record (without it: the user's data folder)")
        ->type_name("DIR");
}

Result<> settle(const TrainWords& words, DocumentState& state) {
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
