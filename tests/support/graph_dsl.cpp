// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/graph_dsl.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sstream>
#include <stdexcept>

namespace strata {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    std::istringstream stream{std::string(text)};
    for (std::string part; std::getline(stream, part, at);)
        parts.push_back(part);
    return parts;
}

template <class T>
bool parse(std::string_view text, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

bool parseSizes(std::string_view text, ParamValue::IntList& out) {
    for (const std::string& part : split(text, 'x')) {
        std::int64_t size = -1;
        if (part != "?" && !parse(part, size)) return false;
        out.push_back(size);
    }
    return !out.empty();
}

ParamValue valueOf(const std::string& text) {
    std::int64_t whole = 0;
    double real = 0;
    ParamValue::IntList sizes;
    if (text == "True" || text == "False") return text == "True";
    if (text == "None") return {};
    if (parse(text, whole)) return whole;
    if (parse(text, real)) return real;
    if (parseSizes(text, sizes)) return sizes;
    return text;
}

Node nodeFrom(const std::vector<std::string>& words) {
    Node node{.type = words.front()};
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::size_t equals = words[i].find('=');
        if (equals == std::string::npos) {
            ParamValue::IntList shape;
            if (!parseSizes(words[i], shape))
                throw std::runtime_error(fmt::format("\"{}\" is neither key=value nor a shape", words[i]));
            node.params["shape"] = shape;
            continue;
        }
        const std::string key = words[i].substr(0, equals);
        const std::string value = words[i].substr(equals + 1);
        if (key == "name")
            node.name = value;
        else if (key == "trainable")
            node.trainable = value == "True";
        else
            node.params[key] = valueOf(value);
    }
    return node;
}

} // namespace

ModelGraph graphFrom(std::string_view text) {
    ModelGraph graph;
    for (const std::string& line : split(text, ';')) {
        NodeId above = 0;
        for (const std::string& part : split(line, '>')) {
            std::istringstream stream(part);
            std::vector<std::string> words;
            for (std::string word; stream >> word;)
                words.push_back(word);
            if (words.empty()) throw std::runtime_error(fmt::format("nothing between two > in \"{}\"", line));
            const Node* known = words.size() == 1 ? graph.findByName(words.front()) : nullptr;
            const NodeId at = known != nullptr ? known->id : graph.add(nodeFrom(words));
            if (above != 0) {
                if (const Result<> r = graph.connect(above, at); !r)
                    throw std::runtime_error(r.error().message);
            }
            above = at;
        }
    }
    return graph;
}

const Problem* findProblem(const GraphReport& report, std::string_view id) {
    const auto it = std::ranges::find(report.problems, id, &Problem::id);
    return it == report.problems.end() ? nullptr : &*it;
}

} // namespace strata
