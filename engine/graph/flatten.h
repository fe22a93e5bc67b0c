// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

namespace strata {

/// More is no network that anybody trains; a hostile file must not ask for a million cards.
constexpr std::int64_t kMostCards = 20'000;

/// What of a drawing is built: bypassed cards are left out, their first input goes on to their readers; of a block that
/// is repeated there are so many copies, one after the other. The first copy keeps the cards' ids and names, copy k of
/// the card 7 "conv2d" is copyId(7, k), "conv2d_r<k + 1>". Frames and notes are left out. The ids of the copies do not
/// depend on anything else in the drawing, so that weights find them again. A block whose copies would be too many
/// (tooManyCopies) is there once.
ModelGraph flatten(const ModelGraph& graph);

/// Nothing is bypassed or repeated: flatten() gives the same cards and wires.
bool isFlat(const ModelGraph& graph);

/// Both compute the same with the same weights: frames, notes, places and the cards' names do not count, nor does a
/// parameter that is written down with its default.
bool sameNetwork(const ModelGraph& a, const ModelGraph& b);

/// Of a card of a flat drawing: the card in the drawing that it stands for, and the number of the copy from 0.
constexpr NodeId cardOf(NodeId flat) {
    return flat & kMostNodeId;
}
constexpr std::int64_t copyOf(NodeId flat) {
    return flat >> 40;
}
constexpr NodeId copyId(NodeId card, std::int64_t copy) {
    return card | (copy << 40);
}

/// Where data come into a block and where they leave it. source 0: nothing leads into it yet.
struct BlockEnds {
    NodeId source = 0; ///< outside
    NodeId exit = 0;   ///< inside
};
/// A block can be repeated when one card feeds it and one card of it is read. The error says what stands in the way.
Result<BlockEnds> blockEnds(const ModelGraph& graph, GroupId block);

/// A block that cannot be repeated as often as is wanted, because the network would have more than kMostCards.
struct TooManyCopies {
    GroupId block = 0;
    std::int64_t cards = 0; ///< that the network would have
    std::int64_t fits = 1;  ///< so many times can be built
};
/// The blocks are looked at in their order; one that is too large does not count for those behind it.
std::vector<TooManyCopies> tooManyCopies(const ModelGraph& graph);

} // namespace strata
