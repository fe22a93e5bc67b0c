// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <Qt>

namespace strata::ui {

/// What the hand is doing between press and release. A gesture previews through the scene and edits the document once,
/// when it is finished; cancelled it leaves no trace.
class Gesture {
public:
    virtual ~Gesture() = default;
    virtual void move(QPointF place, Qt::KeyboardModifiers modifiers) = 0;
    virtual void finish(QPointF place, Qt::KeyboardModifiers modifiers) = 0;
    virtual void cancel() = 0;
};

} // namespace strata::ui
