// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/help_page.h"

#include "engine/graph/templates.h"
#include "engine/layers/layer_order.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace strata::cli {
namespace {

/// A layer's own name goes before a word that another one is also found by.
const LayerType* findByAnyName(const std::string& name) {
    const auto same = [&](const std::string& other) {
        return std::ranges::equal(name, other, {}, [](char c) { return std::tolower(static_cast<unsigned char>(c)); },
                                  [](char c) { return std::tolower(static_cast<unsigned char>(c)); });
    };
    for (const LayerType& type : layerTypes()) {
        if (same(type.schema.id) || same(ModelGraph::snakeCase(type.schema.id))) return &type;
    }
    for (const LayerType& type : layerTypes()) {
        if (std::ranges::any_of(type.schema.synonyms, same)) return &type;
    }
    return nullptr;
}

void printPage(const LayerType& type) {
    printSchema(type.schema);
    if (!type.examples.empty()) fmt::print("\nExamples\n");
    for (const LayerExample& e : type.examples) {
        Result<LayerPlan> plan = planLayer(type, e.params, e.inputs);
        std::vector<std::string> inputs;
        for (const Shape& s : e.inputs) inputs.push_back(s.text());
        if (!plan) continue;
        std::int64_t parameters = 0;
        for (const WeightSpec& w : plan->weights) parameters += w.count();
        fmt::print("  {}: {} -> {}, {} parameters\n", e.title, fmt::join(inputs, " and "), plan->output.text(), parameters);
    }
}

int showLayers(const std::string& name) {
    if (!name.empty()) {
        const LayerType* type = findByAnyName(name);
        if (type == nullptr) return fail({fmt::format("{}: there is no such layer; 'strata layers' lists them.", name), "layers.unknown"});
        printPage(*type);
        return kOk;
    }
    for (const LayerCategory& category : layerCategories()) {
        bool first = true;
        for (const LayerType& type : layerTypes()) {
            if (type.schema.category != category.id) continue;
            if (first) fmt::print("{}\n", category.title);
            first = false;
            fmt::print("  {:<24} {}\n", type.schema.id, firstSentence(type.schema.doc));
        }
    }
    return kOk;
}

int showTemplates() {
    for (const Template& t : templates()) fmt::print("{:<16} {}  (data: {})\n", t.id, t.doc, t.data.empty() ? "any" : t.data);
    return kOk;
}

} // namespace

void addLayers(const Context& context) {
    CLI::App* c = context.app.add_subcommand("layers", "List the layers, or print the help page of one");
    auto name = std::make_shared<std::string>();
    c->add_option("layer", *name, "Its Keras name, for example Conv2D")->type_name("LAYER");
    c->callback([name, &code = context.exitCode] { code = showLayers(*name); });

    CLI::App* t = context.app.add_subcommand("templates", "List the networks that come with Strata");
    t->callback([&code = context.exitCode] { code = showTemplates(); });
}

} // namespace strata::cli
