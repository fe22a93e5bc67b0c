// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/card_face.h"

#include "ui/document/number_text.h"
#include "ui/look/theme.h"

#include <algorithm>
#include <span>

namespace strata::ui {
namespace {

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

QString nameOf(const ModelGraph& graph, NodeId id) {
    const Node* node = graph.find(id);
    return node == nullptr ? QString() : text(node->name);
}

/// "conv2d_3 + conv2d_2": for a card that joins wires, what it joins says more than its parameters.
QString joinedInputs(const ModelGraph& graph, NodeId id) {
    QStringList names;
    for (const Edge& edge : graph.inputsOf(id)) names << nameOf(graph, edge.from);
    return names.join(QStringLiteral(" + "));
}

void describeReady(CardFace& face, const NodeReport& report) {
    face.shape = shapeText(report.plan.output);
    face.count = countText(report.parameters);
    QStringList tip{QObject::tr("%1 %2").arg(face.title, face.name), QObject::tr("Output %1").arg(face.shape),
                    parametersText(report.parameters),
                    QObject::tr("%1 multiply-adds for one image").arg(countText(report.plan.macs)),
                    QObject::tr("%1 of memory for one image in training").arg(bytesText(report.memoryPerSample))};
    if (report.receptive.global) tip << QObject::tr("Sees the whole input");
    else if (isKnown(report.receptive)) tip << QObject::tr("Sees %1 of the input").arg(receptiveText(report.receptive));
    face.toolTip = tip.join(QLatin1Char('\n'));
}

CardFace faceNow(const GraphDocument& document, NodeId id) {
    const Node& node = *document.graph().find(id);
    const LayerType* type = findLayerType(node.type);
    CardFace face;
    face.title = text(node.type);
    face.name = text(node.name);
    if (type != nullptr) {
        face.category = text(type->schema.category);
        face.icon = layerIcon(*type);
        const Result<ParamMap> params = type->schema.check(node.params);
        if (params && type->summary) face.line = text(type->summary(*params));
        if (type->maxInputs < 0 || type->maxInputs > 1) {
            const QString joined = joinedInputs(document.graph(), id);
            if (!joined.isEmpty()) face.line = joined;
        }
    }
    if (!node.trainable) {
        face.chip = CardFace::Chip::Frozen;
        face.chipText = QObject::tr("frozen");
    }
    if (node.bypassed) {
        face.bypassed = true;
        face.chip = CardFace::Chip::Bypassed;
        face.chipText = QObject::tr("bypassed");
    }

    const NodeReport* report = document.report().find(id);
    const Problem* problem = cardProblem(document.report(), id);
    if (report != nullptr && report->state == NodeState::Ready) describeReady(face, *report);
    const bool unconnected = report != nullptr && report->state == NodeState::Unconnected;
    // A card just put down is unfinished, not wrong: it is told in the list of problems, without a mark of its own.
    if (problem != nullptr && problem->severity == Severity::Error && !unconnected) {
        face.state = CardFace::State::Broken;
        face.mistake = text(problem->id);
        face.sentence = text(problem->shortText.empty() ? problem->text : problem->shortText);
        face.toolTip.clear(); // the sentence is on the card, and a tooltip would lie on its buttons
        if (face.shape.isEmpty()) face.shape = QObject::tr("no shape");
        const std::vector<Repair>* repairs = document.repairBook().soon(*problem);
        face.repairsSought = repairs == nullptr;
        if (repairs == nullptr) return face;
        for (const Repair& repair : std::span(*repairs).first(std::min<std::size_t>(2, repairs->size()))) face.repairs << text(repair.label);
        return face;
    }
    if (report == nullptr || report->state != NodeState::Ready) {
        face.state = CardFace::State::Blocked;
        face.shape = QStringLiteral("?");
        if (report != nullptr && report->waitsFor != 0) {
            face.line = QObject::tr("waiting for %1").arg(nameOf(document.graph(), report->waitsFor));
        } else {
            face.line = QObject::tr("nothing leads into it yet");
        }
        face.toolTip = QObject::tr("%1: %2").arg(face.name, face.line);
        return face;
    }
    if (problem != nullptr && problem->severity == Severity::Warning) {
        face.warning = true;
        face.toolTip = text(problem->text) + QLatin1Char('\n') + face.toolTip;
    }
    return face;
}

/// The values that the card would have after the repair under the pointer, in the same places.
void describePreview(CardFace& face, const GraphReport& now, const GraphReport& then, NodeId id) {
    const NodeReport* before = now.find(id);
    const NodeReport* after = then.find(id);
    QString shape = after == nullptr ? QObject::tr("removed") : face.shape;
    QString count = after == nullptr ? QString() : face.count;
    if (after != nullptr && after->state == NodeState::Ready) {
        shape = shapeText(after->plan.output);
        count = countText(after->parameters);
    } else if (after != nullptr && before != nullptr && before->state == NodeState::Ready) {
        shape = QStringLiteral("?");
    }
    if (shape == face.shape && count == face.count) return;
    face.shape = shape;
    face.count = count;
    face.previewed = true;
}

} // namespace

QString layerIcon(const LayerType& type) {
    if (type.maxInputs == 0) return QStringLiteral("input");
    return Theme::light().category(QString::fromStdString(type.schema.category)).icon;
}

const Problem* cardProblem(const GraphReport& report, NodeId id) {
    const std::vector<const Problem*> problems = report.problemsOf(id);
    return problems.empty() ? nullptr : problems.front();
}

CardFace cardFace(const GraphDocument& document, NodeId id) {
    CardFace face = faceNow(document, id);
    if (document.previewed()) describePreview(face, document.report(), *document.previewed(), id);
    return face;
}

} // namespace strata::ui
