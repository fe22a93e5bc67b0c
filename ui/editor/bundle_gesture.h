// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/editor_scene.h"
#include "ui/editor/gesture.h"

#include <functional>
#include <optional>

namespace strata::ui {

/// All wires of an output in the hand at once: they go to another card's output, in one step. Dropped on nothing they
/// stay where they were.
class BundleGesture : public Gesture {
public:
    BundleGesture(EditorScene& scene, NodeId from, std::function<void(const QString&)> explain);
    ~BundleGesture() override;
    void move(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void finish(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void cancel() override;

private:
    struct Target {
        NodeId node = 0;
        QString reason; ///< why not; empty: it is allowed
    };
    std::optional<Target> targetAt(QPointF place) const;
    QString refusal(NodeId other) const;
    void clear();

    EditorScene& m_scene;
    NodeId m_from;
    std::function<void(const QString&)> m_explain;
    std::map<NodeId, QString> m_refusals;
    struct Strand {
        Edge edge;
        QPointF end; ///< at the reader
        std::unique_ptr<LooseWireItem> item;
    };
    std::vector<Strand> m_strands;
    NodeId m_shown = 0;
};

} // namespace strata::ui
