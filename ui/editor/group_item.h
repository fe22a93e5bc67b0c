// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/card_item.h"

namespace strata::ui {

/// A frame around cards, or a block that is open: a quiet ground with a title above. It takes its place from its cards.
class GroupItem : public QGraphicsItem {
public:
    enum { Type = UserType + 4 };

    GroupItem(GroupId id, const CanvasLook& look);
    int type() const override { return Type; }
    GroupId id() const { return m_id; }

    /// `detail`: "× 3", what it costs.
    void setWords(const QString& title, const QString& detail, bool block);
    /// What leaves a block that is repeated, said where it leaves: its last card tells the shape of the first copy.
    void setExit(const QString& words);
    /// The rectangle of its cards.
    void setCards(const QRectF& cards);
    void setHovered(bool hovered);
    void lookChanged();

    QRectF frame() const { return m_frame; }
    QString title() const { return m_title.text(); }
    QString detail() const { return m_detail.text(); }
    QString exit() const { return m_exit.text(); }
    /// What is taken by the hand: the title's row.
    QRectF titleBar() const;
    /// Folds a block; empty for a frame.
    QRectF foldButton() const;

    QRectF boundingRect() const override { return m_frame.adjusted(-2, -2, 2, 2); }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void takeFonts();

    GroupId m_id;
    const CanvasLook& m_look;
    QStaticText m_title, m_detail, m_exit;
    QFont m_bold, m_small;
    double m_titleWidth = 0;
    QRectF m_frame;
    bool m_block = false, m_hovered = false;
};

} // namespace strata::ui
