// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/schema/param_value.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

using NodeId = std::int64_t; ///< positive, never used twice in one graph; 0 is nobody
/// Larger ids belong to the copies that flatten() makes of repeated blocks.
constexpr NodeId kMostNodeId = (NodeId{1} << 40) - 1;
using GroupId = std::int64_t; ///< as NodeId, of frames and blocks
using NoteId = std::int64_t;

struct Point {
    double x = 0, y = 0; ///< canvas, logical pixels; the centre of a card's top edge
    bool operator==(const Point&) const = default;
};

/// One call of a layer. Immutable once it is in a graph: an edit replaces it.
struct Node {
    NodeId id = 0;
    std::string type{}; ///< the schema's id: "Conv2D"
    std::string name{}; ///< unique in the graph, Keras's layer name: "conv2d_1"
    ParamMap params{};  ///< keys of the schema; those at their default may be left out
    bool trainable = true;
    bool bypassed = false; ///< data pass through it unchanged: see flatten()
    GroupId group = 0;     ///< the frame or block that it is in; 0: none
    Point position{};
    bool operator==(const Node&) const = default;
};

/// A wire: the output of `from` is input number `slot` of `to`. The slots of a node are 0, 1, 2 ... without a
/// gap.
struct Edge {
    NodeId from = 0;
    NodeId to = 0;
    int slot = 0;
    auto operator<=>(const Edge&) const = default;
};

/// Cards that belong together: a frame with a title, or a block that folds into one card and may be repeated. It has
/// no rectangle: it is where its cards are, and goes with the last of them.
struct Group {
    static constexpr std::int64_t kMostRepeats = 100;

    GroupId id = 0;
    std::string title{};
    bool block = false;
    bool folded = false;     ///< of a block
    std::int64_t repeat = 1; ///< of a block: so many copies, one after the other, each with weights of its own
    bool operator==(const Group&) const = default;
};

/// Words on the canvas, in Markdown.
struct Note {
    NoteId id = 0;
    std::string text{};
    Point position{};   ///< of its top left corner
    double width = 240; ///< logical pixels
    bool operator==(const Note&) const = default;
};

/// A drawing's ids are at most kMostNodeId; a network's may be those of copies, see flatten().
enum class BuildFor { Drawing, Network };

/// What the user drew. A value: copying is cheap because nodes are shared, and two graphs compare by content.
/// It allows unfinished drawings (no input, nothing connected) but never a loop and never two wires into one
/// slot.
class ModelGraph {
public:
    using NodePtr = std::shared_ptr<const Node>;

    /// A whole drawing at once, as a file or an importer has it: ids, names and wires are taken as they are.
    /// Refuses ids or names that are not unique, wires without ends, gaps or doubles in slots, and loops.
    /// Linear in the size of the drawing. (How many inputs a layer takes is canConnect()'s and analyse()'s
    /// business.)
    static Result<ModelGraph> build(std::vector<Node> nodes, std::vector<Edge> edges, BuildFor whom = BuildFor::Drawing);

    std::span<const NodePtr> nodes() const { return m_nodes; } ///< in order of creation
    std::span<const Edge> edges() const { return m_edges; }    ///< sorted
    bool empty() const { return m_nodes.empty(); }

    /// Null when there is no such node.
    const Node* find(NodeId id) const;
    const Node* findByName(std::string_view name) const;
    /// The wires into a node, by slot. / The wires out of a node.
    std::vector<Edge> inputsOf(NodeId id) const;
    std::vector<Edge> outputsOf(NodeId id) const;
    /// True when data flows from `from` to `to`, directly or through others; a node reaches itself.
    bool reaches(NodeId from, NodeId to) const;

    /// Adds a node; gives it an id when it has none (or one that is taken) and a unique name when it has none
    /// (or one that is taken). Returns the id.
    NodeId add(Node node);
    /// requires: the node exists. Its wires go with it; later slots of its consumers move up.
    void remove(NodeId id);
    /// Removes a node and connects its first input's source to all its consumers, so that the chain stays
    /// whole.
    void dissolve(NodeId id);
    /// Replaces a node by one of the same id. requires: it exists
    void replace(Node node);

    /// Would this wire be allowed? `slot` -1 = the next free slot. The error says why not, for a tooltip.
    /// Knows loops, number of inputs and repeated wires; shapes are analyse()'s business.
    Result<> canConnect(NodeId from, NodeId to, int slot = -1) const;
    /// Connects; a wire that is already in that slot is replaced.
    Result<> connect(NodeId from, NodeId to, int slot = -1);
    void disconnect(const Edge& edge);
    /// Puts a node into a wire: from -> node -> to, in the same slot. requires: edge exists, node has a free
    /// input
    Result<> insertOnEdge(const Edge& edge, NodeId node);

    std::span<const Group> groups() const { return m_groups; } ///< in order of creation
    const Group* findGroup(GroupId id) const;
    std::vector<NodeId> membersOf(GroupId id) const;
    /// A frame or block around these cards, which leave the one that they were in. Gives it an id when it has none or
    /// one that is taken. requires: members are there, at least one
    GroupId addGroup(Group group, std::span<const NodeId> members);
    /// requires: it exists
    void replaceGroup(Group group);
    /// Its cards stay where they are.
    void removeGroup(GroupId id);
    /// Puts a card into a group (0: into none).
    void setGroup(NodeId node, GroupId group);

    std::span<const Note> notes() const { return m_notes; }
    const Note* findNote(NoteId id) const;
    NoteId addNote(Note note);
    void replaceNote(Note note);
    void removeNote(NoteId id);

    /// Where the wires from one card to another are led through, in order of the flow; empty: as the canvas likes.
    /// They go with the wire.
    std::span<const Point> bends(NodeId from, NodeId to) const;
    void setBends(NodeId from, NodeId to, std::vector<Point> points);
    using Bends = std::map<std::pair<NodeId, NodeId>, std::vector<Point>>;
    const Bends& allBends() const { return m_bends; }

    /// "conv2d", "conv2d_1", ... : the first name that is free, as Keras would begin it.
    std::string uniqueName(std::string_view base) const;
    /// The name Keras gives a layer of this class: Conv2D -> "conv2d", MaxPooling2D -> "max_pooling2d".
    static std::string snakeCase(std::string_view className);

    bool operator==(const ModelGraph& other) const;

private:
    std::vector<NodePtr>::iterator locate(NodeId id);
    void closeGaps(NodeId to);
    /// Bends of wires that are gone and groups without cards.
    void forgetLost();

    std::vector<NodePtr> m_nodes;
    std::vector<Edge> m_edges;
    std::vector<Group> m_groups;
    std::vector<Note> m_notes;
    Bends m_bends;
    NodeId m_nextId = 1;
};

/// What changed from one graph to another, for views that touch just those items.
struct GraphDiff {
    std::vector<NodeId> added, removed;
    std::vector<NodeId> changed; ///< another type, name, parameter, trainable, bypassed or group
    std::vector<NodeId> moved;   ///< only the position differs
    std::vector<Edge> edgesAdded, edgesRemoved;
    bool groups = false; ///< frames and blocks
    bool places = false; ///< notes, and bends of wires
    bool empty() const;
    /// Nothing but positions differs: shapes need no new analysis.
    bool onlyMoves() const;
};
GraphDiff diff(const ModelGraph& before, const ModelGraph& after);

} // namespace strata
