// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/repairs.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"
#include "engine/graph/repair_candidates.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace strata {
namespace {

constexpr std::size_t kMost = 4;
constexpr int kMostTries = 30; ///< each is an analysis of the whole drawing

std::ptrdiff_t errors(const GraphReport& r) {
    return std::ranges::count(r.problems, Severity::Error, &Problem::severity);
}

bool wholeShape(const GraphReport& r) {
    return std::ranges::all_of(r.nodes, [](const auto& n) { return n.second.state == NodeState::Ready; });
}

/// A mistake of one layer is gone when that layer no longer makes it (one below may then come to light); one
/// of the drawing's ends must not just have moved to another card.
bool mends(const Problem& problem, const GraphReport& before, const GraphReport& after) {
    const auto same = [&](const Problem& p) { return p.id == problem.id && p.node == problem.node; };
    if (std::ranges::any_of(after.problems, same)) return false;
    // A layer that worked must not be broken instead.
    const auto breaks = [&](const auto& n) {
        const NodeReport* was = before.find(n.first);
        return n.second.state == NodeState::Broken && was != nullptr && was->state == NodeState::Ready;
    };
    if (std::ranges::any_of(after.nodes, breaks)) return false;
    if (problem.severity == Severity::Hint && errors(after) > errors(before)) return false;
    const std::string_view id = problem.id;
    const bool ofEnds = id.starts_with("output.") || id.starts_with("softmax.") || id.starts_with("input.") ||
                        id.starts_with("graph.") || id.starts_with("batch.") || id == "node.dead_end";
    if (!ofEnds) return true;
    return std::ranges::count(after.problems, problem.id, &Problem::id) <
           std::ranges::count(before.problems, problem.id, &Problem::id);
}

/// The shape that the user looks at: of the layer in question, or of the drawing's end.
const Shape* shownShape(const GraphReport& r, NodeId id) {
    const NodeReport* node = r.find(id);
    if (node == nullptr && r.outputs.size() == 1) node = r.find(r.outputs.front());
    return node != nullptr && node->state == NodeState::Ready ? &node->plan.output : nullptr;
}

/// requires: not as many as before
std::string layersText(std::ptrdiff_t more) {
    if (more == 1) return said("1 layer more");
    if (more == -1) return said("1 layer less");
    return more < 0 ? said("{} layers less", -more) : said("{} layers more", more);
}

/// Of the cards that have a shape.
std::string parametersText(const GraphReport& before, const GraphReport& after) {
    const std::int64_t more = after.totals.parameters - before.totals.parameters;
    return said("{}{} parameters", more < 0 ? "" : "+", grouped(more));
}

} // namespace

std::string consequenceText(const Problem& problem, const GraphReport& before, const GraphReport& after, const RepairTarget& target,
                            const AnalysisContext& context) {
    std::vector<std::string> parts;
    const NodeId shown = after.find(problem.node) != nullptr ? problem.node : 0;
    const Shape* was = shownShape(before, shown);
    const Shape* is = shownShape(after, shown);
    if (is != nullptr && was != nullptr && !(*was == *is))
        parts.push_back(said("output {} → {}", was->text(), is->text()));
    else if (is != nullptr && was == nullptr)
        parts.push_back(said("output {}", is->text()));
    if (wholeShape(before)) {
        parts.push_back(parametersText(before, after));
    } else if (wholeShape(after)) {
        parts.push_back(said("{} parameters in all", grouped(after.totals.parameters)));
    }
    if (problem.id == "cost.strides" && before.totals.macs != after.totals.macs) {
        parts.push_back(
            said("{} → {} multiplications", grouped(before.totals.macs), grouped(after.totals.macs)));
    }
    if (target.batchSize != context.batchSize)
        parts.push_back(said("batch size {} → {}", context.batchSize, target.batchSize));
    if (target.sampleShape != context.sampleShape) {
        parts.push_back(
            said("images {} → {}", context.sampleShape->text(), target.sampleShape->text()));
    }
    if (target.lossFromLogits != context.lossFromLogits) {
        parts.push_back(target.lossFromLogits.value_or(false) ? said("the loss takes logits")
                                                              : said("the loss takes probabilities"));
    }
    const std::ptrdiff_t left = errors(after), come = left - errors(before);
    if (come > 0)
        parts.push_back(come == 1 ? said("1 mistake comes to light") : said("{} mistakes come to light", come));
    else if (left > 0)
        parts.push_back(left == 1 ? said("1 mistake is left") : said("{} mistakes are left", left));
    if (parts.empty()) { // the drawing is in pieces before and after, so that sums say nothing
        const auto more = static_cast<std::ptrdiff_t>(after.nodes.size()) - static_cast<std::ptrdiff_t>(before.nodes.size());
        parts.push_back(more != 0 ? layersText(more) : parametersText(before, after));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

RepairTarget repairTarget(const ModelGraph& graph, const AnalysisContext& context) {
    return {graph, context.lossFromLogits, context.batchSize, context.sampleShape};
}

AnalysisContext contextAfter(const AnalysisContext& context, const RepairTarget& target) {
    AnalysisContext after = context;
    after.lossFromLogits = target.lossFromLogits;
    after.batchSize = target.batchSize;
    after.sampleShape = target.sampleShape;
    return after;
}

std::vector<Repair> repairsFor(const ModelGraph& graph, const AnalysisContext& context,
                               const Problem& problem) {
    const GraphReport before = analyse(graph, context);
    // What was mended meanwhile needs no repair.
    const auto stands = [&](const Problem& p) { return p.id == problem.id && p.node == problem.node; };
    if (std::ranges::none_of(before.problems, stands)) return {};
    struct Tried {
        Repair repair;
        RepairTarget target;
        std::ptrdiff_t errors = 0;
    };
    std::vector<Tried> good;
    const auto perfect = [&](const Tried& t) { return t.errors <= errors(before) - (problem.severity == Severity::Error); };
    int tries = 0;
    const auto tryOut = [&](Repair& idea) {
        RepairTarget target = repairTarget(graph, context);
        const RepairTarget asItIs = target;
        idea.apply(target);
        if (target == asItIs || std::ranges::any_of(good, [&](const Tried& t) { return t.target == target; })) return;
        ++tries;
        const GraphReport after = analyse(target.graph, contextAfter(context, target));
        if (!mends(problem, before, after)) return;
        idea.consequence = consequenceText(problem, before, after, target, context);
        good.push_back({std::move(idea), std::move(target), errors(after)});
    };
    for (Repair& idea : repairIdeas({graph, context, before, problem})) {
        if (tries >= kMostTries || std::ranges::count_if(good, perfect) >= static_cast<std::ptrdiff_t>(kMost)) break;
        tryOut(idea);
    }
    // A layer that cannot work and that nobody knows how to mend can still go.
    if (const Node* node = graph.find(problem.node); good.empty() && node != nullptr && problem.severity == Severity::Error) {
        Repair removing = dissolving(*node);
        tryOut(removing);
    }
    std::ranges::stable_sort(good, {}, &Tried::errors);
    std::vector<Repair> out;
    for (Tried& t : good) {
        if (out.size() < kMost) out.push_back(std::move(t.repair));
    }
    return out;
}

} // namespace strata
