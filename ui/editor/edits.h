// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"
#include "engine/graph/model_graph.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace strata::ui {

/// What hands do to a drawing, as functions of values: the gestures call them inside document.edit(). Places are the
/// document's, in regular cards.
namespace edits {

/// From one card to the next below it.
double pitch();
double cardWidth();

/// A new card of this type with its default parameters. Returns its id.
NodeId addCard(ModelGraph& graph, const std::string& type, Point at);
/// Where data begin (a card that takes no input): it gets the shape of the chosen data, if that is known.
void takeDataShape(ModelGraph& graph, NodeId id, const std::optional<Shape>& data);

/// A new card below `after`: into its wire when exactly one card follows, else beside what is there. With after = 0
/// it follows the end of the drawing, where there is one only. Connects where that is allowed; covers no other card.
NodeId addAfter(ModelGraph& graph, const std::string& type, NodeId after);

/// Whose free output a new card at `place` is close enough to, below it or to its right, that a hand expects the wire;
/// 0: nobody's, or the layer takes no input.
NodeId feederNear(const ModelGraph& graph, const std::string& type, Point place);
/// A new card there with a wire from `feeder`: in line with it where it was put roughly below.
NodeId addFed(ModelGraph& graph, const std::string& type, NodeId feeder, Point place);

/// A new card in a wire; the cards below make room.
Result<NodeId> insertNew(ModelGraph& graph, const std::string& type, Edge edge);
/// A card that is there already and has no wires, put into a wire.
Result<> insertExisting(ModelGraph& graph, NodeId node, Edge edge);

void removeAll(ModelGraph& graph, std::span<const NodeId> nodes, std::span<const Edge> wires);
/// Removes cards and keeps the chain connected.
void dissolveAll(ModelGraph& graph, std::span<const NodeId> nodes);
void disconnectAll(ModelGraph& graph, NodeId node);

void moveTo(ModelGraph& graph, const std::map<NodeId, Point>& places);
void moveBy(ModelGraph& graph, std::span<const NodeId> nodes, double dx, double dy);
void moveNotesBy(ModelGraph& graph, std::span<const NoteId> notes, double dx, double dy);

/// A wire's end (or a new wire) put on a card. `old`: the wire that was picked up, or nothing.
Result<> link(ModelGraph& graph, NodeId from, NodeId to, int slot, const std::optional<Edge>& old = {});
/// All wires out of `from` go out of `other` instead; each keeps its reader and its slot. All or nothing.
Result<> moveLinks(ModelGraph& graph, NodeId from, NodeId other);
/// Whether that would be allowed, and whether a layer with one input can take the shape: why not, for a tooltip. `outputs`
/// are the shapes that are known.
Result<> canLink(const ModelGraph& graph, NodeId from, NodeId to, int slot, const std::optional<Edge>& old,
                 const std::map<NodeId, Shape>& outputs);

/// Where a card that is added next to others finds an empty place: `wanted`, or further to the right. `except`: a card
/// that is not in its own way.
Point freePlace(const ModelGraph& graph, Point wanted, NodeId except = 0);

} // namespace edits

} // namespace strata::ui
