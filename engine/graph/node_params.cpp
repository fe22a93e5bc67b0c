// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/node_params.h"

#include "engine/layers/layer.h"

#include <algorithm>

namespace strata {

const ParamValue* paramOf(const Node& node, const std::string& key) {
    if (const auto it = node.params.find(key); it != node.params.end()) return &it->second;
    const LayerType* type = findLayerType(node.type);
    const Param* param = type == nullptr ? nullptr : type->schema.find(key);
    return param == nullptr ? nullptr : &param->defaultValue;
}

/// As the schema brings it into form; nothing where it does not fit.
static std::optional<ParamValue> checkedParam(const Node& node, const std::string& key) {
    const LayerType* type = findLayerType(node.type);
    const Param* param = type == nullptr ? nullptr : type->schema.find(key);
    const ParamValue* value = paramOf(node, key);
    if (param == nullptr || value == nullptr) return {};
    Result<ParamValue> checked = checkParam(node.type, *param, *value);
    return checked ? std::optional(std::move(*checked)) : std::nullopt;
}

ParamValue::IntList sizesOf(const Node& node, const std::string& key) {
    const std::optional<ParamValue> value = checkedParam(node, key);
    return value && value->asInts() != nullptr ? *value->asInts() : ParamValue::IntList{};
}

ParamValue::RealList realsOf(const Node& node, const std::string& key) {
    const std::optional<ParamValue> value = checkedParam(node, key);
    return value && value->asReals() != nullptr ? *value->asReals() : ParamValue::RealList{};
}

std::int64_t numberOf(const Node& node, const std::string& key) {
    const ParamValue* value = paramOf(node, key);
    return value != nullptr && value->asInt() != nullptr ? *value->asInt() : 0;
}

bool textIs(const Node& node, const std::string& key, std::string_view text) {
    const ParamValue* value = paramOf(node, key);
    return value != nullptr && value->asText() != nullptr && *value->asText() == text;
}

bool hasParam(const Node& node, const std::string& key) {
    return paramOf(node, key) != nullptr;
}

ParamValue::IntList spatialSizes(const Node& node, const Shape& input) {
    ParamValue::IntList sizes(input.dims().begin(), input.dims().end());
    if (sizes.empty()) return sizes;
    if (textIs(node, "data_format", "channels_first")) sizes.erase(sizes.begin());
    else sizes.pop_back();
    return sizes;
}

ParamValue::IntList reachedWindow(const Node& node, const std::string& key, const Shape& input) {
    const ParamValue::IntList window = sizesOf(node, key), dilation = sizesOf(node, "dilation_rate"), sizes = spatialSizes(node, input);
    if (window.empty() || sizes.size() != window.size()) return {};
    ParamValue::IntList reached = window;
    for (std::size_t i = 0; i < window.size(); ++i) {
        const std::int64_t spread = dilation.size() == window.size() ? dilation[i] : 1;
        // From the first value to the last and back: both ends of the window meet one.
        if (sizes[i] > 0) reached[i] = std::min(window[i], 2 * ((sizes[i] - 1) / spread) + 1);
    }
    return reached;
}

bool isOf(const Node& node, std::string_view category) {
    const LayerType* type = findLayerType(node.type);
    return type != nullptr && type->schema.category == category;
}

bool isPooling(const Node& node) {
    return isOf(node, "pooling");
}

} // namespace strata
