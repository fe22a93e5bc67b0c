// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/run_progress.h"

#include <algorithm>

namespace strata::ui {

double RunProgress::share() const {
    if (epochs <= 0 || batches <= 0) return 0;
    const double done = static_cast<double>(epoch - 1 - firstEpoch) + static_cast<double>(batch) / static_cast<double>(batches);
    return std::clamp(done / static_cast<double>(epochs), 0.0, 1.0);
}

double RunProgress::estimatedLeft() const {
    const double done = share() - shareAtStart;
    return done > 0 ? seconds * (1 - share()) / done : -1;
}

} // namespace strata::ui
