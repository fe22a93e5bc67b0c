// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/carry_over.h"

#include <QFrame>

#include <vector>

namespace strata::ui {

/// A popover: which cards keep their weights, which lose a part of them, which begin anew. Goes with a click elsewhere
/// or Escape, and deletes itself.
class CarryList : public QFrame {
    Q_OBJECT
public:
    /// `foreseen`: it has not happened yet.
    CarryList(const std::vector<CarryNote>& notes, bool foreseen, QWidget* parent);
    /// With its top right corner here, within the screen.
    void open(QPoint topRight);
};

} // namespace strata::ui
