// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/finding.h"

#include "engine/graph/graph_index.h"
#include "engine/layers/layer.h"
#include "ui/document/number_text.h"
#include "ui/document/severity_look.h"
#include "ui/document/text_match.h"
#include "ui/document/words.h"
#include "ui/window/command_tips.h"
#include "ui/window/commands.h"

#include <QObject>

#include <algorithm>
#include <map>

namespace strata::ui {
namespace {

/// The icons of the cards, one for each category.
class CategoryIcons {
public:
    QIcon of(const LayerType* type) {
        const std::string category = type == nullptr ? std::string() : type->schema.category;
        const auto [it, isNew] = m_icons.try_emplace(category);
        if (isNew) it->second = categoryIcon(QString::fromStdString(category));
        return it->second;
    }

private:
    std::map<std::string, QIcon> m_icons;
};

} // namespace

std::vector<Finding> findNodes(const GraphDocument& document) {
    std::vector<Finding> found;
    CategoryIcons icons;
    const GraphIndex index(document.graph());
    for (const NodeId id : document.report().order) {
        const auto at = index.place.find(id);
        if (at == index.place.end()) continue;
        const Node* node = index.nodes[at->second];
        const NodeReport* report = document.report().find(id);
        Finding f;
        f.title = QString::fromStdString(node->name);
        f.detail = QString::fromStdString(node->type);
        if (report != nullptr && report->state == NodeState::Ready) f.right = shapeText(report->plan.output);
        f.icon = icons.of(findLayerType(node->type));
        f.node = id;
        found.push_back(std::move(f));
    }
    return found;
}

std::vector<Finding> findParameters(const GraphDocument& document) {
    std::vector<Finding> found;
    CategoryIcons icons;
    const GraphIndex index(document.graph());
    for (const NodeId id : document.report().order) {
        const auto at = index.place.find(id);
        const Node* node = at == index.place.end() ? nullptr : index.nodes[at->second];
        const LayerType* type = node == nullptr ? nullptr : findLayerType(node->type);
        if (type == nullptr) continue;
        for (const Param& param : type->schema.params) {
            const auto it = node->params.find(param.key);
            Finding f;
            f.kind = Finding::Kind::Parameter;
            f.key = QString::fromStdString(param.key);
            f.title = translated(param.label);
            f.detail = QObject::tr("%1 of %2").arg(f.key, QString::fromStdString(node->name));
            f.right = QString::fromStdString((it == node->params.end() ? param.defaultValue : it->second).text());
            f.icon = icons.of(type);
            f.node = id;
            found.push_back(std::move(f));
        }
    }
    return found;
}

std::vector<Finding> findProblems(const GraphDocument& document) {
    std::vector<Finding> found;
    for (const Problem& problem : document.report().problems) {
        if (problem.silenced) continue;
        const Node* node = document.graph().find(problem.node);
        Finding f;
        f.kind = Finding::Kind::Problem;
        f.title = QString::fromStdString(problem.text);
        f.right = node == nullptr ? QString() : QString::fromStdString(node->name);
        f.icon = severityIcon(problem.severity);
        f.node = problem.node;
        found.push_back(std::move(f));
    }
    return found;
}

std::vector<Finding> findCommands(const Commands& commands) {
    std::vector<Finding> found;
    for (const Command& command : commands.all()) {
        Finding f;
        f.kind = Finding::Kind::Command;
        f.title = command.text();
        f.detail = command.group;
        f.right = command.keysText();
        f.tip = command.action->toolTip();
        f.words = commandWords(command.id);
        f.icon = command.action->icon();
        f.enabled = command.action->isEnabled();
        f.action = command.action;
        found.push_back(std::move(f));
    }
    return found;
}

std::vector<Finding> rank(const std::vector<Finding>& all, const QString& query, std::size_t most) {
    std::vector<std::pair<int, const Finding*>> ranked;
    const Phrase phrase(query);
    for (const Finding& each : all) {
        if (phrase.isEmpty() && each.kind == Finding::Kind::Parameter) continue;
        // What cannot be done now stands behind what can.
        const int found = phraseMatch(each.title, QStringList{each.detail, each.right, each.words}.join(QLatin1Char(' ')), phrase);
        if (found > 0) ranked.emplace_back(each.enabled ? 1000 + found : found, &each);
    }
    std::ranges::stable_sort(ranked, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Finding> best;
    for (const auto& [quality, finding] : ranked) {
        if (best.size() < most) best.push_back(*finding);
    }
    return best;
}

} // namespace strata::ui
