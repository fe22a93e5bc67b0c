// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/drawing_limits.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"

#include <algorithm>
#include <cmath>

namespace strata {
namespace {

double within(double v) {
    return std::isnan(v) ? 0 : std::clamp(v, -kFarthest, kFarthest);
}

/// Of ten parts one is kept for what comes one by one.
constexpr std::size_t atOnce(std::size_t most) {
    return most / 10 * 9;
}

Result<> fits(std::size_t there, std::size_t more, std::size_t most, const char* what) {
    if (more == 0 || there + more <= atOnce(most)) return {};
    return failure("drawing.too_large", said("The drawing has {0} {3} and would get {1} more; what comes at once may fill it up to {2} {3}, so that its "
                                             "file can be read again. Take fewer; a block repeats its cards without copies of them.",
                                             grouped(static_cast<std::int64_t>(there)), grouped(static_cast<std::int64_t>(more)),
                                             grouped(static_cast<std::int64_t>(atOnce(most))), saidWord(what)));
}

Result<> stays(std::size_t before, std::size_t after, std::size_t most, const char* what) {
    if (after <= most || after <= before) return {};
    return failure("drawing.full", said("The drawing would get {0} {2}; its file has room for {1}. Remove some first; a block repeats its cards "
                                        "without copies of them.",
                                        grouped(static_cast<std::int64_t>(after)), grouped(static_cast<std::int64_t>(most)), saidWord(what)));
}

} // namespace

Point onCanvas(Point place) {
    return {within(place.x), within(place.y)};
}

Result<> checkRoom(const ModelGraph& drawing, const ModelGraph& more, std::size_t wires) {
    if (Result<> cards = fits(drawing.nodes().size(), more.nodes().size(), kMostDrawnCards, toSay("cards")); !cards) return cards;
    if (Result<> all = fits(drawing.edges().size(), more.edges().size() + wires, kMostDrawnWires, toSay("wires")); !all) return all;
    return fits(drawing.notes().size(), more.notes().size(), kMostNotes, toSay("notes"));
}

Result<> checkGrowth(const ModelGraph& before, const ModelGraph& after) {
    if (Result<> cards = stays(before.nodes().size(), after.nodes().size(), kMostDrawnCards, toSay("cards")); !cards) return cards;
    if (Result<> wires = stays(before.edges().size(), after.edges().size(), kMostDrawnWires, toSay("wires")); !wires) return wires;
    return stays(before.notes().size(), after.notes().size(), kMostNotes, toSay("notes"));
}

} // namespace strata
