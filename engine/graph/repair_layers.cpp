// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "engine/graph/repair_candidates.h"
#include "engine/layers/window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace strata {
namespace {

using IntList = ParamValue::IntList;

void smallerWindow(const RepairCase& at, const Node& node, const std::string& key,
                   std::vector<Repair>& ideas) {
    const IntList fits = fittingWindow(at, node, key);
    const bool isKernel = key == "kernel_size";
    if (fits.empty()) return;
    if (!isKernel && std::ranges::all_of(fits, [](std::int64_t s) { return s == 1; }))
        return; // would do nothing
    ideas.push_back(setting("smaller_kernel",
                            isKernel ? said("Use a {} kernel", timesText(fits)) : said("Use a {} window", timesText(fits)),
                            node.id, key, fits));
}

/// Where a kernel was meant to be small: the largest that fits may still be nearly the whole picture.
void usualKernel(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    constexpr std::int64_t usual = 3;
    const IntList fits = fittingWindow(at, node, "kernel_size");
    if (fits.empty() || std::ranges::any_of(fits, [](std::int64_t s) { return s < usual; })) return;
    const IntList kernel(fits.size(), usual);
    if (kernel != fits) ideas.push_back(setting("usual_kernel", said("Use a {} kernel", timesText(kernel)), node.id, "kernel_size", kernel));
}

void windowIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    if (textIs(node, "padding", "valid"))
        ideas.push_back(setting("padding_same", said("Use padding same"), node.id, "padding", "same"));
    usualKernel(at, node, ideas);
    smallerWindow(at, node, "kernel_size", ideas);
    smallerWindow(at, node, "pool_size", ideas);
    const IntList dilation = sizesOf(node, "dilation_rate");
    if (std::ranges::any_of(dilation, [](std::int64_t d) { return d > 1; })) {
        ideas.push_back(setting("no_dilation", said("Use dilation_rate 1"), node.id, "dilation_rate",
                                IntList(dilation.size(), 1)));
    }
    if (isPooling(node)) {
        Repair r = dissolving(node);
        r.id = "remove_pooling";
        r.label = said("Remove this pooling");
        ideas.push_back(std::move(r));
    }
    const std::vector<const Node*> chain = nodesAbove(at.graph, node.id);
    const auto pooling = std::ranges::find_if(chain, [](const Node* n) { return isPooling(*n); });
    if (pooling != chain.end()) {
        Repair r = dissolving(**pooling);
        r.id = "remove_pooling_above";
        ideas.push_back(std::move(r));
    }
}

bool takes(const Node& node, const Shape& input) {
    const LayerType* type = findLayerType(node.type);
    return type != nullptr && planLayer(*type, node.params, std::array{input}).ok();
}

/// The nearest card above whose input the layer could take, on a chain of single inputs; null: none.
const Node* roomAbove(const RepairCase& at, const Node& node, const std::vector<const Node*>& chain) {
    for (const Node* above : chain) {
        const NodeReport* report = at.report.find(above->id);
        if (report == nullptr || report->inputShapes.size() != 1) return nullptr;
        if (takes(node, report->inputShapes.front())) return above;
    }
    return nullptr;
}

/// Takes a card out and puts it in front of one above it; the cards between step down by one place.
void moveAbove(ModelGraph& graph, NodeId id, NodeId above) {
    Node moved = *graph.find(id);
    std::vector<NodeId> between;
    for (const Node* n : nodesAbove(graph, id)) {
        between.push_back(n->id);
        if (n->id == above) break;
    }
    Point free = moved.position;
    graph.dissolve(id);
    for (const NodeId step : between) {
        Node down = *graph.find(step);
        std::swap(down.position, free);
        graph.replace(std::move(down));
    }
    moved.position = free;
    moved.group = 0;
    const Edge wire = graph.inputsOf(above).front();
    graph.add(std::move(moved)); // with its old id, so that it is the same card
    (void)graph.insertOnEdge(wire, id);
    const GroupId group = graph.find(above)->group;
    if (group != 0) graph.setGroup(id, group);
}

void moveIdea(const RepairCase& at, const Node& node, const std::vector<const Node*>& chain, std::vector<Repair>& ideas) {
    const Node* above = roomAbove(at, node, chain);
    if (above == nullptr) return;
    ideas.push_back({"move_above",
                     said("Move it above {}", above->name),
                     {},
                     [id = node.id, to = above->id](RepairTarget& t) { moveAbove(t.graph, id, to); }});
}

