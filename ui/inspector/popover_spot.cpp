// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/popover_spot.h"

#include <algorithm>
#include <array>

namespace strata::ui {
namespace {

using Side = PopoverSpot::Side;
constexpr std::array kSides{Side::Right, Side::Left, Side::Below, Side::Above};

/// The part of the room on one side of what is kept.
QRect areaOf(Side side, const QRect& room, const QRect& kept) {
    QRect area = room;
    switch (side) {
    case Side::Right: area.setLeft(std::max(room.left(), kept.right() + 1)); break;
    case Side::Left: area.setRight(std::min(room.right(), kept.left() - 1)); break;
    case Side::Below: area.setTop(std::max(room.top(), kept.bottom() + 1)); break;
    case Side::Above: area.setBottom(std::min(room.bottom(), kept.top() - 1)); break;
    }
    return area;
}

QRect placed(Side side, const QRect& area, const QRect& target, QSize size) {
    const auto clamped = [](int wanted, int least, int most) { return std::clamp(wanted, least, std::max(least, most)); };
    QPoint at(clamped(target.left(), area.left(), area.right() + 1 - size.width()),
              clamped(target.top(), area.top(), area.bottom() + 1 - size.height()));
    if (side == Side::Right) at.setX(area.left());
    if (side == Side::Left) at.setX(area.right() + 1 - size.width());
    if (side == Side::Below) at.setY(area.top());
    if (side == Side::Above) at.setY(area.bottom() + 1 - size.height());
    return {at, size};
}

} // namespace

std::optional<PopoverSpot> spotBeside(const QRect& room, const QRect& kept, const QRect& target, std::span<const PopoverShape> shapes) {
    for (const Side side : kSides) {
        const QRect area = areaOf(side, room, kept);
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            if (area.width() < shapes[i].leastWidth) continue;
            const int width = std::min(shapes[i].width, area.width());
            const int height = shapes[i].heightFor(width);
            if (height <= area.height()) return PopoverSpot{side, placed(side, area, target, {width, height}), i};
        }
    }
    return {};
}

PopoverSpot largestSpot(const QRect& room, const QRect& target, const PopoverShape& shape, std::size_t number) {
    PopoverSpot best;
    std::int64_t most = -1;
    for (const Side side : kSides) {
        const QRect area = areaOf(side, room, target);
        const int width = std::min(shape.width, area.width());
        if (width < shape.leastWidth || area.height() <= 0) continue;
        const int height = std::min(shape.heightFor(width), area.height());
        const std::int64_t size = std::int64_t{width} * height;
        if (size <= most) continue;
        most = size;
        best = {side, placed(side, area, target, {width, height}), number};
    }
    if (most > 0) return best;
    // Not even beside its card: over it.
    const int width = std::min(shape.width, room.width());
    const QSize size(width, std::min(shape.heightFor(width), room.height()));
    return {Side::Below, placed(Side::Right, room, target, size), number};
}

} // namespace strata::ui
