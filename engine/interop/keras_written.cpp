// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_written.h"

#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_tables.h"
#include "engine/layers/layer.h"
#include "engine/training/loss.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

#include <nlohmann/json.hpp>

namespace strata::keras {
namespace {

using Ordered = nlohmann::ordered_json;

} // namespace

Ordered layerObject(const Node& node) {
    const Schema& schema = findLayerType(node.type)->schema;
    Ordered config = {{"name", node.name}};
    if (hasTrainable(node.type)) config["trainable"] = node.trainable;
    config["dtype"] = hasTrainable(node.type) ? float32Policy() : Ordered("float32");
    ParamMap params = schema.check(node.params).value();
    resolveStrides(schema, params);
    resolveFactor(schema, params);
    const Ordered own = toKeras(schema, params);
    for (const auto& [key, value] : own.items()) {
        if (!value.is_null() || !leavesOutWhenNone(node.type, key)) config[key] = value;
    }
    config.update(extraLayerKeys(schema));
    return kerasObject("keras.layers", node.type, std::move(config));
}

Ordered lossObject(const TypedParams& loss) {
    const LossType* type = findLossType(loss.id);
    if (type == nullptr) return nullptr;
    const Result<ParamMap> checked = type->schema.check(loss.params);
    if (!checked) return nullptr;
    const std::string& id = type->schema.id;
    Ordered config = {{"name", id == "Huber" ? "huber_loss" : ModelGraph::snakeCase(id)}};
    config.update(toKeras(type->schema, *checked));
    config.update(extraLossKeys(type->schema));
    return kerasObject("keras.losses", type->schema.id, std::move(config));
}

Ordered optimizerObject(const TypedParams& optimizer) {
    const OptimizerType* type = findOptimizerType(optimizer.id);
    if (type == nullptr) return nullptr;
    const Result<ParamMap> checked = type->schema.check(optimizer.params);
    if (!checked) return nullptr;
    Ordered config = {{"name", ModelGraph::snakeCase(type->schema.id)}};
    config.update(toKeras(type->schema, *checked));
    config.update(extraOptimizerKeys(type->schema));
    return kerasObject("keras.optimizers", type->schema.id, std::move(config));
}

Ordered scheduleObject(const TypedParams& schedule) {
    const ScheduleType* type = findScheduleType(schedule.id);
    if (type == nullptr || !type->schema.reference.starts_with("https://keras.io/")) return nullptr;
    const Result<ParamMap> checked = type->schema.check(schedule.params);
    if (!checked) return nullptr;
    Ordered config = toKeras(type->schema, *checked);
    config["name"] = type->schema.id;
    return kerasObject("keras.optimizers.schedules", type->schema.id, std::move(config));
}

} // namespace strata::keras
