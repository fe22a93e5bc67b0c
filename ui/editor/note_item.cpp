// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/note_item.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

namespace strata::ui {
namespace {

constexpr double kPad = 10;

} // namespace

NoteItem::NoteItem(NoteId id, const CanvasLook& look) : m_id(id), m_look(look) {
    setFlag(ItemIsSelectable);
    setZValue(0.5); // over the feature maps beside the cards
    m_words.setDocumentMargin(0);
    m_words.setUndoRedoEnabled(false);
}

void NoteItem::setNote(const Note& note) {
    const QString text = QString::fromStdString(note.text);
    if (text == m_text && note.width == m_width) return;
    m_text = text;
    m_width = note.width;
    prepare();
}

void NoteItem::lookChanged() {
    prepare();
}

void NoteItem::prepare() {
    prepareGeometryChange();
    m_words.setDefaultFont(m_look.theme.font(TextRole::Body));
    m_words.setMarkdown(m_text, QTextDocument::MarkdownNoHTML);
    m_words.setTextWidth(m_width - 2 * kPad);
    m_rect = {0, 0, m_width, m_words.size().height() + 2 * kPad};
    update();
}

void NoteItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const Theme& theme = m_look.theme;
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    QPen pen(isSelected() ? theme.selection.outline : theme.line.cardBorder, isSelected() ? 2 : 1);
    pen.setCosmetic(true);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(pen);
    painter->setBrush(theme.status.hintSoft);
    painter->drawRoundedRect(m_rect, m_look.metrics.radius.button, m_look.metrics.radius.button);
    if (zoom < m_look.metrics.levelOfDetail.belowZoom / 2) return;
    painter->save();
    painter->translate(kPad, kPad);
    painter->setClipRect(QRectF(0, 0, m_rect.width() - 2 * kPad, m_rect.height() - kPad));
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, theme.text.primary);
    context.palette.setColor(QPalette::Link, theme.text.link);
    m_words.documentLayout()->draw(painter, context);
    painter->restore();
}

} // namespace strata::ui
