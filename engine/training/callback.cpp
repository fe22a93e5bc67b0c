// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/callback.h"

#include "engine/core/closest_word.h"
#include "engine/core/lower_case.h"
#include "engine/core/said.h"
#include "engine/training/metric.h"

#include <algorithm>
#include <cassert>
#include <fmt/ranges.h>

namespace strata {

const CallbackType* findCallbackType(std::string_view id) {
    const std::span<const CallbackType> types = callbackTypes();
    const auto it = std::ranges::find_if(types, [wanted = lowerCase(id)](const CallbackType& t) { return lowerCase(t.schema.id) == wanted; });
    return it == types.end() ? nullptr : &*it;
}

const SchemaFamily& callbackFamily() {
    static const SchemaFamily family = [] {
        SchemaFamily f{"callback", {}};
        for (const CallbackType& t : callbackTypes())
            f.members.push_back(&t.schema);
        return f;
    }();
    return family;
}

Result<TypedParams> checkCallback(const TypedParams& callback) {
    const CallbackType* type = findCallbackType(callback.id);
    if (type == nullptr) {
        std::vector<std::string> ids;
        for (const CallbackType& t : callbackTypes())
            ids.push_back(t.schema.id);
        return failure("callback.unknown", said("There is no callback {}; there are {}.{}", callback.id, fmt::join(ids, ", "), didYouMean(callback.id, ids)));
    }
    Result<ParamMap> params = type->schema.check(callback.params);
    if (!params) return params.error();
    return TypedParams{type->schema.id, std::move(*params)};
}

std::unique_ptr<Callback> createCallback(const TypedParams& which) {
    const CallbackType* type = findCallbackType(which.id);
    assert(type != nullptr);
    return type->create(which.params);
}

bool writesFiles(const TypedParams& callback) {
    const CallbackType* type = findCallbackType(callback.id);
    return type != nullptr && type->writesFiles;
}

bool higherIsBetter(std::string_view logName) {
    if (logName.starts_with("val_")) logName.remove_prefix(4);
    if (logName == "acc" || logName == "accuracy") return true;
    const MetricType* type = findMetricType(logName);
    // One value a class, and the second metric of a name, have a number behind: f1_score_3, auc_1.
    if (const std::size_t end = logName.find_last_not_of("0123456789"); type == nullptr && end + 1 < logName.size() && logName[end] == '_')
        type = findMetricType(logName.substr(0, end));
    return type != nullptr && type->higherIsBetter;
}

} // namespace strata
