// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "ui/editor/card_face.h"
#include "ui/look/theme.h"

#include <array>
#include <map>

namespace strata::ui {

/// Which cost the cards show as heat: a bar as long as its share of the dearest card, and the number. The numbers stand
/// in the names of the commands, which people's own keys belong to: new ones come last.
enum class HeatKind { Off, Parameters, Macs, Memory, ReceptiveField, Trainable, Inference, Time };
/// All of them, in the order of the menu.
inline constexpr std::array kHeatKinds{HeatKind::Off,    HeatKind::Parameters, HeatKind::Trainable, HeatKind::Macs,
                                       HeatKind::Time,   HeatKind::Memory,     HeatKind::Inference, HeatKind::ReceptiveField};

/// What the layers take on this machine in training, seconds for one image, as far as it was measured.
using LayerSeconds = std::map<NodeId, double>;

QString heatName(HeatKind kind);
/// What the cards show then, in a sentence.
QString heatTip(HeatKind kind);
/// The name of the command that shows it.
QString heatCommand(HeatKind kind);

/// One card as heat sees it.
struct HeatCard {
    const NodeReport& report;
    std::optional<double> seconds;
};
/// What a card costs; negative: it is not known. Of a receptive field its area, of a time nanoseconds.
std::int64_t heatValue(HeatKind kind, const HeatCard& card);
/// "842,016", "1.6 MB", "16 × 16", "0.84 ms"
QString heatText(HeatKind kind, const HeatCard& card);

/// The dearest card's cost; negative and in words while it is known of none.
struct HeatLimit {
    std::int64_t value = -1;
    QString text;
    bool operator==(const HeatLimit&) const = default;
};
HeatLimit heatLimit(HeatKind kind, const GraphReport& report, const LayerSeconds& seconds);
/// Writes the cost and its share into the card's face, and the card's time into its tool tip.
void describeHeat(CardFace& face, HeatKind kind, const GraphReport& report, const LayerSeconds& seconds, NodeId id, const HeatLimit& most);
/// One hue from the ground to its strongest: told apart by everybody, and never without the bar's length.
QColor heatColor(const Theme& theme, double share);

} // namespace strata::ui
