// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/band_gesture.h"

#include <QPen>

namespace strata::ui {

BandGesture::BandGesture(EditorScene& scene, QPointF start, bool add) : m_scene(scene), m_start(start) {
    if (add) {
        m_before = scene.selectedNodes();
        m_notesBefore = scene.selectedNotes();
    }
    const Theme& theme = scene.look().theme;
    QColor fill = theme.accent.base;
    fill.setAlpha(28);
    QPen pen(theme.accent.base, 1);
    pen.setCosmetic(true);
    m_band.setPen(pen);
    m_band.setBrush(fill);
    m_band.setZValue(40);
    scene.addItem(&m_band);
}

BandGesture::~BandGesture() {
    if (m_band.scene() != nullptr) m_scene.removeItem(&m_band);
}

void BandGesture::move(QPointF place, Qt::KeyboardModifiers) {
    const QRectF rect = QRectF(m_start, place).normalized();
    m_band.setRect(rect);
    std::vector<NodeId> chosen = m_before;
    for (const NodeId id : m_scene.cardIds()) {
        const CardItem& card = *m_scene.shownCard(id);
        if (rect.intersects(card.cardRect().translated(card.pos())) && std::ranges::find(chosen, id) == chosen.end()) {
            chosen.push_back(id);
        }
    }
    std::ranges::sort(chosen);
    std::vector<NoteId> notes = m_notesBefore;
    for (const NoteId id : m_scene.noteIds()) {
        if (rect.intersects(m_scene.noteRect(id)) && std::ranges::find(notes, id) == notes.end()) notes.push_back(id);
    }
    std::ranges::sort(notes);
    if (chosen == m_scene.selectedNodes() && notes == m_scene.selectedNotes()) return;
    m_scene.selectOnly(chosen);
    m_scene.selectNotes(notes);
}

void BandGesture::finish(QPointF place, Qt::KeyboardModifiers modifiers) {
    move(place, modifiers);
}

void BandGesture::cancel() {
    m_scene.selectOnly(m_before);
    m_scene.selectNotes(m_notesBefore);
}

} // namespace strata::ui
