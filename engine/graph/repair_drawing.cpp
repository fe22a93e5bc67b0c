// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/graph/graph_index.h"
#include "engine/graph/repair_candidates.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <unordered_set>

namespace strata {
namespace {

using IntList = ParamValue::IntList;

IntList dimsOf(const Shape& shape) {
    return {shape.dims().begin(), shape.dims().end()};
}

bool wantsProbabilities(const AnalysisContext& context) {
    return context.lossFromLogits.has_value() && !*context.lossFromLogits;
}

Node classifier(const AnalysisContext& context) {
    return {.type = "Dense",
            .params = {{"units", *context.classes}, {"activation", wantsProbabilities(context) ? "softmax" : "linear"}}};
}

std::string classifierText(const AnalysisContext& context) {
    const int units = *context.classes;
    return wantsProbabilities(context) ? said("Add Flatten and Dense with {} units (softmax)", units) : said("Add Flatten and Dense with {} units", units);
}

Repair fromLogits(bool value) {
    return {value ? "loss_from_logits" : "loss_from_probabilities",
            value ? said("Let the loss take logits") : said("Let the loss take probabilities"),
            {},
            [value](RepairTarget& t) { t.lossFromLogits = value; }};
}

void inputIdeas(const RepairCase& at, std::vector<Repair>& ideas) {
    if (!at.context.sampleShape) return;
    for (const NodeId id : at.report.inputs) {
        const IntList shape = dimsOf(*at.context.sampleShape);
        ideas.push_back({"input_shape",
                         said("Set the input to {}", at.context.sampleShape->text()),
                         {},
                         [id, shape](RepairTarget& t) { setParam(t.graph, id, "shape", shape); }});
    }
}

/// The images themselves can be brought to the input's size and colours when they are read.
void imageIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const NodeReport* report = at.report.find(node.id);
    if (!at.context.sampleShape || report == nullptr || report->state != NodeState::Ready) return;
    const Shape& wanted = report->plan.output;
    const Shape& given = *at.context.sampleShape;
    if (wanted.rank() != 3 || given.rank() != 3 || !wanted.isKnown()) return;
    const bool colours =
        wanted[2] == given[2] || ((wanted[2] == 1 || wanted[2] == 3) && (given[2] == 1 || given[2] == 3));
    if (!colours) return;
    std::vector<std::string> what;
    if (wanted[0] != given[0] || wanted[1] != given[1])
        what.push_back(said("Resize the images to {} × {}", wanted[0], wanted[1]));
    if (wanted[2] != given[2])
        what.push_back(wanted[2] == 1 ? what.empty() ? said("Read the images in grey") : said("read the images in grey")
                       : what.empty() ? said("Read the images in colour") : said("read the images in colour"));
    ideas.push_back(
        {"resize_images", fmt::format("{}", fmt::join(what, ", ")), {}, [wanted](RepairTarget& t) {
             t.sampleShape = wanted;
         }});
}

void noInput(const RepairCase& at, std::vector<Repair>& ideas) {
    const IntList shape = at.context.sampleShape ? dimsOf(*at.context.sampleShape) : IntList{28, 28, 1};
    const auto first = std::ranges::find_if(
        at.report.order, [&](NodeId id) { return at.report.find(id)->state == NodeState::Unconnected; });
    const NodeId to = first == at.report.order.end() ? 0 : *first;
    ideas.push_back({"add_input",
                     said("Add an Input of {}", Shape(shape).text()),
                     {},
                     [shape, to](RepairTarget& t) {
                         Node input{.type = "Input", .params = {{"shape", shape}}};
                         if (const Node* below = t.graph.find(to))
                             input.position = {below->position.x, below->position.y - 74};
                         const NodeId id = t.graph.add(std::move(input));
                         if (to != 0) (void)t.graph.connect(id, to);
                     }});
}

void noLayers(const RepairCase& at, std::vector<Repair>& ideas) {
    if (at.report.inputs.empty()) return;
    AnalysisContext context = at.context;
    if (!context.classes) context.classes = 10;
    ideas.push_back({"add_classifier",
                     classifierText(context),
                     {},
                     [from = at.report.inputs.front(), dense = classifier(context)](RepairTarget& t) {
                         append(t.graph, append(t.graph, from, {.type = "Flatten"}), dense);
                     }});
}

/// The card and all that data flow to from it, or (against the wires) come from.
std::unordered_set<NodeId> reached(const ModelGraph& graph, NodeId id, bool against) {
    const GraphIndex index(graph);
    std::vector<std::size_t> open{index.place.at(id)};
    std::unordered_set<NodeId> seen{id};
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const std::size_t next : against ? index.inputs[at] : index.consumers[at]) {
            if (seen.insert(index.nodes[next]->id).second) open.push_back(next);
        }
    }
    return seen;
}

