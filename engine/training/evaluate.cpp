// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/evaluate.h"

#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "engine/graph/raw_images.h"
#include "engine/training/loss_meter.h"
#include "engine/training/run_watch.h"
#include "engine/training/weight_rules.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace strata {
namespace {

/// Each value of the output is a probability of its own. Behind the sigmoid the values may only change their shape.
bool endsInSigmoid(const ModelGraph& drawing) {
    const ModelGraph graph = flatten(drawing);
    const GraphReport report = analyse(graph);
    if (report.outputs.size() != 1) return false;
    for (NodeId id = report.outputs.front();;) {
        const Node& node = *graph.find(id);
        const LayerType* type = findLayerType(node.type);
        const Result<ParamMap> params = type == nullptr ? Result<ParamMap>(failure("", "")) : type->schema.check(node.params);
        if (!params) return false;
        if (const auto activation = params->find("activation"); activation != params->end()) {
            const std::string* name = activation->second.asText();
            return name != nullptr && (*name == "sigmoid" || *name == "hard_sigmoid");
        }
        const std::vector<Edge> inputs = graph.inputsOf(id);
        if (!report.find(id)->plan.viewOfInput || inputs.size() != 1) return false;
        id = inputs.front().from;
    }
}

} // namespace

Result<Predictor> Predictor::create(const ModelGraph& graph, const Weights& weights, Workers& workers,
                                    std::int64_t batch, bool keepActivations) {
    CompileOptions options;
    options.batch = batch;
    options.keepActivations = keepActivations;
    Result<std::unique_ptr<Network>> network = Network::compile(graph, options, workers);
    if (!network) return network.error();
    const auto wanted = static_cast<int>((*network)->arrays().size());
    if (const int taken = (*network)->load(weights); taken != wanted) {
        return failure(
            "weights.missing",
            said("Of the network's {} weight arrays {} have no trained values; train it first.",
                 wanted, wanted - taken));
    }
    Predictor p;
    p.m_network = std::move(*network);
    p.m_workers = &workers;
    p.m_batch = batch;
    p.m_givesProbabilities = p.m_network->endsInSoftmax() || endsInSigmoid(graph);
    return p;
}

void Predictor::predict(std::span<const float> images, std::span<float> outputs) {
    const std::int64_t in = m_network->inputShape().count();
    const std::int64_t out = m_network->outputShape().count();
    const std::int64_t total = static_cast<std::int64_t>(images.size()) / std::max<std::int64_t>(in, 1);
    assert(static_cast<std::int64_t>(outputs.size()) == total * out);
    for (std::int64_t first = 0; first < total; first += m_batch) {
        const std::int64_t n = std::min(m_batch, total - first);
        std::copy_n(images.data() + first * in, n * in, m_network->input().data());
        m_network->forward(n, false);
        std::ranges::copy(m_network->output(), outputs.data() + first * out);
    }
}

void Predictor::run(const Dataset& data, std::int64_t first, std::int64_t samples, Scaling scaling) {
    assert(samples <= m_batch);
    const std::span<float> input = m_network->input();
    const auto size = static_cast<std::size_t>(m_network->inputShape().count());
    m_workers->run(samples, [&](std::int64_t n, int) {
        const std::span<float> sample = input.subspan(static_cast<std::size_t>(n) * size, size);
        data.read(first + n, sample);
        applyScaling(scaling, sample);
    });
    m_network->forward(samples, false);
}

std::vector<float> Predictor::probabilities(std::span<const float> row) const {
    std::vector<float> p(row.begin(), row.end());
    if (m_givesProbabilities || p.size() < 2) return p;
    const float top = *std::ranges::max_element(p);
    double sum = 0;
    for (float& v : p)
        sum += v = std::exp(v - top);
    for (float& v : p)
        v = static_cast<float>(v / sum);
    return p;
}

