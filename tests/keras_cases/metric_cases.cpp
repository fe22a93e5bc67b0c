// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/metric.h"
#include "tests/keras_cases/keras_values.h"

#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

MetricValues valuesFrom(const Json& json) {
    if (json.is_number()) return {{}, {json.get<double>()}};
    if (json.is_boolean()) return {{}, {json.get<bool>() ? 1.0 : 0.0}};
    const Array a = arrayFrom(json);
    return {a.shape, a.data};
}

Outcome runMetric(const Json& c) {
    const std::string name = c.at("metric");
    const MetricType* type = findMetricType(name);
    if (type == nullptr) return unsupported("metric " + name);
    const Converted converted = convert(type->schema, c.at("config"));
    if (!converted.lacking.empty()) return unsupported(name + " " + converted.lacking);
    if (!converted.refused.empty()) return failed(converted.refused);
    const Result<TypedParams> checked = checkMetric({type->schema.id, converted.params});
    if (!checked) return failed(checked.error().message);
    const std::unique_ptr<Metric> metric = createMetric(*checked);
    for (const Json& u : c.at("updates")) {
        for (const auto& [key, value] : u.items()) {
            if (key != "y_true" && key != "y_pred" && key != "values" && key != "sample_weight")
                return failed("updates: field " + key + " is not understood");
        }
        MetricUpdate update;
        if (u.contains("y_true")) update.target = valuesFrom(u["y_true"]);
        update.prediction = valuesFrom(u.contains("y_pred") ? u["y_pred"] : u.at("values"));
        if (u.contains("sample_weight") && !u["sample_weight"].is_null())
            update.weight = valuesFrom(u["sample_weight"]);
        if (const Result<> taken = metric->update(update); !taken) return failed(taken.error().message);
    }
    const std::vector<double> got = metric->result();
    const MetricValues expected = valuesFrom(c.at("result"));
    const std::string why =
        difference("result", std::span<const double>(got), Array{expected.shape, expected.data}, kOutputRelative, kOutputAbsolute);
    return why.empty() ? passed() : failed(why);
}

} // namespace

Suite metricSuite() {
    return {.files = {"metrics.json"},
            .run = runMetric,
            .compared = {"result"},
            .understood = {"id", "metric", "source", "config", "updates", "note"}};
}

} // namespace strata::keras_cases
