// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/layer_search.h"

#include "engine/graph/templates.h"
#include "ui/document/number_text.h"
#include "ui/document/text_match.h"
#include "ui/document/words.h"

#include <QObject>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace strata::ui {
namespace {

struct Uses {
    std::map<std::string, int> alone;
    std::map<std::pair<std::string, std::string>, int> following;
};

/// A pair that a network repeats block after block is one network's habit, not a use for each of its blocks.
constexpr int kMostInOne = 3;
constexpr int kMostAxes = 4; ///< of a sample: height, width, depth, channels
constexpr int kDirect = 10, kBehindNormalization = 9;
/// Of wordMatch(): the whole name, its beginning, a part of it; below that only letters in their order.
constexpr int kExact = 100, kBeginning = 80, kPart = 35;

bool isNormalization(const ModelGraph& graph, NodeId id) {
    const LayerType* type = findLayerType(graph.find(id)->type);
    return type != nullptr && type->schema.category == "normalization";
}

/// The pairs of one network. What stands behind a normalization follows the layer above it, too: without the
/// normalization it would be wired to that.
std::map<std::pair<std::string, std::string>, int> pairsOf(const ModelGraph& graph) {
    std::map<std::pair<std::string, std::string>, int> direct, behind, weighed;
    for (const Edge& edge : graph.edges()) {
        ++direct[{graph.find(edge.from)->type, graph.find(edge.to)->type}];
        if (!isNormalization(graph, edge.from)) continue;
        for (const Edge& above : graph.inputsOf(edge.from)) ++behind[{graph.find(above.from)->type, graph.find(edge.to)->type}];
    }
    for (const auto& [pair, count] : direct) weighed[pair] += kDirect * std::min(count, kMostInOne);
    for (const auto& [pair, count] : behind) weighed[pair] += kBehindNormalization * std::min(count, kMostInOne);
    return weighed;
}

/// How often which layer follows which: counted in the networks that come with the program.
const Uses& uses() {
    static const Uses counted = [] {
        Uses u;
        for (const Template& t : templates()) {
            const ModelGraph graph = t.make();
            for (const auto& node : graph.nodes()) ++u.alone[node->type];
            for (const auto& [pair, count] : pairsOf(graph)) u.following[pair] += count;
        }
        return u;
    }();
    return counted;
}

int countOf(const LayerType& type, const SearchContext& context) {
    const auto look = [](const auto& map, const auto& key) {
        const auto it = map.find(key);
        return it == map.end() ? 0 : it->second;
    };
    int count = look(uses().alone, type.schema.id);
    if (!context.afterType.isEmpty()) {
        count += 1000 * look(uses().following, std::pair(context.afterType.toStdString(), type.schema.id));
    }
    if (context.reader) count += 1000 * look(uses().following, std::pair(type.schema.id, context.reader->type));
    return count;
}

/// A card that one wire is not enough for.
bool leavesInputOpen(const LayerType& type, const SearchContext& context) {
    return type.minInputs > 1 && (!context.afterType.isEmpty() || context.reader);
}

QString firstWords(const std::string& doc) {
    QString text = translated(doc);
    const qsizetype end = text.indexOf(QLatin1Char('.'));
    if (end > 0) text.truncate(end);
    return text;
}

/// Some shape of so many axes: only their number is asked for.
Shape anyOf(int axes) {
    return Shape(std::vector<std::int64_t>(static_cast<std::size_t>(axes), 64));
}

/// How many axes its output can have, whatever it is fed; empty: nobody knows.
std::vector<int> axesOf(const LayerType& type) {
    std::set<int> found;
    for (int axes = 1; axes <= kMostAxes; ++axes) {
        const std::vector<Shape> inputs(static_cast<std::size_t>(std::max(1, type.minInputs)), anyOf(axes));
        if (const Result<LayerPlan> plan = planLayer(type, type.schema.defaults(), inputs)) found.insert(plan->output.rank());
    }
    return {found.begin(), found.end()};
}

/// How many axes a card takes. Sizes may still be wrong: a number mends them.
std::vector<int> axesTaken(const LayerType& reader, const ParamMap& params) {
    std::vector<int> taken;
    for (int axes = 1; axes <= kMostAxes; ++axes) {
        const Result<LayerPlan> plan = planLayer(reader, params, std::array{anyOf(axes)});
        if (plan || plan.error().id != "layer.rank") taken.push_back(axes);
    }
    return taken;
}

QString listed(const std::vector<int>& numbers) {
    QStringList words;
    for (const int number : numbers) words << QString::number(number);
    return words.join(QStringLiteral(", "));
}

/// Why a layer cannot feed a card; empty: it can. Shapes are not known before it is fed itself. Where data begin their
/// shape is chosen, and what a layer joins can be made to match.
QString whyNotFeeding(const LayerType& type, const Node& reader) {
    const LayerType* readerType = findLayerType(reader.type);
    if (type.maxInputs == 0 || readerType == nullptr || readerType->maxInputs != 1) return {};
    const std::vector<int> given = axesOf(type), taken = axesTaken(*readerType, reader.params);
    if (given.empty() || std::ranges::find_first_of(given, taken) != given.end()) return {};
    return QObject::tr("Axes of its output: %1; axes that %2 takes: %3. A Reshape between them can change that.")
        .arg(listed(given), QString::fromStdString(reader.name), listed(taken));
}

LayerMatch describe(const LayerType& type, const SearchContext& context) {
    LayerMatch match;
    match.type = &type;
    const ParamMap defaults = type.schema.defaults();
    if (type.summary) match.detail = QString::fromStdString(type.summary(defaults));
    if (match.detail.isEmpty()) match.detail = firstWords(type.schema.doc);
    if (!context.afterType.isEmpty() && type.maxInputs == 0) {
        match.fits = !context.mustConnect;
        match.reason = QObject::tr("Data begins here: it takes no input.");
        return match;
    }
    if (context.reader) {
        match.reason = whyNotFeeding(type, *context.reader);
        match.fits = match.reason.isEmpty();
    }
    if (!context.input) return match;
    const std::vector<Shape> inputs(static_cast<std::size_t>(std::max(1, type.minInputs)), *context.input);
    const Result<LayerPlan> plan = planLayer(type, defaults, inputs);
    if (!plan) {
        match.fits = false;
        match.reason = QString::fromStdString(plan.error().message);
        return match;
    }
    if (type.minInputs > 1) match.detail = QObject::tr("second input still open");
    match.output = shapeText(plan->output);
    std::int64_t parameters = 0;
    for (const WeightSpec& weight : plan->weights) parameters += weight.count();
    match.parameters = countText(parameters);
    return match;
}

} // namespace

