// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace strata {

namespace ui {
class MainWindow;
}

/// Puts training, testing and looking inside into the window: the one place where these rooms meet.
void furnish(ui::MainWindow& window);

} // namespace strata
