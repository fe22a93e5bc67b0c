// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/loss.h"

#include <algorithm>
#include <cassert>

namespace strata {

const LossType* findLossType(std::string_view id) {
    const std::span<const LossType> types = lossTypes();
    const auto it = std::ranges::find_if(types, [&](const LossType& t) {
        return t.schema.id == id || std::ranges::find(t.schema.synonyms, id) != t.schema.synonyms.end();
    });
    return it == types.end() ? nullptr : &*it;
}

const SchemaFamily& lossFamily() {
    static const SchemaFamily family = [] {
        SchemaFamily f{"loss", {}};
        for (const LossType& t : lossTypes())
            f.members.push_back(&t.schema);
        return f;
    }();
    return family;
}

std::unique_ptr<Loss> createLoss(const TypedParams& which) {
    const LossType* type = findLossType(which.id);
    assert(type != nullptr);
    return type->create(which.params);
}

} // namespace strata
