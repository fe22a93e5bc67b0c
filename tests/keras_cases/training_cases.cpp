// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_config.h"
#include "engine/network/network.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/parameter_update.h"
#include "tests/keras_cases/keras_values.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

/// model.fit() without shuffling, batch by batch, over the ordinary network, loss and optimiser.
class Fit {
public:
    Fit(const Json& c, const KerasModel& model, std::unique_ptr<Network> network, Workers& workers,
        const TypedParams& loss, const TypedParams& optimizer, const std::optional<TypedParams>& schedule)
        : m_network(std::move(network))
        , m_loss(createLoss(loss))
        , m_update(optimizer, schedule, *m_network, workers)
        , m_x(floats(arrayFrom(c.at("x"))))
        , m_y(arrayFrom(c.at("y")))
        , m_samples(arrayFrom(c.at("x")).shape.front())
        , m_batch(c.at("batch_size").get<std::int64_t>()) {
        for (const KerasLayer& layer : model.layers)
            addArrays(layer);
        m_weights.assign(static_cast<std::size_t>(m_samples), 1.0F);
        if (c.contains("class_weight")) {
            for (std::int64_t n = 0; n < m_samples; ++n)
                m_weights[static_cast<std::size_t>(n)] = c["class_weight"].value(std::to_string(classOf(n)), 1.0F);
        }
    }

    std::string setWeights(const Json& given) {
        if (given.size() != m_arrays.size()) return "another number of weights";
        for (std::size_t i = 0; i < m_arrays.size(); ++i) {
            const std::vector<float> values = floats(arrayFrom(given.at(i)));
            if (static_cast<std::int64_t>(values.size()) != m_arrays[i]->count) return "another size of weights";
            std::ranges::copy(values, m_network->parameters().begin() + m_arrays[i]->offset);
        }
        m_update.beginAnew();
        return {};
    }
    std::string compareWeights(const Json& expected) {
        for (std::size_t i = 0; i < m_arrays.size(); ++i) {
            const auto got = std::as_const(*m_network).parameters().subspan(static_cast<std::size_t>(m_arrays[i]->offset),
                                                                            static_cast<std::size_t>(m_arrays[i]->count));
            std::string why = difference(fmt::format("weights {} ({})", i, m_arrays[i]->spec->name), got,
                                         arrayFrom(expected.at(i)), 0, 2e-4);
            if (!why.empty()) return why;
        }
        return {};
    }
    std::vector<float> predict() {
        std::vector<float> out;
        for (std::int64_t first = 0; first < m_samples; first += m_batch) {
            const std::int64_t n = load(first);
            m_network->forward(n, false);
            const auto part = m_network->output().first(static_cast<std::size_t>(n * m_network->outputShape().count()));
            out.insert(out.end(), part.begin(), part.end());
        }
        return out;
    }
    /// The epoch's mean loss; metrics are updated with every batch.
    double epoch(std::span<const std::unique_ptr<Metric>> metrics) {
        double sum = 0;
        for (std::int64_t first = 0; first < m_samples; first += m_batch) {
            const std::int64_t n = load(first);
            m_network->forward(n, true, m_update.iterations());
            sum += static_cast<double>(n) * (batchLoss(first, n) + m_update.penalty() + m_network->activityPenalty());
            for (const std::unique_ptr<Metric>& metric : metrics)
                (void)metric->update(measured(first, n));
            m_network->backward(false);
            m_update.apply();
        }
        return sum / static_cast<double>(m_samples);
    }

private:
    /// In the order of Keras's get_weights(): layer after layer, those of a model within the model in its place.
    void addArrays(const KerasLayer& layer) {
        std::vector<const Network::Slot*> own;
        for (const Network::Slot& s : m_network->arrays()) {
            if (s.node == layer.node) own.push_back(&s);
        }
        std::ranges::sort(own, {}, &Network::Slot::index);
        m_arrays.insert(m_arrays.end(), own.begin(), own.end());
        for (const KerasLayer& inner : layer.inner)
            addArrays(inner);
    }
    std::int64_t load(std::int64_t first) {
        const std::int64_t n = std::min(m_batch, m_samples - first), size = m_network->inputShape().count();
        std::copy_n(m_x.begin() + first * size, n * size, m_network->input().begin());
        return n;
    }
    std::int64_t targetSize() const { return static_cast<std::int64_t>(m_y.data.size()) / m_samples; }
    std::int64_t classOf(std::int64_t n) const {
        const auto row = std::span(m_y.data).subspan(static_cast<std::size_t>(n * targetSize()), static_cast<std::size_t>(targetSize()));
        return row.size() == 1 ? static_cast<std::int64_t>(row[0]) : std::ranges::max_element(row) - row.begin();
    }
    double batchLoss(std::int64_t first, std::int64_t n) {
        const Shape& out = m_network->outputShape();
        LossPass pass;
        pass.samples = n;
        pass.columns = out.rank() == 0 ? 1 : out[-1];
        pass.rows = out.count() / pass.columns;
        pass.output = m_network->output().data();
        std::vector<float> targets;
        std::vector<std::int32_t> labels;
        const auto from = m_y.data.begin() + first * targetSize(), to = from + n * targetSize();
        if (m_loss->takesLabels()) labels.assign(from, to);
        else targets.assign(from, to);
        pass.labels = labels.empty() ? nullptr : labels.data();
        pass.targets = targets.empty() ? nullptr : targets.data();
        pass.sampleWeights = m_weights.data() + first;
        const auto counted = std::ranges::count_if(labels, [&](std::int32_t label) { return !m_loss->ignores(label); });
        pass.gradientScale = 1.0 / static_cast<double>(m_loss->takesLabels() ? std::max<std::int64_t>(counted, 1) : n * pass.rows);
        std::vector<double> each(static_cast<std::size_t>(n));
        m_loss->evaluate(pass, each, m_network->outputGradient().data());
        double sum = 0;
        for (const double v : each)
            sum += v;
        return sum * pass.gradientScale;
    }
    MetricUpdate measured(std::int64_t first, std::int64_t n) const {
        MetricUpdate u;
        u.prediction.shape = {n};
        for (const std::int64_t d : m_network->outputShape().dims()) u.prediction.shape.push_back(d);
        const auto out = m_network->output().first(static_cast<std::size_t>(n * m_network->outputShape().count()));
        u.prediction.data.assign(out.begin(), out.end());
        u.target.shape = m_y.shape;
        u.target.shape.front() = n;
        u.target.data.assign(m_y.data.begin() + first * targetSize(), m_y.data.begin() + (first + n) * targetSize());
        return u;
    }

