// SPDX-License-Identifier: GPL-3.0-or-later
// Repairs of a layer's own numbers: what cannot be done with the input that it has, and the nearest that can.
#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "engine/graph/raw_images.h"
#include "engine/graph/repair_candidates.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace strata {
namespace {

using IntList = ParamValue::IntList;
using RealList = ParamValue::RealList;

std::string sizesText(const IntList& sizes) {
    std::vector<std::string> parts;
    for (const std::int64_t size : sizes)
        parts.push_back(size < 0 ? "?" : std::to_string(size));
    return fmt::format("{}", fmt::join(parts, ", "));
}

Repair usingSizes(std::string id, const Node& node, const std::string& key, const IntList& sizes) {
    return setting(std::move(id), said("Use {} {}", key, sizesText(sizes)), node.id, key, sizes);
}

bool fits(const RepairCase& at, const Node& node, const std::string& key, const ParamValue& value) {
    const LayerType* type = findLayerType(node.type);
    ParamMap params = node.params;
    params[key] = value;
    return planLayer(*type, params, at.report.find(node.id)->inputShapes).ok();
}

/// Both sides of an axis are cut by half as much until a cell is left.
void lessCropping(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    IntList cut = sizesOf(node, "cropping");
    const Shape* input = at.inputShape();
    if (input == nullptr || cut.size() / 2 + 1 != static_cast<std::size_t>(input->rank())) return;
    const int first = textIs(node, "data_format", "channels_first") ? 1 : 0;
    for (std::size_t i = 0; i + 1 < cut.size(); i += 2) {
        const std::int64_t cells = (*input)[static_cast<int>(i / 2) + first];
        while (cells > 0 && cut[i] + cut[i + 1] >= cells) {
            cut[i] /= 2;
            cut[i + 1] /= 2;
        }
    }
    ideas.push_back(usingSizes("less_cropping", node, "cropping", cut));
}

void outputPadding(const Node& node, std::vector<Repair>& ideas) {
    const IntList strides = sizesOf(node, "strides");
    IntList padding = sizesOf(node, "output_padding"), longer = strides;
    for (std::size_t i = 0; i < std::min(padding.size(), strides.size()); ++i) {
        longer[i] = std::max(strides[i], padding[i] + 1);
        padding[i] = std::min(padding[i], strides[i] - 1);
    }
    ideas.push_back(usingSizes("less_output_padding", node, "output_padding", padding));
    ideas.push_back(setting("no_output_padding", said("Use output_padding None"), node.id, "output_padding", {}));
    ideas.push_back(usingSizes("larger_strides", node, "strides", longer));
}

void emptyOutput(const Node& node, std::vector<Repair>& ideas) {
    ideas.push_back(setting("padding_valid", said("Use padding valid"), node.id, "padding", "valid"));
    ideas.push_back(setting("no_output_padding", said("Use output_padding None"), node.id, "output_padding", {}));
}

/// The axes that are named stay in their order, those that are missing come behind them.
void axisOrder(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const Shape* input = at.inputShape();
    if (input == nullptr) return;
    IntList order, plain;
    const auto name = [&](std::int64_t axis) {
        if (axis >= 1 && axis <= input->rank() && std::ranges::find(order, axis) == order.end()) order.push_back(axis);
    };
    std::ranges::for_each(sizesOf(node, "dims"), name);
    for (int axis = 1; axis <= input->rank(); ++axis) {
        name(axis);
        plain.push_back(axis);
    }
    ideas.push_back(usingSizes("every_axis_once", node, "dims", order));
    if (plain.size() > 1) std::swap(plain.front(), plain[1]);
    ideas.push_back(usingSizes("swap_axes", node, "dims", plain));
}

/// One size of the target is left open, where the others allow it; else the input's own shape with as many axes.
void targetShape(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const IntList target = sizesOf(node, "target_shape");
    const Shape* input = at.inputShape();
    if (input == nullptr || !input->isKnown()) return;
    std::vector<IntList> tries;
    for (std::size_t open = 0; open < target.size(); ++open) {
        IntList one = target;
        for (std::size_t i = 0; i < one.size(); ++i)
            one[i] = i == open ? Shape::kUnknown : std::max<std::int64_t>(one[i], 1);
        tries.push_back(one);
    }
    const std::int64_t count = input->count();
    auto side = static_cast<std::int64_t>(std::sqrt(static_cast<double>(count)));
    while (side > 1 && count % (side * side) != 0) --side;
    if (target.size() == 3 && side > 1) tries.push_back({side, side, Shape::kUnknown});
    if (target.size() == 2) tries.push_back({(*input)[0], Shape::kUnknown});
    tries.push_back({Shape::kUnknown});
    std::size_t found = 0;
    for (const IntList& shape : tries) {
        if (found < 2 && fits(at, node, "target_shape", shape)) {
            ideas.push_back(usingSizes("open_size", node, "target_shape", shape));
            ++found;
        }
    }
}

/// What of the noise's shape fits stays; the rest is drawn for each value.
void noiseShape(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const Shape* input = at.inputShape();
    IntList noise = sizesOf(node, "noise_shape");
    if (input == nullptr) return;
    noise.resize(static_cast<std::size_t>(input->rank()) + 1, Shape::kUnknown);
    if (noise[0] > 1) noise[0] = Shape::kUnknown;
    for (int i = 0; i < input->rank(); ++i) {
        std::int64_t& size = noise[static_cast<std::size_t>(i) + 1];
        if (size > 1 && size != (*input)[i]) size = Shape::kUnknown;
    }
    ideas.push_back(usingSizes("fitting_noise", node, "noise_shape", noise));
    ideas.push_back(setting("no_noise_shape", said("Use noise_shape None"), node.id, "noise_shape", {}));
}

double firstOf(const Node& node, const char* key, double otherwise) {
    const ParamValue* value = paramOf(node, key);
    const RealList* list = value == nullptr ? nullptr : value->asReals();
    return list == nullptr || list->empty() ? otherwise : list->front();
}

/// One mean and one variance for all, from what is given; or those of the weights.
void meanAndVariance(const Node& node, std::vector<Repair>& ideas) {
    const auto both = [id = node.id](const ParamValue& mean, const ParamValue& variance) {
        return [id, mean, variance](RepairTarget& t) {
            setParam(t.graph, id, "mean", mean);
            setParam(t.graph, id, "variance", variance);
        };
    };
    const double mean = firstOf(node, "mean", 0), variance = firstOf(node, "variance", 1);
    ideas.push_back({"single_mean", said("Use mean {} and variance {} for all", mean, variance), {},
                     both(RealList{mean}, RealList{variance})});
    ideas.push_back({"no_mean", said("Use mean None and variance None"), {}, both({}, {})});
}

/// The first scale and the first offset for every channel.
void singleRescaling(const Node& node, std::vector<Repair>& ideas) {
    const double scale = firstOf(node, "scale", 1.0 / 255), offset = firstOf(node, "offset", 0);
    ideas.push_back({"single_rescaling", said("Use scale {} and offset {} for all channels", scale, offset), {},
                     [id = node.id, scale, offset](RepairTarget& t) {
                         setParam(t.graph, id, "scale", RealList{scale});
                         setParam(t.graph, id, "offset", RealList{offset});
                     }});
}

/// A random amount is one number or two: the first of those that are given.
void singleFactor(const Node& node, std::vector<Repair>& ideas) {
    for (const Param& param : findLayerType(node.type)->schema.params) {
        const ParamValue* value = paramOf(node, param.key);
        const RealList* given = value == nullptr ? nullptr : value->asReals();
        if (!param.key.ends_with("factor") || given == nullptr || given->size() == 1 || given->size() == 2) continue;
        const RealList* usual = param.defaultValue.asReals();
        const double first = !given->empty() ? given->front() : usual != nullptr && !usual->empty() ? usual->front() : 0.1;
        ideas.push_back(setting("single_factor", said("Use {} {}", param.key, first), node.id, param.key, RealList{first}));
    }
}

/// The two ranges that pictures come in.
void valueRange(const Node& node, std::vector<Repair>& ideas) {
    for (const double largest : {255.0, 1.0})
        ideas.push_back(setting("value_range", said("Use value_range 0, {}", largest), node.id, "value_range", RealList{0, largest}));
}

/// The range of the images that the layer gets.
void rangeOfImages(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    const ModelGraph flat = flatten(at.graph);
    const GraphIndex index(flat);
    const auto place = index.place.find(node.id);
    const std::optional<ValueRange> values = place == index.place.end() ? std::nullopt : imageValues(index, at.context, place->second);
    if (!values) return;
    ideas.push_back(setting("value_range", said("Use value_range {}, {}", values->low, values->high), node.id, "value_range",
                            RealList{values->low, values->high}));
}

void renorm(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    if (at.problem.id == "layer.renorm_initializer") {
        ideas.push_back(setting("variance_ones", said("Use moving_variance_initializer Ones"), node.id,
                                "moving_variance_initializer", TypedParams{"Ones", {}}));
    } else if (const ParamValue* clipping = paramOf(node, "renorm_clipping"); clipping->asObject() != nullptr) {
        TypedParams turned = *clipping->asObject();
        const auto rmin = turned.params.find("rmin"), rmax = turned.params.find("rmax"), dmax = turned.params.find("dmax");
        const auto number = [&](auto it) { return it == turned.params.end() ? nullptr : it->second.asReal(); };
        if (number(rmin) != nullptr && number(rmax) != nullptr && *number(rmax) < *number(rmin)) std::swap(rmin->second, rmax->second);
        if (const double* d = number(dmax)) dmax->second = std::abs(*d);
        ideas.push_back(setting("turn_clipping", said("Turn the limits round"), node.id, "renorm_clipping", turned));
        ideas.push_back(setting("no_clipping", said("Use renorm_clipping None"), node.id, "renorm_clipping", {}));
    }
    ideas.push_back(setting("no_renorm", said("Use renorm False"), node.id, "renorm", false));
}

/// Halves the largest of a layer's numbers until the layer fits.
void smallerSizes(const RepairCase& at, const Node& node, std::vector<Repair>& ideas) {
    for (const Param& param : findLayerType(node.type)->schema.params) {
        const ParamValue* given = paramOf(node, param.key);
        const bool single = given->asInt() != nullptr && param.kind == ParamKind::Int;
        IntList sizes = single ? IntList{*given->asInt()} : sizesOf(node, param.key);
        const auto value = [&]() -> ParamValue { return single ? ParamValue(sizes.front()) : ParamValue(sizes); };
        while (!sizes.empty()) {
            const auto largest = std::ranges::max_element(sizes);
            if (*largest <= 1 || static_cast<double>(*largest / 2) < param.min) break;
            *largest /= 2;
            if (!fits(at, node, param.key, value())) continue;
            ideas.push_back(setting("smaller_sizes", said("Use {} {}", param.key, sizesText(sizes)), node.id, param.key, value()));
            break;
        }
    }
}

/// Sizes that an Input leaves open and that a layer below has to know: of the data, else of a usual picture.
void openSizes(const RepairCase& at, std::vector<Repair>& ideas) {
    for (const NodeId id : at.report.inputs) {
        if (!at.graph.reaches(id, at.problem.node)) continue;
        IntList shape = sizesOf(*at.graph.find(id), "shape");
        const auto& data = at.context.sampleShape;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            const int axis = static_cast<int>(i);
            const std::int64_t usual = shape.size() > 1 && i + 1 == shape.size() ? 1 : 28;
            if (shape[i] < 0) shape[i] = data && data->rank() == static_cast<int>(shape.size()) ? (*data)[axis] : usual;
        }
        ideas.push_back(setting("input_sizes", said("Set the input to {}", Shape(shape).text()), id, "shape", shape));
    }
}

