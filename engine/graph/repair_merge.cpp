// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/graph/repair_candidates.h"

#include <algorithm>
#include <cstdlib>

namespace strata {
namespace {

using IntList = ParamValue::IntList;

constexpr std::size_t kMostWires = 8; ///< more branches are nobody's slip of one of them

/// Two branches that are joined: `wire` brings `is` and should bring `wanted`.
struct Mismatch {
    NodeId merge = 0;
    Edge wire;
    std::string source; ///< the name of the layer at the wire's beginning
    Shape is, wanted;
    bool sameSize() const { return is[0] == wanted[0] && is[1] == wanted[1]; }
    bool sameChannels() const { return is[2] == wanted[2]; }
};

Node pointwise(std::int64_t filters, const IntList& strides) {
    return {
        .type = "Conv2D",
        .params = {
            {"filters", filters}, {"kernel_size", IntList{1, 1}}, {"strides", strides}, {"padding", "same"}}};
}

Repair inserting(std::string id, const std::string& what, const Mismatch& m, std::vector<Node> layers) {
    return {std::move(id),
            said("Insert {} behind {}", what, m.source),
            {},
            [to = m.merge, slot = m.wire.slot, layers = std::move(layers)](RepairTarget& t) {
                for (const Node& layer : layers)
                    insertBefore(t.graph, to, slot, layer);
            }};
}

/// A 1×1 convolution brings a branch to the channels and, by its strides, to the size of the other: the
/// projection of He et al. 2015, "Deep Residual Learning".
void projection(const Mismatch& m, std::vector<Repair>& ideas) {
    IntList strides;
    for (int axis = 0; axis < 2; ++axis) {
        const std::int64_t stride = (m.is[axis] + m.wanted[axis] - 1) / m.wanted[axis];
        if ((m.is[axis] + stride - 1) / stride != m.wanted[axis]) return;
        strides.push_back(stride);
    }
    ideas.push_back(inserting("insert_projection", said("a 1×1 Conv2D"), m, {pointwise(m.wanted[2], strides)}));
}

/// Zeros around the smaller picture, or the border of the larger one cut off, or its cells doubled; and a 1×1
/// convolution where the channels differ, too.
void resizing(const Mismatch& m, std::vector<Repair>& ideas) {
    if (m.sameSize()) return;
    const std::int64_t down = m.wanted[0] - m.is[0];
    const std::int64_t right = m.wanted[1] - m.is[1];
    const auto add = [&](const char* id, const char* type, const char* key, IntList sizes) {
        std::vector<Node> layers{{.type = type, .params = {{key, std::move(sizes)}}}};
        std::string what = type;
        if (!m.sameChannels()) {
            layers.push_back(pointwise(m.wanted[2], {1, 1}));
            what = said("{} and a 1×1 Conv2D", what);
        }
        ideas.push_back(inserting(id, what, m, std::move(layers)));
    };
    const auto border = [](std::int64_t h, std::int64_t w) {
        return IntList{h / 2, h - h / 2, w / 2, w - w / 2};
    };
    if (m.wanted[0] % m.is[0] == 0 && m.wanted[1] % m.is[1] == 0)
        add("insert_upsampling", "UpSampling2D", "size", {m.wanted[0] / m.is[0], m.wanted[1] / m.is[1]});
    // A border is a border: what differs by half is not mended by zeros.
    if (2 * std::abs(down) > std::min(m.is[0], m.wanted[0]) ||
        2 * std::abs(right) > std::min(m.is[1], m.wanted[1]))
        return;
    if (down >= 0 && right >= 0) add("insert_padding", "ZeroPadding2D", "padding", border(down, right));
    if (down <= 0 && right <= 0) add("insert_cropping", "Cropping2D", "cropping", border(-down, -right));
}

/// The layers of a branch that shrink its picture for want of padding, the nearest first.
std::vector<const Node*> unpadded(const ModelGraph& graph, const Edge& wire) {
    std::vector<const Node*> chain = nodesAbove(graph, wire.from);
    chain.insert(chain.begin(), graph.find(wire.from));
    std::vector<const Node*> out;
    int tried = 0;
    for (const Node* n : chain) {
        if (graph.outputsOf(n->id).size() > 1 || ++tried > 6) break;
        if (textIs(*n, "padding", "valid")) out.push_back(n);
    }
    return out;
}

void padBranches(const RepairCase& at, const std::vector<Edge>& wires, std::vector<Repair>& ideas) {
    for (const Edge& wire : wires) {
        for (const Node* n : unpadded(at.graph, wire)) {
            ideas.push_back(setting("padding_same", said("Use padding same in {}", n->name), n->id,
                                    "padding", "same"));
        }
    }
}

/// The skip around a convolution: its picture shrinks and its channels grow. Both are mended at once.
void padAndProject(const RepairCase& at, const Mismatch& m, const Edge& other, std::vector<Repair>& ideas) {
    if (m.sameSize() || m.sameChannels()) return;
    std::vector<NodeId> padded;
    for (const Node* n : unpadded(at.graph, other))
        padded.push_back(n->id);
    if (padded.empty()) return;
    const std::string name = at.graph.find(padded.front())->name;
    ideas.push_back(
        {"padding_same_projection",
         said("Use padding same in {} and a 1×1 Conv2D behind {}", name, m.source),
         {},
         [padded, to = m.merge, slot = m.wire.slot, layer = pointwise(m.wanted[2], {1, 1})](RepairTarget& t) {
             for (const NodeId id : padded)
                 setParam(t.graph, id, "padding", "same");
             insertBefore(t.graph, to, slot, layer);
         }});
}

void matchRows(const Mismatch& m, std::vector<Repair>& ideas) {
    ideas.push_back(inserting("insert_dense", said("a Dense with {} units", m.wanted[0]), m,
                              {{.type = "Dense", .params = {{"units", m.wanted[0]}}}}));
}

/// What most wires bring; where several shapes are as frequent, each of them.
std::vector<std::size_t> usual(const std::vector<Shape>& shapes) {
    std::vector<std::size_t> firsts;
    std::ptrdiff_t most = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (std::ranges::find(shapes, shapes[i]) - shapes.begin() != static_cast<std::ptrdiff_t>(i)) continue;
        const std::ptrdiff_t times = std::ranges::count(shapes, shapes[i]);
        if (times > most) firsts.clear();
        if (times >= most) firsts.push_back(i);
        most = std::max(most, times);
    }
    return firsts;
}

/// Number of the wires, the branch that begins highest first: the skip, which is what a projection stands in.
std::vector<std::size_t> skipFirst(const RepairCase& at, const std::vector<Edge>& wires) {
    std::vector<std::size_t> order(wires.size());
    for (std::size_t i = 0; i < wires.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) {
        return std::ranges::find(at.report.order, wires[i].from) - at.report.order.begin();
    });
    return order;
}

} // namespace

