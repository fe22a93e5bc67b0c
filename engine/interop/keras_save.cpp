// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/number_text.h"
#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/core/atomic_file.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/keras_optimizer.h"
#include "engine/interop/keras_weights.h"
#include "engine/interop/keras_written.h"
#include "engine/interop/run_tree.h"
#include "engine/interop/strata_json.h"
#include "engine/interop/zip_archive.h"
#include "engine/training/parameter_update.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace strata {
namespace {

std::vector<std::byte> bytesOf(const std::string& text) {
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

/// Now, or the time that a reproducible build asks for (reproducible-builds.org, SOURCE_DATE_EPOCH).
std::time_t dateToWrite() {
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
        char* end = nullptr;
        const long long seconds = std::strtoll(fixed, &end, 10);
        if (end != fixed && *end == '\0') return static_cast<std::time_t>(seconds);
    }
    return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
}

std::string metadata() {
    const std::time_t now = dateToWrite();
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%d@%H:%M:%S", &utc);
    return jsonText({{"keras_version", kKerasVersion}, {"date_saved", date.data()}});
}

/// What the weights of the network take up in an archive. Weights are made before they are written, so this
/// also bounds the memory that saving an unfinished idea may take.
constexpr std::int64_t kMaxWeights = (std::int64_t{1} << 30) - (std::int64_t{1} << 20);

Result<> checkSize(const GraphReport& report) {
    double count = 0; // in double: the sum of a hostile drawing may be past 64 bits
    for (const auto& [id, node] : report.nodes)
        count += static_cast<double>(node.parameters);
    if (count <= static_cast<double>(kMaxWeights)) return {};
    return failure(
        "keras.too_many_weights",
        said("The network has {:.3g} weights, an archive holds {}; make its layers smaller.", count,
             grouped(kMaxWeights)));
}

/// The part of the drawing that Keras gets, if it can.
Result<KerasPart> partForKeras(const DocumentState& state) {
    Result<KerasPart> part = kerasPart(state.graph);
    if (!part) return part;
    if (const Result<> fits = checkSize(analyse(part->graph)); !fits) return fits.error();
    return part;
}

Result<> addWeights(std::vector<ZipMember>& members, const char* name, const H5Tree& tree) {
    Result<std::vector<std::byte>> bytes = writeHdf5(tree);
    if (!bytes) return bytes.error();
    members.push_back({name, std::move(*bytes)});
    return {};
}

/// False when it does not fit into the archive beside the weights.
bool addOptimizer(H5Tree& tree, const KerasPart& part, const GraphReport& report, const DocumentState& state, const Weights& weights) {
    const Result<TypedParams> optimizer = checkOptimizer(state.training.optimizer);
    if (!optimizer) return false;
    double count = 0;
    for (const auto& [id, node] : report.nodes)
        count += static_cast<double>(node.parameters + node.trainableParameters * optimizerArrays(*optimizer));
    if (count > static_cast<double>(kMaxWeights)) return false;
    const std::optional<TypedParams>& schedule = state.training.schedule;
    const bool scheduled = schedule && !keras::scheduleObject(*schedule).is_null();
    addKerasOptimizer(tree, part, report, *optimizer, scheduled, weights,
                      state.trained == nullptr ? nullptr : state.trained->optimizer.get());
    return true;
}

/// What going on exactly takes and Keras's member does not hold.
Result<> addRunMemory(std::vector<ZipMember>& members, const TrainedState& trained, bool optimizerInKeras) {
    const OptimizerState* optimizer = optimizerInKeras ? nullptr : trained.optimizer.get();
    const RunState* run = trained.stopped == nullptr ? nullptr : &trained.stopped->state;
    if (optimizer == nullptr && run == nullptr) return {};
    return addWeights(members, "strata.run.h5", runTree(optimizer, run));
}

Error notSaved(const std::filesystem::path& path, const std::exception& e) {
    const bool memory = dynamic_cast<const std::bad_alloc*>(&e) != nullptr ||
                        dynamic_cast<const std::length_error*>(&e) != nullptr;
    return failure("file.write_failed",
                   said("\"{}\" was not saved: {}; the file is as it was.", path.string(),
                        memory ? said("the network does not fit into memory, make its layers smaller") : std::string(e.what())));
}

Result<SaveReport> save(const DocumentState& state, const std::filesystem::path& path, SaveFor whom) {
    SaveReport report;
    std::vector<ZipMember> members{{"metadata.json", bytesOf(metadata())}};
    StrataMember own{
        .state = state, .configHash = {}, .trained = state.trained != nullptr, .rest = {}, .inKeras = {}};
    const Weights* trained = state.trained == nullptr ? nullptr : &state.trained->weights;
    bool optimizerInKeras = false;

    const Result<KerasPart> part =
        whom == SaveFor::Recovery ? failure("keras.not_wanted", said("it is a safety copy.")) : partForKeras(state);
    if (part) {
        const Result<std::string> config = kerasConfig(state.graph, kerasModelName(*part), &state.training);
        if (!config) return config.error();
        own.configHash = configHash(*config);
        const GraphReport partReport = analyse(part->graph);
        const Weights complete =
            completeWeights(*part, partReport, trained, state.training.seed, &own.inKeras);
        members.push_back({"config.json", bytesOf(*config)});
        H5Tree tree = kerasWeightsTree(*part, kerasModelName(*part), complete);
        optimizerInKeras = addOptimizer(tree, *part, partReport, state, complete);
        if (Result<> r = addWeights(members, "model.weights.h5", tree); !r) return r.error();
        const auto left = [&](const ModelGraph::NodePtr& card) { return part->graph.find(card->id) == nullptr; };
        if (std::ranges::any_of(state.graph.nodes(), left))
            report.remark = said("Keras opens the network without the cards that are bypassed or put aside.");
    } else {
        report.kerasCanOpen = false;
        report.remark = said("Keras cannot open this file yet, Strata can: {}", part.error().message);
    }
    if (state.trained != nullptr) {
        own.rest = {.weights = {},
                    .history = state.trained->history,
                    .batches = state.trained->batches,
                    .bestEpoch = state.trained->bestEpoch,
                    .testAccuracy = state.trained->testAccuracy,
                    .classNames = state.trained->classNames,
                    .trainedGraph = state.trained->trainedGraph,
                    .optimizer = nullptr,
                    .stopped = nullptr};
        if (state.trained->stopped) {
            const StoppedRun& run = *state.trained->stopped;
            own.stopped = {.state = {},
                           .settings = run.settings,
                           .dataFingerprint = run.dataFingerprint,
                           .limit = run.limit};
        }
    }
    members.push_back({"strata.json", bytesOf(strataJson(own))});
    if (trained != nullptr) {
        Weights loose = *trained;
        for (const NodeId id : own.inKeras)
            loose.nodes.erase(id);
        if (!loose.nodes.empty()) {
            if (Result<> r = addWeights(members, "strata.weights.h5", looseWeightsTree(loose)); !r)
                return r.error();
        }
        if (Result<> r = addRunMemory(members, *state.trained, optimizerInKeras); !r) return r.error();
    }
    if (Result<> r = writeZip(path, members); !r) return r.error();
    return report;
}

Result<> saveWeights(const DocumentState& state, const std::filesystem::path& path) {
    const Result<KerasPart> part = partForKeras(state);
    if (!part) return part.error();
    const Weights complete = completeWeights(*part, analyse(part->graph),
                                             state.trained == nullptr ? nullptr : &state.trained->weights,
                                             state.training.seed);
    const Result<std::vector<std::byte>> bytes = writeHdf5(kerasWeightsTree(*part, kerasModelName(*part), complete));
    if (!bytes) return bytes.error();
    return writeFileAtomically(path, *bytes);
}

} // namespace

Result<> saveKerasWeights(const DocumentState& state, const std::filesystem::path& path) {
    try {
        return saveWeights(state, path);
    } catch (const std::exception& e) {
        return notSaved(path, e);
    }
}

Result<SaveReport> saveDocument(const DocumentState& state, const std::filesystem::path& path, SaveFor whom) {
    try {
        return save(state, path, whom);
    } catch (const std::exception& e) { // saving runs on threads that end the program with an exception
        return notSaved(path, e);
    }
}

} // namespace strata
