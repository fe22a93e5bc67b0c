// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/network_check.h"

#include "engine/network/network.h"
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

constexpr int kThreads = 2;

/// The layer in a drawing with one Input, as every network has it.
struct Drawn {
    ModelGraph graph;
    NodeId layer = 0;
    NodeId taps = 0; ///< 0: none
};

ParamValue listOf(const Shape& shape) {
    return ParamValue::IntList(shape.dims().begin(), shape.dims().end());
}

Drawn drawnBare(const Node& layer, const Shape& input) {
    Drawn d;
    const NodeId in = d.graph.add({.type = "Input", .name = "in", .params = {{"shape", listOf(input)}}});
    d.layer = d.graph.add(layer);
    (void)d.graph.connect(in, d.layer);
    return d;
}

/// The inputs lie side by side in one Input and are cut out of it. The taps before that multiply each value by one and
/// add nothing: the gradients of their weights tell what came back to each value.
Drawn drawnBehindTaps(const Node& layer, const std::vector<Shape>& inputs) {
    std::int64_t total = 0;
    for (const Shape& s : inputs)
        total += s.count();
    Drawn d;
    const auto append = [&](NodeId from, Node node) {
        const NodeId id = d.graph.add(std::move(node));
        (void)d.graph.connect(from, id);
        return id;
    };
    const NodeId in = d.graph.add({.type = "Input", .name = "in", .params = {{"shape", ParamValue::IntList{1, total}}}});
    d.taps = append(in, {.type = "DepthwiseConv1D", .name = "taps", .params = {{"kernel_size", 1}}});
    const NodeId row = append(d.taps, {.type = "Reshape", .name = "row", .params = {{"target_shape", ParamValue::IntList{total, 1}}}});
    d.layer = d.graph.add(layer);
    std::int64_t first = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::int64_t count = inputs[i].count();
        const ParamValue::IntList outside{first, total - first - count};
        const NodeId cut = append(row, {.type = "Cropping1D", .name = fmt::format("cut_{}", i), .params = {{"cropping", outside}}});
        const NodeId shaped = append(cut, {.type = "Reshape", .name = fmt::format("input_{}", i), .params = {{"target_shape", listOf(inputs[i])}}});
        (void)d.graph.connect(shaped, d.layer, static_cast<int>(i));
        first += count;
    }
    return d;
}

/// Sample by sample, the inputs of the case one behind the other.
std::vector<float> sideBySide(const Json& inputs, std::int64_t batch) {
    std::vector<float> out;
    std::vector<std::vector<float>> all;
    for (const Json& in : inputs)
        all.push_back(floats(arrayFrom(in)));
    for (std::int64_t n = 0; n < batch; ++n) {
        for (const std::vector<float>& values : all) {
            const auto each = static_cast<std::ptrdiff_t>(values.size()) / batch;
            out.insert(out.end(), values.begin() + n * each, values.begin() + (n + 1) * each);
        }
    }
    return out;
}

struct Made {
    std::unique_ptr<Network> network;
    NodeId layer = 0, taps = 0;
    std::string why; ///< it could not be made
};

