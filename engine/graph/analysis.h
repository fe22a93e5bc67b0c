// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "engine/layers/layer.h"

#include <map>
#include <optional>
#include <set>

namespace strata {

/// A hint or warning that the user does not want to see: at one node, or (node 0) at all.
struct SilencedHint {
    std::string id{};
    NodeId node = 0;
    auto operator<=>(const SilencedHint&) const = default;
};

/// What the drawing is to fit: the data at hand and the loss. Everything may be unknown.
struct AnalysisContext {
    std::optional<Shape> sampleShape{}; ///< of the data set
    std::optional<int> classes{};       ///< of the data set
    /// The loss expects probabilities (false: from_logits) and is a cross-entropy over classes; unknown = not
    /// judged.
    std::optional<bool> lossFromLogits{};
    std::int64_t batchSize = 32;
    std::int64_t optimizerSlots = 2; ///< values that the optimizer keeps for each one it trains: Adam's two
    /// Of the images as they reach the network: 1 where they are divided by 255, 255 where they are not; unknown = as the
    /// network needs them.
    std::optional<double> largestValue{};
    std::set<SilencedHint> silenced{};
    bool operator==(const AnalysisContext&) const = default;
};

enum class Severity { Error, Warning, Hint };

/// One mistake, told once: at the node where it is made. Its text is a full sentence with place, value and
/// rule. Errors keep the drawing from being trained; a warning is worth a thought; a hint explains.
///
/// Ids are stable and language-free; repairs are chosen by them. Those of a layer's own plan
/// ("layer.window_too_large", "layer.rank", "param.invalid" ...) come as the layer gives them. Those of the
/// drawing:
///   graph.no_input  graph.no_layers  graph.several_outputs  node.type_unknown  node.name  node.unconnected
///   node.dead_end  input.unused  input.data_mismatch  output.rank  output.units  dense.on_image
///   softmax.missing  softmax.twice  layer.vanished (a window too large after several poolings)
///   block.sources  block.exits  block.cards
/// Advice:
///   kernel.even  window.on_padding  filters.fewer  activation.missing  cost.parameters  cost.strides
///   batch.of_one  softmax.width  softmax.inside  advice.value_range
struct Problem {
    std::string id{};
    NodeId node = 0; ///< 0: of the whole drawing
    Severity severity = Severity::Error;
    std::string shortText{}; ///< for the card: "The 5 × 5 window does not fit into 3 × 3 values."
    std::string text{};      ///< for the list: with the place and the rule
    bool silenced = false;   ///< the user does not want to see it; never an error
    bool operator==(const Problem&) const = default;
};

enum class NodeState {
    Ready,       ///< it has a shape
    Broken,      ///< the mistake is here
    Blocked,     ///< it waits for `waitsFor`
    Unconnected, ///< nothing leads into it yet
};

struct NodeReport {
    NodeState state = NodeState::Ready;
    NodeId waitsFor = 0;
    LayerPlan plan;                 ///< valid when Ready
    std::vector<Shape> inputShapes; ///< of the inputs that are known
    std::int64_t parameters = 0, trainableParameters = 0;
    std::int64_t memoryPerSample = 0; ///< bytes of output and saved values of one sample in training
    std::int64_t copies = 1;          ///< of a repeated block: these sums are over all of them
    ReceptiveStep receptive;          ///< of one output value, in cells of the drawing's input; see isKnown()
};

/// A block as one: what a folded card says.
struct BlockReport {
    std::optional<Shape> output; ///< of the last copy; none: it has no shape yet, or several exits
    std::int64_t layers = 0, parameters = 0, macs = 0; ///< all copies
    NodeId broken = 0;           ///< the first of its cards with a mistake, or 0
};

struct GraphTotals {
    int layers = 0; ///< without Input nodes
    std::int64_t parameters = 0, trainableParameters = 0, macs = 0;
    std::int64_t trainingBytes = 0;  ///< weights, learningBytes and activations at the batch size
    std::int64_t learningBytes = 0;  ///< gradients and what the optimizer keeps
    std::int64_t inferenceBytes = 0; ///< weights and the largest activations at the batch size
    ReceptiveStep receptive;         ///< of the output
};

/// All that can be said about a drawing. Made by analyse(), which never fails: it reports what it can.
struct GraphReport {
    std::vector<NodeId> order; ///< every node, inputs before consumers, stable under moves
    std::map<NodeId, NodeReport> nodes;
    std::vector<Problem> problems; ///< errors first, each in order of the data flow
    GraphTotals totals;
    std::map<GroupId, BlockReport> blocks; ///< of all groups
    std::vector<NodeId> inputs, outputs; ///< Input nodes (those in use, once there is an output); ready nodes
                                         ///< (other than inputs) that feed nobody

    bool hasErrors() const;
    const NodeReport* find(NodeId id) const;
    std::vector<const Problem*> problemsOf(NodeId id) const; ///< without the silenced ones
    int silenced() const;                                    ///< how many
};

/// Of what is built (flatten()), told of the cards that are drawn: a bypassed card has the shape that passes through it
/// and no weights; a card of a repeated block has the first copy's shapes and the sums over all copies.
GraphReport analyse(const ModelGraph& graph, const AnalysisContext& context = {});

/// Every node, inputs before consumers, in the order that Keras gives model.layers: by the longest path to an
/// output, ties by the first visit from the outputs.
std::vector<NodeId> topologicalOrder(const ModelGraph& graph);

} // namespace strata
