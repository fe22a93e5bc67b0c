// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_archive.h"

#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/graph/flatten.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/hdf5_wall.h"
#include "engine/interop/keras_h5.h"
#include "engine/interop/keras_optimizer.h"
#include "engine/interop/keras_weights.h"
#include "engine/interop/run_tree.h"
#include "engine/interop/strata_json.h"
#include "engine/interop/model_file.h"
#include "engine/interop/zip_archive.h"
#include "engine/interop/zip_salvage.h"
#include "engine/training/evaluate.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Bytes = std::span<const std::byte>;

std::string textOf(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool beginsWith(Bytes bytes, std::string_view head) {
    return bytes.size() >= head.size() && textOf(bytes.first(head.size())) == head;
}

/// The document of a Keras model, without its weights. A loss that the file does not say follows from the
/// last layer.
OpenedDocument documentOf(KerasModel& model) {
    OpenedDocument out;
    out.compiled = model.compiled;
    out.recovered = !model.foreign.empty();
    out.remarks = std::move(model.remarks);
    out.state.graph = model.graph;
    if (model.optimizer) out.state.training.optimizer = *model.optimizer;
    out.state.training.schedule = model.schedule;
    out.state.training.metrics = model.metrics;
    out.state.training.loss = model.loss ? *model.loss : defaultLoss(model.graph);
    return out;
}

/// A file has no proof that its weights were trained; they are kept as if they were.
std::shared_ptr<TrainedState> trainedState(Weights weights, const ModelGraph& graph) {
    auto trained = std::make_shared<TrainedState>();
    trained->weights = std::move(weights);
    trained->trainedGraph = graph;
    return trained;
}

std::shared_ptr<const OptimizerState> shared(std::optional<OptimizerState> state) {
    return state ? std::make_shared<const OptimizerState>(std::move(*state)) : nullptr;
}

/// The arrays of a member. Damage in them costs the weights, not the drawing.
std::optional<H5Tree> treeOf(const ZipMember& member, OpenedDocument& out) {
    Result<H5Tree> tree = readHdf5Guarded(member.bytes);
    if (tree) return std::move(*tree);
    out.recovered = true;
    out.remarks.push_back(said("{} cannot be read, so the weights in it are lost and begin anew: {}", member.name, tree.error().message));
    return {};
}

Result<OpenedDocument> fromKerasMembers(const ZipMembers& zip, const std::string& config) {
    Result<KerasModel> model = graphFromKeras(config);
    if (!model) return model.error();
    OpenedDocument out = documentOf(*model);
    const ZipMember* weights = zip.find("model.weights.h5");
    if (weights == nullptr) {
        if (zip.find("model.weights.npz") != nullptr) {
            return failure("keras.old_weights", said("The weights are in model.weights.npz, which Strata does not "
                                                     "read; save the model again with Keras 3."));
        }
        out.remarks.push_back(said("The archive has no model.weights.h5: the network begins with new weights."));
        return out;
    }
    const std::optional<H5Tree> tree = treeOf(*weights, out);
    if (!tree) return out;
    const GraphReport report = analyse(model->graph);
    Result<Weights> read = weightsFromKeras(*tree, *model, report);
    if (!read) return read.error();
    if (!model->foreign.empty() && read->nodes.empty()) return out;
    auto trained = trainedState(std::move(*read), out.state.graph);
    if (model->foreign.empty()) trained->optimizer = shared(optimizerFromKeras(*tree, *model, report, out.remarks));
    out.state.trained = std::move(trained);
    return out;
}

/// Takes arrays that are keyed by the cards of Keras's member over to the cards of ours, by name.
Weights renamed(Weights weights, const ModelGraph& from, const StrataMember& own) {
    Weights out;
    const ModelGraph drawn = flatten(own.state.graph);
    for (auto& [id, arrays] : weights.nodes) {
        const Node* there = drawn.findByName(from.find(id)->name);
        if (there == nullptr || std::ranges::find(own.inKeras, there->id) == own.inKeras.end()) continue;
        out.nodes[there->id] = std::move(arrays);
    }
    return out;
}

/// config.json as it stood beside a strata.json; empty when it cannot be made again.
std::string configAgain(const StrataMember& own) {
    const Result<KerasPart> part = kerasPart(own.state.graph);
    if (!part) return {};
    Result<std::string> config = kerasConfig(own.state.graph, kerasModelName(*part), &own.state.training);
    return config && configHash(*config) == own.configHash ? std::move(*config) : std::string();
}

struct OwnArrays {
    Weights weights;
    std::optional<OptimizerState> optimizer;
};

/// The trained weights of a file that Strata wrote: by name out of Keras's member, the others by card out of
/// ours.
Result<OwnArrays> ownArrays(const ZipMembers& zip, const std::string& config, const StrataMember& own, OpenedDocument& opened) {
    OwnArrays out;
    const ZipMember* member = zip.find("model.weights.h5");
    if (member == nullptr && !own.inKeras.empty() && !opened.recovered) {
        opened.recovered = true;
        opened.remarks.push_back(said("The archive has no model.weights.h5: the weights that were in it are lost and begin anew."));
    }
    const bool wanted = member != nullptr && !config.empty() && !own.inKeras.empty();
    if (const std::optional<H5Tree> tree = wanted ? treeOf(*member, opened) : std::nullopt) {
        Result<KerasModel> model = graphFromKeras(config);
        if (!model) return model.error();
        const GraphReport report = analyse(model->graph);
        Result<Weights> read = weightsFromKeras(*tree, *model, report);
        if (!read) return read.error();
        out.weights = renamed(std::move(*read), model->graph, own);
        out.optimizer = optimizerFromKeras(*tree, *model, report, opened.remarks);
        if (out.optimizer) {
            for (auto& [name, slot] : out.optimizer->arrays)
                slot = renamed(std::move(slot), model->graph, own);
        }
    }
    const ZipMember* loose = zip.find("strata.weights.h5");
    if (const std::optional<H5Tree> tree = loose != nullptr ? treeOf(*loose, opened) : std::nullopt) {
        Result<Weights> read = looseWeights(*tree);
        if (!read) return read.error();
        for (auto& [id, arrays] : read->nodes)
            out.weights.nodes[id] = std::move(arrays);
    }
    return out;
}

/// What callbacks remember is kept by their place in the list: it follows those that were taken over.
void takeCallbackPlaces(RunState& state, const std::vector<std::size_t>& places) {
    const auto nameOf = [](std::size_t place) { return fmt::format("callback_{}", place); };
    std::map<std::string, std::vector<double>> before;
    std::swap(before, state.values);
    for (const auto& [name, values] : before) {
        if (!name.starts_with("callback_")) state.values[name] = values;
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (const auto it = before.find(nameOf(places[i])); it != before.end()) state.values[nameOf(i)] = it->second;
    }
}

/// A file without it is whole: it costs going on exactly, not the document. So does damage in it.
void takeRunMemory(const ZipMembers& zip, StrataMember& own, TrainedState& trained,
                   std::vector<std::string>& remarks) {
    const ZipMember* member = zip.find("strata.run.h5");
    if (member == nullptr) return;
    Result<H5Tree> tree = readHdf5Guarded(member->bytes);
    Result<RunMemory> memory = tree ? runFromTree(*tree) : Result<RunMemory>(tree.error());
    if (!memory) {
        remarks.push_back(said("The stopped run cannot be resumed: {}", memory.error().message));
        return;
    }
    if (memory->optimizer) trained.optimizer = shared(std::move(memory->optimizer));
    if (memory->state && own.stopped) {
        own.stopped->state = std::move(*memory->state);
        takeCallbackPlaces(own.stopped->state, own.callbackPlaces);
        trained.stopped = std::make_shared<const StoppedRun>(std::move(*own.stopped));
    }
}

/// Of a file that has lost weights: in their place those of the run that was stopped; where none are left, nothing that
/// was trained.
std::shared_ptr<TrainedState> withoutLost(std::shared_ptr<TrainedState> trained, OpenedDocument& out) {
    if (trained->stopped) {
        const RunState& run = trained->stopped->state;
        const std::size_t left = trained->weights.nodes.size();
        trained->weights.nodes.merge(std::map(run.best.nodes.empty() ? run.weights.nodes : run.best.nodes));
        if (trained->weights.nodes.size() > left) out.remarks.push_back(said("In place of the weights that are lost stand those that the stopped run remembers."));
    }
    if (!trained->weights.nodes.empty()) return trained;
    out.weightsLost = true;
    out.remarks.push_back(said("No weights are left: the network is as if it had never been trained, and its learning curve is not shown."));
    return nullptr;
}

Result<OpenedDocument> fromOwnMember(const ZipMembers& zip, const std::string& config, StrataMember own, OpenedDocument out) {
    out.writtenByStrata = true;
    out.compiled = true;
    std::shared_ptr<TrainedState> trained;
    if (own.trained) {
        Result<OwnArrays> arrays = ownArrays(zip, config, own, out);
        if (!arrays) return arrays.error();
        trained = std::make_shared<TrainedState>(std::move(own.rest));
        trained->weights = std::move(arrays->weights);
        trained->optimizer = shared(std::move(arrays->optimizer));
        takeRunMemory(zip, own, *trained, out.remarks);
        if (out.recovered) trained = withoutLost(std::move(trained), out);
    }
    out.state = std::move(own.state);
    out.state.trained = std::move(trained);
    return out;
}

/// `out`: what is known of the file already. With `recovered` its members are what is left of it.
Result<OpenedDocument> fromMembers(const ZipMembers& zip, const std::string& place, OpenedDocument out) {
    const ZipMember* configMember = zip.find("config.json");
    const ZipMember* ownMember = zip.find("strata.json");
    const std::string config = configMember == nullptr ? std::string() : textOf(configMember->bytes);
    if (ownMember == nullptr && configMember == nullptr)
        return failure("keras.no_model",
                       said("{} is a zip archive but no Keras model: it has no config.json.", place));
    std::optional<Error> ownError;
    if (ownMember != nullptr) {
        std::vector<std::string> remarks = out.remarks;
        Result<StrataMember> own = strataFromJson(textOf(ownMember->bytes), remarks);
        const std::string hash = configMember == nullptr ? std::string() : configHash(config);
        const bool lost = out.recovered && configMember == nullptr;
        if (own && (own->configHash == hash || lost)) {
            out.remarks = std::move(remarks);
            const std::string asSaved = lost ? configAgain(*own) : config;
            return fromOwnMember(zip, asSaved, std::move(*own), std::move(out));
        }
        if (configMember == nullptr) {
            return own ? failure("strata.damaged",
                                 said("strata.json speaks of a config.json that is not in the archive."))
                       : own.error();
        }
        if (!own) ownError = own.error();
    }
    Result<OpenedDocument> opened = fromKerasMembers(zip, config);
    if (!opened) return opened.error();
    opened->recovered = opened->recovered || out.recovered || ownError;
    opened->weightsLost = opened->recovered && opened->state.trained == nullptr;
    opened->remarks.insert(opened->remarks.begin(), out.remarks.begin(), out.remarks.end());
    if (ownError)
        opened->remarks.push_back(said("Strata's own part of the file is not used: {}", ownError->message));
    else if (ownMember != nullptr)
        opened->remarks.push_back(said("The model was changed outside of Strata: its layout is made anew, and settings come from "
                                       "Keras's part."));
    return opened;
}

/// What is left of a damaged file. `why`: what it is refused for; also the answer where no drawing is left.
Result<OpenedDocument> fromDamaged(Bytes bytes, const std::string& place, const Error& why) {
    const SalvagedZip left = salvageZip(bytes);
    if (left.whole.find("config.json") == nullptr && left.whole.find("strata.json") == nullptr) return why;
    OpenedDocument out;
    out.recovered = true;
    out.remarks.push_back(left.lost.empty() ? said("The file is damaged: {}", why.message)
                                            : said("The file is damaged and has lost {}.", fmt::join(left.lost, ", ")));
    Result<OpenedDocument> opened = fromMembers(left.whole, place, std::move(out));
    return opened ? std::move(opened) : why;
}

/// A name in the table of contents may be damaged, too: then a member seems to be missing that is there.
bool hidesAMember(const ZipMembers& zip, Bytes bytes) {
    constexpr std::array<std::string_view, 5> ours{"config.json", "model.weights.h5", "strata.json", "strata.weights.h5", "strata.run.h5"};
    return std::ranges::any_of(namesInHeads(bytes), [&](const std::string& name) {
        return std::ranges::find(ours, name) != ours.end() && zip.find(name) == nullptr;
    });
}

Result<OpenedDocument> openArchive(Bytes bytes, const std::string& place) {
    const Result<ZipMembers> zip = readZip(bytes, place);
    if (!zip) return fromDamaged(bytes, place, zip.error());
    if (hidesAMember(*zip, bytes))
        return fromDamaged(bytes, place, failure("zip.damaged", said("\"{}\" is damaged: its table of contents names other members than it has.", place)));
    Result<OpenedDocument> opened = fromMembers(*zip, place, {});
    return opened ? std::move(opened) : fromDamaged(bytes, place, opened.error());
}

Result<OpenedDocument> openH5(Bytes bytes) {
    const Result<H5Tree> tree = readHdf5Guarded(bytes);
    if (!tree) return tree.error();
    Result<KerasH5> read = modelFromKerasH5(*tree);
    if (!read) return read.error();
    OpenedDocument out = documentOf(read->model);
    if (read->model.foreign.empty() || !read->weights.nodes.empty())
        out.state.trained = trainedState(std::move(read->weights), out.state.graph);
    out.weightsLost = out.state.trained == nullptr;
    return out;
}

Result<OpenedDocument> openJson(Bytes bytes) {
    Result<KerasModel> model = graphFromKeras(textOf(bytes));
    if (!model) return model.error();
    return documentOf(*model);
}

Result<OpenedDocument> open(const std::filesystem::path& path) {
    const Result<std::vector<std::byte>> bytes = readModelFile(path);
    if (!bytes) return bytes.error();
    const std::string place = path.filename().string();
    const auto named = [&](Result<OpenedDocument> opened) -> Result<OpenedDocument> {
        if (opened || opened.error().message.starts_with(place) || opened.error().message.starts_with(fmt::format("\"{}\"", place))) return opened;
        return failure(opened.error().id, fmt::format("{}: {}", place, opened.error().message));
    };
    if (beginsWith(*bytes, "PK")) return named(openArchive(*bytes, place));
    if (beginsWith(*bytes, "\x89HDF\r\n\x1a\n")) return named(openH5(*bytes));
    const auto first = std::ranges::find_if(*bytes, [](std::byte b) {
        return std::string_view(" \t\r\n").find(static_cast<char>(b)) == std::string_view::npos;
    });
    if (first != bytes->end() && *first == std::byte{'{'}) return named(openJson(*bytes));
    return fromDamaged(*bytes, place,
                       failure("keras.unknown_file", said("{} is no model that Strata opens: it is neither a "
                                                          ".keras archive, nor an HDF5 file, nor a Keras .json.",
                                                          place)));
}

} // namespace

Result<OpenedDocument> openDocument(const std::filesystem::path& path) {
    try {
        return open(path);
    } catch (const std::exception&) { // bad_alloc: what a file asks for is bounded, what is free is not
        return failure(
            "file.too_large",
            said("{} does not fit into memory; close other programs or choose a smaller file.",
                 path.filename().string()));
    }
}

} // namespace strata
