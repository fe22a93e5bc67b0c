// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/graph/advice.h"
#include "engine/graph/repair_candidates.h"
#include "engine/layers/window.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

namespace strata {
namespace {

using IntList = ParamValue::IntList;

void oddKernels(const Node& node, std::vector<Repair>& ideas) {
    const IntList kernel = sizesOf(node, "kernel_size");
    for (const std::int64_t step : {1, -1}) {
        IntList odd = kernel;
        for (std::int64_t& k : odd)
            k += k % 2 == 0 ? step : 0;
        ideas.push_back(setting(step > 0 ? "larger_kernel" : "smaller_kernel",
                                said("Use a {} kernel", timesText(odd)), node.id, "kernel_size", odd));
    }
}

void onPadding(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    for (const char* key : {"kernel_size", "pool_size"}) {
        if (at.inputShape() == nullptr) break;
        const IntList fits = reachedWindow(node, key, *at.inputShape()); // as the hint says
        const bool kernel = key == std::string_view("kernel_size");
        if (fits.empty() || (!kernel && std::ranges::all_of(fits, [](std::int64_t s) { return s == 1; })))
            continue;
        ideas.push_back(setting("smaller_kernel",
                                kernel ? said("Use a {} kernel", timesText(fits)) : said("Use a {} window", timesText(fits)),
                                node.id, key, fits));
    }
    ideas.push_back(dissolving(node));
    const std::vector<const Node*> chain = nodesAbove(at.graph, node.id);
    const auto pooling = std::ranges::find_if(chain, [](const Node* n) { return isPooling(*n); });
    if (pooling == chain.end()) return;
    Repair r = dissolving(**pooling);
    r.id = "remove_pooling_above";
    ideas.push_back(std::move(r));
}

void moreFilters(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    std::int64_t above = 0;
    for (const Node* n : nodesAbove(at.graph, node.id)) {
        above = numberOf(*n, "filters");
        if (above > numberOf(node, "filters")) break;
    }
    for (const std::int64_t filters : {above * 2, above}) {
        ideas.push_back(setting(filters == above ? "as_many_filters" : "twice_the_filters",
                                said("Use {} filters", filters), node.id, "filters", filters));
    }
}

void activations(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    ideas.push_back(setting("relu", said("Set activation relu"), node.id, "activation", "relu"));
    const std::vector<Edge> wires = at.graph.outputsOf(node.id);
    // With a normalization behind it the activation comes after that, as in the papers.
    if (wires.size() == 1 && isOf(*at.graph.find(wires.front().to), "normalization")) {
        const std::vector<Edge> next = at.graph.outputsOf(wires.front().to);
        if (next.size() == 1) {
            ideas.insert(ideas.begin(),
                         {"insert_activation",
                          said("Insert a ReLU behind {}", at.graph.find(wires.front().to)->name),
                          {},
                          [wire = next.front()](RepairTarget& t) {
                              insertBefore(t.graph, wire.to, wire.slot,
                                           {.type = "Activation", .params = {{"activation", "relu"}}});
                          }});
        }
    }
    if (wires.size() != 1) return;
    ideas.push_back(
        {"insert_max_pooling", said("Insert MaxPooling2D"), {}, [wire = wires.front()](RepairTarget& t) {
             insertBefore(t.graph, wire.to, wire.slot, {.type = "MaxPooling2D"});
         }});
}

/// The layer above that lays a picture out in a row, null when there is none.
const Node* rowMaker(const RepairCase& at, const Node& node) {
    for (const Node* n : nodesAbove(at.graph, node.id)) {
        const NodeReport& r = *at.report.find(n->id);
        if (r.state != NodeState::Ready || r.inputShapes.size() != 1) return nullptr;
        if (r.plan.output.rank() == 1 && r.inputShapes.front().rank() == 3) return n;
        if (r.plan.output.rank() != 1 || r.parameters > 0) return nullptr;
    }
    return nullptr;
}

void fewerParameters(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    if (const Node* row = rowMaker(at, node)) {
        const Shape& picture = at.report.find(row->id)->inputShapes.front();
        std::int64_t pool = 2;
        while (at.report.find(node.id)->parameters / (pool * pool) >= kManyParameters &&
               pool * 4 <= std::min(picture[0], picture[1]))
            pool *= 2;
        ideas.push_back({"insert_pooling",
                         said("Insert a {0}×{0} MaxPooling2D before {1}", pool, row->name),
                         {},
                         [to = row->id, pool](RepairTarget& t) {
                             insertBefore(
                                 t.graph, to, 0,
                                 {.type = "MaxPooling2D", .params = {{"pool_size", IntList{pool, pool}}}});
                         }});
        ideas.push_back({"global_pooling",
                         said("GlobalAveragePooling2D in place of {}", row->name),
                         {},
                         [id = row->id](RepairTarget& t) {
                             insertBefore(t.graph, id, 0, {.type = "GlobalAveragePooling2D"});
                             t.graph.dissolve(id);
                         }});
    }
    for (const char* key : {"units", "filters"}) {
        const std::int64_t many = numberOf(node, key);
        if (many < 2) continue;
        const std::int64_t each = at.report.find(node.id)->parameters / many;
        const auto fits = static_cast<std::uint64_t>(
            std::max<std::int64_t>((kManyParameters - 1) / std::max<std::int64_t>(each, 1), 1));
        const auto fewer = static_cast<std::int64_t>(std::bit_floor(fits));
        if (fewer < many)
            ideas.push_back(
                setting("fewer_units", said("Use {} {}", fewer, key), node.id, key, fewer));
    }
}

void strideInstead(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    NodeId below = node.id;
    do {
        const std::vector<Edge> wires = at.graph.outputsOf(below);
        if (wires.size() != 1) return;
        below = wires.front().to;
    } while (!isPooling(*at.graph.find(below)));
    const Node& pooling = *at.graph.find(below);
    IntList strides = sizesOf(pooling, "strides");
    if (strides.empty()) strides = sizesOf(pooling, "pool_size");
    ideas.push_back({"strides_for_pooling",
                     said("Strides {} in place of {}", timesText(strides), pooling.name),
                     {},
                     [id = node.id, below, strides](RepairTarget& t) {
                         setParam(t.graph, id, "strides", strides);
                         t.graph.dissolve(below);
                     }});
    ideas.push_back(
        {"strides_and_no_padding",
         said("Strides {} and no padding in place of {}", timesText(strides), pooling.name),
         {},
         [id = node.id, below, strides](RepairTarget& t) {
             setParam(t.graph, id, "strides", strides);
             setParam(t.graph, id, "padding", "valid");
             t.graph.dissolve(below);
         }});
}

void largerBatch(const RepairCase& at, std::vector<Repair>& ideas) {
    for (const std::int64_t size : {32, 16}) {
        ideas.push_back({fmt::format("batch_{}", size),
                         said("Use a batch size of {}", size),
                         {},
                         [size](RepairTarget& t) { t.batchSize = size; }});
    }
    std::vector<NodeId> all;
    for (const auto& n : at.graph.nodes()) {
        if (isOf(*n, "normalization") && hasParam(*n, "momentum")) all.push_back(n->id);
    }
    ideas.push_back({"layer_normalization",
                     all.size() == 1 ? said("Use LayerNormalization")
                                     : said("Use LayerNormalization in all {}", all.size()),
                     {},
                     [all](RepairTarget& t) {
                         for (const NodeId id : all) {
                             Node node = *t.graph.find(id);
                             node.type = "LayerNormalization";
                             node.params.clear();
                             replaceType(t.graph, std::move(node));
                         }
                     }});
}

void softmaxInside(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const NodeReport* report = at.report.find(node.id);
    if (report == nullptr || report->plan.weights.empty()) ideas.push_back(dissolving(node));
    if (hasParam(node, "activation")) ideas.push_back(setting("relu", said("Set activation relu"), node.id, "activation", "relu"));
}

void softmaxOverChannels(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    if (textIs(node, "activation", "softmax")) {
        ideas.push_back({"softmax_over_channels",
                         said("A Softmax layer over the channels in its place"),
                         {},
                         [id = node.id, wires = at.graph.outputsOf(node.id)](RepairTarget& t) {
                             setParam(t.graph, id, "activation", "linear");
                             const Node softmax{.type = "Softmax", .params = {{"axis", IntList{1}}}};
                             for (const Edge& wire : wires) insertBefore(t.graph, wire.to, wire.slot, softmax);
                             if (wires.empty()) append(t.graph, id, softmax);
                         }});
    }
    ideas.push_back(setting("linear", said("Set activation linear"), node.id, "activation", "linear"));
}

} // namespace

void addAdviceIdeas(const RepairCase& at, std::vector<Repair>& ideas) {
    const Node* node = at.node();
    if (node == nullptr) return;
    const std::string& id = at.problem.id;
    if (id == "kernel.even")
        oddKernels(*node, ideas);
    else if (id == "window.on_padding")
        onPadding(at, *node, ideas);
    else if (id == "filters.fewer")
        moreFilters(at, *node, ideas);
    else if (id == "activation.missing")
        activations(at, *node, ideas);
    else if (id == "cost.parameters")
        fewerParameters(at, *node, ideas);
    else if (id == "cost.strides")
        strideInstead(at, *node, ideas);
    else if (id == "softmax.width")
        softmaxOverChannels(at, *node, ideas);
    else if (id == "softmax.inside")
        softmaxInside(at, *node, ideas);
    else if (id == "batch.of_one")
        largerBatch(at, ideas);
}

} // namespace strata
