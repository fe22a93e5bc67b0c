// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace strata {

/// JSON from somebody else's file. Depth and length are bounded before a parser sees it, and everything that
/// a value of it can be asked for has a total function below. `place` names the file or member in the
/// message. Errors: json.too_large, json.too_deep, json.invalid
Result<nlohmann::json> parseForeignJson(std::string_view text, std::string_view place);

/// The member `key` of an object, or null where there is no such object or member.
const nlohmann::json& memberOf(const nlohmann::json& object, std::string_view key);
/// Its text, or `otherwise` where it is no text.
std::string textOf(const nlohmann::json& object, std::string_view key, std::string_view otherwise = {});

/// The number there, or `otherwise`. / The whole number, where it lies in low..high. / The truth value.
double realOf(const nlohmann::json& object, std::string_view key, double otherwise);
std::int64_t intOf(const nlohmann::json& object, std::string_view key, std::int64_t otherwise, std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                   std::int64_t high = std::numeric_limits<std::int64_t>::max());
bool boolOf(const nlohmann::json& object, std::string_view key, bool otherwise);

/// A value, or a text of a file, as it is named in a message: cut where it is long.
std::string shortJson(const nlohmann::json& value);
std::string shortText(std::string_view text);

/// As Python's json.dumps writes it (ASCII only), so that foreign bytes in a name never end in an exception.
std::string jsonText(const nlohmann::ordered_json& value);

} // namespace strata
