// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>

#include <functional>
#include <optional>
#include <span>

namespace strata::ui {

/// One way in which something that opens can be laid out: how wide it likes to be, how narrow it may get, and how high
/// it is then.
struct PopoverShape {
    int width = 0, leastWidth = 0;
    std::function<int(int width)> heightFor;
};

/// Where it lies, beside the thing that it is about.
struct PopoverSpot {
    enum class Side { Right, Left, Below, Above } side = Side::Right;
    QRect rect;
    std::size_t shape = 0; ///< which of the shapes
};

/// A spot inside `room` that covers nothing of `kept`, at the height (or from the left edge) of `target` as far as that
/// goes; empty: no shape fits. Sides before shapes: right, left, below, above.
std::optional<PopoverSpot> spotBeside(const QRect& room, const QRect& kept, const QRect& target, std::span<const PopoverShape> shapes);

/// The largest side, where nothing fits whole: its spot is as high as the room lets it.
PopoverSpot largestSpot(const QRect& room, const QRect& target, const PopoverShape& shape, std::size_t number);

} // namespace strata::ui
