// SPDX-License-Identifier: GPL-3.0-or-later
// The other half of check_with_keras.py: writes every template and every layer example as a .keras file with
// weights, inputs and predictions beside it, and predicts with files that Keras wrote.
#include "engine/data/npy.h"
#include "engine/graph/analysis.h"
#include "engine/graph/templates.h"
#include "engine/interop/hdf5_wall.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_weights.h"
#include "engine/network/network.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace strata;

namespace {

constexpr std::int64_t kSamples = 3;

/// Layers that make values of shape `to` out of a node's.
NodeId branch(ModelGraph& graph, NodeId from, const Shape& shape, const Shape& to) {
    const auto then = [&](NodeId node, const char* type, ParamMap params) {
        const NodeId next = graph.add({.type = type, .params = std::move(params)});
        (void)graph.connect(node, next);
        return next;
    };
    Shape widened = shape;
    widened.set(-1, to[-1]);
    if (widened == to) return then(from, "Dense", {{"units", to[-1]}});
    const NodeId flat = then(from, "Flatten", {});
    const NodeId values = then(flat, "Dense", {{"units", to.count()}});
    return then(values, "Reshape", {{"target_shape", ParamValue::IntList(to.dims().begin(), to.dims().end())}});
}

/// One Input feeds the layer, through a branch for each further input that it wants: real files have one
/// input.
ModelGraph graphOf(const LayerType& type, const LayerExample& example) {
    ModelGraph graph;
    const auto input = [&](const Shape& s) {
        return graph.add(
            {.type = "Input", .params = {{"shape", ParamValue::IntList(s.dims().begin(), s.dims().end())}}});
    };
    if (example.inputs.empty()) {
        const NodeId in = graph.add({.type = type.schema.id, .params = example.params});
        (void)graph.connect(in, graph.add({.type = "Activation", .params = {{"activation", "tanh"}}}));
        return graph;
    }
    const NodeId in = input(example.inputs.front());
    std::vector<NodeId> sources;
    for (const Shape& s : example.inputs) {
        if (example.inputs.size() == 1) {
            sources.push_back(in);
            continue;
        }
        sources.push_back(branch(graph, in, example.inputs.front(), s));
    }
    const NodeId layer = graph.add({.type = type.schema.id, .params = example.params});
    int slot = 0;
    for (const NodeId s : sources)
        (void)graph.connect(s, layer, slot++);
    return graph;
}

/// Unlike fresh ones: biases and moving statistics that differ from 0 and 1.
Weights lively(const ModelGraph& graph) {
    const Result<KerasPart> part = kerasPart(graph);
    Weights weights = completeWeights(*part, analyse(part->graph), nullptr, 5);
    for (auto& [id, arrays] : weights.nodes) {
        for (std::size_t k = 0; k < arrays.size(); ++k) {
            Rng rng({.seed = 11, .stream = static_cast<std::uint64_t>(id), .step = k});
            for (float& v : arrays[k].values)
                v = arrays[k].dims.size() == 1 ? 0.5F + rng.uniform() : v;
        }
    }
    return weights;
}

Result<std::vector<float>> predict(const ModelGraph& graph, const Weights& weights,
                                   std::span<const float> inputs, std::int64_t samples, Shape& output) {
    Workers workers(1);
    Result<std::unique_ptr<Network>> network = Network::compile(graph, {.batch = samples}, workers);
    if (!network) return network.error();
    (*network)->load(weights);
    std::ranges::copy(inputs, (*network)->input().begin());
    (*network)->forward(samples, false);
    output = (*network)->outputShape();
    const std::span<const float> out = (*network)->output();
    return std::vector<float>(out.begin(), out.end());
}

std::vector<std::int64_t> batched(const Shape& shape, std::int64_t samples) {
    std::vector<std::int64_t> dims{samples};
    dims.insert(dims.end(), shape.dims().begin(), shape.dims().end());
    return dims;
}

/// What Keras's summary has to say.
nlohmann::json summaryOf(const ModelGraph& graph) {
    const Result<KerasPart> part = kerasPart(graph);
    const GraphReport report = analyse(part->graph);
    nlohmann::json layers = nlohmann::json::array();
    for (const NodeId id : part->order) {
        const Node& n = *part->graph.find(id);
        if (part->sequential && n.type == "Input") continue;
        layers.push_back(
            {{"name", n.name},
             {"class_name", n.type == "Input" ? "InputLayer" : n.type},
             {"output_shape", nlohmann::json(keras::shapeToKeras(report.nodes.at(id).plan.output))},
             {"params", report.nodes.at(id).parameters}});
    }
    return {{"layers", layers},
            {"total", report.totals.parameters},
            {"trainable", report.totals.trainableParameters}};
}

Result<> saveOne(const std::string& base, const ModelGraph& graph, const TrainingSettings& training) {
    if (const GraphReport report = analyse(graph); report.hasErrors())
        return failure("test.drawing", report.problems.front().text);
    DocumentState state;
    state.graph = graph;
    state.training = training;
    auto trained = std::make_shared<TrainedState>();
    trained->weights = lively(graph);
    trained->trainedGraph = graph;
    state.trained = trained;
    const Result<SaveReport> saved = saveDocument(state, base + ".keras");
    if (!saved) return saved.error();

    const GraphReport report = analyse(graph);
    const Shape& shape = report.nodes.at(report.inputs.front()).plan.output;
    std::vector<float> inputs(static_cast<std::size_t>(shape.count() * kSamples));
    Rng rng({.seed = 3});
    for (float& v : inputs)
        v = 2 * rng.uniform() - 1;
    Shape output;
    const Result<std::vector<float>> out = predict(graph, trained->weights, inputs, kSamples, output);
    if (!out) return out.error();
    std::ofstream(base + ".json") << summaryOf(graph).dump();
    if (Result<> r = writeNpy(base + ".in.npy", batched(shape, kSamples), inputs); !r) return r;
    return writeNpy(base + ".out.npy", batched(output, kSamples), *out);
}

int saveAll(const std::string& folder) {
    int failed = 0;
    const auto save = [&](std::string name, const ModelGraph& graph, const TrainingSettings& training) {
        std::ranges::replace_if(
            name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_'; }, '-');
        if (const Result<> r = saveOne(folder + "/" + name, graph, training); !r) {
            fmt::print(stderr, "{}: {}\n", name, r.error().message);
            ++failed;
        }
    };
    for (const Template& t : templates()) {
        if (analyse(t.make()).outputs.empty()) continue; // a sheet to begin with is no model yet
        TrainingSettings training;
        training.optimizer = {t.optimizer, {{"learning_rate", t.learningRate}}};
        if (t.momentum > 0) training.optimizer.params["momentum"] = t.momentum;
        save("template_" + t.id, t.make(), training);
    }
    for (const LayerType& type : layerTypes()) {
        int number = 0;
        for (const LayerExample& e : type.examples)
            save(fmt::format("{}_{}_{}", type.schema.id, number++, e.title), graphOf(type, e), {});
    }
    return failed == 0 ? 0 : 1;
}

int predictWith(const std::string& model, const std::string& inputs, const std::string& outputs) {
    const Result<OpenedDocument> opened = openDocument(model);
    if (!opened) {
        fmt::print(stderr, "{}\n", opened.error().message);
        return 1;
    }
    const Result<NpyArray> array = readNpy(inputs);
    if (!array || opened->state.trained == nullptr) return 1;
    Shape output;
    const std::int64_t samples = array->dims.front();
    const Result<std::vector<float>> out =
        predict(opened->state.graph, opened->state.trained->weights, array->values, samples, output);
    if (!out) {
        fmt::print(stderr, "{}\n", out.error().message);
        return 1;
    }
    const Result<> written = writeNpy(outputs, batched(output, samples), *out);
    return written ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (const auto code = runHdf5WallChild(argc, argv)) return *code;
    if (argc == 2) return saveAll(argv[1]);
    if (argc == 5 && std::string_view(argv[1]) == "--predict") return predictWith(argv[2], argv[3], argv[4]);
    fmt::print(stderr,
               "usage: save_examples FOLDER | save_examples --predict MODEL INPUTS.npy OUTPUTS.npy\n");
    return 2;
}
