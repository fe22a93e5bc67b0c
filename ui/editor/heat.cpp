// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/heat.h"

#include "engine/layers/sizes.h"
#include "ui/document/number_text.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr std::int64_t kFloat = 4; ///< bytes

/// What goes in and what comes out: a layer that only predicts keeps nothing else.
std::int64_t predictionBytes(const NodeReport& report) {
    std::int64_t floats = countOrZero(report.plan.output);
    for (const Shape& input : report.inputShapes) floats += countOrZero(input);
    return kFloat * floats;
}

HeatCard heatCard(const NodeReport& report, const LayerSeconds& seconds, NodeId id) {
    const auto it = seconds.find(id);
    return {report, it == seconds.end() ? std::nullopt : std::optional(it->second)};
}

} // namespace

QString heatName(HeatKind kind) {
    switch (kind) {
    case HeatKind::Off: return QObject::tr("Off");
    case HeatKind::Parameters: return QObject::tr("Parameters");
    case HeatKind::Trainable: return QObject::tr("Trainable parameters");
    case HeatKind::Macs: return QObject::tr("MACs per image");
    case HeatKind::Time: return QObject::tr("Time in training for one image");
    case HeatKind::Memory: return QObject::tr("Memory for one image in training");
    case HeatKind::Inference: return QObject::tr("Memory for one image in prediction");
    case HeatKind::ReceptiveField: return QObject::tr("Receptive field");
    }
    return {};
}

QString heatTip(HeatKind kind) {
    switch (kind) {
    case HeatKind::Off: return QObject::tr("The cards show no heat");
    case HeatKind::Parameters: return QObject::tr("A bar on each card: its share of the parameters");
    case HeatKind::Macs: return QObject::tr("A bar on each card: its multiplications and additions for one image");
    case HeatKind::Memory: return QObject::tr("A bar on each card: the memory that one image takes in it while it trains");
    case HeatKind::ReceptiveField: return QObject::tr("A bar on each card: how much of the input one of its values sees");
    case HeatKind::Trainable: return QObject::tr("A bar on each card: its share of the parameters that training changes");
    case HeatKind::Inference: return QObject::tr("A bar on each card: the memory that one image takes in it while it predicts");
    case HeatKind::Time: return QObject::tr("A bar on each card: the time that one image is expected to take in it, there and back");
    }
    return {};
}

QString heatCommand(HeatKind kind) {
    return QStringLiteral("heat:%1").arg(static_cast<int>(kind));
}

std::int64_t heatValue(HeatKind kind, const HeatCard& card) {
    const NodeReport& report = card.report;
    if (report.state != NodeState::Ready) return -1;
    switch (kind) {
    case HeatKind::Off: return -1;
    case HeatKind::Parameters: return report.parameters;
    case HeatKind::Trainable: return report.trainableParameters;
    case HeatKind::Macs: return report.plan.macs;
    case HeatKind::Time: return card.seconds ? std::llround(*card.seconds * 1e9) : -1;
    case HeatKind::Memory: return report.memoryPerSample;
    case HeatKind::Inference: return predictionBytes(report);
    case HeatKind::ReceptiveField:
        return report.receptive.global || !isKnown(report.receptive) ? -1 : std::min(report.receptive.windowH, std::int64_t{1} << 20) * std::min(report.receptive.windowW, std::int64_t{1} << 20);
    }
    return -1;
}

QString heatText(HeatKind kind, const HeatCard& card) {
    switch (kind) {
    case HeatKind::Memory:
    case HeatKind::Inference: return bytesText(heatValue(kind, card));
    case HeatKind::ReceptiveField: return receptiveText(card.report.receptive);
    case HeatKind::Time: return card.seconds ? secondsText(*card.seconds) : QStringLiteral("–");
    default: return countText(heatValue(kind, card));
    }
}

HeatLimit heatLimit(HeatKind kind, const GraphReport& report, const LayerSeconds& seconds) {
    HeatLimit most;
    if (kind == HeatKind::Off) return most;
    for (const auto& [id, node] : report.nodes) {
        const HeatCard card = heatCard(node, seconds, id);
        const std::int64_t value = heatValue(kind, card);
        if (value > most.value) most = {value, heatText(kind, card)};
    }
    if (most.value < 0) most.text = kind == HeatKind::Time ? QObject::tr("not measured yet") : QObject::tr("not known yet");
    return most;
}

void describeHeat(CardFace& face, HeatKind kind, const GraphReport& all, const LayerSeconds& seconds, NodeId id, const HeatLimit& most) {
    const NodeReport* report = all.find(id);
    if (report == nullptr) return;
    const HeatCard card = heatCard(*report, seconds, id);
    if (card.seconds && report->state == NodeState::Ready && !face.toolTip.isEmpty())
        face.toolTip += QLatin1Char('\n') + QObject::tr("About %1 for one image in training").arg(secondsText(*card.seconds));
    if (kind == HeatKind::Off || face.previewed) return;
    const std::int64_t value = heatValue(kind, card);
    if (value >= 0) {
        face.heat = most.value <= 0 ? 0 : static_cast<double>(value) / static_cast<double>(most.value);
        face.count = heatText(kind, card);
    } else if ((kind == HeatKind::ReceptiveField || kind == HeatKind::Time) && report->state == NodeState::Ready) {
        face.count = heatText(kind, card);
    }
}

QColor heatColor(const Theme& theme, double share) {
    const QColor& low = theme.surface.badge;
    const QColor& high = theme.status.warning;
    const double t = 0.35 + 0.65 * std::clamp(share, 0.0, 1.0); // the lowest is still seen
    const auto mix = [t](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * t)); };
    return {mix(low.red(), high.red()), mix(low.green(), high.green()), mix(low.blue(), high.blue())};
}

} // namespace strata::ui
