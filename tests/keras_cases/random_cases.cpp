// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/initializers.h"
#include "engine/layers/layer.h"
#include "tests/keras_cases/keras_values.h"
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

struct Moments {
    double mean = 0, deviation = 0;
};
Moments moments(std::span<const float> values) {
    double sum = 0;
    double squares = 0;
    for (const float v : values) {
        sum += static_cast<double>(v);
        squares += static_cast<double>(v) * static_cast<double>(v);
    }
    const auto n = static_cast<double>(values.size());
    return {sum / n, std::sqrt(std::max(0.0, squares / n - sum / n * sum / n))};
}

/// "all 2.0, shape (40,10,10,8)"
struct Filled {
    float value = 0;
    Json shape = Json::array();
};
Filled filledFrom(const std::string& text) {
    Filled f;
    f.value = std::strtof(text.c_str() + text.find("all ") + 4, nullptr);
    const char* at = text.c_str() + text.find('(') + 1;
    while (*at != ')' && *at != '\0') {
        char* end = nullptr;
        f.shape.push_back(std::strtoll(at, &end, 10));
        at = end;
        while (*at == ',' || *at == ' ')
            ++at;
    }
    return f;
}

std::string compareKept(std::span<const float> values, const Json& c) {
    const auto expected = c.at("values").get<std::vector<double>>();
    std::int64_t kept = 0;
    for (const float v : values) {
        const auto is = [&](double e) {
            return std::abs(static_cast<double>(v) - e) <= 1e-5 * (1 + std::abs(e));
        };
        if (!is(expected[0]) && !is(expected[1])) return fmt::format("a value is {}", v);
        kept += is(expected[1]) ? 1 : 0;
    }
    const double part = static_cast<double>(kept) / static_cast<double>(values.size());
    if (std::abs(part - c.at("kept_fraction").get<double>()) > c.at("kept_tolerance").get<double>())
        return fmt::format("{} are kept", part);
    return {};
}

/// Equal along the given axes (which count the batch): compares each value with the one at index 0 of those
/// axes.
std::string compareConstant(std::span<const float> values, const Json& shape, const Json& axes) {
    const auto dims = shape.get<std::vector<std::int64_t>>();
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto rest = static_cast<std::int64_t>(i);
        std::int64_t first = 0;
        std::int64_t stride = 1;
        for (std::size_t axis = dims.size(); axis-- > 0;) {
            const bool constant = std::ranges::find(axes, Json(axis)) != axes.end();
            if (!constant) first += rest % dims[axis] * stride;
            rest /= dims[axis];
            stride *= dims[axis];
        }
        if (values[i] != values[static_cast<std::size_t>(first)])
            return "differs along an axis that should be constant";
    }
    return {};
}

Outcome runRandomLayer(const Json& c) {
    const std::string name = c.at("layer");
    const LayerType* type = findLayerType(name);
    if (type == nullptr) return unsupported("layer " + name);
    const Converted converted = convert(type->schema, c.at("config"));
    if (!converted.lacking.empty()) return unsupported(name + " " + converted.lacking);
    const Filled input = filledFrom(c.at("input"));
    test::LayerRig rig(*type, converted.params, {sampleShape(input.shape)},
                       input.shape[0].get<std::int64_t>());
    std::ranges::fill(rig.inputs[0].span(), input.value);
    rig.training = c.at("training").get<bool>();
    rig.forward();
    const std::span<const float> values = rig.output.span();
    if (c.contains("values")) {
        if (const std::string why = compareKept(values, c); !why.empty()) return failed(why);
    }
    if (c.contains("constant_along_axes")) {
        if (const std::string why = compareConstant(values, input.shape, c["constant_along_axes"]);
            !why.empty())
            return failed(why);
    }
    if (c.contains("mean")) {
        const Moments m = moments(values);
        const double tolerance = c.at("tolerance");
        if (std::abs(m.mean - c["mean"].get<double>()) > tolerance)
            return failed(fmt::format("mean {}", m.mean));
        if (std::abs(m.deviation - c.at("std").get<double>()) > tolerance)
            return failed(fmt::format("standard deviation {}", m.deviation));
    }
    return passed();
}

