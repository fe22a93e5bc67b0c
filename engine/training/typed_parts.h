// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema_of.h"

#include <memory>

namespace strata {

/// Joins a typed loss or optimiser to its untyped interface: the schema binds the parameters, `T` is made
/// from them.
template <class Type, class T, class P>
Type typeOf(SchemaOf<P> schema) {
    auto bound = std::make_shared<const SchemaOf<P>>(std::move(schema));
    Type type;
    type.schema = bound->schema();
    type.create = [bound](const ParamMap& params) { return std::make_unique<T>(bound->bind(params)); };
    return type;
}

} // namespace strata
