// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/cases_backend.h"

#include <algorithm>

namespace strata::keras_cases {
namespace {

struct Margin {
    std::int64_t before = 0, after = 0;
};

/// Every value beyond an edge is the one at the edge.
Array edgePadded(const Array& a, const std::vector<Margin>& margins) {
    Array out;
    std::int64_t count = 1;
    for (std::size_t axis = 0; axis < a.shape.size(); ++axis) {
        out.shape.push_back(a.shape[axis] + margins[axis].before + margins[axis].after);
        count *= out.shape.back();
    }
    for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t rest = i, from = 0, step = 1;
        for (std::size_t axis = a.shape.size(); axis-- > 0;) {
            const std::int64_t at = rest % out.shape[axis] - margins[axis].before;
            from += std::clamp<std::int64_t>(at, 0, a.shape[axis] - 1) * step;
            rest /= out.shape[axis];
            step *= a.shape[axis];
        }
        out.data.push_back(a.data[static_cast<std::size_t>(from)]);
    }
    return out;
}

/// Keras's torch backend hands LayerNormalization over one axis to a function that always takes the last one.
std::optional<BackendVariant> lastAxisInstead(ParamMap params, const Array& input) {
    const ParamValue::IntList axis = *params.at("axis").asInts();
    const auto last = static_cast<std::int64_t>(input.shape.size()) - 1;
    if (axis.size() != 1 || axis.front() == -1 || axis.front() == last) return std::nullopt;
    params["axis"] = ParamValue::IntList{-1};
    return BackendVariant{std::move(params), input,
                          "LayerNormalization over one axis that is not the last (the cases' backend takes the last one)"};
}

/// Padding "same" with more after than before: the torch backend repeats the edge there, and the repeated values count.
std::optional<BackendVariant> repeatedEdge(ParamMap params, const Array& input) {
    if (*params.at("padding").asText() != "same") return std::nullopt;
    const ParamValue::IntList pool = *params.at("pool_size").asInts();
    const ParamValue::IntList stride = params.at("strides").isNull() ? pool : *params.at("strides").asInts();
    const std::size_t first = *params.at("data_format").asText() == "channels_first" ? 2 : 1;
    std::vector<Margin> margins(input.shape.size());
    bool uneven = false;
    for (std::size_t i = 0; i < pool.size(); ++i) {
        const std::int64_t size = input.shape[first + i], outputs = (size + stride[i] - 1) / stride[i];
        const std::int64_t total = std::max<std::int64_t>(0, (outputs - 1) * stride[i] + pool[i] - size);
        margins[first + i] = {total / 2, total - total / 2};
        uneven = uneven || total % 2 == 1;
    }
    if (!uneven) return std::nullopt;
    params["padding"] = "valid";
    return BackendVariant{std::move(params), edgePadded(input, margins),
                          "average pooling with uneven padding (the cases' backend repeats the edge there)"};
}

} // namespace

std::optional<BackendVariant> backendVariant(const LayerType& type, const ParamMap& given, const Array& input) {
    const Result<ParamMap> params = type.schema.check(given);
    if (!params) return std::nullopt;
    const std::string_view id = type.schema.id;
    if (id == "LayerNormalization") return lastAxisInstead(*params, input);
    if (id.starts_with("AveragePooling")) return repeatedEdge(*params, input);
    return std::nullopt;
}

} // namespace strata::keras_cases
