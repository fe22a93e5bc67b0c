// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/strata_json.h"

#include "engine/core/said.h"
#include "engine/graph/graph_json.h"
#include "engine/interop/batch_curve.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/history_json.h"
#include "engine/schema/param_json.h"
#include "engine/training/callback.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <tuple>
#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::size_t kMaxClasses = 100000;
constexpr std::size_t kMaxSilenced = 100000;

Ordered object(const TypedParams& typed) {
    return {{"id", typed.id}, {"params", Ordered(toJson(typed.params))}};
}

Ordered objects(const std::vector<TypedParams>& all) {
    Ordered out = Ordered::array();
    for (const TypedParams& one : all) out.push_back(object(one));
    return out;
}

Ordered batches(const std::vector<BatchPoint>& points) {
    Ordered out = Ordered::array();
    for (const BatchPoint& p : points)
        out.push_back({finiteNumber(p.epochs), finiteNumber(p.loss), finiteNumber(p.accuracy)});
    return out;
}

/// Not the threads: they belong to a machine and change no result.
Ordered settings(const TrainingSettings& t) {
    return {{"optimizer", object(t.optimizer)},
            {"loss", object(t.loss)},
            {"schedule", t.schedule ? object(*t.schedule) : Ordered(nullptr)},
            {"metrics", objects(t.metrics)},
            {"callbacks", objects(t.callbacks)},
            {"class_weights", t.balanceClasses ? Ordered("balanced") : Ordered(t.classWeights)},
            {"batch_size", t.batchSize},
            {"epochs", t.epochs},
            {"validation_split", finiteNumber(t.validationSplit)},
            {"seed", t.seed},
            {"shuffle", t.shuffle},
            {"keep_best", t.keepBest}};
}

Ordered silencedPart(const std::set<SilencedHint>& hints) {
    Ordered out = Ordered::array();
    for (const SilencedHint& h : hints)
        out.push_back({{"id", h.id}, {"node", h.node}});
    return out;
}

Ordered trainedPart(const StrataMember& m) {
    Ordered out = {{"history", historyJson(m.rest.history)},
                   {"best_epoch", m.rest.bestEpoch},
                   {"test_accuracy", finiteNumber(m.rest.testAccuracy)},
                   {"class_names", m.rest.classNames},
                   {"in_keras", m.inKeras}};
    if (!m.rest.batches.empty()) out["batches"] = batches(m.rest.batches);
    if (!(m.rest.trainedGraph == m.state.graph)) out["graph"] = Ordered(toJson(m.rest.trainedGraph));
    if (m.stopped) {
        out["stopped"] = {{"training", settings(m.stopped->settings)},
                          {"data_fingerprint", m.stopped->dataFingerprint},
                          {"limit", m.stopped->limit}};
    }
    return out;
}

/// Nullopt: nothing is there, or what cannot be taken over; then with a remark that ends in `instead`.
std::optional<TypedParams> readObject(const Json& json, const SchemaFamily& family, const std::string& instead, std::vector<std::string>& remarks) {
    if (json.is_null()) return {};
    const Schema* schema = family.find(textOf(json, "id"));
    Result<ParamMap> params = paramsFromJson(memberOf(json, "params"));
    Result<ParamMap> checked = schema != nullptr && params
                                   ? schema->check(*params)
                                   : Result<ParamMap>(failure("", said("it is not known here")));
    if (!checked) {
        remarks.push_back(said("The {} of the file is not taken over ({}); {}.", family.name, checked.error().message, instead));
        return {};
    }
    return TypedParams{schema->id, std::move(*params)}; // as it was written: what was left at its default stays so
}

/// `places` gets where each of them stands in the list.
std::vector<TypedParams> readObjects(const Json& json, const SchemaFamily& family, std::vector<std::string>& remarks,
                                     std::vector<std::size_t>* places = nullptr) {
    constexpr std::size_t most = 100;
    std::vector<TypedParams> out;
    if (!json.is_array() || json.size() > most) return out;
    for (std::size_t place = 0; place < json.size(); ++place) {
        std::optional<TypedParams> read = readObject(json[place], family, said("the others are"), remarks);
        if (!read) continue;
        out.push_back(std::move(*read));
        if (places != nullptr) places->push_back(place);
    }
    return out;
}

