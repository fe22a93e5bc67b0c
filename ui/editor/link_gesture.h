// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/editor_scene.h"
#include "ui/editor/gesture.h"

#include <functional>
#include <optional>

namespace strata::ui {

/// A wire in the hand, from an output down or from an input up. Ports that fit light up, the others dim and say why;
/// a loop is refused while the wire is still in the hand.
class LinkGesture : public Gesture {
public:
    struct Start {
        NodeId node = 0;
        int slot = -1;           ///< -1: its output
        std::optional<Edge> old; ///< the wire whose end is in the hand; `node` is then the other end
    };
    /// `onEmpty` is asked when the wire is dropped where no card is. `explain` shows a reason at the hand; empty
    /// takes it away.
    LinkGesture(EditorScene& scene, const Start& start, std::function<void(QPointF)> onEmpty,
                std::function<void(const QString&)> explain);
    ~LinkGesture() override;
    void move(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void finish(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void cancel() override;

    const Start& start() const { return m_start; }

private:
    struct Target {
        NodeId node = 0;
        int slot = -1;
        QString reason; ///< empty: it fits
    };
    bool upwards() const { return m_start.slot >= 0; }
    /// The card under the hand and what the wire makes of it.
    std::optional<Target> targetAt(QPointF place) const;
    QString refusal(NodeId other, int slot) const;
    QPointF fixedEnd() const;
    void showRoles();
    void clear();

    EditorScene& m_scene;
    Start m_start;
    std::function<void(QPointF)> m_onEmpty;
    std::function<void(const QString&)> m_explain;
    std::map<NodeId, Shape> m_outputs;
    std::map<NodeId, QString> m_refusals; ///< empty: fits
    NodeId m_shown = 0;
    LooseWireItem m_wire;
};

} // namespace strata::ui
