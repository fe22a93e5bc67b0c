// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_tables.h"
#include "engine/interop/keras_written.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Ordered = nlohmann::ordered_json;

class ConfigWriter {
public:
    explicit ConfigWriter(const KerasPart& part)
        : m_part(part)
        , m_report(analyse(part.graph)) {}

    Ordered sequential(const std::string& name) const {
        Ordered layers = Ordered::array();
        for (const NodeId id : m_part.order)
            layers.push_back(layer(*m_part.graph.find(id)));
        const Ordered input = shapeToKeras(outputOf(m_part.inputs.front()));
        Ordered model = keras::kerasObject("keras", "Sequential",
                                           {{"name", name},
                                            {"trainable", true},
                                            {"dtype", keras::float32Policy()},
                                            {"layers", std::move(layers)},
                                            {"build_input_shape", input}});
        model["build_config"] = {{"input_shape", input}};
        return model;
    }

    Ordered functional(const std::string& name) const {
        Ordered layers = Ordered::array();
        for (const NodeId id : m_part.order) {
            const Node& node = *m_part.graph.find(id);
            Ordered entry = layer(node);
            entry["name"] = node.name;
            entry["inbound_nodes"] = inboundNodes(node);
            layers.push_back(std::move(entry));
        }
        Ordered model = {{"module", "keras.src.models.functional"},
                         {"class_name", "Functional"},
                         {"config",
                          {{"name", name},
                           {"trainable", true},
                           {"layers", std::move(layers)},
                           {"input_layers", ends(m_part.inputs)},
                           {"output_layers", ends(m_part.outputs)}}},
                         {"registered_name", "Functional"}};
        model["build_config"] = {{"input_shape", nullptr}};
        return model;
    }

private:
    static Ordered shapeToKeras(const Shape& shape) { return keras::shapeToKeras(shape); }
    const Shape& outputOf(NodeId id) const { return m_report.nodes.at(id).plan.output; }

    /// One end as ["name", 0, 0], several as a list of those.
    Ordered ends(const std::vector<NodeId>& ids) const {
        Ordered list = Ordered::array();
        for (const NodeId id : ids)
            list.push_back(Ordered::array({m_part.graph.find(id)->name, 0, 0}));
        return ids.size() == 1 ? list.front() : list;
    }

    Ordered layer(const Node& node) const {
        if (node.type == keras::kInputCard) return inputLayer(node);
        Ordered entry = keras::layerObject(node);
        if (keras::hasBuildConfig(node.type)) entry["build_config"] = {{"input_shape", inputShapes(node)}};
        return entry;
    }

    Ordered inputLayer(const Node& node) const {
        return keras::kerasObject("keras.layers", keras::kInputLayer,
                                  {{"batch_shape", shapeToKeras(outputOf(node.id))},
                                   {"dtype", "float32"},
                                   {"sparse", false},
                                   {"ragged", false},
                                   {"name", node.name},
                                   {"optional", false}});
    }

    bool merges(const Node& node) const { return findLayerType(node.type)->maxInputs != 1; }

    Ordered inputShapes(const Node& node) const {
        Ordered list = Ordered::array();
        for (const Edge& e : m_part.graph.inputsOf(node.id))
            list.push_back(shapeToKeras(outputOf(e.from)));
        return merges(node) ? list : list.front();
    }

    Ordered inboundNodes(const Node& node) const {
        if (node.type == keras::kInputCard) return Ordered::array();
        Ordered tensors = Ordered::array();
        for (const Edge& e : m_part.graph.inputsOf(node.id)) {
            tensors.push_back(
                {{"class_name", "__keras_tensor__"},
                 {"config",
                  {{"shape", shapeToKeras(outputOf(e.from))},
                   {"dtype", "float32"},
                   {"keras_history", Ordered::array({m_part.graph.find(e.from)->name, 0, 0})}}}});
        }
        Ordered args = merges(node) ? Ordered::array({tensors}) : tensors;
        return Ordered::array({{{"args", std::move(args)}, {"kwargs", Ordered::object()}}});
    }

    const KerasPart& m_part;
    GraphReport m_report;
};

/// By name where all is at its default, as Keras does.
Ordered lossConfig(const TypedParams& loss) {
    const LossType* type = findLossType(loss.id);
    const Result<ParamMap> checked = type == nullptr ? ParamMap() : type->schema.check(loss.params);
    if (type != nullptr && checked && *checked == type->schema.defaults()) return ModelGraph::snakeCase(type->schema.id);
    return keras::lossObject(loss);
}

/// Metrics that are losses take fewer options than those: the name alone says the same.
bool kerasHasMetric(const MetricType& type, const ParamMap& params) {
    return !type.ofLoss || params == type.schema.defaults();
}

/// What Keras cannot measure is left out: a file that it refuses would be worse.
Ordered metricsConfig(const TrainingSettings& settings) {
    Ordered out = Ordered::array({"accuracy"});
    for (const TypedParams& metric : settings.metrics) {
        const Result<TypedParams> checked = checkMetric(metric);
        if (!checked) continue;
        const MetricType* type = findMetricType(checked->id);
        if (!kerasHasMetric(*type, checked->params)) continue;
        if (type->ofLoss) {
            out.push_back(metricName(type->schema.id));
            continue;
        }
        Ordered config = {{"name", metricName(type->schema.id)}, {"dtype", "float32"}};
        config.update(keras::toKeras(type->schema, checked->params));
        out.push_back(keras::kerasObject("keras.metrics", type->schema.id, std::move(config)));
    }
    return out;
}

Ordered compileConfig(const TrainingSettings& settings) {
    Ordered out = Ordered::object();
    Ordered optimizer = keras::optimizerObject(settings.optimizer);
    if (!optimizer.is_null()) {
        Ordered schedule = settings.schedule ? keras::scheduleObject(*settings.schedule) : Ordered(nullptr);
        if (!schedule.is_null()) optimizer["config"]["learning_rate"] = std::move(schedule);
        out["optimizer"] = std::move(optimizer);
    }
    out["loss"] = lossConfig(settings.loss);
    out["loss_weights"] = nullptr;
    out["metrics"] = metricsConfig(settings);
    out["weighted_metrics"] = nullptr;
    out["run_eagerly"] = false;
    out["steps_per_execution"] = 1;
    out["jit_compile"] = false;
    return out;
}

} // namespace

Result<std::string> kerasConfig(const ModelGraph& graph, const std::string& name,
                                const TrainingSettings* compiled) {
    const Result<KerasPart> part = kerasPart(graph);
    if (!part) return part.error();
    const ConfigWriter writer(*part);
    Ordered model = part->sequential ? writer.sequential(name) : writer.functional(name);
    if (compiled != nullptr) model["compile_config"] = compileConfig(*compiled);
    return jsonText(model);
}

} // namespace strata
