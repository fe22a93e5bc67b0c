// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/scaling.h"

namespace strata {

std::string_view scalingName(Scaling scaling) {
    return scaling == Scaling::UnitRange ? "unit" : "none";
}

std::optional<Scaling> scalingFromName(std::string_view name) {
    if (name == "unit") return Scaling::UnitRange;
    if (name == "none") return Scaling::None;
    return std::nullopt;
}

std::vector<std::string_view> scalingNames() {
    return {"unit", "none"};
}

void applyScaling(Scaling scaling, std::span<float> values) {
    if (scaling == Scaling::None) return;
    float* const at = values.data();
    // A true division: 1/255 rounded first and multiplied then would differ from NumPy in the last bit.
    for (std::size_t i = 0; i < values.size(); ++i)
        at[i] = at[i] / 255.0f;
}

} // namespace strata
