// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/repair_candidates.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace strata {
namespace {

using IntList = ParamValue::IntList;

std::string timesText(const IntList& sizes) {
    return fmt::format("{}", fmt::join(sizes, "×"));
}

/// The parameter's value as the schema brings it into form: (3, 3) for 3. Empty where it is no list of
/// numbers.
IntList listOf(const Node& node, const std::string& key) {
    const LayerType* type = findLayerType(node.type);
    const Param* param = type == nullptr ? nullptr : type->schema.find(key);
    const ParamValue* value = paramOf(node, key);
    if (param == nullptr || value == nullptr) return {};
    const Result<ParamValue> checked = checkParam(node.type, *param, *value);
    return checked && checked->asInts() != nullptr ? *checked->asInts() : IntList{};
}

bool has(const Node& node, const std::string& key, std::string_view text) {
    const ParamValue* value = paramOf(node, key);
    return value != nullptr && value->asText() != nullptr && *value->asText() == text;
}

Repair setting(std::string id, std::string label, NodeId node, std::string key, ParamValue value) {
    return {std::move(id),
            std::move(label),
            {},
            [node, key = std::move(key), value = std::move(value)](RepairTarget& t) {
                setParam(t.graph, node, key, value);
            }};
}

Repair dissolving(const Node& node) {
    return {"remove_layer", fmt::format("Remove {}", node.name), {}, [id = node.id](RepairTarget& t) {
                t.graph.dissolve(id);
            }};
}

/// The nodes above along the first inputs, nearest first.
std::vector<const Node*> above(const ModelGraph& graph, NodeId id) {
    std::vector<const Node*> chain;
    for (std::vector<Edge> in = graph.inputsOf(id); !in.empty(); in = graph.inputsOf(in.front().from)) {
        chain.push_back(graph.find(in.front().from));
    }
    return chain;
}

void smallerWindow(const RepairCase& at, const Node& node, const std::string& key,
                   std::vector<Repair>& ideas) {
    const IntList window = listOf(node, key);
    const Shape* input = at.inputShape();
    if (window.empty() || input == nullptr || input->rank() < static_cast<int>(window.size())) return;
    const IntList dilation = listOf(node, "dilation_rate");
    const bool isKernel = key == "kernel_size";
    IntList fits = window;
    for (std::size_t i = 0; i < window.size(); ++i) {
        const std::int64_t size = (*input)[static_cast<int>(i)];
        if (size == Shape::kUnknown) continue;
        const std::int64_t spread = dilation.empty() ? 1 : dilation[i];
        fits[i] = std::min(window[i], (size - 1) / spread + 1);
        // Kernels are odd, so that they have a centre; a window of a pooling need not be.
        if (isKernel && window[i] % 2 == 1 && fits[i] % 2 == 0) --fits[i];
    }
    if (!isKernel && std::ranges::all_of(fits, [](std::int64_t s) { return s == 1; }))
        return; // would do nothing
    ideas.push_back(setting("smaller_kernel",
                            fmt::format("Use a {} {}", timesText(fits), isKernel ? "kernel" : "window"),
                            node.id, key, fits));
}

void windowIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    if (has(node, "padding", "valid"))
        ideas.push_back(setting("padding_same", "Use padding same", node.id, "padding", "same"));
    smallerWindow(at, node, "kernel_size", ideas);
    smallerWindow(at, node, "pool_size", ideas);
    const IntList dilation = listOf(node, "dilation_rate");
    if (std::ranges::any_of(dilation, [](std::int64_t d) { return d > 1; })) {
        ideas.push_back(setting("no_dilation", "Use dilation_rate 1", node.id, "dilation_rate",
                                IntList(dilation.size(), 1)));
    }
    if (isPooling(node)) {
        Repair r = dissolving(node);
        r.id = "remove_pooling";
        r.label = "Remove this pooling";
        ideas.push_back(std::move(r));
    }
    const std::vector<const Node*> chain = above(at.graph, node.id);
    const auto pooling = std::ranges::find_if(chain, [](const Node* n) { return isPooling(*n); });
    if (pooling != chain.end()) {
        Repair r = dissolving(**pooling);
        r.id = "remove_pooling_above";
        ideas.push_back(std::move(r));
    }
}

void rankIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const std::vector<const Node*> chain = above(at.graph, node.id);
    if (chain.empty()) return;
    const Node& source = *chain.front();
    const LayerType* type = findLayerType(source.type);
    if (type->maxInputs > 0) {
        ideas.push_back(dissolving(source));
        return;
    }
    // Pictures without the axis of channels: 28 × 28.
    IntList shape = listOf(source, "shape");
    shape.push_back(1);
    ideas.push_back(setting("input_channel", fmt::format("Give the input one channel: {}", timesText(shape)),
                            source.id, "shape", shape));
}

void strideIdeas(const Node& node, std::vector<Repair>& ideas) {
    for (const char* key : {"dilation_rate", "strides"}) {
        const IntList list = listOf(node, key);
        if (!list.empty())
            ideas.push_back(setting(fmt::format("{}_1", key), fmt::format("Use {} 1", key), node.id, key,
                                    IntList(list.size(), 1)));
    }
}

/// The nearest value inside the range, for a number; the default for everything else.
ParamValue mended(const Param& param, const ParamValue& value) {
    const auto clamp = [&](double v) { return std::clamp(v, param.min, param.max); };
    ParamValue near = param.defaultValue;
    if (const auto* i = value.asInt())
        near = static_cast<std::int64_t>(clamp(static_cast<double>(*i)));
    else if (const auto* r = value.asReal(); r != nullptr && !std::isnan(*r))
        near = clamp(*r);
    return checkParam("", param, near) ? near : param.defaultValue;
}

