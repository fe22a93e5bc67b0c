// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"
#include "engine/schema/schema.h"

#include <nlohmann/json_fwd.hpp>

namespace strata::keras {

/// Keras's common form: {"module", "class_name", "config", "registered_name"}.
nlohmann::ordered_json kerasObject(std::string_view module, std::string_view className,
                                   nlohmann::ordered_json config);

/// A checked value as Keras's get_config has it: tuples as lists, None as null, families as objects.
nlohmann::ordered_json toKeras(const Param& param, const ParamValue& value);
/// All parameters of a schema, in its order. requires: `checked` came out of schema.check()
nlohmann::ordered_json toKeras(const Schema& schema, const ParamMap& checked);

/// (None, 28, 28, 1) as [null, 28, 28, 1].
nlohmann::ordered_json shapeToKeras(const Shape& shape);
/// {"module": "keras", "class_name": "DTypePolicy", ...} of float32.
nlohmann::ordered_json float32Policy();

/// What Keras wrote for one parameter. Never an exception; the schema's ranges are checked later, by
/// Schema::check. `remarks` collects what was replaced (an initialiser that Strata lacks). The error says
/// what is wrong with the value, without the place.
Result<ParamValue> fromKeras(const Param& param, const nlohmann::json& json,
                             std::vector<std::string>& remarks);

/// An object or a name of a family: {"class_name": "Adam", "config": {...}}, "adam". Keys without a parameter
/// go to `leftOut`. Error: no such member, or a value of the wrong kind.
Result<TypedParams> objectFromKeras(const SchemaFamily& family, const nlohmann::json& json,
                                    std::vector<std::string>& leftOut);

} // namespace strata::keras