/// Ready cards that a wire would not make a loop with.
std::vector<const Node*> readyBeside(const RepairCase& at, const std::unordered_set<NodeId>& loop) {
    std::vector<const Node*> out;
    for (const ModelGraph::NodePtr& n : at.graph.nodes()) {
        const NodeReport* report = at.report.find(n->id);
        if (report != nullptr && report->state == NodeState::Ready && !loop.contains(n->id)) out.push_back(n.get());
    }
    return out;
}

/// The first two of `nodes` that `fits` allows.
std::vector<const Node*> firstTwo(const std::vector<const Node*>& nodes, const std::function<bool(const Node&)>& fits) {
    std::vector<const Node*> out;
    for (const Node* n : nodes) {
        if (out.size() < 2 && fits(*n)) out.push_back(n);
    }
    return out;
}

/// The loose ends and the other layers above the card, the nearest first.
void unconnected(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    std::vector<const Node*> sources = readyBeside(at, reached(at.graph, node.id, false));
    std::unordered_set<NodeId> feeding;
    for (const Edge& e : at.graph.edges())
        feeding.insert(e.from);
    std::ranges::stable_sort(sources, {}, [&](const Node* n) {
        const double dx = n->position.x - node.position.x;
        const double dy = node.position.y - n->position.y;
        const double far = std::hypot(dx, dy) + (dy <= 0 ? 1e6 : 0);
        return std::pair(feeding.contains(n->id), far);
    });
    const auto fits = [&](const Node& n) { return at.graph.canConnect(n.id, node.id).ok(); };
    for (const Node* n : firstTwo(sources, fits)) {
        ideas.push_back({"connect",
                         said("Connect {} to it", n->name),
                         {},
                         [from = n->id, to = node.id](RepairTarget& t) { (void)t.graph.connect(from, to); }});
    }
    ideas.push_back(
        {"remove_layer", said("Remove {}", node.name), {}, [id = node.id](RepairTarget& t) {
             t.graph.remove(id);
         }});
}

/// Removes a loose end and all that feeds nothing else.
void removeBranch(ModelGraph& graph, NodeId leaf) {
    std::vector<NodeId> open{leaf};
    while (!open.empty()) {
        const NodeId at = open.back();
        open.pop_back();
        const Node* node = graph.find(at);
        if (node == nullptr || !graph.outputsOf(at).empty()) continue;
        const LayerType* type = findLayerType(node->type);
        if (type != nullptr && type->maxInputs == 0) continue;
        for (const Edge& e : graph.inputsOf(at))
            open.push_back(e.from);
        graph.remove(at);
    }
}