void parameterIdeas(const Node& node, std::vector<Repair>& ideas) {
    const LayerType* type = findLayerType(node.type);
    for (const auto& [key, value] : node.params) {
        const Param* param = type->schema.find(key);
        if (param == nullptr) {
            ideas.push_back({"drop_parameter",
                             fmt::format("Remove {}", key),
                             {},
                             [id = node.id, key = key](RepairTarget& t) {
                                 Node copy = *t.graph.find(id);
                                 copy.params.erase(key);
                                 t.graph.replace(std::move(copy));
                             }});
        } else if (!checkParam(node.type, *param, value)) {
            const ParamValue good = mended(*param, value);
            ideas.push_back(
                setting("mend_parameter", fmt::format("Set {} to {}", key, good.text()), node.id, key, good));
        }
    }
}

/// A 1×1 convolution brings a branch to the channels and, by its strides, to the size of the other: the
/// projection of He et al. 2015, "Deep Residual Learning".
void projection(const RepairCase& at, const Node& node, const Edge& wire, const Shape& is,
                const Shape& wanted, std::vector<Repair>& ideas) {
    if (is.rank() != 3 || wanted.rank() != 3 || !is.isKnown() || !wanted.isKnown()) return;
    IntList strides;
    for (int axis = 0; axis < 2; ++axis) {
        const std::int64_t stride = (is[axis] + wanted[axis] - 1) / wanted[axis];
        if ((is[axis] + stride - 1) / stride != wanted[axis]) return;
        strides.push_back(stride);
    }
    const Node* source = at.graph.find(wire.from);
    ideas.push_back({"insert_projection",
                     fmt::format("Insert a 1×1 Conv2D behind {}", source->name),
                     {},
                     [to = node.id, slot = wire.slot, filters = wanted[2], strides](RepairTarget& t) {
                         insertBefore(t.graph, to, slot,
                                      {.type = "Conv2D",
                                       .params = {{"filters", filters},
                                                  {"kernel_size", IntList{1, 1}},
                                                  {"strides", strides},
                                                  {"padding", "same"}}});
                     }});
}

void mergeIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const std::vector<Edge> wires = at.graph.inputsOf(node.id);
    const NodeReport& report = *at.report.find(node.id);
    if (wires.size() != report.inputShapes.size()) return;
    // A convolution above that shrinks its picture is the usual reason; the projection follows.
    for (const Edge& wire : wires) {
        std::vector<const Node*> chain = above(at.graph, wire.from);
        chain.insert(chain.begin(), at.graph.find(wire.from));
        int tried = 0;
        for (const Node* n : chain) {
            if (at.graph.outputsOf(n->id).size() > 1 || ++tried > 6) break;
            if (!has(*n, "padding", "valid")) continue;
            ideas.push_back(setting("padding_same", fmt::format("Use padding same in {}", n->name), n->id,
                                    "padding", "same"));
        }
    }
    std::vector<std::size_t> skipFirst(wires.size());
    for (std::size_t i = 0; i < wires.size(); ++i)
        skipFirst[i] = i;
    std::ranges::sort(skipFirst, {}, [&](std::size_t i) {
        return std::ranges::find(at.report.order, wires[i].from) - at.report.order.begin();
    });
    const bool joins = findLayerType(node.type)->schema.find("axis") != nullptr;
    for (const std::size_t i : skipFirst) {
        for (std::size_t other = 0; other < wires.size(); ++other) {
            if (other == i || report.inputShapes[i] == report.inputShapes[other]) continue;
            Shape wanted = report.inputShapes[other];
            if (joins && wanted.rank() == report.inputShapes[i].rank())
                wanted.set(-1, report.inputShapes[i][-1]);
            projection(at, node, wires[i], report.inputShapes[i], wanted, ideas);
        }
    }
}

} // namespace

void addLayerIdeas(const RepairCase& at, std::vector<Repair>& ideas) {
    const Node* node = at.node();
    if (node == nullptr) return;
    const std::string& id = at.problem.id;
    if (id == "layer.window_too_large")
        windowIdeas(at, *node, ideas);
    else if (id == "layer.rank")
        rankIdeas(at, *node, ideas);
    else if (id == "layer.stride_and_dilation")
        strideIdeas(*node, ideas);
    else if (id == "layer.groups")
        ideas.push_back(setting("groups_1", "Use groups 1", node->id, "groups", 1));
    else if (id == "layer.axis" || id == "layer.axis_not_last")
        ideas.push_back(setting("axis_last", "Use the last axis", node->id, "axis", -1));
    else if (id == "param.invalid" || id == "param.unknown")
        parameterIdeas(*node, ideas);
    else if (id == "layer.shapes_differ")
        mergeIdeas(at, *node, ideas);
    else if (id == "node.type_unknown" || id == "layer.inputs_missing")
        ideas.push_back(dissolving(*node));
    else if (id == "layer.inputs_many") {
        ideas.push_back(
            {"disconnect_rest", "Keep only the first input", {}, [to = node->id](RepairTarget& t) {
                 while (t.graph.inputsOf(to).size() > 1)
                     t.graph.disconnect(t.graph.inputsOf(to).back());
             }});
    }
}

} // namespace strata
