// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/tile_grid.h"

#include "ui/look/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kGap = 6;
constexpr int kCaption = 15;

} // namespace

TileGrid::TileGrid(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void TileGrid::show(std::vector<QImage> tiles, QSize tile, bool numbered) {
    const bool resized = tiles.size() != m_tiles.size() || tile != m_tile || numbered != m_numbered;
    m_tiles = std::move(tiles);
    m_tile = tile;
    m_numbered = numbered;
    if (resized) updateGeometry();
    update();
}

QSize TileGrid::step() const {
    return {m_tile.width() + kGap, m_tile.height() + kGap + (m_numbered ? kCaption : 0)};
}

int TileGrid::columns(int width) const {
    return std::max(1, (width + kGap) / step().width());
}

int TileGrid::heightForWidth(int width) const {
    if (m_tiles.empty()) return 0;
    const int rows = (tileCount() + columns(width) - 1) / columns(width);
    return rows * step().height();
}

int TileGrid::tileAt(QPoint place) const {
    const int column = place.x() / step().width();
    const int index = place.y() / step().height() * columns(width()) + column;
    return column < columns(width()) && index < tileCount() ? index : -1;
}

void TileGrid::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    const Theme& theme = currentTheme();
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.text.secondary);
    const int across = columns(width());
    for (int i = 0; i < tileCount(); ++i) {
        const QRect box(QPoint(i % across * step().width(), i / across * step().height()), m_tile);
        if (!box.adjusted(0, 0, 0, kCaption).intersects(event->rect())) continue;
        const QImage& tile = m_tiles[static_cast<std::size_t>(i)];
        QSizeF size = QSizeF(tile.size()).scaled(box.size(), Qt::KeepAspectRatio);
        size = size.expandedTo({1, 1});
        QRectF target(QPointF(), size);
        target.moveCenter(QRectF(box).center());
        painter.drawImage(target, tile);
        if (m_numbered) painter.drawText(QRect(box.left(), box.bottom() + 1, box.width(), kCaption), Qt::AlignCenter, QString::number(i));
    }
}

bool TileGrid::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int index = tileAt(help->pos());
        if (index < 0) QToolTip::hideText();
        else {
            const QSize size = m_tiles[static_cast<std::size_t>(index)].size();
            QToolTip::showText(help->globalPos(), tr("Number %1: %2 × %3 values").arg(index).arg(size.height()).arg(size.width()), this);
        }
        return true;
    }
    return QWidget::event(event);
}

} // namespace strata::ui
