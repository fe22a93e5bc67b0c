// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/loss.h"
#include "tests/keras_cases/keras_values.h"
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace strata::keras_cases {
namespace {

/// One weight a row, from Keras's sample_weight, which may be one number, one a sample or one a row.
bool rowWeights(const Json& json, std::int64_t rows, std::int64_t samples, std::vector<float>& out) {
    out.assign(static_cast<std::size_t>(rows), 1.0F);
    if (json.is_null()) return true;
    const std::vector<float> given = floats(arrayFrom(json));
    const auto n = static_cast<std::int64_t>(given.size());
    if (n != 1 && n != rows && n != samples) return false;
    for (std::int64_t r = 0; r < rows; ++r) {
        out[static_cast<std::size_t>(r)] = given[static_cast<std::size_t>(n == 1      ? 0
                                                                          : n == rows ? r
                                                                                      : r * samples / rows)];
    }
    return true;
}

struct Problem {
    LossPass pass;
    std::vector<float> output, targets, weights;
    std::vector<std::int32_t> labels;
};

/// What Keras's mean_with_sample_weight divides by: the weights as they were given, one a sample or one a row, but for
/// the rows that the loss ignores.
double sumOfWeights(const Json& given, const Problem& p, const Loss& loss) {
    const std::size_t n = given.is_null() ? p.weights.size() : arrayFrom(given).data.size();
    if (n != p.weights.size()) {
        const std::vector<float> weights = floats(arrayFrom(given));
        return std::accumulate(weights.begin(), weights.end(), 0.0);
    }
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!loss.takesLabels() || !loss.ignores(p.labels[i])) sum += static_cast<double>(p.weights[i]);
    }
    return sum;
}

/// Both of Keras's results. Where they differ, probabilities are saturated, and the logarithms of their two clips, of 1e-7
/// and of float32's nearest to it below 1, lie 1.1 % apart: then float32's, as we are, or float64's, as our sums are.
std::string expected(const Json& c, std::span<const double> value) {
    const bool saturated = c.contains("note") && c["note"].is_string() &&
                           c["note"].get<std::string>().find("float32 and float64 differ") != std::string::npos;
    const auto off = [&](const char* key, double relative) {
        return c.contains(key) ? difference(key, value, arrayFrom(c.at(key)), relative, kOutputAbsolute) : std::string();
    };
    const std::string wide = off("value", kOutputRelative), narrow = off("keras_float32_value", kOutputRelative);
    if (saturated) return narrow.empty() || (wide.empty() && off("keras_float32_value", 0.015).empty()) ? std::string() : narrow;
    return wide.empty() ? narrow : wide;
}

Outcome runLoss(const Json& c) {
    const std::string name = c.at("loss");
    const LossType* type = findLossType(name);
    if (type == nullptr) return unsupported("loss " + name);
    Json config = c.at("config");
    const Json given = config.contains("reduction") ? config["reduction"] : Json("sum_over_batch_size");
    const std::string reduction = given.is_string() ? given.get<std::string>() : "none";
    config.erase("reduction");
    const Array prediction = arrayFrom(c.at("y_pred"));
    if (config.contains("axis") && config["axis"] == static_cast<std::int64_t>(prediction.shape.size()) - 1)
        config["axis"] = -1;
    const Converted converted = convert(type->schema, config);
    if (!converted.lacking.empty()) return unsupported(name + " " + converted.lacking);
    if (!converted.refused.empty()) return failed(converted.refused);
    const std::unique_ptr<Loss> loss = createLoss({type->schema.id, *type->schema.check(converted.params)});

    if (loss->spansBatch() && reduction != "sum_over_batch_size" && reduction != "mean")
        return unsupported(name + " reduction = " + reduction); // what is summed is one value, not one a sample

    Problem p;
    p.output = floats(prediction);
    if (prediction.data.empty() || prediction.shape.empty()) return failed("y_pred is empty");
    const std::int64_t columns = prediction.shape.back();
    const std::int64_t rows = static_cast<std::int64_t>(p.output.size()) / columns;
    if (!rowWeights(c.at("sample_weight"), rows, prediction.shape[0], p.weights))
        return unsupported("sample_weight of this shape");
    const Array target = arrayFrom(c.at("y_true"));
    if (static_cast<std::int64_t>(target.data.size()) != (loss->takesLabels() ? rows : rows * columns))
        return failed("y_true does not go with y_pred");
    p.targets = floats(target);
    for (const double t : target.data)
        p.labels.push_back(static_cast<std::int32_t>(t));
    p.pass = {.samples = rows,
              .rows = 1,
              .columns = columns,
              .output = p.output.data(),
              .targets = loss->takesLabels() ? nullptr : p.targets.data(),
              .labels = loss->takesLabels() ? p.labels.data() : nullptr,
              .sampleWeights = p.weights.data()};

    std::vector<double> perRow(static_cast<std::size_t>(rows));
    loss->evaluate(p.pass, perRow, nullptr);
    const double sum = std::accumulate(perRow.begin(), perRow.end(), 0.0);
    const auto counted = !loss->takesLabels() ? rows : std::ranges::count_if(p.labels, [&](std::int32_t l) { return !loss->ignores(l); });
    const double weight = sumOfWeights(c["sample_weight"], p, *loss);
    double scale = 1;
    bool each = false;
    if (reduction == "sum_over_batch_size" || reduction == "mean")
        scale = counted == 0 ? 0 : 1 / static_cast<double>(counted);
    else if (reduction == "mean_with_sample_weight")
        scale = 1 / weight;
    else
        each = reduction == "none";
    const std::string why = expected(c, each ? std::span<const double>(perRow)
                                             : std::span<const double>(std::vector<double>{sum * scale}));
    if (!why.empty()) return failed(why);

    if (c.at("grad_y_pred").is_null()) return passed();
    if (each) {
        for (std::int64_t r = 0; r < rows; ++r)
            p.weights[static_cast<std::size_t>(r)] *= static_cast<float>(test::cotangent(r));
    }
    p.pass.gradientScale = scale;
    std::vector<float> gradient(p.output.size());
    loss->evaluate(p.pass, perRow, gradient.data());
    const std::string off = difference("grad_y_pred", std::span<const float>(gradient),
                                       arrayFrom(c["grad_y_pred"]), kGradRelative, kGradAbsolute);
    return off.empty() ? passed() : failed(off);
}

} // namespace

Suite lossSuite() {
    return {.files = {"losses.json"},
            .run = runLoss,
            .compared = {"value", "grad_y_pred", "keras_float32_value"},
            .understood = {"id", "loss", "source", "config", "y_true", "y_pred", "sample_weight", "note"}};
}

} // namespace strata::keras_cases