/// A loose end joins the way to the output where it fits, the nearest place first; or it goes.
void deadEnd(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    std::vector<const Node*> takers = readyBeside(at, reached(at.graph, node.id, true));
    std::ranges::stable_sort(takers, {}, [&](const Node* n) {
        return std::hypot(n->position.x - node.position.x, n->position.y - node.position.y);
    });
    const auto fits = [&](const Node& n) { return at.graph.canConnect(node.id, n.id).ok(); };
    for (const Node* n : firstTwo(takers, fits)) {
        ideas.push_back({"connect",
                         said("Connect it to {}", n->name),
                         {},
                         [from = node.id, to = n->id](RepairTarget& t) { (void)t.graph.connect(from, to); }});
    }
    ideas.push_back({"remove_branch",
                     said("Remove the branch of {}", node.name),
                     {},
                     [id = node.id](RepairTarget& t) { removeBranch(t.graph, id); }});
}

void severalOutputs(const RepairCase& at, std::vector<Repair>& ideas) {
    const std::vector<NodeId>& ends = at.report.outputs;
    if (ends.size() == 2 && at.report.find(ends[0])->plan.output == at.report.find(ends[1])->plan.output) {
        ideas.push_back({"join", said("Join them with Add"), {}, [ends](RepairTarget& t) {
                             const NodeId sum = append(t.graph, ends[0], {.type = "Add"});
                             (void)t.graph.connect(ends[1], sum);
                         }});
    }
    for (const NodeId id : ends) {
        ideas.push_back({"remove_branch",
                         said("Remove the branch of {}", at.graph.find(id)->name),
                         {},
                         [id](RepairTarget& t) { removeBranch(t.graph, id); }});
    }
}

void flattenIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    if (at.graph.inputsOf(node.id).empty()) return;
    ideas.push_back({"insert_flatten", said("Insert Flatten"), {}, [id = node.id](RepairTarget& t) {
                         insertBefore(t.graph, id, 0, {.type = "Flatten"});
                     }});
    const Shape* input = at.inputShape();
    if (input != nullptr && input->rank() == 3) {
        ideas.push_back(
            {"insert_global_pooling", said("Insert GlobalAveragePooling2D"), {}, [id = node.id](RepairTarget& t) {
                 insertBefore(t.graph, id, 0, {.type = "GlobalAveragePooling2D"});
             }});
    }
}

/// Where the network ends too early and what was meant to follow hangs loose below it: a card was deleted in the
/// middle. Only where there is one such place and one end, so that nobody has to guess.
void looseChain(const RepairCase& at, std::vector<Repair>& ideas) {
    if (at.report.outputs.size() != 1) return;
    std::vector<NodeId> loose;
    for (const NodeId id : at.report.order) {
        if (at.report.find(id)->state == NodeState::Unconnected) loose.push_back(id);
    }
    const NodeId end = at.report.outputs.front();
    if (loose.size() != 1 || !at.graph.canConnect(end, loose.front())) return;
    ideas.push_back({"connect",
                     said("Connect {} to {}", at.graph.find(end)->name, at.graph.find(loose.front())->name),
                     {},
                     [end, to = loose.front()](RepairTarget& t) { (void)t.graph.connect(end, to); }});
}

void outputRank(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    flattenIdeas(at, node, ideas);
    ideas.push_back({"add_classifier",
                     classifierText(at.context),
                     {},
                     [from = at.report.outputs.front(), dense = classifier(at.context)](RepairTarget& t) {
                         append(t.graph, append(t.graph, from, {.type = "Flatten"}), dense);
                     }});
}

void outputUnits(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const int classes = *at.context.classes;
    for (const char* key : {"units", "filters"}) {
        if (!hasParam(node, key)) continue;
        const bool softmax = wantsProbabilities(at.context) && textIs(node, "activation", "linear") &&
                             std::ranges::find(at.report.outputs, node.id) != at.report.outputs.end();
        ideas.push_back({"units_to_classes",
                         said("Set {} to {}{}", key, classes, softmax ? said(" and activation softmax") : ""),
                         {},
                         [id = node.id, key = std::string(key), classes, softmax](RepairTarget& t) {
                             setParam(t.graph, id, key, classes);
                             if (softmax) setParam(t.graph, id, "activation", "softmax");
                         }});
        return;
    }
    ideas.push_back({"add_dense",
                     "Add " + classifierText(at.context),
                     {},
                     [from = at.report.outputs.front(), dense = classifier(at.context)](RepairTarget& t) {
                         append(t.graph, from, dense);
                     }});
}

