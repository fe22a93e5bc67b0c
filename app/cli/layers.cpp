// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "engine/graph/templates.h"
#include "engine/layers/layer_order.h"

#include <algorithm>
#include <cctype>
#include <cmath>
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

std::string firstSentence(const std::string& text) {
    const std::size_t end = text.find(". ");
    return end == std::string::npos ? text : text.substr(0, end + 1);
}

std::string rangeText(const Param& p) {
    if (!p.choices.empty()) return fmt::format("one of {}", fmt::join(p.choices, ", "));
    const auto end = [](double v) { return std::isfinite(v) ? fmt::format("{}", v) : std::string(); };
    if (std::isfinite(p.min) && std::isfinite(p.max)) return fmt::format("{} to {}", end(p.min), end(p.max));
    if (std::isfinite(p.min)) return fmt::format("{} {}", p.exclusiveMin ? "more than" : "at least", end(p.min));
    if (std::isfinite(p.max)) return fmt::format("at most {}", end(p.max));
    return {};
}

/// Breaks a paragraph into lines of at most `width` characters, each after `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
    const std::string margin(indent, ' ');
    std::string out = margin;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (column > 0 && column + 1 + (end - at) > width) {
            out += "\n" + margin;
            column = 0;
        }
        if (column > 0) out += ' ';
        out += text.substr(at, end - at);
        column += (column > 0 ? 1 : 0) + end - at;
        at = end + 1;
    }
    return out;
}

void printPage(const LayerType& type) {
    fmt::print("{}\n{}\n", type.schema.id, wrapped(type.schema.doc, 86, 2));
    if (!type.schema.reference.empty()) fmt::print("  See: {}\n", type.schema.reference);
    if (!type.schema.params.empty()) fmt::print("\nParameters\n");
    for (const Param& p : type.schema.params) {
        const std::string range = rangeText(p);
        fmt::print("  {} = {}{}\n{}\n", p.key, p.defaultValue.text(), range.empty() ? "" : "   (" + range + ")", wrapped(p.doc, 82, 6));
    }
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
