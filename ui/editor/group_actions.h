// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <QAction>
#include <QObject>

class QMenu;

namespace strata::ui {

class EditorActions;
class EditorView;

/// What can be done with frames, blocks, notes and the bends of wires.
class GroupActions : public QObject {
    Q_OBJECT
public:
    GroupActions(EditorView& view, EditorActions& actions);

    QAction *frame, *block, *ungroup, *takeOut, *fold, *repeat, *rename, *addNote, *straighten;

    void refresh();
    /// Of the cards that are selected; 0: none, or of several.
    GroupId selectedGroup() const;
    void renameGroup(GroupId id);
    void toggleFolded(GroupId id);
    void editNote(NoteId id);
    /// One bend less.
    void removeBend(const Edge& edge, int bend);

private:
    void makeGroup(bool asBlock);
    /// The frames and blocks that these cards are in: they would leave them.
    QString leftTitles(const std::vector<NodeId>& nodes) const;
    void dissolveGroup();
    void takeOutOfGroup();
    void askRepeat();
    void noteHere();
    void straightenWires();

    EditorView& m_view;
};

} // namespace strata::ui
