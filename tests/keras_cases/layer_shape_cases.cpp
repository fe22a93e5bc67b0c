// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer.h"
#include "tests/keras_cases/keras_values.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

/// The layer and its parameters, or why not.
struct Asked {
    const LayerType* type = nullptr;
    ParamMap params;
    std::optional<Outcome> outcome;
    std::string refused;
};

Asked ask(const std::string& name, const Json& config) {
    Asked a;
    a.type = findLayerType(name);
    if (a.type == nullptr) {
        a.outcome = unsupported("layer " + name);
        return a;
    }
    const Converted c = convert(a.type->schema, config);
    if (!c.lacking.empty()) a.outcome = unsupported(name + " " + c.lacking);
    a.refused = c.refused;
    a.params = c.params;
    return a;
}

/// One shape, or a list of them for a layer with several inputs.
std::vector<Shape> shapesFrom(const Json& json) {
    const bool several = !json.empty() && json[0].is_array();
    std::vector<Shape> shapes;
    if (!several) return {sampleShape(json)};
    for (const Json& s : json)
        shapes.push_back(sampleShape(s));
    return shapes;
}

/// Empty when the layer's output, with the batch of its (first) input before it, has the expected shape.
std::string shapeDiffers(const Shape& output, const Json& input, const Json& expected) {
    const Json& batch = input.at(0).is_array() ? input[0].at(0) : input[0];
    if (output == sampleShape(expected) && batch == expected.at(0)) return {};
    return fmt::format("{} gives {}, not {}", input.dump(), output.kerasText(), expected.dump());
}

std::int64_t countOf(const LayerPlan& plan) {
    std::int64_t count = 0;
    for (const WeightSpec& w : plan.weights)
        count += w.count();
    return count;
}

Outcome runSymbolic(const Json& c) {
    const Asked a = ask(c.at("layer"), c.at("config"));
    if (a.outcome) return *a.outcome;
    if (!a.refused.empty()) return failed(a.refused);
    const Result<LayerPlan> plan = planLayer(*a.type, a.params, shapesFrom(c.at("input_shape")));
    if (!plan) return failed(plan.error().message);
    if (std::string why = shapeDiffers(plan->output, c["input_shape"], c.at("output_shape")); !why.empty())
        return failed(std::move(why));
    const std::int64_t count = countOf(*plan);
    if (count != c.at("count_params").get<std::int64_t>())
        return failed(fmt::format("{} parameters, not {}", count, c["count_params"].dump()));
    return passed();
}

Outcome runSweep(const Json& c) {
    const Asked a = ask(c.at("layer"), c.at("config"));
    if (a.outcome) return *a.outcome;
    if (!a.refused.empty()) return failed(a.refused);
    const auto& outputs = c.at("outputs");
    const bool nothing = std::ranges::all_of(outputs, [](const Json& o) { return o.is_null(); });
    if (nothing && c["layer"].get<std::string>().ends_with("Transpose")) {
        // Refused for every size, although conv_transpose.json has results for the same configurations.
        return unsupported("a sweep that refuses every size of " + c["layer"].get<std::string>());
    }
    for (std::size_t i = 0; i < c.at("inputs").size(); ++i) {
        const Json& expected = c.at("outputs").at(i);
        const Result<LayerPlan> plan = planLayer(*a.type, a.params, shapesFrom(c["inputs"][i]));
        if (!plan && expected.is_null()) continue;
        if (!plan) return failed(fmt::format("{}: {}", c["inputs"][i].dump(), plan.error().message));
        if (expected.is_null())
            return failed(
                fmt::format("{} is not refused but gives {}", c["inputs"][i].dump(), plan->output.text()));
        if (std::string why = shapeDiffers(plan->output, c["inputs"][i], expected); !why.empty())
            return failed(std::move(why));
    }
    return passed();
}

/// Keras gives a random layer a generator unless it never draws.
bool drawsNumbers(const LayerType& type, const ParamMap& given) {
    const ParamMap params = type.schema.check(given).value();
    const auto isZero = [&](const char* key) {
        const auto it = params.find(key);
        return it != params.end() && it->second.asReal() != nullptr && *it->second.asReal() == 0;
    };
    return params.contains("seed") && !isZero("rate") && !isZero("stddev");
}

/// Some of the calls stand in a test that wants them refused (invalid_configs.json has those), some are only about masks.
bool statesSomething(const Json& c) {
    return std::ranges::any_of(c.items(), [](const auto& field) { return field.key().starts_with("expected_"); });
}

Outcome refusedStatement(const Json& c, const std::string& why) {
    return statesSomething(c) ? failed(why) : unsupported("a statement of nothing, about a layer that is refused");
}

