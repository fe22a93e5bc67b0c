// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/summary.h"

#include "engine/core/number_text.h"
#include "engine/graph/problem_text.h"
#include "engine/graph/text_table.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata {
namespace {

bool isInput(const GraphReport& report, NodeId id) {
    return std::ranges::find(report.inputs, id) != report.inputs.end();
}

/// The class name that Keras prints: its Input is made of an InputLayer.
std::string kerasClass(const GraphReport& report, const Node& node) {
    return isInput(report, node.id) ? "InputLayer" : node.type;
}

/// One layer after the other, nothing beside them: Keras leaves the column "Connected to" out.
bool isChain(const ModelGraph& graph) {
    std::size_t ends = 0;
    for (const ModelGraph::NodePtr& n : graph.nodes()) {
        const std::size_t out = graph.outputsOf(n->id).size();
        if (out > 1 || graph.inputsOf(n->id).size() > 1) return false;
        if (out == 0) ++ends;
    }
    return ends <= 1;
}

std::string connections(const ModelGraph& graph, NodeId id) {
    std::string out;
    for (const Edge& e : graph.inputsOf(id)) {
        out += fmt::format("{}{}[0][0]", out.empty() ? "" : ", ", graph.find(e.from)->name);
    }
    return out.empty() ? "-" : out;
}

/// Keras cuts the line at these shares, then the frame and the blanks take their place evenly from all
/// columns, halves going to the even number.
std::vector<std::size_t> columnWidths(const std::vector<double>& ends, int line) {
    std::vector<int> widths;
    int used = 0, sum = 0;
    for (const double end : ends) {
        const int width = static_cast<int>(end * line) - used;
        used += width;
        widths.push_back(width + 2);
        sum += width + 2;
    }
    const auto count = static_cast<int>(ends.size());
    int excess = sum - (line - count - 1);
    std::vector<std::size_t> out;
    for (int i = 0; i < count; ++i) {
        const int share = static_cast<int>(std::nearbyint(static_cast<double>(excess) / (count - i)));
        excess -= share;
        out.push_back(static_cast<std::size_t>(std::max(widths[static_cast<std::size_t>(i)] - share, 4)));
    }
    return out;
}

std::string totalLine(const char* title, std::int64_t parameters) {
    return fmt::format(" {}: {} ({})\n", title, grouped(parameters), kerasByteText(4 * parameters));
}

const char* severityName(Severity s) {
    return s == Severity::Error ? "error" : s == Severity::Warning ? "warning" : "hint";
}

nlohmann::json shapeJson(const Shape& shape) {
    nlohmann::json out = nlohmann::json::array({nullptr});
    for (const std::int64_t d : shape.dims())
        out.push_back(d == Shape::kUnknown ? nlohmann::json() : nlohmann::json(d));
    return out;
}

nlohmann::json layerJson(const ModelGraph& graph, const Node& node, const NodeReport& report) {
    nlohmann::json from = nlohmann::json::array();
    for (const Edge& e : graph.inputsOf(node.id))
        from.push_back(graph.find(e.from)->name);
    const bool ready = report.state == NodeState::Ready;
    return {{"name", node.name},
            {"type", node.type},
            {"output_shape", ready ? shapeJson(report.plan.output) : nlohmann::json()},
            {"params", report.parameters},
            {"trainable_params", report.trainableParameters},
            {"macs", report.plan.macs},
            {"connected_to", std::move(from)}};
}

} // namespace

std::string summaryText(const ModelGraph& graph, const GraphReport& report, const SummaryOptions& options) {
    const bool chain = isChain(graph);
    const std::vector<double> ends = chain ? std::vector{0.45, 0.80, 1.0} : std::vector{0.3, 0.56, 0.74, 1.0};
    const std::vector<std::size_t> widths =
        columnWidths(ends, std::clamp(options.columns - 4, 40, chain ? 88 : 108));
    std::vector<TextColumn> columns{
        {"Layer (type)", widths[0]}, {"Output Shape", widths[1]}, {"Param #", widths[2], true}};
    if (!chain) columns.push_back({"Connected to", widths[3]});

    std::vector<std::vector<std::string>> rows;
    for (const NodeId id : report.order) {
        if (!options.showInputs && isInput(report, id)) continue;
        const Node& node = *graph.find(id);
        const NodeReport& r = report.nodes.at(id);
        const bool ready = r.state == NodeState::Ready;
        rows.push_back({fmt::format("{} ({})", node.name, kerasClass(report, node)),
                        ready ? r.plan.output.kerasText() : "?", ready ? grouped(r.parameters) : "?"});
        if (!chain) rows.back().push_back(connections(graph, id));
    }
    const GraphTotals& t = report.totals;
    std::string out = fmt::format("Model: \"{}\"\n", options.modelName) + textTable(columns, rows);
    out += totalLine("Total params", t.parameters);
    out += totalLine("Trainable params", t.trainableParameters);
    out += totalLine("Non-trainable params", t.parameters - t.trainableParameters);
    return out;
}

nlohmann::json summaryJson(const ModelGraph& graph, const GraphReport& report,
                           const SummaryOptions& options) {
    const GraphTotals& t = report.totals;
    nlohmann::json layers = nlohmann::json::array();
    for (const NodeId id : report.order) {
        if (!options.showInputs && isInput(report, id)) continue;
        layers.push_back(layerJson(graph, *graph.find(id), report.nodes.at(id)));
    }
    nlohmann::json problems = nlohmann::json::array();
    for (const Problem& p : report.problems) {
        const Node* node = graph.find(p.node);
        problems.push_back({{"severity", severityName(p.severity)},
                            {"id", p.id},
                            {"layer", node == nullptr ? nlohmann::json() : nlohmann::json(node->name)},
                            {"text", p.text}});
    }
    const nlohmann::json field = t.receptive.global
                                     ? nlohmann::json()
                                     : nlohmann::json::array({t.receptive.windowH, t.receptive.windowW});
    return {{"name", options.modelName},
            {"layers", std::move(layers)},
            {"total_params", t.parameters},
            {"trainable_params", t.trainableParameters},
            {"non_trainable_params", t.parameters - t.trainableParameters},
            {"macs", t.macs},
            {"receptive_field", field},
            {"problems", std::move(problems)}};
}

} // namespace strata
