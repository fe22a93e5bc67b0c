// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/weights.h"
#include "ui/inspect/looker.h"
#include "ui/training/training_session.h"

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace strata::ui {

/// Small pictures in rows, each with its number: as many a row as fit.
class TileGrid : public QWidget {
    Q_OBJECT
public:
    explicit TileGrid(QWidget* parent = nullptr);
    /// `tile`: the size of each, logical pixels.
    void show(std::vector<QImage> tiles, QSize tile, bool numbered);
    int tileCount() const { return static_cast<int>(m_tiles.size()); }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {220, heightForWidth(220)}; }

protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent* event) override;

private:
    int columns(int width) const;
    QSize step() const;
    int tileAt(QPoint place) const;

    std::vector<QImage> m_tiles;
    QSize m_tile{64, 64};
    bool m_numbered = true;
};

/// The Maps tab of the inspector: all maps of the selected card for the pinned image.
class MapsPage : public QWidget {
    Q_OBJECT
public:
    explicit MapsPage(QWidget* parent = nullptr);
    void setNode(NodeId node);
    void show(const LookAnswer& answer);
    TileGrid& grid() const { return *m_grid; }

private:
    NodeId m_node = 0;
    QLabel *m_head, *m_scale;
    TileGrid* m_grid;
};

/// The Weights tab of the inspector: each array with its least, mean and largest value, kernels as small signed maps.
class WeightsPage : public QWidget {
    Q_OBJECT
public:
    explicit WeightsPage(TrainingSession& session, QWidget* parent = nullptr);
    void setNode(NodeId node);
    void refresh();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showArray(const WeightArray& array);

    TrainingSession& m_session;
    NodeId m_node = 0;
    QWidget* m_content;
    QVBoxLayout* m_column;
};

} // namespace strata::ui
