// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_calls.h"

#include "engine/core/said.h"
#include "engine/interop/foreign_json.h"

#include <nlohmann/json.hpp>

namespace strata::keras {
namespace {

using Json = nlohmann::json;
using Refs = std::vector<TensorRef>;

constexpr std::int64_t kMaxIndex = 1 << 20;

Error damaged(std::string_view what, const Json& json) {
    return failure("keras.damaged", said("{} is damaged: {}", what, shortJson(json)));
}

bool isTriple(const Json& json) {
    const auto index = [](const Json& j) { return j.is_number_integer() && j >= 0 && j < kMaxIndex; };
    return json.is_array() && json.size() >= 3 && json[0].is_string() && index(json[1]) && index(json[2]);
}

TensorRef refOf(const Json& triple) {
    return {triple[0].get<std::string>(), triple[1].get<std::size_t>(), triple[2].get<std::size_t>()};
}

/// Keras 3: tensors of "args", at any depth.
Result<> collect(const Json& args, Refs& out) {
    if (args.is_null()) return {};
    if (args.is_array()) {
        for (const Json& a : args) {
            if (Result<> r = collect(a, out); !r) return r;
        }
        return {};
    }
    if (textOf(args, "class_name") == "__keras_tensor__") {
        const Json& history = memberOf(memberOf(args, "config"), "keras_history");
        if (!isTriple(history)) return damaged("keras_history", history);
        out.push_back(refOf(history));
        return {};
    }
    return failure("keras.call_argument",
                   said("it is called with {} where Strata knows only wires", shortJson(args)));
}

bool holdsTensor(const Json& json) {
    if (textOf(json, "class_name") == "__keras_tensor__") return true;
    if (!json.is_structured()) return false;
    for (const Json& j : json) {
        if (holdsTensor(j)) return true;
    }
    return false;
}

Result<Refs> readCall3(const Json& call) {
    Refs out;
    if (Result<> r = collect(memberOf(call, "args"), out); !r) return r.error();
    const Json& kwargs = memberOf(call, "kwargs");
    if (!kwargs.is_object()) return out;
    for (const auto& [key, value] : kwargs.items()) {
        // Some layers are given their tensors by name.
        if (key == "inputs" || key == "x") {
            if (Result<> r = collect(value, out); !r) return r.error();
        } else if (holdsTensor(value)) {
            return failure(
                "keras.call_argument",
                said("it is called with a tensor as {}, which Strata cannot draw", shortText(key)));
        }
    }
    return out;
}

/// Keras 2: [["a", 0, 0, {}], ["b", 0, 0, {}]]; also a bare ["a", 0, 0, {}].
Result<Refs> readCall2(const Json& call) {
    if (isTriple(call)) return Refs{refOf(call)};
    Refs out;
    for (const Json& tensor : call) {
        if (!isTriple(tensor)) return damaged("inbound_nodes", tensor);
        if (tensor.size() > 3 && holdsTensor(tensor[3])) {
            return failure("keras.call_argument",
                           said("it is called with a tensor by name, which Strata cannot draw"));
        }
        out.push_back(refOf(tensor));
    }
    return out;
}

Result<> collectEnds(const Json& ends, Refs& out) {
    if (isTriple(ends)) {
        out.push_back(refOf(ends));
        return {};
    }
    if (!ends.is_structured()) return damaged(said("the list of inputs and outputs"), ends);
    for (const Json& e : ends) {
        if (Result<> r = collectEnds(e, out); !r) return r;
    }
    return {};
}

} // namespace

Result<std::vector<Refs>> readCalls(const Json& inboundNodes) {
    std::vector<Refs> out;
    if (!inboundNodes.is_array()) return damaged("inbound_nodes", inboundNodes);
    for (const Json& call : inboundNodes) {
        if (!call.is_structured()) return damaged("inbound_nodes", call);
        Result<Refs> refs = call.is_object() ? readCall3(call) : readCall2(call);
        if (!refs) return refs.error();
        out.push_back(std::move(*refs));
    }
    return out;
}

Result<Refs> readEnds(const Json& ends) {
    Refs out;
    if (Result<> r = collectEnds(ends, out); !r) return r.error();
    return out;
}

} // namespace strata::keras
