// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/canvas_settings.h"

#include <QSettings>

namespace strata::ui {
namespace {

constexpr const char* kLeftDragPans = "canvas/leftDragPans";
constexpr const char* kLeftToRight = "canvas/leftToRight";
constexpr const char* kAllChips = "canvas/allChips";
constexpr const char* kTabAdds = "canvas/tabAdds";
constexpr const char* kMapsBeside = "canvas/mapsBeside";
constexpr const char* kSnaps = "canvas/snaps";

} // namespace

CanvasSettings CanvasSettings::load() {
    const QSettings stored;
    return {.leftDragPans = stored.value(QLatin1String(kLeftDragPans), false).toBool(),
            .tabAdds = stored.value(QLatin1String(kTabAdds), false).toBool(),
            .leftToRight = stored.value(QLatin1String(kLeftToRight), false).toBool(),
            .allChips = stored.value(QLatin1String(kAllChips), false).toBool(),
            .mapsBeside = stored.value(QLatin1String(kMapsBeside), true).toBool(),
            .snaps = stored.value(QLatin1String(kSnaps), true).toBool()};
}

void CanvasSettings::save() const {
    QSettings stored;
    stored.setValue(QLatin1String(kLeftDragPans), leftDragPans);
    stored.setValue(QLatin1String(kTabAdds), tabAdds);
    stored.setValue(QLatin1String(kLeftToRight), leftToRight);
    stored.setValue(QLatin1String(kAllChips), allChips);
    stored.setValue(QLatin1String(kMapsBeside), mapsBeside);
    stored.setValue(QLatin1String(kSnaps), snaps);
}

} // namespace strata::ui