/// The last axis, under the name and in the form that the layer has for it.
void lastAxis(const Node& node, std::vector<Repair>& ideas) {
    if (hasParam(node, "axis")) ideas.push_back(setting("axis_last", said("Use the last axis"), node.id, "axis", -1));
    if (hasParam(node, "axes")) ideas.push_back(setting("axis_last", said("Use the last axes"), node.id, "axes", -1));
    if (hasParam(node, "shared_axes"))
        ideas.push_back(setting("no_shared_axes", said("Use shared_axes None"), node.id, "shared_axes", {}));
}

} // namespace

void addValueIdeas(const RepairCase& at, std::vector<Repair>& ideas) {
    const Node* node = at.node();
    if (node == nullptr) return;
    const std::string& id = at.problem.id;
    if (id == "layer.cropped_away")
        lessCropping(at, *node, ideas);
    else if (id == "layer.output_padding")
        outputPadding(*node, ideas);
    else if (id == "layer.output_empty")
        emptyOutput(*node, ideas);
    else if (id == "layer.permutation")
        axisOrder(at, *node, ideas);
    else if (id == "layer.reshape")
        targetShape(at, *node, ideas);
    else if (id == "layer.noise_shape")
        noiseShape(at, *node, ideas);
    else if (id == "layer.mean_and_variance")
        meanAndVariance(*node, ideas);
    else if (id == "layer.rescaling_values")
        singleRescaling(*node, ideas);
    else if (id == "layer.random_factor")
        singleFactor(*node, ideas);
    else if (id == "layer.value_range")
        valueRange(*node, ideas);
    else if (id == "advice.value_range")
        rangeOfImages(at, *node, ideas);
    else if (id.starts_with("layer.renorm_"))
        renorm(at, *node, ideas);
    else if (id == "layer.too_large")
        smallerSizes(at, *node, ideas);
    else if (id == "layer.axis" || id == "layer.axis_not_last")
        lastAxis(*node, ideas);
    else if (id.starts_with("layer.") && id.ends_with("_unknown"))
        openSizes(at, ideas);
}

} // namespace strata