void softmaxMissing(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    if (hasParam(node, "activation")) {
        ideas.push_back({"softmax", said("Set activation softmax"), {}, [id = node.id](RepairTarget& t) {
                             setParam(t.graph, id, "activation", "softmax");
                         }});
    } else if (at.report.outputs.size() == 1) {
        ideas.push_back(
            {"add_softmax", said("Add a softmax"), {}, [from = at.report.outputs.front()](RepairTarget& t) {
                 append(t.graph, from, {.type = "Activation", .params = {{"activation", "softmax"}}});
             }});
    }
    ideas.push_back(fromLogits(true));
}

void softmaxTwice(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const NodeReport& report = *at.report.find(node.id);
    if (report.plan.weights.empty()) {
        ideas.push_back(
            {"remove_softmax", said("Remove {}", node.name), {}, [id = node.id](RepairTarget& t) {
                 t.graph.dissolve(id);
             }});
    } else if (hasParam(node, "activation")) {
        ideas.push_back({"linear", said("Set activation linear"), {}, [id = node.id](RepairTarget& t) {
                             setParam(t.graph, id, "activation", "linear");
                         }});
    }
    ideas.push_back(fromLogits(false));
}

void rename(const Node& node, std::vector<Repair>& ideas) {
    std::string name = node.name;
    std::ranges::replace(name, '/', '_');
    ideas.push_back({"rename", said("Call it {}", name), {}, [id = node.id, name](RepairTarget& t) {
                         Node copy = *t.graph.find(id);
                         copy.name = name;
                         t.graph.replace(std::move(copy));
                     }});
}

} // namespace

void addDrawingIdeas(const RepairCase& at, std::vector<Repair>& ideas) {
    const std::string& id = at.problem.id;
    if (id == "graph.no_input")
        noInput(at, ideas);
    else if (id == "graph.no_layers")
        noLayers(at, ideas);
    else if (id == "graph.several_outputs")
        severalOutputs(at, ideas);
    const Node* node = at.node();
    if (node == nullptr) return;
    if (id.starts_with("block.")) {
        ideas.push_back({"repeat_once", said("Do not repeat the block"), {}, [group = node->group](RepairTarget& t) {
                             Group once = *t.graph.findGroup(group);
                             once.repeat = 1;
                             t.graph.replaceGroup(std::move(once));
                         }});
    }
    if (id == "output.rank" || id == "output.units" || id == "softmax.missing") looseChain(at, ideas);
    if (id == "node.unconnected")
        unconnected(at, *node, ideas);
    else if (id == "node.name")
        rename(*node, ideas);
    else if (id == "node.dead_end")
        deadEnd(at, *node, ideas);
    else if (id == "input.unused") {
        ideas.push_back(
            {"remove_layer", said("Remove {}", node->name), {}, [n = node->id](RepairTarget& t) {
                 t.graph.remove(n);
             }});
    } else if (id == "output.rank" && at.context.classes && !at.report.outputs.empty())
        outputRank(at, *node, ideas);
    else if (id == "output.units" && at.context.classes && !at.report.outputs.empty())
        outputUnits(at, *node, ideas);
    else if (id == "dense.on_image")
        flattenIdeas(at, *node, ideas);
    else if (id == "softmax.missing")
        softmaxMissing(at, *node, ideas);
    else if (id == "softmax.twice")
        softmaxTwice(at, *node, ideas);
    // A wrong size of the input is the deeper reason of many a mistake below it.
    if (id.starts_with("layer.") || id == "input.data_mismatch") inputIdeas(at, ideas);
    if (id == "input.data_mismatch") imageIdeas(at, *node, ideas);
}

} // namespace strata