/// A file that somebody else made must not say where on this disk something is written: a plain name of the kind that the
/// callback writes, in the folder where the run is started.
bool writesOnlyHere(const TypedParams& callback, std::vector<std::string>& remarks) {
    for (const char* key : {"filename", "filepath"}) {
        const auto param = callback.params.find(key);
        const std::string* name = param == callback.params.end() ? nullptr : param->second.asText();
        if (name == nullptr) continue;
        const bool plain = name->find_first_of("/\\") == std::string::npos && !name->starts_with('.');
        const bool kind = std::ranges::any_of(std::array{".csv", ".tsv", ".log", ".keras", ".h5"},
                                              [&](const char* end) { return name->ends_with(end); });
        if (plain && kind) continue;
        remarks.push_back(said("{} of the file is not taken over: \"{}\" is no plain name of a .csv, .keras or .h5 file; add it "
                               "again to write there.",
                               callback.id, *name));
        return false;
    }
    return true;
}

DataChoice readData(const Json& json) {
    constexpr std::int64_t largest = 1 << 16;
    DataChoice out;
    out.source = textOf(json, "source", out.source);
    out.resizeHeight = intOf(json, "resize_height", 0, 0, largest);
    out.resizeWidth = intOf(json, "resize_width", 0, 0, largest);
    out.colour = textOf(json, "colour");
    out.scaling = textOf(json, "scaling");
    return out;
}

std::set<SilencedHint> readSilenced(const Json& json) {
    std::set<SilencedHint> out;
    if (!json.is_array()) return out;
    for (const Json& hint : json) {
        if (out.size() == kMaxSilenced) break;
        const std::string id = textOf(hint, "id");
        if (!id.empty()) out.insert({id, intOf(hint, "node", 0, 0, std::numeric_limits<NodeId>::max())});
    }
    return out;
}

/// `callbackPlaces`: see StrataMember.
TrainingSettings readTraining(const Json& json, CallbackFiles files, std::vector<std::size_t>& callbackPlaces, std::vector<std::string>& remarks) {
    constexpr std::int64_t many = std::int64_t{1} << 40;
    TrainingSettings out;
    const auto read = [&](const char* key, const SchemaFamily& family, TypedParams& to) {
        if (std::optional<TypedParams> object = readObject(memberOf(json, key), family, said("{} is set", to.id), remarks)) to = std::move(*object);
    };
    read("optimizer", optimizerFamily(), out.optimizer);
    read("loss", lossFamily(), out.loss);
    out.schedule = readObject(memberOf(json, "schedule"), scheduleFamily(), said("none is set"), remarks);
    if (out.schedule && !checkSchedule(*out.schedule)) out.schedule.reset();
    out.metrics = readObjects(memberOf(json, "metrics"), metricFamily(), remarks);
    std::vector<std::size_t> places;
    const std::vector<TypedParams> callbacks = readObjects(memberOf(json, "callbacks"), callbackFamily(), remarks, &places);
    for (std::size_t i = 0; i < callbacks.size(); ++i) {
        if (files == CallbackFiles::OnlyHere && !writesOnlyHere(callbacks[i], remarks)) continue;
        out.callbacks.push_back(callbacks[i]);
        callbackPlaces.push_back(places[i]);
    }
    out.balanceClasses = memberOf(json, "class_weights") == "balanced";
    if (const Json& weights = memberOf(json, "class_weights"); weights.is_array() && weights.size() <= kMaxClasses) {
        for (const Json& w : weights) out.classWeights.push_back(w.is_number() && w >= 0 ? w.get<double>() : 1);
    }
    out.batchSize = intOf(json, "batch_size", out.batchSize, 1, 1 << 20);
    out.epochs = intOf(json, "epochs", out.epochs, 1, many);
    const double split = realOf(json, "validation_split", out.validationSplit);
    if (split >= 0 && split < 1) out.validationSplit = split;
    const Json& seed = memberOf(json, "seed");
    if (seed.is_number_integer()) out.seed = seed.get<std::uint64_t>();
    out.shuffle = boolOf(json, "shuffle", out.shuffle);
    out.keepBest = boolOf(json, "keep_best", out.keepBest);
    return out;
}

std::vector<BatchPoint> readBatches(const Json& json) {
    std::vector<BatchPoint> out;
    if (!json.is_array() || json.size() > 2 * BatchCurve::kMost) return out;
    for (const Json& p : json) {
        if (!p.is_array() || p.size() != 3 || !std::ranges::all_of(p, [](const Json& v) { return v.is_number(); })) continue;
        out.push_back({p[0].get<double>(), p[1].get<double>(), p[2].get<double>()});
    }
    return out;
}

