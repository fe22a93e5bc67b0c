// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/translations/engine_texts.h"

#include "engine/graph/templates.h"
#include "engine/layers/layer.h"
#include "engine/layers/layer_order.h"
#include "engine/training/callback.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

#include <cctype>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace strata {
namespace {

namespace fs = std::filesystem;

class Texts {
public:
    void add(std::string_view text) {
        if (!text.empty()) m_texts.emplace(text);
    }
    void add(const Schema& schema) {
        if (!m_seen.insert(&schema).second) return;
        add(schema.label);
        add(schema.doc);
        for (const Param& param : schema.params) {
            add(param.label);
            add(param.doc);
            for (const std::string& choice : param.choices) add(choice);
            if (param.family != nullptr) add(param.family());
        }
    }
    void add(const SchemaFamily& family) {
        for (const Schema* member : family.members) add(*member);
    }
    std::set<std::string> take() { return std::move(m_texts); }

private:
    std::set<std::string> m_texts;
    std::set<const Schema*> m_seen;
};

void skipSpace(std::string_view source, std::size_t& at) {
    while (at < source.size() && std::isspace(static_cast<unsigned char>(source[at])) != 0) ++at;
}

/// Literals that stand behind each other are one text. Empty: there is none at this place.
std::string literalsAt(std::string_view source, std::size_t at) {
    std::string out;
    for (skipSpace(source, at); at < source.size() && source[at] == '"'; skipSpace(source, ++at)) {
        for (++at; at < source.size() && source[at] != '"'; ++at) {
            if (source[at] == '\\' && ++at < source.size() && source[at] == 'n')
                out += '\n';
            else
                out += source[at];
        }
    }
    return out;
}

/// What is said in one file. The house's own declarations of said() and toSay() are left out by their place.
void addSaid(const fs::path& file, Texts& to) {
    std::ifstream stream(file, std::ios::binary);
    const std::string source{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    for (const std::string_view call : {"said(", "toSay("}) {
        for (std::size_t at = source.find(call); at != std::string::npos; at = source.find(call, at + 1)) {
            const char before = at == 0 ? ' ' : source[at - 1];
            if (std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_') continue;
            const std::size_t line = source.rfind('\n', at) + 1;
            if (std::string_view(source).substr(line, at - line).find("//") != std::string_view::npos) continue;
            const std::string text = literalsAt(source, at + call.size());
            if (text.empty()) throw std::runtime_error(file.string() + ": " + source.substr(line, source.find('\n', at) - line) + "\nsays no literal");
            to.add(text);
        }
    }
}

} // namespace

std::set<std::string> engineTexts(const fs::path& root) {
    Texts texts;
    for (const char* folder : {"engine", "ui"}) {
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
            const fs::path& path = entry.path();
            if (path.filename() == "said.h" || path.filename() == "said.cpp") continue;
            if (path.extension() == ".cpp" || path.extension() == ".h" || path.extension() == ".inl") addSaid(path, texts);
        }
    }
    for (const LayerCategory& category : layerCategories()) texts.add(category.title);
    for (const LayerType& type : layerTypes()) {
        texts.add(type.schema);
        for (const LayerExample& example : type.examples) texts.add(example.title);
    }
    for (const SchemaFamily* family : {&optimizerFamily(), &lossFamily(), &metricFamily(), &scheduleFamily(), &callbackFamily()})
        texts.add(*family);
    for (const Template& each : templates()) {
        texts.add(each.title);
        texts.add(each.doc);
    }
    return texts.take();
}

std::string sourceForLupdate(const std::set<std::string>& texts) {
    std::string out = "// Made by strata_texts for lupdate.\n#include <QtGlobal>\nconst char* const kEngineTexts[] = {\n";
    for (const std::string& text : texts) {
        out += "    QT_TRANSLATE_NOOP(\"engine\", \"";
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += c == '\n' ? std::string("\\n") : std::string(1, c);
        }
        out += "\"),\n";
    }
    return out + "};\n";
}

} // namespace strata