Result<Evaluation> evaluate(const ModelGraph& graph, const Weights& weights, const Dataset& data,
                            Scaling scaling, const TypedParams& loss, Workers& workers,
                            const Progress& progress, std::span<const TypedParams> metrics) {
    if (Result<> fits = checkFits(graph, data); !fits) return fits.error();
    Result<Predictor> predictor =
        Predictor::create(withInputShape(graph, data.sampleShape()), weights, workers);
    if (!predictor) return predictor.error();
    const Network& network = predictor->network();
    if (Result<> fits =
            checkLossFits(loss, network.outputShape(), static_cast<std::int64_t>(data.classNames().size()));
        !fits) {
        return fits.error();
    }
    LossMeter meter(loss, network.outputShape(), network.endsInSoftmax(), predictor->batch());
    if (Result<> measurable = MetricSet::check(metrics, network.outputShape()); !measurable) return measurable.error();
    MetricSet measured(metrics, network.outputShape());
    Evaluation out;
    std::int64_t correct = 0;
    std::vector<std::int32_t> labels(static_cast<std::size_t>(predictor->batch()));
    const std::int64_t columns = network.outputShape().count();
    for (std::int64_t first = 0; first < data.size(); first += predictor->batch()) {
        const std::int64_t n = std::min(predictor->batch(), data.size() - first);
        predictor->run(data, first, n, scaling);
        for (std::int64_t i = 0; i < n; ++i)
            labels[static_cast<std::size_t>(i)] = data.label(first + i);
        const BatchScore score = meter.measure(n, network.output().data(), labels.data(), nullptr, workers);
        measured.update(n, network.output().data(), labels.data());
        out.loss += score.lossSum + network.activityPenalty() * static_cast<double>(n);
        correct += score.correct;
        for (std::int64_t i = 0; i < n; ++i) {
            const std::span<const float> row = network.output().subspan(static_cast<std::size_t>(i * columns),
                                                                        static_cast<std::size_t>(columns));
            const std::int64_t best = argmax(row);
            out.predicted.push_back(static_cast<std::int32_t>(best));
            out.confidence.push_back(predictor->probabilities(row)[static_cast<std::size_t>(best)]);
        }
        out.samples += n;
        if (progress && !progress(out.samples, data.size()))
            return failure("stopped", said("The evaluation was stopped."));
    }
    out.metrics = measured.results();
    if (out.samples > 0) {
        out.loss /= static_cast<double>(out.samples);
        out.loss += regularizationLoss(network);
        out.accuracy = static_cast<double>(correct) / static_cast<double>(out.samples);
    }
    return out;
}

std::vector<std::int64_t> confusionMatrix(const Dataset& data, std::span<const std::int32_t> predicted) {
    const std::size_t rows = data.classNames().size();
    std::size_t columns = rows;
    for (const std::int32_t p : predicted)
        columns = std::max(columns, static_cast<std::size_t>(p) + 1);
    std::vector<std::int64_t> counts(rows * columns, 0);
    for (std::size_t i = 0; i < predicted.size(); ++i) {
        const auto row = static_cast<std::size_t>(data.label(static_cast<std::int64_t>(i)));
        ++counts[row * columns + static_cast<std::size_t>(predicted[i])];
    }
    return counts;
}

Result<> checkFits(const ModelGraph& graph, const Dataset& data) {
    const GraphReport report = analyse(graph);
    if (report.inputs.size() != 1) return {}; // compile() says what is wrong
    const Shape wanted = report.find(report.inputs.front())->plan.output;
    const Shape given = data.sampleShape();
    bool fits = wanted.rank() == given.rank();
    for (int a = 0; fits && a < wanted.rank(); ++a)
        fits = wanted[a] == Shape::kUnknown || wanted[a] == given[a];
    if (fits) return {};
    std::string remedy = said("set the Input's shape to {}", given.text());
    if (wanted.rank() == 3 && given.rank() == 3 && wanted.isKnown()) {
        remedy +=
            said(", or fit the images to the network: resize them to {}x{}{}", wanted[0], wanted[1],
                 wanted[2] == given[2] ? ""
                 : wanted[2] == 1      ? said(", in grey")
                                       : said(", in colour (rgb)"));
    }
    return failure("data.shape", said("{}: its images are {}, the network takes {}; {}.", data.name(),
                                      given.text(), wanted.text(), remedy));
}

ModelGraph withInputShape(const ModelGraph& graph, const Shape& sample) {
    ModelGraph out = graph;
    for (const auto& node : graph.nodes()) {
        const LayerType* type = findLayerType(node->type);
        const auto shape = node->params.find("shape");
        if (type == nullptr || type->maxInputs != 0 || shape == node->params.end() ||
            shape->second.asInts() == nullptr)
            continue;
        Node known = *node;
        ParamValue::IntList dims = *shape->second.asInts();
        for (std::size_t a = 0; a < dims.size() && dims.size() == static_cast<std::size_t>(sample.rank());
             ++a) {
            if (dims[a] == Shape::kUnknown) dims[a] = sample[static_cast<int>(a)];
        }
        known.params["shape"] = ParamValue(std::move(dims));
        out.replace(std::move(known));
    }
    return out;
}

TypedParams defaultLoss(const ModelGraph& graph) {
    const GraphReport report = analyse(graph);
    bool softmax = false;
    if (report.outputs.size() == 1) softmax = report.find(report.outputs.front())->plan.endsInSoftmax;
    return {"SparseCategoricalCrossentropy", {{"from_logits", !softmax}}};
}

Scaling defaultScaling(const ModelGraph& graph) {
    return takesRawImages(graph) ? Scaling::None : Scaling::UnitRange;
}

} // namespace strata
