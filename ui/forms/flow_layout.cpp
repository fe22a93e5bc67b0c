// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/flow_layout.h"

#include <algorithm>

namespace strata::ui {

FlowLayout::FlowLayout(int spacing, int lineSpacing) : m_spacing(spacing), m_lineSpacing(lineSpacing) {
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout() {
    while (!m_items.isEmpty()) delete m_items.takeLast();
}

QLayoutItem* FlowLayout::takeAt(int index) {
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    place(rect, true);
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : m_items) size = size.expandedTo(item->minimumSize());
    return size;
}

int FlowLayout::place(const QRect& rect, bool move) const {
    int x = rect.x(), y = rect.y(), line = 0;
    QList<QLayoutItem*> centred; ///< of this line
    const auto centre = [&] {
        for (QLayoutItem* item : centred) item->setGeometry(item->geometry().translated(0, (line - item->geometry().height()) / 2));
        centred.clear();
    };
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        QSize size = item->sizeHint();
        size.setWidth(std::min(size.width(), std::max(rect.width(), item->minimumSize().width())));
        if (x > rect.x() && x + size.width() > rect.right() + 1) {
            centre();
            x = rect.x();
            y += line + m_lineSpacing;
            line = 0;
        }
        if (move) item->setGeometry(QRect(QPoint(x, y), size));
        if (move && item->alignment().testFlag(Qt::AlignVCenter)) centred << item;
        x += size.width() + m_spacing;
        line = std::max(line, size.height());
    }
    centre();
    return y + line - rect.y();
}

} // namespace strata::ui