Outcome runStatement(const Json& c) {
    const Asked a = ask(c.at("layer"), c.at("init_kwargs"));
    if (a.outcome) return *a.outcome;
    if (c.value("expected_output_sparse", false)) return unsupported("sparse tensors");
    if (!a.refused.empty()) return refusedStatement(c, a.refused);
    const Result<LayerPlan> plan = planLayer(*a.type, a.params, shapesFrom(c.at("input_shape")));
    if (!plan) return refusedStatement(c, plan.error().message);
    if (c.contains("expected_output_shape")) {
        std::string why = shapeDiffers(plan->output, c["input_shape"], c["expected_output_shape"]);
        if (!why.empty()) return failed(std::move(why));
    }
    const auto trainable =
        std::ranges::count_if(plan->weights, [](const WeightSpec& w) { return w.trainable; });
    const auto others = static_cast<std::int64_t>(plan->weights.size()) - trainable;
    const auto losses =
        std::ranges::count_if(plan->weights, [](const WeightSpec& w) { return w.regularizer.has_value(); }) +
        (plan->activityRegularizer ? 1 : 0);
    const auto random = drawsNumbers(*a.type, a.params) ? 1 : 0;
    const std::pair<const char*, std::int64_t> counts[] = {{"expected_num_trainable_weights", trainable},
                                                           {"expected_num_non_trainable_weights", others},
                                                           {"expected_num_losses", losses},
                                                           {"expected_num_seed_generators", random}};
    for (const auto& [key, count] : counts) {
        if (c.contains(key) && c[key].get<std::int64_t>() != count)
            return failed(fmt::format("{} is {}, not {}", key, count, c[key].dump()));
    }
    if (c.contains("expected_output_dtype") && c["expected_output_dtype"] != "float32")
        return failed("every output is float32");
    return statesSomething(c) ? passed() : unsupported("a statement of nothing but masks");
}

/// Empty where Strata refuses what Keras refused; else what it made of it.
std::string accepted(const LayerType& type, const Asked& asked, const Json& c) {
    if (c.at("stage") == "call") {
        const Result<LayerPlan> plan = planLayer(type, asked.params, shapesFrom(c.at("input_shape")));
        return plan ? plan->output.text() : std::string();
    }
    for (const Shape& s : {Shape{12}, Shape{12, 8}, Shape{12, 12, 8}, Shape{12, 12, 12, 8}}) {
        const std::vector<Shape> inputs(static_cast<std::size_t>(std::max(type.minInputs, 1)), s);
        if (const Result<LayerPlan> plan = planLayer(type, asked.params, inputs); plan) return plan->output.text();
    }
    return {};
}

Outcome runRefusal(const Json& c) {
    const std::string name = c.at("layer");
    const bool call = c.at("stage") == "call";
    Json config = call ? c.at("config") : c.at("kwargs");
    const LayerType* type = findLayerType(name);
    if (type == nullptr) return unsupported("layer " + name);
    if (!call && !c.at("args").empty()) {
        const Json& args = c["args"];
        for (std::size_t i = 0; i < args.size() && i < type->schema.params.size(); ++i)
            config[type->schema.params[i].key] = args[i];
    }
    const Asked a = ask(name, config);
    bool refused = !a.refused.empty();
    if (!refused && a.outcome) {
        // An option that is there but does not take such a value is refused; one that is not there says
        // nothing.
        for (const auto& [key, value] : config.items()) {
            const Param* p = type->schema.find(key);
            refused = refused || (p != nullptr && p->kind != ParamKind::Object &&
                                  (value.is_object() || value.is_string()));
        }
        if (!refused) return *a.outcome;
    }
    const std::string got = refused ? std::string() : accepted(*type, a, c);
    const bool expected = !c.at("error").is_null();
    if (got.empty() == expected) return passed();
    // Only the message says that the call had a mask.
    if (expected && c.value("message", "").find("`mask`") != std::string::npos) return unsupported("masks");
    return failed(expected ? "is not refused but gives " + got : "is refused");
}

} // namespace

Suite layerSymbolicSuite() {
    return {.files = {"layers/symbolic_shapes.json"},
            .run = runSymbolic,
            .compared = {"output_shape", "count_params"},
            .understood = {"id", "layer", "source", "config", "input_shape"}};
}

Suite layerSweepSuite() {
    return {.files = {"layers/shape_sweep.json"},
            .run = runSweep,
            .compared = {"outputs"},
            .understood = {"id", "layer", "source", "config", "inputs"}};
}

Suite layerStatementSuite() {
    return {.files = {"layers/stated_by_run_layer_test.json"},
            .run = runStatement,
            .compared = {"expected_output_shape", "expected_num_trainable_weights",
                         "expected_num_non_trainable_weights", "expected_num_losses",
                         "expected_num_seed_generators", "expected_output_sparse", "expected_output_dtype"},
            .understood = {"id", "layer", "source", "init_kwargs", "input_shape"},
            .notCompared = {{"supports_masking", "Strata has no masks"}}};
}

Suite layerRefusalSuite() {
    return {.files = {"layers/invalid_configs.json"},
            .run = runRefusal,
            .compared = {"error"},
            .understood = {"id", "layer", "source", "stage", "args", "kwargs", "config", "input_shape"},
            .notCompared = {{"message", "Strata has sentences of its own"}, {"regex", "Strata has sentences of its own"}}};
}

} // namespace strata::keras_cases
