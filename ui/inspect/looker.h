// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/evaluate.h"
#include "ui/editor/strip_item.h"
#include "ui/look/theme.h"

#include <QObject>
#include <QStringList>
#include <QThreadPool>

#include <map>
#include <memory>
#include <optional>

namespace strata::ui {

/// How the strips beside the cards are drawn.
struct StripStyle {
    Theme theme;
    int tile = 46, gap = 4, tiles = 12;
    qreal ratio = 1;
    int width() const { return tiles * (tile + gap) - gap; }
};

/// A question to a network: values only, so that any thread may answer it.
struct LookJob {
    ModelGraph graph;
    std::shared_ptr<const Weights> weights;
    std::vector<float> image; ///< scaled, (H, W, C)
    Shape imageShape;
    QStringList classNames;
    std::optional<StripStyle> strips; ///< wanted where set
    NodeId detail = 0;                ///< all maps of this card are wanted; 0: none
};

/// All maps of one card.
struct MapDetail {
    NodeId node = 0;
    Shape shape;
    std::vector<QImage> maps; ///< a pixel a value, one scale for all; at most MapDetail::kMost
    float least = 0, largest = 0;
    static constexpr int kMost = 256;
};

struct LookAnswer {
    QString problem; ///< a sentence; the rest is empty then
    std::map<NodeId, Strip> strips;
    std::vector<float> probabilities;
    MapDetail detail;
};

/// Answers one question after the other on a thread of its own, below the window's priority. Of questions that come
/// faster than answers, only the newest is answered.
class Looker : public QObject {
    Q_OBJECT
public:
    explicit Looker(QObject* parent = nullptr);
    void ask(LookJob job);
    /// Drops what was not answered yet.
    void forget();

Q_SIGNALS:
    void answered(const strata::ui::LookAnswer& answer);

private:
    struct Glass;
    void next();

    std::shared_ptr<Glass> m_glass; ///< used by the pool's one thread only
    std::optional<LookJob> m_waiting;
    bool m_busy = false;
    int m_number = 0;
    QThreadPool m_pool;
};

} // namespace strata::ui
