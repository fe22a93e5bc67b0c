// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/help_page.h"

#include "engine/core/closest_word.h"
#include "engine/core/lower_case.h"
#include "engine/graph/templates.h"
#include "engine/layers/layer_order.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::cli {
namespace {

/// Whom a word means: the layer of that name; all of the category; those that are also found by it; those that have it in
/// their names.
std::vector<const LayerType*> findByAnyName(const std::string& name) {
    const std::string word = lowerCase(name);
    const auto those = [](auto is) {
        std::vector<const LayerType*> found;
        for (const LayerType& type : layerTypes()) {
            if (is(type.schema)) found.push_back(&type);
        }
        return found;
    };
    auto found = those([&](const Schema& s) { return lowerCase(s.id) == word || ModelGraph::snakeCase(s.id) == word; });
    if (!found.empty()) return found;
    for (const LayerCategory& category : layerCategories()) {
        if (lowerCase(category.title) == word || category.id == word) return those([&](const Schema& s) { return s.category == category.id; });
    }
    found = those([&](const Schema& s) { return std::ranges::any_of(s.synonyms, [&](const std::string& other) { return lowerCase(other) == word; }); });
    if (!found.empty() || word.size() < 3) return found;
    return those([&](const Schema& s) { return lowerCase(s.id).find(word) != std::string::npos; });
}

void printLine(const LayerType& type) {
    fmt::print("  {:<24} {}\n", type.schema.id, firstSentence(type.schema.doc));
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
        const std::vector<const LayerType*> found = findByAnyName(name);
        if (found.empty()) {
            std::vector<std::string> names;
            for (const LayerType& type : layerTypes()) names.push_back(type.schema.id);
            return fail({fmt::format("{}: there is no such layer; 'strata layers' lists them.{}", name, didYouMean(name, names)), "layers.unknown"});
        }
        if (found.size() == 1) {
            printPage(*found.front());
            return kOk;
        }
        fmt::print("{}: {} layers; 'strata layers {}' prints the page of one.\n", name, found.size(), found.front()->schema.id);
        for (const LayerType* type : found) printLine(*type);
        return kOk;
    }
    for (const LayerCategory& category : layerCategories()) {
        bool first = true;
        for (const LayerType& type : layerTypes()) {
            if (type.schema.category != category.id) continue;
            if (first) fmt::print("{}\n", category.title);
            first = false;
            printLine(type);
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
    CLI::App* c = context.app.add_subcommand("layers", "List the layers, those of a category, or print the help page of one");
    auto name = std::make_shared<std::string>();
    c->add_option("layer", *name, "Its Keras name, for example Conv2D; or a category, for example Convolution")->type_name("LAYER");
    c->callback([name, &code = context.exitCode] { code = showLayers(*name); });

    CLI::App* t = context.app.add_subcommand("templates", "List the networks that come with Strata");
    t->callback([&code = context.exitCode] { code = showTemplates(); });
}

} // namespace strata::cli