int usesOf(const std::string& type) {
    const auto it = uses().alone.find(type);
    return it == uses().alone.end() ? 0 : it->second;
}

int matchQuality(const Schema& schema, const QString& query) {
    if (query.isEmpty()) return 1;
    int best = wordMatch(QString::fromStdString(schema.id), query);
    if (!schema.label.empty()) best = std::max(best, wordMatch(translated(schema.label), query));
    best = std::max(best, wordMatch(QString::fromStdString(ModelGraph::snakeCase(schema.id)), query));
    for (const std::string& synonym : schema.synonyms) {
        const int found = wordMatch(QString::fromStdString(synonym), query);
        if (found > 10) best = std::max(best, found - 5);
    }
    return best;
}

bool isShown(int quality, int best) {
    return quality > 0 && (quality >= kPart || best < kPart);
}

std::vector<LayerMatch> searchLayers(const QString& query, const SearchContext& context) {
    struct Ranked {
        LayerMatch match;
        int quality, uses;
    };
    std::vector<Ranked> ranked;
    const QString trimmed = query.trimmed();
    for (const LayerType& type : layerTypes()) {
        const int found = matchQuality(type.schema, trimmed);
        if (found > 0) ranked.push_back({describe(type, context), found, countOf(type, context)});
    }
    if (!trimmed.isEmpty()) {
        int best = 0;
        for (const Ranked& r : ranked) best = std::max(best, r.quality);
        std::erase_if(ranked, [best](const Ranked& r) { return !isShown(r.quality, best); });
        const bool begun = std::ranges::any_of(ranked, [](const Ranked& r) { return r.match.fits && r.quality >= kBeginning; });
        for (Ranked& r : ranked) r.match.named = r.quality >= kExact || (!begun && r.quality >= kBeginning);
    }
    std::ranges::stable_sort(ranked, [&](const Ranked& a, const Ranked& b) {
        // Of variants that nobody uses the plain ones have the short names.
        const auto key = [&](const Ranked& r) {
            const LayerType& type = *r.match.type;
            const bool all = trimmed.isEmpty();
            const bool unfit = !r.match.fits && !r.match.named;
            return std::tuple(unfit, -r.quality, all && leavesInputOpen(type, context), -r.uses, all ? 0 : type.schema.id.size());
        };
        return key(a) < key(b);
    });
    std::vector<LayerMatch> matches;
    for (Ranked& r : ranked) matches.push_back(std::move(r.match));
    return matches;
}

} // namespace strata::ui
