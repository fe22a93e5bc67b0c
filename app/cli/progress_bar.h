// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace strata::cli {

/// One line on standard error that is drawn anew at most ten times a second; nothing at all where standard error is
/// no terminal.
class ProgressBar {
public:
    ProgressBar();
    ~ProgressBar(); ///< clears the line
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    bool visible() const { return m_visible; }
    /// `before` stands left of the bar, `after` right of it.
    void show(const std::string& before, std::int64_t done, std::int64_t total, const std::string& after);
    void clear();

private:
    bool m_visible;
    bool m_drawn = false;
    std::chrono::steady_clock::time_point m_last{};
};

/// "0:42", "12:05", "1:02:09".
std::string timeText(double seconds);

} // namespace strata::cli
