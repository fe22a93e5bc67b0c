// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"

#include "engine/core/said.h"
#include "engine/graph/advice.h"
#include "engine/graph/analysis_fold.h"
#include "engine/graph/data_checks.h"
#include "engine/graph/graph_index.h"
#include "engine/graph/node_params.h"
#include "engine/graph/problem_text.h"
#include "engine/graph/receptive_field.h"
#include "engine/layers/sizes.h"

#include <algorithm>
#include <limits>

namespace strata {
namespace {

constexpr std::int64_t kFloat = 4; ///< bytes

/// What one node says about itself, given what is above it.
class NodeAnalysis {
public:
    NodeAnalysis(const GraphIndex& index, GraphReport& out)
        : m_index(index)
        , m_out(out) {}

    void run(std::size_t at) {
        const Node& node = *m_index.nodes[at];
        NodeReport& report = m_out.nodes[node.id];
        const LayerType* type = findLayerType(node.type);
        checkName(node);
        if (type == nullptr) {
            breakAt(report, node,
                    failure("node.type_unknown",
                            said("there is no layer \"{}\"; put another one in its place or remove it",
                                 node.type)));
            return;
        }
        if (type->maxInputs == 0) m_out.inputs.push_back(node.id);
        if (!gather(at, *type, report)) return;
        Result<LayerPlan> plan = planLayer(*type, node.params, report.inputShapes);
        if (!plan) {
            const bool window = plan.error().id == "layer.window_too_large";
            breakAt(report, node, window ? vanished(at, plan.error()) : plan.error());
            return;
        }
        fill(at, std::move(*plan), report);
    }

private:
    void breakAt(NodeReport& report, const Node& node, const Error& error) {
        report.state = NodeState::Broken;
        m_out.problems.push_back(problemAt(node, error));
    }

    /// After several poolings the window is not too large: the picture is gone. Says that in place of the
    /// layer's own words.
    Error vanished(std::size_t at, const Error& error) const {
        int poolings = 0;
        std::size_t up = at;
        while (!m_index.inputs[up].empty()) {
            up = m_index.inputs[up].front();
            const NodeReport& above = m_out.nodes.at(m_index.nodes[up]->id);
            if (isPooling(*m_index.nodes[up]) && above.plan.receptive.strideH > 1) ++poolings;
        }
        if (poolings < 2) return error;
        const Shape& first = m_out.nodes.at(m_index.nodes[up]->id).plan.output;
        const Shape& left = m_out.nodes.at(m_index.nodes[at]->id).inputShapes.front();
        return failure(
            "layer.vanished",
            said("{} poolings above it have made {} of {}, too little for its window; remove one of "
                 "the poolings, or use padding same",
                 poolings, left.text(), first.text()));
    }

    void checkName(const Node& node) {
        if (node.name.find('/') == std::string::npos) return;
        m_out.problems.push_back(problemAt(
            node, failure("node.name",
                          said("its name has a \"/\", which Keras forbids in a layer's name; use another sign"))));
    }

    /// Collects the shapes above; false when one is missing, and says whom the node waits for.
    bool gather(std::size_t at, const LayerType& type, NodeReport& report) {
        if (m_index.inputs[at].empty() && type.minInputs > 0) {
            report.state = NodeState::Unconnected;
            return false;
        }
        for (const std::size_t from : m_index.inputs[at]) {
            const NodeId above = m_index.nodes[from]->id;
            const NodeReport& source = m_out.nodes.at(above);
            if (source.state == NodeState::Ready) {
                report.inputShapes.push_back(source.plan.output);
                continue;
            }
            report.state = NodeState::Blocked;
            // A mistake outranks a wire that is not drawn yet: it is what the user has to mend first.
            const NodeId cause = source.state == NodeState::Blocked ? source.waitsFor : above;
            if (report.waitsFor == 0 || (m_out.nodes.at(cause).state == NodeState::Broken &&
                                         m_out.nodes.at(report.waitsFor).state != NodeState::Broken)) {
                report.waitsFor = cause;
            }
        }
        return report.state == NodeState::Ready;
    }

