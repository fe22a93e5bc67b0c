// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command.h"

#include "engine/training/trainer.h"

#include <optional>

namespace strata::cli {

/// The words of `strata train`.
struct TrainWords {
    std::string model, out, optimizer, loss, schedule, classWeight, curves, csv;
    std::vector<std::string> metrics, callbacks;
    std::string resume, checkpoint, checkpointEvery, runs;
    DataWords data;
    std::optional<std::int64_t> epochs, batchSize, limit;
    std::optional<int> threads;
    std::optional<double> learningRate, momentum, validationSplit;
    std::optional<std::uint64_t> seed;
    bool noShuffle = false, json = false, fromScratch = false, estimate = false;
};

/// Which network, which data, and how it is to learn: what `train` and `cross-validate` share.
void addRecipeWords(CLI::App& command, TrainWords& words);
void addTrainWords(CLI::App& command, TrainWords& words);

/// "adam:beta_1=0.8", with the rate and momentum that are given beside it.
Result<TypedParams> optimizerOf(const std::string& word, std::optional<double> learningRate, std::optional<double> momentum);
/// Of --seed: a sign is refused and not taken modulo 2^64.

/// The words win over the document's settings.
Result<> settle(const TrainWords& words, DocumentState& state);
/// --class-weight, once the data is known: "balanced", or "CLASS=WEIGHT,..." by number or name.
Result<> settleClassWeights(const std::string& word, const Dataset& train, TrainingSettings& settings);

/// How often a checkpoint is written; see --checkpoint-every.
struct Rhythm {
    std::int64_t batches = 0, epochs = 1; ///< 0: not by these
};
Result<Rhythm> checkpointRhythm(const std::string& word);

/// Told before hours of training and not after them.
Result<> checkPlaces(const TrainWords& words, bool canPaintCurves);

} // namespace strata::cli
