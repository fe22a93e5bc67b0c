// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/clipboard.h"

#include <QAction>
#include <QObject>

#include <optional>
#include <vector>

class QMenu;

namespace strata::ui {

class EditorView;
class GroupActions;

/// What can be done with the drawing from a menu or by a key: one action each, used by the context menus, the window's
/// menu and the canvas alike. Keys work while the canvas has the focus.
class EditorActions : public QObject {
    Q_OBJECT
public:
    explicit EditorActions(EditorView& view);

    QAction *addLayer, *cut, *copy, *paste, *pasteKeeping, *duplicate, *remove, *dissolve, *disconnectWires, *freeze, *bypass;
    QAction *selectAll, *layOut, *fitSelection, *fitAll, *zoomIn, *zoomOut, *zoomReset;
    QAction *overview, *leftDragPans, *tabAdds, *leftToRight, *allChips, *mapsBeside, *snaps;
    QAction *fields, *connectOnwards; ///< to the first field of the card; with the next card below
    GroupActions* groups;

    /// An action of the canvas: its keys work while that has the focus.
    QAction* make(const QString& name, const QString& text, const QString& icon, const QList<QKeySequence>& keys);

    /// For cards, for a wire, for the empty canvas.
    void fillCardMenu(QMenu& menu) const;
    void fillWireMenu(QMenu& menu) const;
    void fillNoteMenu(QMenu& menu) const;
    void fillCanvasMenu(QMenu& menu) const;

    /// Does what a key of the canvas does, wherever it was pressed. False: it is none.
    bool triggerKey(QKeyCombination key);

Q_SIGNALS:
    /// A sentence for the person: what could not be done and why.
    void message(const QString& text);

private:
    void refresh();
    void copySelection();
    void pasteAt(bool keepIncoming);
    void duplicateSelection();
    /// As one step, and selects it; nothing, with a message, where there is no room for so much.
    std::optional<Pasted> put(const QString& text, const Fragment& fragment, Point at, bool keepIncoming);
    void removeSelection(const QString& text);
    void dissolveSelection();
    void disconnectSelection();
    void toggleFrozen();
    void toggleBypassed();
    void layOutCards();
    void addSettings();
    void addArrows();
    QAction* makeBare(const QString& name, const QString& text, const QList<QKeySequence>& keys);

    EditorView& m_view;
    std::vector<QAction*> m_ofCards; ///< what arrows do to the selected ones
    std::vector<QAction*> m_nudges;
};

} // namespace strata::ui
