// SPDX-License-Identifier: GPL-3.0-or-later
// How layers, initialisers, losses, optimisers and schedules stand in config.json.
#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_written.h"
#include "engine/layers/layer.h"
#include "engine/training/loss.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"
#include "tests/keras_cases/keras_values.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

/// Empty when equal; 1 and 1.0 are, and numbers within the rounding of a float32.
std::string jsonDifference(const Json& got, const Json& expected, const std::string& at) {
    if (got.is_number() && expected.is_number()) {
        const double a = got.get<double>(), b = expected.get<double>();
        return std::abs(a - b) <= 1e-7 * std::abs(b) ? std::string() : fmt::format("{}: {} not {}", at, a, b);
    }
    // Keras's shorthand, kept where it was written: one number for a list of it.
    if (expected.is_number() && got.is_array() && !got.empty() && std::ranges::all_of(got, [&](const Json& one) { return one == expected; }))
        return {};
    if (got.type() != expected.type()) return fmt::format("{}: {} not {}", at, got.dump(), expected.dump());
    if (expected.is_object()) {
        for (const auto& [key, value] : expected.items()) {
            if (!got.contains(key)) return fmt::format("{}/{} is not written", at, key);
            if (const std::string why = jsonDifference(got[key], value, at + "/" + key); !why.empty()) return why;
        }
        for (const auto& [key, value] : got.items()) {
            if (!expected.contains(key)) return fmt::format("{}/{} is written, Keras does not", at, key);
        }
        return {};
    }
    if (expected.is_array()) {
        if (got.size() != expected.size()) return fmt::format("{}: {} not {}", at, got.dump(), expected.dump());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const std::string why = jsonDifference(got[i], expected[i], fmt::format("{}/{}", at, i));
            if (!why.empty()) return why;
        }
        return {};
    }
    return got == expected ? std::string() : fmt::format("{}: {} not {}", at, got.dump(), expected.dump());
}

/// The family (and a parameter of it) in which Keras keeps such objects: "initializers".
const Param* paramOfFamily(const std::string& module) {
    for (const LayerType& type : layerTypes()) {
        for (const Param& p : type.schema.params) {
            if (p.kind == ParamKind::Object && "keras." + p.family().name + "s" == module) return &p;
        }
    }
    return nullptr;
}

/// These cases do not say their arguments: they are the defaults, the ones known here, or, where Keras has no default,
/// what was written.
TypedParams madeOf(const SchemaFamily& family, const Json& keras) {
    const std::string name = keras.at("class_name");
    if (name == "Constant") return {name, {{"value", 0.1}}};
    if (name == "ExponentialDecay")
        return {name, {{"initial_learning_rate", 0.1}, {"decay_steps", std::int64_t{100}}, {"decay_rate", 0.9}}};
    if (family.name != "schedule") return {name, {}};
    std::vector<std::string> left;
    const Result<TypedParams> read = keras::objectFromKeras(family, keras, left);
    return read ? *read : TypedParams{};
}

/// What Strata writes; null where it does not have such a thing.
Json written(const Json& c) {
    const Json& keras = c.at("serialized");
    const std::string name = keras.at("class_name"), module = keras.at("module");
    if (c.contains("layer")) {
        const LayerType* type = findLayerType(name);
        if (type == nullptr) return nullptr;
        const Converted converted = convert(type->schema, c.at("init_kwargs"));
        if (!converted.lacking.empty() || !converted.refused.empty()) return nullptr;
        Node node;
        node.type = name;
        node.name = keras.at("config").at("name");
        node.params = converted.params;
        return keras::layerObject(node);
    }
    if (module == "keras.losses") return keras::lossObject({name, {}});
    if (module == "keras.optimizers") return keras::optimizerObject({name, {}});
    if (module == "keras.optimizers.schedules") return keras::scheduleObject(madeOf(scheduleFamily(), keras));
    const Param* param = paramOfFamily(module);
    if (param == nullptr || param->family().find(name) == nullptr) return nullptr;
    return keras::toKeras(*param, ParamValue(madeOf(param->family(), keras)));
}

Outcome runSerialized(const Json& c) {
    Json out = written(c);
    if (out.is_null()) return unsupported(c.at("serialized").at("class_name").get<std::string>());
    Json expected = c.at("serialized");
    // The cases' backend registers its own optimizers by their names; the others write null (see "about" there).
    if (c.contains("object") && expected["registered_name"] == expected["class_name"]) expected["registered_name"] = nullptr;
    // One layer of Keras's writes the policy's name only; where both are read, Strata writes the policy.
    if (c.contains("layer") && expected["config"]["dtype"] == "float32") expected["config"]["dtype"] = out.at("config").at("dtype");
    // Keras forgets to write this one.
    if (expected["class_name"] == "Identity" && expected["config"].empty()) out["config"].erase("gain");
    const std::string why = jsonDifference(out, expected, "serialized");
    if (!why.empty()) return failed(why);
    if (!c.contains("snake_case")) return passed();
    const std::string snake = ModelGraph::snakeCase(c.at("layer").get<std::string>());
    return snake == c["snake_case"] ? passed() : failed("snake_case: " + snake);
}

} // namespace

Suite serializedSuite() {
    return {.files = {"serialized_defaults.json"},
            .run = runSerialized,
            .compared = {"serialized", "snake_case"},
            .understood = {"id", "layer", "initializer", "regularizer", "constraint", "object", "init_kwargs"}};
}

} // namespace strata::keras_cases
