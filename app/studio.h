// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace strata {

namespace ui {
class MainWindow;
class TrainingSession;
}

/// Puts training, testing and looking inside into the window: the one place where these rooms meet. Returns what trains.
ui::TrainingSession& furnish(ui::MainWindow& window);

} // namespace strata