Made make(const Drawn& drawn, const Json& c, bool training, Workers& workers) {
    CompileOptions options;
    options.batch = c.at("inputs").at(0).at("shape").at(0);
    options.training = training;
    Made made{.network = nullptr, .layer = drawn.layer, .taps = drawn.taps, .why = {}};
    Result<std::unique_ptr<Network>> network = Network::compile(drawn.graph, options, workers);
    if (!network) {
        made.why = network.error().message;
        return made;
    }
    for (const Network::Slot& slot : (*network)->arrays()) {
        if (slot.node != drawn.taps) continue;
        std::ranges::fill((*network)->parameters().subspan(static_cast<std::size_t>(slot.offset), static_cast<std::size_t>(slot.count)),
                          slot.index == 0 ? 1.0F : 0.0F);
    }
    Weights weights;
    for (const Json& w : c.at("weights")) {
        const Array a = arrayFrom(w);
        weights.nodes[made.layer].push_back({w.at("name"), a.shape, floats(a)});
    }
    if ((*network)->load(weights) != static_cast<int>(c["weights"].size())) {
        made.why = "not all weights fit the network";
        return made;
    }
    std::ranges::copy(sideBySide(c["inputs"], options.batch), (*network)->input().begin());
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

/// Fills the gradient of sum(c * output) and goes back. False: nothing is trained.
bool goBack(Network& network) {
    const std::span<float> slope = network.outputGradient();
    for (std::size_t i = 0; i < slope.size(); ++i)
        slope[i] = static_cast<float>(test::cotangent(static_cast<std::int64_t>(i)));
    if (!slope.empty()) network.backward(false);
    return !slope.empty();
}

std::span<const float> gradientOf(Network& network, const Network::Slot& slot) {
    return network.gradients().subspan(static_cast<std::size_t>(slot.offset), static_cast<std::size_t>(slot.count));
}

std::string compareGradients(const Made& made, const Json& c) {
    for (const Network::Slot& slot : made.network->arrays()) {
        if (slot.node != made.layer || !slot.trained || !c.at("weight_grads").contains(slot.spec->name)) continue;
        std::string why = difference("weight_grads " + slot.spec->name + " in a network", gradientOf(*made.network, slot),
                                     arrayFrom(c["weight_grads"][slot.spec->name]), kGradRelative, kGradAbsolute);
        if (!why.empty()) return why;
    }
    return {};
}

/// What the taps must have got from one input: its gradients summed over the samples, as they are (the taps' bias) or
/// times the input (their kernel).
Array tapped(const Array& gradient, const Array& input, bool timesInput) {
    const auto batch = static_cast<std::size_t>(input.shape.front());
    const std::size_t each = input.data.size() / batch;
    Array out{{static_cast<std::int64_t>(each)}, std::vector<double>(each)};
    for (std::size_t i = 0; i < input.data.size(); ++i)
        out.data[i % each] += gradient.data[i] * (timesInput ? input.data[i] : 1.0);
    return out;
}

std::string compareTaps(const Made& made, const Json& c) {
    for (const Network::Slot& slot : made.network->arrays()) {
        if (slot.node != made.taps) continue;
        std::span<const float> rest = gradientOf(*made.network, slot);
        for (std::size_t i = 0; i < c["inputs"].size(); ++i) {
            const Array input = arrayFrom(c["inputs"][i]);
            const std::size_t each = input.data.size() / static_cast<std::size_t>(input.shape.front());
            const std::span<const float> got = rest.first(each);
            rest = rest.subspan(each);
            if (c["input_grads"].at(i).is_null()) continue;
            std::string why = difference(fmt::format("input_grads[{}] in a network", i), got,
                                         tapped(arrayFrom(c["input_grads"][i]), input, slot.index == 0), kGradRelative,
                                         kGradAbsolute);
            if (!why.empty()) return why;
        }
    }
    return {};
}

std::string comparePrediction(const Drawn& drawn, const Json& c, std::int64_t batch, Workers& workers) {
    const Made made = make(drawn, c, false, workers);
    if (!made.network) return made.why;
    made.network->forward(batch, false);
    return compareOutput(*made.network, c);
}

std::string compareTraining(const Drawn& drawn, const Json& c, std::int64_t batch, Workers& workers) {
    const Made made = make(drawn, c, true, workers);
    if (!made.network) return made.why;
    made.network->forward(batch, true);
    std::string why = compareOutput(*made.network, c);
    if (why.empty()) why = compareState(made, c);
    if (!why.empty() || !c.contains("weight_grads") || !goBack(*made.network)) return why;
    why = compareGradients(made, c);
    return why.empty() && made.taps != 0 ? compareTaps(made, c) : why;
}

} // namespace

std::string compareInNetwork(const LayerType& type, const ParamMap& params, const Json& c) {
    std::vector<Shape> inputs;
    for (const Json& in : c.at("inputs")) {
        const Json& shape = in.at("shape");
        if (std::ranges::find(shape, Json(0)) != shape.end() || shape.size() < 2) return {}; // an Input has a shape, of at least one value
        inputs.push_back(sampleShape(shape));
    }
    Workers workers(kThreads);
    const bool training = c.at("training") == true;
    const std::int64_t batch = c["inputs"][0]["shape"][0];
    Node layer{.type = type.schema.id, .name = "layer", .params = params};
    std::vector<Drawn> drawings;
    if (inputs.size() == 1) drawings.push_back(drawnBare(layer, inputs[0]));
    else drawings.push_back(drawnBehindTaps(layer, inputs));
    std::string why = training ? std::string() : comparePrediction(drawings[0], c, batch, workers);
    // Only while training a layer hands gradients on; a random one then is another case, and BatchNormalization is the
    // same one only while it is frozen.
    if (!training && type.schema.category == "regularization") return why;
    const bool frozen = !training && planLayer(type, params, inputs)->savedPerBatch > 0;
    layer.trainable = !frozen;
    if (inputs.size() == 1) drawings.push_back(drawnBehindTaps(layer, inputs));
    for (const Drawn& drawn : drawings) {
        if (why.empty() && !(frozen && drawn.taps == 0)) why = compareTraining(drawn, c, batch, workers);
    }
    return why;
}

} // namespace strata::keras_cases
