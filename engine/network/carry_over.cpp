// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/carry_over.h"

#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/graph/flatten.h"
#include "engine/layers/initializers.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace strata {
namespace {

using Dims = std::vector<std::int64_t>;

/// The card of the old drawing whose weights a card of the new one goes on with; null: none.
const Node* sourceOf(const Node& node, const ModelGraph& before) {
    const Node* same = before.find(node.id);
    if (same != nullptr && same->type == node.type) return same;
    const Node* named = before.findByName(node.name);
    return named != nullptr && named->type == node.type ? named : nullptr;
}

/// Where the common part begins in an array of this size. All but the last two axes of a kernel are its window
/// (Keras's layouts): there the middle counts.
std::int64_t begin(std::int64_t size, std::int64_t common, std::size_t axis, std::size_t rank) {
    return axis + 2 < rank ? (size - common) / 2 : 0;
}

/// The part of the axes from `axis` on that both have, where the axes before it stand at `source` and `target`.
void copyCommon(const WeightArray& from, WeightArray& to, std::size_t axis, std::int64_t source, std::int64_t target) {
    const std::size_t rank = to.dims.size();
    const std::int64_t was = from.dims[axis], is = to.dims[axis], common = std::min(was, is);
    source = source * was + begin(was, common, axis, rank);
    target = target * is + begin(is, common, axis, rank);
    if (axis + 1 == rank) {
        std::copy_n(from.values.begin() + source, common, to.values.begin() + target);
        return;
    }
    for (std::int64_t i = 0; i < common; ++i) copyCommon(from, to, axis + 1, source + i, target + i);
}

/// An array without its values.
struct ArrayShape {
    std::string name;
    Dims dims;
};

std::vector<ArrayShape> shapesOf(const std::vector<WeightArray>& arrays) {
    std::vector<ArrayShape> out;
    for (const WeightArray& array : arrays) out.push_back({array.name, array.dims});
    return out;
}
std::vector<ArrayShape> shapesOf(const std::vector<WeightSpec>& specs) {
    std::vector<ArrayShape> out;
    for (const WeightSpec& spec : specs) out.push_back({spec.name, spec.dims});
    return out;
}

std::string textOf(const Node& node, const CarryNote& note) {
    switch (note.carried) {
    case Carried::Kept:
        return said("{}: its weights are kept.", node.name);
    case Carried::Cut:
        return said("{}: its {} is now ({}) and was ({}); what both have is kept.", node.name, note.array,
                    fmt::join(note.after, ", "), fmt::join(note.before, ", "));
    case Carried::BegunAnew:
        break;
    }
    return said("{}: its weights begin anew.", node.name);
}

/// What becomes of a card with these arrays whose source had those; none: it had no weights.
CarryNote noteOf(const Node& node, const std::vector<ArrayShape>& now, const std::vector<ArrayShape>& old) {
    CarryNote note{node.id, Carried::Kept, {}, {}, {}, {}};
    const bool sameKind = std::ranges::equal(old, now, [](const ArrayShape& a, const ArrayShape& b) {
        return a.name == b.name && a.dims.size() == b.dims.size();
    });
    if (!sameKind) {
        note.carried = Carried::BegunAnew;
    } else if (const auto [was, is] = std::ranges::mismatch(old, now, {}, &ArrayShape::dims, &ArrayShape::dims); was != old.end()) {
        note = {node.id, Carried::Cut, was->name, was->dims, is->dims, {}};
    }
    note.text = textOf(node, note);
    return note;
}

/// The arrays of a card that goes on with those of another size. requires: they are of the same kind
std::vector<WeightArray> fitted(const Node& node, const std::vector<WeightSpec>& specs, const std::vector<WeightArray>& old,
                                std::uint64_t seed) {
    std::vector<WeightArray> out;
    for (std::size_t k = 0; k < specs.size(); ++k) {
        const WeightArray& from = old[k];
        if (from.dims == specs[k].dims) {
            out.push_back(from);
            continue;
        }
        WeightArray fresh{specs[k].name, specs[k].dims, std::vector<float>(static_cast<std::size_t>(specs[k].count()))};
        const RngKey key{seed, mix(0xCA44ULL + static_cast<std::uint64_t>(node.id)), k, 0};
        initialise(specs[k].initializer, specs[k].dims, key, fresh.values);
        copyCommon(from, fresh, 0, 0, 0); // a scalar always has the same dims
        out.push_back(std::move(fresh));
    }
    return out;
}

/// Calls `each(card, its arrays, its source or null)` for every card of a flat drawing that has weights.
template <class F>
void forEachLearner(const ModelGraph& before, const ModelGraph& after, F each) {
    const GraphReport report = analyse(after);
    for (const ModelGraph::NodePtr& node : after.nodes()) {
        const NodeReport* r = report.find(node->id);
        if (r == nullptr || r->state != NodeState::Ready || r->plan.weights.empty()) continue;
        each(*node, r->plan.weights, sourceOf(*node, before));
    }
}

} // namespace

CarriedWeights carryOver(const Weights& weights, const ModelGraph& drawnBefore, const ModelGraph& drawnAfter,
                         std::uint64_t seed) {
    CarriedWeights out{weights, {}};
    const ModelGraph before = flatten(drawnBefore), after = flatten(drawnAfter); // copies have weights of their own
    forEachLearner(before, after, [&](const Node& node, const std::vector<WeightSpec>& specs, const Node* source) {
        const std::vector<WeightArray>* old = source == nullptr ? nullptr : weights.find(source->id);
        CarryNote note = noteOf(node, shapesOf(specs), old == nullptr ? std::vector<ArrayShape>() : shapesOf(*old));
        out.weights.nodes.erase(node.id);
        if (note.carried != Carried::BegunAnew) out.weights.nodes[node.id] = fitted(node, specs, *old, seed);
        if (copyOf(node.id) == 0) out.notes.push_back(std::move(note));
    });
    return out;
}

std::vector<CarryNote> carryNotes(const ModelGraph& drawnBefore, const ModelGraph& drawnAfter) {
    std::vector<CarryNote> out;
    const ModelGraph before = flatten(drawnBefore), after = flatten(drawnAfter);
    const GraphReport had = analyse(before);
    forEachLearner(before, after, [&](const Node& node, const std::vector<WeightSpec>& specs, const Node* source) {
        const NodeReport* old = source == nullptr ? nullptr : had.find(source->id);
        if (copyOf(node.id) != 0) return;
        out.push_back(noteOf(node, shapesOf(specs), old == nullptr ? std::vector<ArrayShape>() : shapesOf(old->plan.weights)));
    });
    return out;
}

} // namespace strata
