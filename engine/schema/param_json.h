// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/schema/param_value.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace strata {

/// Plain JSON of Strata's own files and of the clipboard: an object value is {"id": ..., "params": {...}}, an
/// unknown size null, an infinite number the text "Infinity". (Keras's config.json is written by
/// interop/keras_config.)
nlohmann::json toJson(const ParamMap& params);
nlohmann::json toJson(const ParamValue& value);
/// Nullopt for what is no whole number, or beyond 64 bits with a sign: those would come out as another number.
std::optional<std::int64_t> wholeFrom(const nlohmann::json& json);
/// Defends itself: any JSON gives a value or an error, never an exception.
Result<ParamMap> paramsFromJson(const nlohmann::json& json);
Result<ParamValue> paramFromJson(const nlohmann::json& json);

} // namespace strata
