// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace strata::python {

/// A value as Python writes it: True, None, "same", (3, 3), (3,), 0.001.
std::string literal(const nlohmann::ordered_json& value);
std::string quoted(const std::string& text);

/// The arguments of a class that a schema describes, "filters=32": those that are not at their default, and those
/// without which Keras makes none. What belongs to a family becomes a call: keras.initializers.HeNormal().
/// requires: `checked` came out of schema.check()
std::vector<std::string> arguments(const Schema& schema, const ParamMap& checked);

/// keras.optimizers.Adam(learning_rate=0.001). Keys in `instead` are given by `more` or not at all.
std::string call(const std::string& module, const Schema& schema, const ParamMap& params,
                 const std::vector<std::string>& more = {}, const std::set<std::string>& instead = {});

/// `head(a, b, c)`; one argument a line where it would be longer than 100 columns. `indent`: of the line it stands on.
std::string callText(const std::string& head, const std::vector<std::string>& arguments, std::size_t indent);

/// Names for Python: letters, digits and underscores, no keyword, none twice.
class Names {
public:
    /// requires: `reserved` are names the script uses itself
    explicit Names(std::set<std::string> reserved) : m_taken(std::move(reserved)) {}
    std::string make(const std::string& wanted);

private:
    std::set<std::string> m_taken;
};

} // namespace strata::python
