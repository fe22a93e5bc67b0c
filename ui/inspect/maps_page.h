// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspect/looker.h"

#include <QWidget>

class QLabel;

namespace strata::ui {

class TileGrid;

/// The Maps tab of the inspector: all maps of the selected card for the pinned image.
class MapsPage : public QWidget {
    Q_OBJECT
public:
    explicit MapsPage(QWidget* parent = nullptr);
    void setNode(NodeId node);
    void show(const LookAnswer& answer);
    TileGrid& grid() const { return *m_grid; }

private:
    /// Above the maps, and to who cannot see them.
    void say(const QString& what, const QString& scale);

    NodeId m_node = 0;
    QLabel *m_head, *m_scale;
    TileGrid* m_grid;
};

} // namespace strata::ui
