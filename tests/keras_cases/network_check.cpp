// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/network_check.h"

#include "engine/network/network.h"
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

constexpr int kThreads = 2;

struct Made {
    std::unique_ptr<Network> network;
    NodeId layer = 0;
    std::string why; ///< it could not be made
};

Made make(const LayerType& type, const ParamMap& params, const Json& c, bool training, Workers& workers) {
    const Shape input = sampleShape(c.at("inputs").at(0).at("shape"));
    ModelGraph graph;
    const NodeId from =
        graph.add({.type = "Input",
                   .name = "in",
                   .params = {{"shape", ParamValue::IntList(input.dims().begin(), input.dims().end())}}});
    Made made;
    made.layer = graph.add({.type = type.schema.id, .name = "layer", .params = params});
    if (const Result<> joined = graph.connect(from, made.layer); !joined) return {nullptr, 0, joined.error().message};
    CompileOptions options;
    options.batch = c["inputs"][0]["shape"][0];
    options.training = training;
    Result<std::unique_ptr<Network>> network = Network::compile(graph, options, workers);
    if (!network) return {nullptr, 0, network.error().message};
    Weights weights;
    for (const Json& w : c.at("weights")) {
        const Array a = arrayFrom(w);
        weights.nodes[made.layer].push_back({w.at("name"), a.shape, floats(a)});
    }
    if ((*network)->load(weights) != static_cast<int>(c["weights"].size()))
        return {nullptr, 0, "not all weights fit the network"};
    std::ranges::copy(floats(arrayFrom(c["inputs"][0])), (*network)->input().begin());
    made.network = std::move(*network);
    return made;
}

std::string compareOutput(const Network& network, const Json& c) {
    return difference("output in a network", network.output(), arrayFrom(c.at("output")), kOutputRelative,
                      kOutputAbsolute);
}

std::string compareState(const Made& made, const Json& c) {
    if (!c.contains("weights_after")) return {};
    const Weights after = made.network->snapshot();
    for (const Json& w : c["weights_after"]) {
        const std::vector<WeightArray>& arrays = *after.find(made.layer);
        const auto it = std::ranges::find_if(arrays, [&](const WeightArray& a) { return a.name == w.at("name"); });
        if (it == arrays.end()) return "the network has no weight " + w.at("name").dump();
        std::string why = difference("weights_after " + it->name + " in a network",
                                     std::span<const float>(it->values), arrayFrom(w), kOutputRelative,
                                     kOutputAbsolute);
        if (!why.empty()) return why;
    }
    return {};
}

std::string compareGradients(Network& network, const Json& c) {
    const std::span<float> slope = network.outputGradient();
    if (slope.empty()) return {}; // nothing is trained
    for (std::size_t i = 0; i < slope.size(); ++i)
        slope[i] = static_cast<float>(test::cotangent(static_cast<std::int64_t>(i)));
    network.backward(false);
    for (const Network::Slot& slot : network.arrays()) {
        if (!slot.trained || !c.at("weight_grads").contains(slot.spec->name)) continue;
        const std::span<const float> got = network.gradients().subspan(static_cast<std::size_t>(slot.offset),
                                                                       static_cast<std::size_t>(slot.count));
        std::string why = difference("weight_grads " + slot.spec->name + " in a network", got,
                                     arrayFrom(c["weight_grads"][slot.spec->name]), kGradRelative, kGradAbsolute);
        if (!why.empty()) return why;
    }
    return {};
}

} // namespace

std::string compareInNetwork(const LayerType& type, const ParamMap& params, const Json& c) {
    const Json& shape = c.at("inputs").at(0).at("shape");
    if (std::ranges::find(shape, Json(0)) != shape.end()) return {}; // an Input has at least one value
    Workers workers(kThreads);
    const bool training = c.at("training") == true;
    std::int64_t batch = shape[0];
    if (!training) {
        const Made made = make(type, params, c, false, workers);
        if (!made.network) return made.why;
        made.network->forward(batch, false);
        if (std::string why = compareOutput(*made.network, c); !why.empty()) return why;
    }
    // Only while training a layer hands gradients on; what differs then is another case.
    const std::vector<Shape> inputs{sampleShape(shape)};
    const bool differs = type.schema.category == "regularization" || planLayer(type, params, inputs)->savedPerBatch > 0;
    if (!training && differs) return {};
    const Made made = make(type, params, c, true, workers);
    if (!made.network) return made.why;
    made.network->forward(batch, true);
    if (std::string why = compareOutput(*made.network, c); !why.empty()) return why;
    if (std::string why = compareState(made, c); !why.empty()) return why;
    return c.contains("weight_grads") ? compareGradients(*made.network, c) : std::string();
}

} // namespace strata::keras_cases
