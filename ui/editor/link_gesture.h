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
        int seat = -1;           ///< of the input's port
    };
    /// Where a hand that lets go is to say something.
    struct Voice {
        std::function<void(const QString&)> explain; ///< a reason at the hand; empty takes it away
        std::function<void(const QString&)> say;     ///< a sentence that stays when the hand is gone
    };
    /// `onEmpty` is asked when the wire is dropped where no card is.
    LinkGesture(EditorScene& scene, const Start& start, std::function<void(QPointF)> onEmpty, Voice voice);
    ~LinkGesture() override;
    void move(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void finish(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void cancel() override;

    const Start& start() const { return m_start; }

private:
    struct Target {
        NodeId node = 0;
        int slot = -1;  ///< that it takes; -1: one more
        int seat = -1;  ///< the port where it lands
        QString reason; ///< empty: it fits
    };
    bool upwards() const { return m_start.slot >= 0; }
    /// The card under the hand and what the wire makes of it.
    std::optional<Target> targetAt(QPointF place) const;
    void land(NodeId to, const Port* under, Target& target) const;
    QString refusal(NodeId other, int slot) const;
    int startSlot() const;
    QString replaced(NodeId from, NodeId to, int slot) const;
    QPointF fixedEnd() const;
    void showRoles();
    void clear();

    EditorScene& m_scene;
    Start m_start;
    std::function<void(QPointF)> m_onEmpty;
    Voice m_voice;
    std::map<NodeId, Shape> m_outputs;
    std::map<NodeId, QString> m_refusals; ///< empty: fits
    NodeId m_shown = 0;
    LooseWireItem m_wire;
    CargoItem m_cargo; ///< what would arrive, above a port that fits
};

} // namespace strata::ui
