// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/carry_over.h"

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

/// Copies what two arrays of the same rank have in common.
void copyCommon(const WeightArray& from, WeightArray& to) {
    const std::size_t rank = to.dims.size();
    Dims common(rank);
    std::int64_t count = 1;
    for (std::size_t a = 0; a < rank; ++a) {
        common[a] = std::min(from.dims[a], to.dims[a]);
        count *= common[a];
    }
    for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t rest = i, source = 0, target = 0, sourceStep = 1, targetStep = 1;
        for (std::size_t a = rank; a-- > 0;) {
            const std::int64_t at = rest % common[a];
            rest /= common[a];
            source += (begin(from.dims[a], common[a], a, rank) + at) * sourceStep;
            target += (begin(to.dims[a], common[a], a, rank) + at) * targetStep;
            sourceStep *= from.dims[a];
            targetStep *= to.dims[a];
        }
        to.values[static_cast<std::size_t>(target)] = from.values[static_cast<std::size_t>(source)];
    }
}

bool sameKind(const std::vector<WeightArray>& old, const std::vector<WeightSpec>& specs) {
    return std::ranges::equal(old, specs, [](const WeightArray& array, const WeightSpec& spec) {
        return array.name == spec.name && array.dims.size() == spec.dims.size();
    });
}

std::string textOf(const Node& node, const CarryNote& note) {
    switch (note.carried) {
    case Carried::Kept:
        return fmt::format("{}: its weights are kept.", node.name);
    case Carried::Cut:
        return fmt::format("{}: its {} is now ({}) and was ({}); what both have is kept.", node.name, note.array,
                           fmt::join(note.after, ", "), fmt::join(note.before, ", "));
    case Carried::BegunAnew:
        break;
    }
    return fmt::format("{}: its weights begin anew.", node.name);
}

/// Fills in the card's arrays, if there is something to keep.
CarryNote carry(const Node& node, const std::vector<WeightSpec>& specs, const std::vector<WeightArray>* old,
                std::uint64_t seed, std::vector<WeightArray>& out) {
    CarryNote note{node.id, Carried::Kept, {}, {}, {}, {}};
    if (old == nullptr || !sameKind(*old, specs)) {
        note.carried = Carried::BegunAnew;
        return note;
    }
    for (std::size_t k = 0; k < specs.size(); ++k) {
        const WeightArray& from = (*old)[k];
        if (from.dims == specs[k].dims) {
            out.push_back(from);
            continue;
        }
        if (note.carried == Carried::Kept) note = {node.id, Carried::Cut, from.name, from.dims, specs[k].dims, {}};
        WeightArray fresh{specs[k].name, specs[k].dims, std::vector<float>(static_cast<std::size_t>(specs[k].count()))};
        const RngKey key{seed, mix(0xCA44ULL + static_cast<std::uint64_t>(node.id)), k, 0};
        initialise(specs[k].initializer, specs[k].dims, key, fresh.values);
        copyCommon(from, fresh);
        out.push_back(std::move(fresh));
    }
    return note;
}

} // namespace

CarriedWeights carryOver(const Weights& weights, const ModelGraph& drawnBefore, const ModelGraph& drawnAfter,
                         std::uint64_t seed) {
    CarriedWeights out{weights, {}};
    const ModelGraph before = flatten(drawnBefore), after = flatten(drawnAfter); // copies have weights of their own
    const GraphReport report = analyse(after);
    for (const ModelGraph::NodePtr& node : after.nodes()) {
        const NodeReport* r = report.find(node->id);
        if (r == nullptr || r->state != NodeState::Ready || r->plan.weights.empty()) continue;
        const Node* source = sourceOf(*node, before);
        std::vector<WeightArray> arrays;
        CarryNote note = carry(*node, r->plan.weights, source == nullptr ? nullptr : weights.find(source->id), seed, arrays);
        note.text = textOf(*node, note);
        out.weights.nodes.erase(node->id);
        if (!arrays.empty()) out.weights.nodes[node->id] = std::move(arrays);
        if (copyOf(node->id) == 0) out.notes.push_back(std::move(note));
    }
    return out;
}

} // namespace strata
