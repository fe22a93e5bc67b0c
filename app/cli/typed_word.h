// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/param_words.h"

namespace strata::cli {

/// "name:key=value" of a kind of thing; only what is given stands in its parameters.
template <class Type>
Result<TypedParams> typedWord(const std::string& word, const Type* (*find)(std::string_view), Result<TypedParams> (*check)(const TypedParams&),
                              const SchemaFamily& family) {
    const WordParts parts = wordParts(word);
    std::string plain = parts.name;
    const Type* type = find(plain);
    if (type == nullptr) {
        std::erase(plain, '_');
        type = find(plain);
    }
    if (type == nullptr) return check({parts.name, {}}).error(); // says which there are
    TypedParams out{type->schema.id, {}};
    const Schema* schema = family.find(out.id);
    if (!parts.params.empty() && schema != nullptr) {
        Result<ParamMap> options = paramsFromWords(*schema, parts.params);
        if (!options) return options.error();
        out.params = std::move(*options);
    }
    if (const Result<TypedParams> checked = check(out); !checked) return checked.error();
    return out;
}

} // namespace strata::cli
