// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_bar.h"

#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace strata::cli {
namespace {

constexpr int kCells = 24;
constexpr auto kPause = std::chrono::milliseconds(100);

} // namespace

ProgressBar::ProgressBar() : m_visible(isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
    clear();
}

void ProgressBar::show(const std::string& before, std::int64_t done, std::int64_t total, const std::string& after) {
    if (!m_visible) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - m_last < kPause && done < total) return;
    m_last = now;
    m_drawn = true;
    const int filled = total > 0 ? static_cast<int>(kCells * done / total) : 0;
    std::string bar;
    for (int i = 0; i < kCells; ++i) bar += i < filled ? "\u2501" : "\u2500";
    std::fputs(fmt::format("\r\033[K{} {} {}", before, bar, after).c_str(), stderr); // fmt::print throws where nobody listens
    std::fflush(stderr);
}

void ProgressBar::clear() {
    if (!m_visible || !m_drawn) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    m_drawn = false;
}

std::string timeText(double seconds) {
    const auto s = static_cast<std::int64_t>(std::llround(std::max(0.0, seconds)));
    if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    return fmt::format("{}:{:02}", s / 60, s % 60);
}

} // namespace strata::cli
