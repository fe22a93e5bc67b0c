// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/raw_images.h"

#include "engine/graph/flatten.h"
#include "engine/graph/node_params.h"
#include "engine/layers/layer.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

/// Behind these the values of the pictures are what they were: RandomFlip, Resizing, then Rescaling.
bool keepsValues(const Node& node) {
    return isOf(node, "regularization") || isOf(node, "reshaping");
}

bool isInput(const Node& node) {
    const LayerType* type = findLayerType(node.type);
    return type != nullptr && type->maxInputs == 0;
}

/// By one number for all channels.
bool isScaling(const Node& node) {
    const LayerType* type = findLayerType(node.type);
    return type != nullptr && type->takesRawImages && realsOf(node, "scale").size() == 1 && realsOf(node, "offset").size() == 1;
}

/// Whole where they nearly are: 255 times 0.00392157 is 1.
ValueRange scaledBy(const Node& node, ValueRange values) {
    const double scale = realsOf(node, "scale").front(), offset = realsOf(node, "offset").front();
    const auto end = [&](double v) { return std::round((v * scale + offset) * 1000) / 1000; };
    return {std::min(end(values.low), end(values.high)), std::max(end(values.low), end(values.high))};
}

} // namespace

bool takesRawImages(const GraphIndex& index) {
    std::vector<std::size_t> open;
    std::vector<bool> seen(index.size(), false);
    for (std::size_t at = 0; at < index.size(); ++at) {
        if (isInput(*index.nodes[at])) open.push_back(at);
    }
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const std::size_t to : index.consumers[at]) {
            const LayerType* type = findLayerType(index.nodes[to]->type);
            if (type == nullptr || seen[to]) continue;
            if (type->takesRawImages) return true;
            seen[to] = true;
            if (keepsValues(*index.nodes[to])) open.push_back(to);
        }
    }
    return false;
}

bool takesRawImages(const ModelGraph& graph) {
    const ModelGraph flat = flatten(graph); // a bypassed layer scales nothing
    return takesRawImages(GraphIndex(flat));
}

std::optional<ValueRange> imageValues(const GraphIndex& index, const AnalysisContext& context, std::size_t at) {
    std::vector<const Node*> scaled; // by the layers before it, the nearest first
    while (index.inputs[at].size() == 1) {
        at = index.inputs[at].front();
        const Node& node = *index.nodes[at];
        if (!isInput(node)) {
            if (isScaling(node)) scaled.push_back(&node);
            else if (!keepsValues(node)) return {};
            continue;
        }
        ValueRange values{0, context.largestValue.value_or(takesRawImages(index) ? 255 : 1)};
        for (auto layer = scaled.rbegin(); layer != scaled.rend(); ++layer) values = scaledBy(**layer, values);
        return values;
    }
    return {};
}

} // namespace strata