/// A row of numbers read as a picture: as it was before it became a row, else as square as it goes.
void reshapeIdea(const RepairCase& at, const Node& node, const std::vector<const Node*>& chain, std::vector<Repair>& ideas) {
    const Shape* input = at.inputShape();
    if (input == nullptr || input->rank() != 1 || !input->isKnown()) return;
    const std::int64_t count = (*input)[0];
    std::vector<IntList> shapes;
    if (const Node* above = roomAbove(at, node, chain)) {
        const Shape& before = at.report.find(above->id)->inputShapes.front();
        if (before.isKnown() && before.count() == count) shapes.emplace_back(before.dims().begin(), before.dims().end());
    }
    std::int64_t side = static_cast<std::int64_t>(std::sqrt(static_cast<double>(count)));
    while (side > 1 && count % (side * side) != 0) --side;
    const std::int64_t channels = count / (side * side);
    if (side > 1) shapes.push_back(textIs(node, "data_format", "channels_first") ? IntList{channels, side, side} : IntList{side, side, channels});
    shapes.push_back({count, 1});
    const auto fits = std::ranges::find_if(shapes, [&](const IntList& s) { return takes(node, Shape(s)); });
    if (fits == shapes.end()) return;
    ideas.push_back({"insert_reshape",
                     said("Insert Reshape to {}", timesText(*fits)),
                     {},
                     [id = node.id, shape = *fits](RepairTarget& t) {
                         insertBefore(t.graph, id, 0, {.type = "Reshape", .params = {{"target_shape", shape}}});
                     }});
}

/// The same layer for as many axes as its input has: Conv2D for Conv1D. What its windows were along one axis they
/// are along each.
void siblingIdea(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const Shape* input = at.inputShape();
    if (input == nullptr || !node.type.ends_with('D')) return;
    Node sibling = node;
    sibling.type[node.type.size() - 2] = static_cast<char>('0' + input->rank() - 1);
    const LayerType* type = findLayerType(sibling.type);
    if (type == nullptr || sibling.type == node.type) return;
    std::erase_if(sibling.params, [&](const auto& entry) { return type->schema.find(entry.first) == nullptr; });
    for (auto& [key, value] : sibling.params) {
        const Param& param = *type->schema.find(key);
        if (checkParam(sibling.type, param, value)) continue;
        const IntList* sizes = value.asInts();
        value = sizes != nullptr && !sizes->empty() ? ParamValue(sizes->front()) : param.defaultValue;
        if (!checkParam(sibling.type, param, value)) value = param.defaultValue;
    }
    if (!takes(sibling, *input)) return;
    ideas.push_back({"sibling", said("Use {}", sibling.type), {}, [sibling](RepairTarget& t) { replaceType(t.graph, sibling); }});
}

/// One axis too many for the layer: the rows of a picture become steps whose values are those of the row.
void rowsAsSteps(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const Shape* input = at.inputShape();
    if (input == nullptr || input->rank() < 3 || !input->isKnown()) return;
    IntList steps(input->dims().begin(), input->dims().end());
    const std::int64_t last = steps.back();
    steps.pop_back();
    steps.back() *= last;
    if (!takes(node, Shape(steps))) return;
    ideas.push_back({"insert_reshape", said("Insert Reshape to {}", timesText(steps)), {}, [id = node.id, steps](RepairTarget& t) {
                         insertBefore(t.graph, id, 0, {.type = "Reshape", .params = {{"target_shape", steps}}});
                     }});
}

/// A layer for one row of values (RepeatVector) that gets a picture.
void rowIdea(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const Shape* input = at.inputShape();
    if (input == nullptr || input->rank() < 2 || !input->isKnown() || !takes(node, Shape{input->count()})) return;
    ideas.push_back({"insert_flatten", said("Insert Flatten"), {}, [id = node.id](RepairTarget& t) { insertBefore(t.graph, id, 0, {.type = "Flatten"}); }});
}

void rankIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const std::vector<const Node*> chain = nodesAbove(at.graph, node.id);
    if (chain.empty()) return;
    rowIdea(at, node, ideas);
    siblingIdea(at, node, ideas);
    rowsAsSteps(at, node, ideas);
    const Node& source = *chain.front();
    const LayerType* type = findLayerType(source.type);
    if (type == nullptr || type->maxInputs > 0) { // of an unknown type: it is bypassed, and stays so
        moveIdea(at, node, chain, ideas);
        ideas.push_back(dissolving(source));
        reshapeIdea(at, node, chain, ideas);
        if (isPooling(node)) {
            Repair r = dissolving(node);
            r.id = "remove_pooling";
            ideas.push_back(std::move(r));
        }
        return;
    }
    // Pictures without the axis of channels: 28 × 28.
    IntList shape = sizesOf(source, "shape");
    shape.push_back(1);
    ideas.push_back(setting("input_channel", said("Give the input one channel: {}", timesText(shape)),
                            source.id, "shape", shape));
}

/// Groups must divide the channels of the input and the filters.
void groupIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const std::int64_t filters = numberOf(node, "filters");
    const std::int64_t groups = numberOf(node, "groups");
    const Shape* input = at.inputShape();
    const bool first = textIs(node, "data_format", "channels_first");
    const std::int64_t channels = input == nullptr || input->rank() < 1 ? 0 : (*input)[first ? 0 : -1];
    if (channels > 0 && filters > 0) {
        std::int64_t fits = groups;
        while (fits > 1 && (channels % fits != 0 || filters % fits != 0))
            --fits;
        if (fits > 1) {
            ideas.push_back(
                setting("fewer_groups", said("Use groups {}", fits), node.id, "groups", fits));
        }
        if (channels % groups == 0) {
            const std::int64_t more = (filters + groups - 1) / groups * groups;
            ideas.push_back(
                setting("more_filters", said("Use {} filters", more), node.id, "filters", more));
        }
    }
    ideas.push_back(setting("groups_1", said("Use groups 1"), node.id, "groups", 1));
}