void addMergeIdeas(const RepairCase& at, std::vector<Repair>& ideas) {
    const Node* node = at.node();
    if (node == nullptr || at.problem.id != "layer.shapes_differ") return;
    const std::vector<Edge> wires = at.graph.inputsOf(node->id);
    const std::vector<Shape>& shapes = at.report.find(node->id)->inputShapes;
    if (wires.size() != shapes.size() || wires.size() > kMostWires) return;
    padBranches(at, wires, ideas);
    const bool joins = findLayerType(node->type)->schema.find("axis") != nullptr;
    std::vector<Repair> later;
    for (const std::size_t i : skipFirst(at, wires)) {
        for (const std::size_t other : usual(shapes)) {
            if (shapes[i] == shapes[other] || shapes[i].rank() != shapes[other].rank()) continue;
            Mismatch m{node->id, wires[i], at.graph.find(wires[i].from)->name, shapes[i], shapes[other]};
            if (joins) m.wanted.set(-1, m.is[-1]);
            if (!m.is.isKnown() || !m.wanted.isKnown()) continue;
            if (m.is.rank() == 1) matchRows(m, ideas);
            if (m.is.rank() != 3) continue;
            projection(m, ideas);
            padAndProject(at, m, wires[other], ideas);
            resizing(m, later);
        }
    }
    std::ranges::move(later, std::back_inserter(ideas));
}

} // namespace strata