Result<> readTrained(const Json& json, const std::map<NodeId, NodeId>& renumbered, CallbackFiles files, StrataMember& m,
                     std::vector<std::string>& remarks) {
    m.rest.history = historyFrom(memberOf(json, "history"));
    m.rest.batches = readBatches(memberOf(json, "batches"));
    m.rest.bestEpoch = intOf(json, "best_epoch", 0, 0);
    m.rest.testAccuracy = realOf(json, "test_accuracy", -1);
    if (const Json& names = memberOf(json, "class_names"); names.is_array() && names.size() <= kMaxClasses) {
        for (const Json& name : names)
            m.rest.classNames.push_back(name.is_string() ? name.get<std::string>() : std::string());
    }
    m.rest.trainedGraph = m.state.graph;
    if (const Json& graph = memberOf(json, "graph"); !graph.is_null()) {
        DrawingMends mends;
        Result<ModelGraph> read = graphFromJson(graph, mends);
        if (!read) return read.error();
        m.rest.trainedGraph = std::move(*read);
    }
    const Json& covered = memberOf(json, "in_keras");
    if (covered.is_array()) {
        for (const Json& id : covered) {
            if (!id.is_number_integer()) continue;
            const auto now = renumbered.find(id.get<NodeId>());
            m.inKeras.push_back(now == renumbered.end() ? id.get<NodeId>() : now->second);
        }
    }
    if (const Json& stopped = memberOf(json, "stopped"); stopped.is_object()) {
        m.stopped.emplace();
        m.stopped->settings = readTraining(memberOf(stopped, "training"), files, m.callbackPlaces, remarks);
        const Json& data = memberOf(stopped, "data_fingerprint");
        if (data.is_number_integer()) m.stopped->dataFingerprint = data.get<std::uint64_t>();
        m.stopped->limit = intOf(stopped, "limit", 0, 0);
    }
    return {};
}

} // namespace

std::string configHash(const std::string& config) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : config) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001B3ULL;
    }
    return fmt::format("{:016x}", hash);
}

std::string strataJson(const StrataMember& m) {
    const DataChoice& d = m.state.data;
    Ordered out = {
        {"strata", kVersion},
        {"config_hash", m.configHash},
        {"graph", Ordered(toJson(m.state.graph))},
        {"data",
         {{"source", d.source},
          {"resize_height", d.resizeHeight},
          {"resize_width", d.resizeWidth},
          {"colour", d.colour},
          {"scaling", d.scaling}}},
        {"training", settings(m.state.training)},
        {"notes", m.state.notes}};
    if (!m.state.silenced.empty()) out["silenced"] = silencedPart(m.state.silenced);
    if (m.trained) out["trained"] = trainedPart(m);
    return jsonText(out);
}

Result<StrataMember> strataFromJson(const std::string& text, std::vector<std::string>& remarks, CallbackFiles files) {
    const Result<Json> json = parseForeignJson(text, "strata.json");
    if (!json) return json.error();
    const std::int64_t version = intOf(*json, "strata", 0, 0, 1 << 20);
    if (version < 1) return failure("strata.damaged", said("strata.json is damaged: it has no version."));
    if (version > kVersion) {
        return failure(
            "strata.newer",
            said(
                "strata.json has version {}, this program reads up to {}; open it with a newer Strata.",
                version, kVersion));
    }
    StrataMember m;
    DrawingMends mends;
    Result<ModelGraph> graph = graphFromJson(memberOf(*json, "graph"), mends);
    if (!graph) return graph.error();
    remarks.insert(remarks.end(), mends.remarks.begin(), mends.remarks.end());
    m.state.graph = std::move(*graph);
    m.state.data = readData(memberOf(*json, "data"));
    std::vector<std::size_t> unused;
    m.state.training = readTraining(memberOf(*json, "training"), files, unused, remarks);
    m.state.notes = textOf(*json, "notes");
    m.state.silenced = readSilenced(memberOf(*json, "silenced"));
    m.configHash = textOf(*json, "config_hash");
    if (const Json& trained = memberOf(*json, "trained"); trained.is_object()) {
        m.trained = true;
        if (Result<> r = readTrained(trained, mends.renumbered, files, m, remarks); !r) return r.error();
    }
    return m;
}

} // namespace strata
