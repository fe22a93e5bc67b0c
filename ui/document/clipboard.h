// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/graph/model_graph.h"

#include <QString>

#include <span>
#include <vector>

namespace strata::ui {

/// A piece of a drawing on its way between windows: cards with their inner wires and relative places, and by name
/// what fed it from outside.
struct Fragment {
    struct Incoming {
        std::string from; ///< name of the card outside
        NodeId to = 0;    ///< id in `graph`
    };
    ModelGraph graph;
    std::vector<Incoming> incoming;
};

/// Frames and blocks come along when all their cards do.
Fragment fragmentOf(const ModelGraph& graph, std::span<const NodeId> nodes, std::span<const NoteId> notes = {});

/// JSON text, so that it works between windows and can be read by people.
QString toClipboardText(const Fragment& fragment);
/// Any text gives a fragment or one sentence that says why it is none.
Result<Fragment> fromClipboardText(const QString& text);

/// What is new, in the fragment's order.
struct Pasted {
    std::vector<NodeId> nodes;
    std::vector<NoteId> notes;
};

/// Puts a fragment into a drawing, its bounding box's top centre at `at`; names are made unique. With `keepIncoming`
/// the wires from outside are made again where the card of that name is there and the wire is allowed. Nothing is
/// put where the drawing has no room for so much, see checkRoom().
Result<Pasted> paste(ModelGraph& into, const Fragment& fragment, Point at, bool keepIncoming = false);

} // namespace strata::ui