/// Of a normalization: the largest number of groups below the given one that divides the channels.
void normalizationGroups(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const Shape* input = at.inputShape();
    if (input == nullptr) return;
    const std::int64_t axis = numberOf(node, "axis");
    const std::int64_t channels = (*input)[static_cast<int>(axis > 0 ? axis - 1 : axis)];
    std::int64_t fits = std::min(numberOf(node, "groups"), channels);
    while (fits > 1 && channels % fits != 0) --fits;
    if (fits > 1) ideas.push_back(setting("fewer_groups", said("Use groups {}", fits), node.id, "groups", fits));
    ideas.push_back(setting("groups_1", said("Use groups 1"), node.id, "groups", 1));
    ideas.push_back(setting("group_each", said("Use groups -1, one for each channel"), node.id, "groups", -1));
}

void strideIdeas(const Node& node, std::vector<Repair>& ideas) {
    for (const char* key : {"dilation_rate", "strides"}) {
        const IntList list = sizesOf(node, key);
        if (!list.empty())
            ideas.push_back(setting(fmt::format("{}_1", key), said("Use {} 1", key), node.id, key,
                                    IntList(list.size(), 1)));
    }
}

void repeatIdeas(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    for (const TooManyCopies& block : tooManyCopies(at.graph)) {
        if (block.block != node.group || block.fits < 2) continue;
        ideas.push_back({"repeat_less",
                         said("Repeat it {} times", block.fits),
                         {},
                         [block](RepairTarget& t) {
                             Group less = *t.graph.findGroup(block.block);
                             less.repeat = block.fits;
                             t.graph.replaceGroup(std::move(less));
                         }});
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
                             said("Remove {}", key),
                             {},
                             [id = node.id, key = key](RepairTarget& t) {
                                 Node copy = *t.graph.find(id);
                                 copy.params.erase(key);
                                 t.graph.replace(std::move(copy));
                             }});
        } else if (!checkParam(node.type, *param, value)) {
            const ParamValue good = mended(*param, value);
            ideas.push_back(
                setting("mend_parameter", said("Set {} to {}", key, good.text()), node.id, key, good));
        }
    }
}

} // namespace

ParamValue::IntList fittingWindow(const RepairCase& at, const Node& node, const std::string& key) {
    const IntList window = sizesOf(node, key);
    const Shape* input = at.inputShape();
    if (window.empty() || input == nullptr || input->rank() != static_cast<int>(window.size()) + 1) return {};
    const IntList dilation = sizesOf(node, "dilation_rate");
    const int first = textIs(node, "data_format", "channels_first") ? 1 : 0;
    IntList fits = window;
    for (std::size_t i = 0; i < window.size(); ++i) {
        const std::int64_t size = (*input)[static_cast<int>(i) + first];
        if (size == Shape::kUnknown) continue;
        const std::int64_t spread = dilation.empty() ? 1 : dilation[i];
        fits[i] = std::min(window[i], (size - 1) / spread + 1);
        // Kernels are odd, so that they have a centre; a window of a pooling need not be.
        if (key == "kernel_size" && window[i] % 2 == 1 && fits[i] % 2 == 0) --fits[i];
    }
    return fits;
}

void addLayerIdeas(const RepairCase& at, std::vector<Repair>& ideas) {
    const Node* node = at.node();
    if (node == nullptr) return;
    const std::string& id = at.problem.id;
    if (id == "layer.window_too_large" || id == "layer.vanished")
        windowIdeas(at, *node, ideas);
    else if (id == "layer.rank")
        rankIdeas(at, *node, ideas);
    else if (id == "layer.stride_and_dilation")
        strideIdeas(*node, ideas);
    else if (id == "layer.groups" && isOf(*node, "normalization"))
        normalizationGroups(at, *node, ideas);
    else if (id == "layer.groups")
        groupIdeas(at, *node, ideas);
    else if (id == "block.cards")
        repeatIdeas(at, *node, ideas);
    else if (id == "param.invalid" || id == "param.unknown")
        parameterIdeas(*node, ideas);
    else if (id == "node.type_unknown" || id == "layer.inputs_missing")
        ideas.push_back(dissolving(*node));
    else if (id == "layer.inputs_many") {
        ideas.push_back(
            {"disconnect_rest", said("Keep only the first input"), {}, [to = node->id](RepairTarget& t) {
                 while (t.graph.inputsOf(to).size() > 1)
                     t.graph.disconnect(t.graph.inputsOf(to).back());
             }});
    }
}

} // namespace strata
