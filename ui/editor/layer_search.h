// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "engine/layers/layer.h"

#include <QString>

#include <optional>
#include <vector>

namespace strata::ui {

/// One layer as the search offers it.
struct LayerMatch {
    const LayerType* type = nullptr;
    QString detail;     ///< what it would be: "16 filters 3×3, same", or the first words of its help
    QString output;     ///< its shape behind the card it follows; empty when nobody knows
    QString parameters; ///< their number, likewise
    bool fits = true;
    QString reason;     ///< why it does not fit
    bool named = false; ///< it was asked for by name: offered although it does not fit
};

/// What the new card is to follow or to feed; both empty: it stands alone.
struct SearchContext {
    QString afterType;
    std::optional<Shape> input; ///< output of the card it follows
    std::optional<Node> reader; ///< the card that it feeds
    bool mustConnect = true; ///< what cannot be wired to it is no match; else it would stand alone
};

/// The layers that match a query (title, synonyms, words of it), the best first; without a query those that are most
/// used in this place. What does not fit comes last, but for what is named: an exact name comes first wherever it is
/// typed, and so do names that begin as typed where no layer that fits does.
std::vector<LayerMatch> searchLayers(const QString& query, const SearchContext& context);

/// How often the networks that come with the program use a layer.
int usesOf(const std::string& type);

/// How well a layer matches what was typed: 0 not at all.
int matchQuality(const Schema& schema, const QString& query);
/// What is to be shown of a list whose best match is `best`: letters in their order count where no word does.
bool isShown(int quality, int best);

} // namespace strata::ui
