// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace strata::ui {

/// How a person wants the canvas under the hand; remembered between sessions.
struct CanvasSettings {
    bool leftDragPans = false; ///< a left drag on the empty canvas pans; with Shift or Ctrl it is still the rubber band
    bool tabAdds = false;      ///< Tab opens the search for a layer instead of going on to the next widget

    bool leftToRight = false;  ///< data flow from left to right on the screen
    bool allChips = false;     ///< in training every card shows its chip, not only the one that is looked at
    bool mapsBeside = true;    ///< feature maps stand beside the cards
    bool snaps = true;         ///< a card in the hand snaps to the others; holding Shift suspends it

    static CanvasSettings load();
    void save() const;
    bool operator==(const CanvasSettings&) const = default;
};

} // namespace strata::ui
