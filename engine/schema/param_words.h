// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

namespace strata {

/// A member of a family as a person writes it in one word: "EarlyStopping", "cosine:decay_steps=500,alpha=0.1",
/// "piecewise:boundaries=[100,200],values=[0.1,0.01,0.001]".
struct WordParts {
    std::string name;
    std::string params; ///< after the colon; empty: none
};
WordParts wordParts(std::string_view word);

/// "key=value,key=value" by the schema: truth values as true and false, lists in brackets, None for nothing. Only what
/// is given stands in the map. Errors: a key that the schema does not have (with those it has), a value of another kind.
Result<ParamMap> paramsFromWords(const Schema& schema, std::string_view words);

} // namespace strata
