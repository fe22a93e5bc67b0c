// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/raw_images.h"

#include "engine/graph/flatten.h"
#include "engine/graph/node_params.h"
#include "engine/layers/layer.h"

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

bool meetsImages(const GraphIndex& index, std::size_t at) {
    while (index.inputs[at].size() == 1) {
        at = index.inputs[at].front();
        if (isInput(*index.nodes[at])) return true;
        if (!keepsValues(*index.nodes[at])) return false;
    }
    return false;
}

} // namespace strata