    void fill(std::size_t at, LayerPlan plan, NodeReport& report) {
        const Node& node = *m_index.nodes[at];
        for (const WeightSpec& w : plan.weights) {
            report.parameters += w.count();
            if (w.trainable && node.trainable) report.trainableParameters += w.count();
        }
        const std::int64_t kept = plan.viewOfInput ? 0 : countOrZero(plan.output);
        report.memoryPerSample = kFloat * (kept + plan.savedPerSample);
        bool first = true;
        for (const std::size_t from : m_index.inputs[at]) {
            const ReceptiveStep& above = m_out.nodes.at(m_index.nodes[from]->id).receptive;
            report.receptive = first ? above : widest(report.receptive, above);
            first = false;
        }
        report.receptive = compose(report.receptive, plan.receptive);
        report.plan = std::move(plan);
    }

    const GraphIndex& m_index;
    GraphReport& m_out;
};

void addUp(const GraphIndex& index, const AnalysisContext& context, GraphReport& out) {
    GraphTotals& t = out.totals;
    std::int64_t perSample = 0, gradients = 0, widest = 0;
    for (std::size_t at = 0; at < index.size(); ++at) {
        const NodeReport& node = out.nodes.at(index.nodes[at]->id);
        const bool isInput = std::ranges::find(out.inputs, index.nodes[at]->id) != out.inputs.end();
        if (!isInput) ++t.layers;
        if (node.state != NodeState::Ready) continue;
        t.parameters += node.parameters;
        t.trainableParameters += node.trainableParameters;
        t.macs = std::min(t.macs + node.plan.macs, std::numeric_limits<std::int64_t>::max() / 4);
        perSample += node.memoryPerSample;
        const std::int64_t output = kFloat * countOrZero(node.plan.output);
        std::int64_t inputs = 0;
        for (const Shape& s : node.inputShapes)
            inputs += kFloat * countOrZero(s);
        if (!isInput && !node.plan.viewOfInput) gradients += output;
        widest = std::max(widest, inputs + output);
    }
    t.learningBytes = kFloat * (1 + context.optimizerSlots) * t.trainableParameters;
    // What lies between two layers is there twice: value and gradient.
    t.trainingBytes = kFloat * t.parameters + t.learningBytes + saturatingProduct({context.batchSize, perSample + gradients});
    t.inferenceBytes = kFloat * t.parameters + saturatingProduct({context.batchSize, widest});
    for (const NodeId id : out.outputs)
        t.receptive = strata::widest(t.receptive, out.nodes.at(id).receptive);
}

Problem ofDrawing(std::string id, Severity severity, std::string text) {
    return {.id = std::move(id), .node = 0, .severity = severity, .shortText = text, .text = text};
}

/// A network may have several ends; one that is to be trained has one, and without that nothing begins.
Severity ofSeveralEnds(const AnalysisContext& context) {
    return context.classes || context.lossFromLogits ? Severity::Error : Severity::Warning;
}

/// False when the ends are alike, so that none of them is the dead one.
bool tellDeadEnds(const GraphIndex& index, const AnalysisContext& context, GraphReport& out) {
    const NodeId end = mainOutput(context, out);
    if (end == 0) return false;
    const std::string& name = index.nodes[index.place.at(end)]->name;
    for (const NodeId id : out.outputs) {
        if (id == end) continue;
        out.problems.push_back(problemAt(
            *index.nodes[index.place.at(id)],
            failure(
                "node.dead_end",
                said(
                    "nothing reads its output, and the network ends in \"{}\"; connect it to a layer on the "
                    "way there, or remove it",
                    name)),
            ofSeveralEnds(context)));
    }
    return true;
}

/// Is something drawn that cannot work as a whole? Wires that are missing, no beginning, no end, two ends.
void checkWhole(const GraphIndex& index, const AnalysisContext& context, GraphReport& out) {
    if (out.inputs.empty()) {
        out.problems.push_back(ofDrawing("graph.no_input", Severity::Error,
                                         said("The drawing has no Input: it says which shape the data have. Add "
                                              "one and connect it to the first layer.")));
        return;
    }
    // A card that was put aside does not stop a network that is whole without it.
    const Severity aside = out.outputs.empty() ? Severity::Error : Severity::Warning;
    for (const NodeId id : out.order) {
        if (out.nodes.at(id).state != NodeState::Unconnected) continue;
        out.problems.push_back(problemAt(
            *index.nodes[index.place.at(id)],
            failure("node.unconnected",
                    said("nothing is connected to its input; draw a wire from the layer before it, or remove it")),
            aside));
    }
    const bool mistakes =
        std::ranges::any_of(out.problems, [](const Problem& p) { return p.severity == Severity::Error; });
    if (out.outputs.empty() && !mistakes) {
        out.problems.push_back(
            ofDrawing("graph.no_layers", Severity::Error,
                      said("The drawing has an Input but no layer that reads it. Add a layer and connect it.")));
    }
    if (out.outputs.size() > 1 && !tellDeadEnds(index, context, out)) {
        std::string names;
        for (const NodeId id : out.outputs) {
            names += (names.empty() ? "\"" : ", \"") + index.nodes[index.place.at(id)]->name + "\"";
        }
        out.problems.push_back(ofDrawing("graph.several_outputs", ofSeveralEnds(context),
                                         said("The drawing ends in {} outputs: {}. Training needs "
                                              "one: join them, or remove what is left over.",
                                              out.outputs.size(), names)));
    }
}

} // namespace

bool GraphReport::hasErrors() const {
    return std::ranges::any_of(problems, [](const Problem& p) { return p.severity == Severity::Error; });
}

const NodeReport* GraphReport::find(NodeId id) const {
    const auto it = nodes.find(id);
    return it == nodes.end() ? nullptr : &it->second;
}

std::vector<const Problem*> GraphReport::problemsOf(NodeId id) const {
    std::vector<const Problem*> out;
    for (const Problem& p : problems) {
        if (p.node == id && !p.silenced) out.push_back(&p);
    }
    return out;
}

int GraphReport::silenced() const {
    return static_cast<int>(std::ranges::count(problems, true, &Problem::silenced));
}

/// requires: isFlat(graph), or what could not be made flat
static GraphReport analyseFlat(const ModelGraph& graph, const AnalysisContext& context) {
    const GraphIndex index(graph);
    GraphReport out;
    NodeAnalysis nodes(index, out);
    for (const std::size_t at : index.order()) {
        out.order.push_back(index.nodes[at]->id);
        nodes.run(at);
    }
    for (const NodeId id : out.order) {
        const bool isInput = std::ranges::find(out.inputs, id) != out.inputs.end();
        if (!isInput && out.nodes.at(id).state == NodeState::Ready &&
            index.consumers[index.place.at(id)].empty())
            out.outputs.push_back(id);
    }
    checkWhole(index, context, out);
    checkAgainstData(index, context, out);
    addUp(index, context, out);
    advise(index, context, out);
    // An input that was put aside is none of the network's.
    if (!out.outputs.empty())
        std::erase_if(out.inputs, [&](NodeId id) { return index.consumers[index.place.at(id)].empty(); });
    std::map<NodeId, std::size_t> flow;
    for (std::size_t i = 0; i < out.order.size(); ++i)
        flow[out.order[i]] = i + 1;
    std::ranges::stable_sort(out.problems, {}, [&](const Problem& p) {
        return std::pair(p.severity, p.node == 0 ? 0 : flow[p.node]);
    });
    return out;
}

static void markSilenced(const AnalysisContext& context, GraphReport& report) {
    for (Problem& p : report.problems) {
        p.silenced = p.severity != Severity::Error &&
                     (context.silenced.contains({p.id, p.node}) || context.silenced.contains({p.id, 0}));
    }
}

GraphReport analyse(const ModelGraph& graph, const AnalysisContext& context) {
    GraphReport out = analyseFlat(flatten(graph), context);
    if (!graph.groups().empty() || !isFlat(graph)) {
        const GraphReport flat = out;
        if (!isFlat(graph)) foldReport(graph, out);
        addBlocks(graph, flat, out);
    }
    markSilenced(context, out);
    return out;
}

} // namespace strata
