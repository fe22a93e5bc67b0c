// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/node_params.h"

#include "engine/layers/layer.h"

namespace strata {

const ParamValue* paramOf(const Node& node, const std::string& key) {
    if (const auto it = node.params.find(key); it != node.params.end()) return &it->second;
    const LayerType* type = findLayerType(node.type);
    const Param* param = type == nullptr ? nullptr : type->schema.find(key);
    return param == nullptr ? nullptr : &param->defaultValue;
}

ParamValue::IntList sizesOf(const Node& node, const std::string& key) {
    const LayerType* type = findLayerType(node.type);
    const Param* param = type == nullptr ? nullptr : type->schema.find(key);
    const ParamValue* value = paramOf(node, key);
    if (param == nullptr || value == nullptr) return {};
    const Result<ParamValue> checked = checkParam(node.type, *param, *value);
    return checked && checked->asInts() != nullptr ? *checked->asInts() : ParamValue::IntList{};
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

bool isOf(const Node& node, std::string_view category) {
    const LayerType* type = findLayerType(node.type);
    return type != nullptr && type->schema.category == category;
}

bool isPooling(const Node& node) {
    return isOf(node, "pooling");
}

} // namespace strata
