// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/card_item.h"

#include <QTextDocument>

namespace strata::ui {

/// Words on the canvas. Its origin is its top left corner.
class NoteItem : public QGraphicsItem {
public:
    enum { Type = UserType + 5 };

    NoteItem(NoteId id, const CanvasLook& look);
    int type() const override { return Type; }
    NoteId id() const { return m_id; }

    void setNote(const Note& note);
    QString text() const { return m_text; }
    QRectF rect() const { return m_rect; }
    void lookChanged();

    QRectF boundingRect() const override { return m_rect.adjusted(-2, -2, 2, 2); }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void prepare();

    /// Words only: a drawing from somewhere must not make the window open files.
    class Words : public QTextDocument {
        QVariant loadResource(int, const QUrl&) override { return {}; }
    };

    NoteId m_id;
    const CanvasLook& m_look;
    QString m_text;
    double m_width = 0;
    Words m_words;
    QRectF m_rect;
};

} // namespace strata::ui
