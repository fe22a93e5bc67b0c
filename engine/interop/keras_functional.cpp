// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_entry.h"
#include "engine/interop/keras_model_reader.h"
#include "engine/interop/keras_tables.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace strata::keras {
namespace {

using Json = nlohmann::json;
using Nodes = std::vector<NodeId>;

const Nodes* resultOf(const std::vector<Entry>& entries, const Entry::Source& source) {
    const Entry& from = entries[source.entry];
    return source.call < from.results.size() && from.results[source.call] ? &*from.results[source.call]
                                                                          : nullptr;
}

Error noSuchOutput(const std::vector<Entry>& entries, const Entry& reader, const Entry::Source& source) {
    return failure("keras.missing_layer",
                   said("{} reads output {} of call {} of \"{}\", which does not exist.",
                        reader.place(), source.tensor, source.call,
                        shortText(entries[source.entry].name)));
}

/// Why a call could never be made: it reads what is not there, or what waits for it.
Error whyStuck(const std::vector<Entry>& entries, const Entry& stuck) {
    for (const std::vector<Entry::Source>& call : stuck.calls) {
        for (const Entry::Source& s : call) {
            if (s.call >= entries[s.entry].calls.size()) return noSuchOutput(entries, stuck, s);
        }
    }
    return failure("keras.loop",
                   said("{} waits for a layer that never gets its input: the layers form a loop.",
                        stuck.place()));
}

std::map<std::string, std::size_t> placesByName(const std::vector<Entry>& entries) {
    std::map<std::string, std::size_t> out;
    for (std::size_t i = 0; i < entries.size(); ++i)
        out.emplace(entries[i].name, i);
    return out;
}

} // namespace

Result<> ModelReader::readInputEntry(Entry& entry, const std::vector<TensorRef>& inputs, const Scope& scope,
                                     KerasLayer& record) {
    entry.calls.assign(1, {});
    entry.results.resize(1);
    if (scope.inputs == nullptr) {
        Result<Nodes> made = callEntry(entry, {}, 0, scope, record);
        if (!made) return made.error();
        entry.results[0] = std::move(*made);
        return {};
    }
    const auto given = std::ranges::find(inputs, entry.name, &TensorRef::layer);
    if (given == inputs.end())
        return failure("keras.inputs", said("{} is no input of its model.", entry.place()));
    entry.results[0] = Nodes{(*scope.inputs)[static_cast<std::size_t>(given - inputs.begin())]};
    return {};
}

Result<> ModelReader::readCallsOf(std::vector<Entry>& entries) {
    const std::map<std::string, std::size_t> places = placesByName(entries);
    std::size_t wires = 0;
    for (Entry& e : entries) {
        if (e.className == kInputLayer) continue;
        Result<std::vector<std::vector<TensorRef>>> calls = readCalls(memberOf(*e.whole, "inbound_nodes"));
        if (!calls)
            return failure(calls.error().id, fmt::format("{}: {}.", e.place(), calls.error().message));
        for (const std::vector<TensorRef>& call : *calls) {
            if (call.empty())
                return failure("keras.damaged", said("{} is called without any input.", e.place()));
            wires += call.size();
            if (wires > kMaxWires)
                return failure("keras.too_large",
                               said("The model has more than {} wires.", kMaxWires));
            std::vector<Entry::Source>& sources = e.calls.emplace_back();
            for (const TensorRef& ref : call) {
                const auto from = places.find(ref.layer);
                if (from == places.end()) {
                    return failure("keras.missing_layer",
                                   said("{} reads from a layer \"{}\", which is not in the file.",
                                        e.place(), shortText(ref.layer)));
                }
                sources.push_back({from->second, ref.call, ref.tensor});
            }
        }
        e.results.resize(e.calls.size());
    }
    return {};
}

/// Keras's own way: every call as soon as its inputs are there. Files list layers inputs first, so one round
/// does.
Result<> ModelReader::resolveCalls(std::vector<Entry>& entries, const Scope& scope,
                                   std::vector<KerasLayer>& records) {
    for (bool moved = true; moved;) {
        moved = false;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            Entry& e = entries[i];
            // A later call of a layer waits for the ones before it, whose numbers it would take.
            for (std::size_t c = 0; c < e.calls.size(); ++c) {
                if (e.results[c]) continue;
                Nodes sources;
                for (const Entry::Source& s : e.calls[c]) {
                    const Nodes* outputs = resultOf(entries, s);
                    if (outputs == nullptr) break;
                    if (s.tensor >= outputs->size()) return noSuchOutput(entries, e, s);
                    sources.push_back((*outputs)[s.tensor]);
                }
                if (sources.size() != e.calls[c].size()) break;
                Result<Nodes> outputs = callEntry(e, sources, c, scope, records[i]);
                if (!outputs) return outputs.error();
                e.results[c] = std::move(*outputs);
                moved = true;
            }
        }
    }
    for (const Entry& e : entries) {
        if (std::ranges::any_of(e.results, [](const auto& r) { return !r; })) return whyStuck(entries, e);
    }
    return {};
}

Result<Nodes> ModelReader::readFunctional(const Json& config, const Scope& scope,
                                          std::vector<KerasLayer>& layers) {
    Result<std::vector<Entry>> read = entriesOf(memberOf(config, "layers"));
    if (!read) return read.error();
    std::vector<Entry>& entries = *read;
    Result<std::vector<TensorRef>> inputs = readEnds(memberOf(config, "input_layers"));
    if (!inputs) return inputs.error();
    if (scope.inputs != nullptr && inputs->size() != scope.inputs->size()) {
        return failure("keras.inputs", said("it has {} inputs and is called with {}.", inputs->size(),
                                            scope.inputs->size()));
    }
    std::vector<KerasLayer> records;
    for (Entry& e : entries) {
        records.push_back({.name = e.name, .className = e.className});
        if (e.className != kInputLayer) continue;
        if (Result<> r = readInputEntry(e, *inputs, scope, records.back()); !r) return r.error();
    }
    if (Result<> r = readCallsOf(entries); !r) return r.error();
    if (Result<> r = resolveCalls(entries, scope, records); !r) return r.error();

    Result<std::vector<TensorRef>> ends = readEnds(memberOf(config, "output_layers"));
    if (!ends) return ends.error();
    const std::map<std::string, std::size_t> places = placesByName(entries);
    Nodes outputs;
    for (const TensorRef& ref : *ends) {
        const auto from = places.find(ref.layer);
        const Nodes* found =
            from == places.end() ? nullptr : resultOf(entries, {from->second, ref.call, ref.tensor});
        if (found == nullptr || ref.tensor >= found->size()) {
            return failure("keras.missing_layer",
                           said("The output \"{}\" is no layer of the model.", shortText(ref.layer)));
        }
        outputs.push_back((*found)[ref.tensor]);
    }
    if (outputs.empty()) return failure("keras.no_layers", said("The model has no outputs."));
    std::ranges::move(records, std::back_inserter(layers));
    return outputs;
}

} // namespace strata::keras
