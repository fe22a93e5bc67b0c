// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/callback.h"
#include "engine/training/typed_parts.h"

namespace strata {

/// The parameters of every callback that waits for one figure to get better.
struct MonitorParams {
    std::string monitor = "val_loss";
    std::string mode = "auto";
    double minDelta = 0;
};

/// One figure of the logs and whether it got better (Keras: MonitorCallback).
class Monitor {
public:
    explicit Monitor(const MonitorParams& p);
    /// Empty where the epoch has no such figure, which is told once, with those there are.
    std::optional<double> value(const EpochLogs& logs, RunControl& run);
    /// By more than min_delta; anything is better than nothing.
    bool isBetter(double value, std::optional<double> than) const;

private:
    MonitorParams m_params;
    bool m_higher;
    bool m_told = false;
};

/// monitor, mode and (where `minDelta`) min_delta.
template <class P>
void addMonitor(SchemaOf<P>& s, bool minDelta) {
    s.field(&P::monitor, {.key = "monitor",
                          .label = "Watch",
                          .doc = "Which figure: val_loss, loss, val_accuracy, or a metric's name."});
    s.field(&P::mode, {.key = "mode",
                       .label = "Better is",
                       .doc = "Smaller, larger, or as the figure's name says.",
                       .choices = {"auto", "min", "max"},
                       .advanced = true});
    if (!minDelta) return;
    s.field(&P::minDelta, {.key = "min_delta",
                           .label = "Least change",
                           .doc = "Only a change by more than this counts as better.",
                           .min = 0});
}

/// Numbers for a checkpoint: none is written as NaN.
double orNan(std::optional<double> value);
std::optional<double> unlessNan(double value);

} // namespace strata
