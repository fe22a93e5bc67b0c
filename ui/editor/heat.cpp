// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/heat.h"

#include "ui/document/number_text.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {

QString heatName(HeatKind kind) {
    switch (kind) {
    case HeatKind::Off: return QObject::tr("Off");
    case HeatKind::Parameters: return QObject::tr("Parameters");
    case HeatKind::Macs: return QObject::tr("MACs per image");
    case HeatKind::Memory: return QObject::tr("Memory for one image");
    case HeatKind::ReceptiveField: return QObject::tr("Receptive field");
    }
    return {};
}

std::int64_t heatValue(HeatKind kind, const NodeReport& report) {
    if (report.state != NodeState::Ready) return -1;
    switch (kind) {
    case HeatKind::Off: return -1;
    case HeatKind::Parameters: return report.parameters;
    case HeatKind::Macs: return report.plan.macs;
    case HeatKind::Memory: return report.memoryPerSample;
    case HeatKind::ReceptiveField:
        return report.receptive.global || !isKnown(report.receptive) ? -1 : std::min(report.receptive.windowH, std::int64_t{1} << 20) * std::min(report.receptive.windowW, std::int64_t{1} << 20);
    }
    return -1;
}

QString heatText(HeatKind kind, const NodeReport& report) {
    switch (kind) {
    case HeatKind::Memory: return bytesText(report.memoryPerSample);
    case HeatKind::ReceptiveField: return receptiveText(report.receptive);
    default: return countText(heatValue(kind, report));
    }
}

HeatLimit heatLimit(HeatKind kind, const GraphReport& report) {
    HeatLimit most;
    for (const auto& [id, node] : report.nodes) {
        const std::int64_t value = heatValue(kind, node);
        if (value >= most.value) most = {value, heatText(kind, node)};
    }
    return most;
}

void describeHeat(CardFace& face, HeatKind kind, const NodeReport* report, const HeatLimit& most) {
    if (kind == HeatKind::Off || report == nullptr || face.previewed) return;
    const std::int64_t value = heatValue(kind, *report);
    if (value < 0) {
        if (kind == HeatKind::ReceptiveField && report->state == NodeState::Ready) face.count = receptiveText(report->receptive);
        return;
    }
    face.heat = most.value == 0 ? 0 : static_cast<double>(value) / static_cast<double>(most.value);
    face.count = heatText(kind, *report);
}

QColor heatColor(const Theme& theme, double share) {
    const QColor& low = theme.surface.badge;
    const QColor& high = theme.status.warning;
    const double t = 0.35 + 0.65 * std::clamp(share, 0.0, 1.0); // the lowest is still seen
    const auto mix = [t](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * t)); };
    return {mix(low.red(), high.red()), mix(low.green(), high.green()), mix(low.blue(), high.blue())};
}

} // namespace strata::ui
