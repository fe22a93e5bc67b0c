// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "ui/editor/card_face.h"
#include "ui/look/theme.h"

namespace strata::ui {

/// Which cost the cards show as heat: a bar as long as its share of the dearest card, and the number.
enum class HeatKind { Off, Parameters, Macs, Memory, ReceptiveField };

QString heatName(HeatKind kind);
/// "842,016", "1.6 MB", "16 × 16"
QString heatText(HeatKind kind, std::int64_t value);
/// What a card costs; negative: it is not known.
std::int64_t heatValue(HeatKind kind, const NodeReport& report);
/// The dearest card's.
std::int64_t heatMost(HeatKind kind, const GraphReport& report);
/// Writes the cost and its share into the card's face.
void describeHeat(CardFace& face, HeatKind kind, const NodeReport* report, std::int64_t most);
/// One hue from the ground to its strongest: told apart by everybody, and never without the bar's length.
QColor heatColor(const Theme& theme, double share);

} // namespace strata::ui
