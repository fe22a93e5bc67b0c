// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QString>
#include <QStringList>

namespace strata::ui {

/// What a card says, as words; made from the document when it or its report changes, so that painting only paints.
struct CardFace {
    enum class State { Ready, Broken, Blocked };
    enum class Chip { None, Frozen, Bypassed, Training };

    State state = State::Ready;
    bool bypassed = false;
    bool pile = false; ///< a folded block: edges of more cards behind it
    bool warning = false; ///< a small mark: the sentence is in the tooltip and in the list of problems
    QString category, icon;
    QString title;    ///< the layer's type
    QString name;     ///< its name in the drawing
    QString line;     ///< the parameters that matter, or whom it waits for
    QString shape;    ///< "14 × 14 × 16", "no shape"
    QString count;    ///< parameters
    double heat = -1;       ///< share of the dearest card, for a bar at the lower edge; negative: none
    bool previewed = false; ///< shape and count are what they would be after the repair under the pointer
    QString mistake;  ///< its id
    QString sentence; ///< of a mistake
    QStringList repairs; ///< labels of at most two buttons
    bool repairsSought = false; ///< they are looked for on another thread, and come with RepairBook::found
    QString toolTip;
    Chip chip = Chip::None;
    QString chipText;
    bool operator==(const CardFace&) const = default;
};

/// requires: the document has the node
CardFace cardFace(const GraphDocument& document, NodeId id);

/// The icon of a layer type: that of its category, except at the ends of the drawing.
QString layerIcon(const LayerType& type);

/// The first mistake of a card's own, else null.
const Problem* cardProblem(const GraphReport& report, NodeId id);

} // namespace strata::ui
