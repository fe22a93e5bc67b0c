// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/node_params.h"
#include "engine/graph/repairs.h"

namespace strata {

/// What a repair looks at: the drawing as it is and the problem to mend.
struct RepairCase {
    const ModelGraph& graph;
    const AnalysisContext& context;
    const GraphReport& report;
    const Problem& problem;

    /// The node of the problem; null for one of the whole drawing.
    const Node* node() const { return graph.find(problem.node); }
    /// The shape of the node's first input, if it is known.
    const Shape* inputShape() const;
};

/// Ideas that may mend a problem, the likeliest first; whether they do is found by trying them. Their
/// consequence is not filled in.
std::vector<Repair> repairIdeas(const RepairCase& at);

/// "output 26 → 28, +0 parameters": what a repair that was tried changes, at the problem's node and in all.
std::string consequenceText(const Problem& problem, const GraphReport& before, const GraphReport& after, const RepairTarget& target,
                            const AnalysisContext& context);

/// Ideas for a layer that cannot work with what it is given (windows, ranks, groups, parameters).
void addLayerIdeas(const RepairCase& at, std::vector<Repair>& ideas);
/// Ideas for a layer's own numbers that its input does not allow (croppings, paddings, orders of axes ...).
void addValueIdeas(const RepairCase& at, std::vector<Repair>& ideas);
/// Ideas for wires, inputs and outputs of the drawing and for what the data and the loss want.
void addDrawingIdeas(const RepairCase& at, std::vector<Repair>& ideas);
/// Ideas for branches that do not match where they are joined.
void addMergeIdeas(const RepairCase& at, std::vector<Repair>& ideas);
/// Ideas for what the hints speak of.
void addAdviceIdeas(const RepairCase& at, std::vector<Repair>& ideas);

/// A repair that does nothing but set one parameter. / that takes a layer out and keeps the chain whole.
Repair setting(std::string id, std::string label, NodeId node, std::string key, ParamValue value);
Repair dissolving(const Node& node);
/// The nodes above along the first inputs, nearest first.
std::vector<const Node*> nodesAbove(const ModelGraph& graph, NodeId id);
/// The sizes of a window that fits into the node's input, as its parameter `key` wants them; empty where the
/// layer has no such window or its input is not known.
ParamValue::IntList fittingWindow(const RepairCase& at, const Node& node, const std::string& key);

/// A layer of another type in the place of one: a name that the old type gave follows the new one, one that was given by
/// hand stays. requires: a node of that id exists
void replaceType(ModelGraph& graph, Node node);
/// requires: the node exists in the target
void setParam(ModelGraph& graph, NodeId id, const std::string& key, ParamValue value);
/// Puts a layer into the wire that leads into input `slot` of `to`; its card lies between the two.
NodeId insertBefore(ModelGraph& graph, NodeId to, int slot, Node node);
/// Adds a layer behind `from`.
NodeId append(ModelGraph& graph, NodeId from, Node node);

} // namespace strata