    std::unique_ptr<Network> m_network;
    std::unique_ptr<Loss> m_loss;
    ParameterUpdate m_update;
    std::vector<float> m_x, m_weights;
    Array m_y;
    std::int64_t m_samples, m_batch;
    std::vector<const Network::Slot*> m_arrays;
};

/// "accuracy" is the accuracy that goes with the loss, as in Keras's compile().
std::string metricOf(const std::string& name, const std::string& loss) {
    if (name != "accuracy" && name != "acc") return name;
    if (loss == "BinaryCrossentropy") return "BinaryAccuracy";
    return loss == "SparseCategoricalCrossentropy" ? "SparseCategoricalAccuracy" : "CategoricalAccuracy";
}

Outcome compareHistory(const Json& c, Fit& fit, const std::string& loss) {
    std::vector<std::string> names;
    std::vector<const MetricType*> types;
    for (const Json& m : c.at("metrics")) {
        names.push_back(m.get<std::string>());
        types.push_back(findMetricType(metricOf(names.back(), loss)));
        if (types.back() == nullptr) return unsupported("metric " + names.back());
    }
    const Json& history = c.at("history");
    for (const auto& [key, value] : history.items()) {
        if (key != "loss" && std::ranges::find(names, key) == names.end()) return failed("history of " + key + " is not compared");
        if (value.size() != c.at("epochs").get<std::size_t>()) return failed("history of " + key + " is not one value an epoch");
    }
    for (std::size_t e = 0; e < c.at("epochs").get<std::size_t>(); ++e) {
        std::vector<std::unique_ptr<Metric>> metrics;
        for (const MetricType* t : types)
            metrics.push_back(t->create(t->schema.defaults()));
        const auto check = [&](const std::string& key, double got) {
            return difference(fmt::format("{} of epoch {}", key, e), std::span<const double>(&got, 1),
                              Array{{}, {history.at(key).at(e).get<double>()}}, 1e-3, 1e-6);
        };
        std::string why = check("loss", fit.epoch(metrics));
        for (std::size_t m = 0; why.empty() && m < metrics.size(); ++m)
            why = check(names[m], metrics[m]->result().front());
        if (!why.empty()) return failed(why);
    }
    return passed();
}