std::string compareSpread(const TypedParams& which, std::vector<std::int64_t> dims, const Json& c) {
    // Many fillings of the given shape, so that the sample's moments are sharp.
    std::int64_t count = 1;
    for (const std::int64_t d : dims)
        count *= d;
    std::vector<float> all;
    for (std::uint64_t seed = 0; all.size() < 200000; ++seed) {
        std::vector<float> one(static_cast<std::size_t>(count));
        initialise(which, dims, {.seed = seed}, one);
        all.insert(all.end(), one.begin(), one.end());
    }
    const double deviation = std::sqrt(c.at("variance").get<double>());
    const Moments m = moments(all);
    if (std::abs(m.mean) > 0.02 * deviation) return fmt::format("mean {}", m.mean);
    if (std::abs(m.deviation / deviation - 1) > 0.01)
        return fmt::format("standard deviation {}, not {}", m.deviation, deviation);
    const double limit = c.contains("limit") ? c["limit"].get<double>() : c.at("truncated_at").get<double>();
    float largest = 0;
    for (const float v : all)
        largest = std::max(largest, std::abs(v));
    const auto top = static_cast<double>(largest);
    if (top > limit * (1 + 1e-5) || top < limit * 0.98)
        return fmt::format("largest magnitude {}, limit {}", top, limit);
    const bool uniform = c.at("distribution") == "uniform";
    const auto inner =
        std::ranges::count_if(all, [&](float v) { return std::abs(static_cast<double>(v)) < limit / 2; });
    const double part = static_cast<double>(inner) / static_cast<double>(all.size());
    // Half of a uniform distribution lies within half its limit; of a normal one cut at two deviations, 71.5
    // %.
    if (std::abs(part - (uniform ? 0.5 : 0.7153)) > 0.01)
        return fmt::format("{} of the values lie in the inner half", part);
    return {};
}

std::string compareOrthogonal(std::span<const float> values, const std::vector<std::int64_t>& dims,
                              double gain) {
    const std::int64_t columns = dims.back();
    const std::int64_t rows = static_cast<std::int64_t>(values.size()) / columns;
    const bool tall = rows >= columns;
    const std::int64_t n = tall ? columns : rows;
    const std::int64_t length = tall ? rows : columns;
    const auto at = [&](std::int64_t vector, std::int64_t i) {
        return static_cast<double>(
            values[static_cast<std::size_t>(tall ? i * columns + vector : vector * columns + i)]);
    };
    for (std::int64_t a = 0; a < n; ++a) {
        for (std::int64_t b = 0; b < n; ++b) {
            double dot = 0;
            for (std::int64_t i = 0; i < length; ++i)
                dot += at(a, i) * at(b, i);
            if (std::abs(dot - (a == b ? gain * gain : 0)) > 1e-5)
                return fmt::format("vectors {} and {}: {}", a, b, dot);
        }
    }
    return {};
}

Outcome runInitializer(const Json& c) {
    std::string lacking;
    const TypedParams which = typedFrom(
        initializerFamily(), {{"class_name", c.at("initializer")}, {"config", c.at("config")}}, lacking);
    if (!lacking.empty()) return unsupported(lacking);
    const auto dims = c.at("shape").get<std::vector<std::int64_t>>();
    std::int64_t count = 1;
    for (const std::int64_t d : dims)
        count *= d;
    std::vector<float> values(static_cast<std::size_t>(count));
    initialise(which, dims, {.seed = 1}, values);
    std::string why;
    if (c.contains("exact"))
        why = difference("exact", std::span<const float>(values), arrayFrom(c["exact"]), 0, 0);
    else if (c.contains("variance"))
        why = compareSpread(which, dims, c);
    else if (which.id == "Orthogonal")
        why = compareOrthogonal(values, dims, c["config"].value("gain", 1.0));
    else
        return unsupported("property of " + which.id);
    return why.empty() ? passed() : failed(why);
}

} // namespace

Suite randomLayerSuite() {
    return {
        .files = {"layers/dropout_properties.json"},
        .run = runRandomLayer,
        .compared = {"values", "kept_fraction", "constant_along_axes", "mean", "std"},
        .understood = {"id", "layer", "config", "training", "input", "kept_tolerance", "tolerance", "rule"}};
}

/// Fans follow from the spread; the deviation before truncation from the limit, which is twice that.
Suite initializerSuite() {
    return {.files = {"initializers.json"},
            .run = runInitializer,
            .compared = {"exact", "variance", "limit", "truncated_at"},
            .understood = {"id", "initializer", "config", "shape", "fan_in", "fan_out", "distribution",
                           "stddev_before_truncation", "property"}};
}

} // namespace strata::keras_cases
