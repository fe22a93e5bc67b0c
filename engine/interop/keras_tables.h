// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <nlohmann/json_fwd.hpp>

namespace strata::keras {

/// What Keras's format has beyond the schemas, in one place: keys that Strata has no parameter for, and
/// classes whose entries differ from the common form. (keras 3.16, get_config of each class; see shared
/// formats.)

/// Keys of a layer's config that its schema lacks, with Keras's default.
nlohmann::ordered_json extraLayerKeys(const Schema& schema);
/// Keys of an optimiser's or a loss's config that its schema lacks, with Keras's default.
nlohmann::ordered_json extraOptimizerKeys(const Schema& schema);
nlohmann::ordered_json extraLossKeys(const Schema& schema);
/// Keys of an initialiser's config that its schema lacks.
nlohmann::ordered_json extraInitializerKeys(const Schema& schema);

/// Keras writes activity_regularizer for convolutions always, for other layers only when there is one.
bool leavesOutWhenNone(std::string_view className, std::string_view key);

/// A tuple of one that Keras writes as a plain number: the axis of a constraint.
bool isNumberWhenAlone(const Schema& schema, std::string_view key);

/// Pooling without strides moves by its window: Keras writes the window, Strata's parameter is None. To
/// Keras's form and back; other layers are left as they are.
void resolveStrides(const Schema& schema, ParamMap& params);
void unresolveStrides(const Schema& schema, ParamMap& params);

/// A random layer's factor given as one number is to Keras's file a range.
void resolveFactor(const Schema& schema, ParamMap& params);

/// Arguments that Keras's constructors have no default for, though the schema has one: a new card needs something to
/// begin with.
bool hasNoDefault(const Schema& schema, std::string_view key);

/// Layers that Keras writes without "build_config", and without "trainable".
bool hasBuildConfig(std::string_view className);
bool hasTrainable(std::string_view className);

/// Where data come in: Keras's class name, and the id of Strata's card.
inline constexpr const char* kInputLayer = "InputLayer";
inline constexpr const char* kInputCard = "Input";
/// The class name that Keras has for a card: its id but for the input.
std::string_view kerasClassName(std::string_view cardType);

/// Today's class name for one that older versions wrote: "BatchNormalizationV1" -> "BatchNormalization".
std::string currentClassName(std::string_view className);
/// Today's key: LeakyReLU's "alpha" -> "negative_slope".
std::string currentKey(std::string_view className, std::string_view key);
/// "glorot_uniform" -> "GlorotUniform" for the members of a family; empty where there is none.
std::string classNameIn(const SchemaFamily& family, std::string_view name);
/// "swish" -> "silu".
std::string currentActivation(std::string_view name);

/// What becomes of a value that Strata has no parameter for.
enum class Unknown {
    Ignore,    ///< says nothing about results, or has Keras's default
    TrainOnly, ///< changes training, not predictions: left out, with a remark
    Refuse,    ///< would change results
};
Unknown unknownKey(std::string_view className, std::string_view key, const nlohmann::json& value);

} // namespace strata::keras