/// Empty, or why the case's data cannot go through its network.
std::string dataMisfit(const Json& c, const Network& network, const TypedParams& loss) {
    const Array x = arrayFrom(c.at("x")), y = arrayFrom(c.at("y"));
    if (x.data.empty() || y.shape.empty() || x.shape.front() != y.shape.front()) return "x and y differ in their number of samples";
    if (sampleShape(c["x"]["shape"]) != network.inputShape()) return "x does not fit the network's input";
    const Shape& out = network.outputShape();
    const std::int64_t columns = out.rank() == 0 ? 1 : out[-1];
    const std::int64_t rows = out.count() / std::max<std::int64_t>(columns, 1) * x.shape.front();
    if (static_cast<std::int64_t>(y.data.size()) != (createLoss(loss)->takesLabels() ? rows : rows * columns)) return "y does not fit the network's output";
    return {};
}

Outcome runTraining(const Json& c) {
    const Result<KerasModel> model = graphFromKeras(c.at("model").dump());
    if (!model) return unsupported(model.error().message);
    std::string lacking;
    const LossType* named = c.at("loss").is_string() ? findLossType(c["loss"].get<std::string>()) : nullptr;
    const TypedParams loss = typedFrom(lossFamily(), named != nullptr ? Json(named->schema.id) : c["loss"], lacking);
    Json given = c.at("optimizer");
    std::optional<TypedParams> schedule;
    if (Json& rate = given["config"]["learning_rate"]; rate.is_object()) {
        schedule = typedFrom(scheduleFamily(), rate, lacking);
        rate = 0.01;
    }
    const TypedParams optimizer = typedFrom(optimizerFamily(), given, lacking);
    if (!lacking.empty()) return unsupported(lacking);
    Workers workers(2);
    CompileOptions options;
    options.batch = c.at("batch_size").get<std::int64_t>();
    if (options.batch < 1) return failed("batch_size must be at least 1");
    options.training = true;
    Result<std::unique_ptr<Network>> network = Network::compile(model->graph, options, workers);
    if (!network) return failed(network.error().message);
    if (const std::string why = dataMisfit(c, **network, loss); !why.empty()) return failed(why);
    Fit fit(c, *model, std::move(*network), workers, loss, optimizer, schedule);
    if (const std::string why = fit.setWeights(c.at("initial_weights")); !why.empty()) return failed(why);
    const auto compare = [&](const char* key) {
        const std::vector<float> got = fit.predict();
        return difference(key, std::span<const float>(got), arrayFrom(c.at(key)), kOutputRelative, 2e-4);
    };
    if (const std::string why = compare("predict_before"); !why.empty()) return failed(why);
    if (const Outcome o = compareHistory(c, fit, loss.id); o.kind != Outcome::Kind::Passed) return o;
    if (const std::string why = fit.compareWeights(c.at("final_weights")); !why.empty()) return failed(why);
    if (const std::string why = compare("predict_after"); !why.empty()) return failed(why);
    return passed();
}

} // namespace

Suite trainingSuite() {
    return {.files = {"training.json"},
            .run = runTraining,
            .compared = {"history", "final_weights", "predict_before", "predict_after"},
            .understood = {"id", "model", "optimizer", "loss", "metrics", "epochs", "batch_size", "shuffle", "x", "y",
                           "initial_weights", "class_weight", "note"}};
}

} // namespace strata::keras_cases
