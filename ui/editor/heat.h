// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "ui/editor/card_face.h"
#include "ui/look/theme.h"

namespace strata::ui {

/// Which cost the cards show as heat: a bar as long as its share of the dearest card, and the number.
enum class HeatKind { Off, Parameters, Macs, Memory, ReceptiveField };

QString heatName(HeatKind kind);
/// What a card costs; negative: it is not known. Of a receptive field its area.
std::int64_t heatValue(HeatKind kind, const NodeReport& report);
/// "842,016", "1.6 MB", "16 × 16"
QString heatText(HeatKind kind, const NodeReport& report);

/// The dearest card's cost.
struct HeatLimit {
    std::int64_t value = 0;
    QString text;
    bool operator==(const HeatLimit&) const = default;
};
HeatLimit heatLimit(HeatKind kind, const GraphReport& report);
/// Writes the cost and its share into the card's face.
void describeHeat(CardFace& face, HeatKind kind, const NodeReport* report, const HeatLimit& most);
/// One hue from the ground to its strongest: told apart by everybody, and never without the bar's length.
QColor heatColor(const Theme& theme, double share);

} // namespace strata::ui
