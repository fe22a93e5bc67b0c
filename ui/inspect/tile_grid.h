// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QWidget>

#include <vector>

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

} // namespace strata::ui
