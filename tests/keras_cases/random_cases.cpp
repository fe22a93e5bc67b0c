// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/initializers.h"
#include "engine/layers/layer.h"
#include "tests/keras_cases/keras_values.h"
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <stdexcept>

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
    const std::size_t all = text.find("all "), open = text.find('(');
    if (all == std::string::npos || open == std::string::npos) throw std::runtime_error("the input is not described");
    f.value = std::strtof(text.c_str() + all + 4, nullptr);
    const char* at = text.c_str() + open + 1;
    while (*at != ')' && *at != '\0') {
        char* end = nullptr;
        f.shape.push_back(std::strtoll(at, &end, 10));
        if (end == at) throw std::runtime_error("the input's shape is not described");
        at = end;
        while (*at == ',' || *at == ' ')
            ++at;
    }
    return f;
}

std::string compareKept(std::span<const float> values, const Json& c) {
    const auto expected = c.at("values").get<std::vector<double>>();
    if (expected.size() != 2) return "the values are not two";
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

/// Equal along the given axes (which count the batch), and along no other one.
std::string compareConstant(std::span<const float> values, const Json& shape, const Json& axes) {
    const auto dims = shape.get<std::vector<std::int64_t>>();
    std::int64_t stride = 1;
    for (std::size_t axis = dims.size(); axis-- > 0;) {
        bool constant = true;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::int64_t place = static_cast<std::int64_t>(i) / stride % dims[axis];
            constant = constant && values[i] == values[i - static_cast<std::size_t>(place * stride)];
        }
        stride *= dims[axis];
        const bool expected = std::ranges::find(axes, Json(axis)) != axes.end();
        if (constant != expected)
            return fmt::format("{} along axis {}", constant ? "does not differ" : "differs", axis);
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
    if (countOf(input.shape) == 0) return failed("the input is empty");
    const std::vector<Shape> shapes{sampleShape(input.shape)};
    if (const Result<LayerPlan> plan = planLayer(*type, converted.params, shapes); !plan) return failed(plan.error().message);
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
    const double mean = c.value("mean", 0.0);
    const Moments m = moments(all);
    if (std::abs(m.mean - mean) > 0.02 * deviation) return fmt::format("mean {}", m.mean);
    if (std::abs(m.deviation / deviation - 1) > 0.01)
        return fmt::format("standard deviation {}, not {}", m.deviation, deviation);
    const Fans fans = fansOf(dims);
    if (fans.in != c.value("fan_in", fans.in) || fans.out != c.value("fan_out", fans.out))
        return fmt::format("fans {} and {}", fans.in, fans.out);
    // What is left of a normal distribution between two deviations has 0.8796 of its deviation.
    const double before = m.deviation / 0.87962566103423978;
    if (std::abs(before / c.value("stddev_before_truncation", before) - 1) > 0.01)
        return fmt::format("standard deviation {} before truncation", before);
    double largest = 0;
    for (const float v : all)
        largest = std::max(largest, std::abs(static_cast<double>(v) - mean));
    for (const char* key : {"limit", "truncated_at"}) {
        const double limit = c.value(key, largest);
        if (largest > limit * (1 + 1e-5) || largest < limit * 0.98)
            return fmt::format("largest magnitude {}, {} {}", largest, key, limit);
    }
    // Half of a uniform distribution lies within half its limit; of a normal one 68.3 % within one deviation, and
    // 71.5 % of what is left of it between two.
    struct Inner {
        double within, part;
    };
    const std::map<std::string, Inner> known{{"uniform", {largest / 2, 0.5}},
                                             {"truncated_normal", {largest / 2, 0.7153}},
                                             {"normal", {deviation, 0.6827}},
                                             {"untruncated_normal", {deviation, 0.6827}}};
    const auto kind = c.at("distribution").is_string() ? known.find(c["distribution"]) : known.end();
    if (kind == known.end()) return "is no distribution " + c["distribution"].dump();
    const auto inner = std::ranges::count_if(
        all, [&](float v) { return std::abs(static_cast<double>(v) - mean) < kind->second.within; });
    const double part = static_cast<double>(inner) / static_cast<double>(all.size());
    if (std::abs(part - kind->second.part) > 0.01)
        return fmt::format("{} of the values lie in the inner part", part);
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
    const std::int64_t count = countOf(dims);
    if (count == 0 || dims.empty()) return failed("the shape is empty");
    std::vector<float> values(static_cast<std::size_t>(count));
    initialise(which, dims, {.seed = 1}, values);
    std::string why;
    if (c.contains("exact"))
        why = difference("exact", std::span<const float>(values), arrayFrom(c["exact"]), 1e-7, 0); // a float32's rounding
    else if (c.contains("variance"))
        why = compareSpread(which, dims, c);
    else if (which.id == "Orthogonal" && c.at("property").is_string())
        why = compareOrthogonal(values, dims, c["config"].value("gain", 1.0));
    else
        why = "there is nothing to compare";
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

Suite initializerSuite() {
    return {.files = {"initializers.json"},
            .run = runInitializer,
            .compared = {"exact", "variance", "limit", "truncated_at", "fan_in", "fan_out", "distribution",
                         "stddev_before_truncation", "property", "mean"},
            .understood = {"id", "initializer", "config", "shape"}};
}

} // namespace strata::keras_cases
