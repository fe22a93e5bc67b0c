// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <QWidget>

#include <map>
#include <set>
#include <utility>
#include <vector>

class QMenu;
class QTreeWidget;
class QTreeWidgetItem;

namespace strata {
struct Repair;
}

namespace strata::ui {

class EditorView;
class GraphDocument;

/// The drawing as a tree, for the keyboard and for screen readers, which cannot see a canvas: a row a card in the
/// order of the data flow (those of a frame or block below its title), below it the wires that lead into it and its
/// problems; at the end the notes. It has the canvas's selection, its
/// commands and its undo; Enter opens the first field, Delete removes, F2 renames, Insert adds after. A card of a folded
/// block, which the canvas has only as a part of that, is chosen and removed by itself here.
class OutlinePanel : public QWidget {
    Q_OBJECT
public:
    explicit OutlinePanel(EditorView& view, QWidget* parent = nullptr);

    QTreeWidget* tree() const { return m_tree; }
    /// The row of a card; null where there is none.
    QTreeWidgetItem* row(NodeId id) const;
    /// So wide that names, shapes and counts are whole; the type, which the icon tells, gives way first.
    int wantedWidth() const;

Q_SIGNALS:
    /// Of a folded block, which is what the canvas selects then.
    void foldedCardChosen(strata::NodeId id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Kind { Card, Wire, Problem, Group, Note };
    enum Column { NameColumn, TypeColumn, OutputColumn, ParametersColumn };
    enum Role { KindRole = Qt::UserRole, NodeRole, FromRole, SlotRole, ProblemRole, GroupRole, NoteRole, WordsRole };
    struct Row {
        QTreeWidgetItem* item = nullptr;
        QString below; ///< what the rows below it were made from
    };
    using Order = std::vector<std::pair<NodeId, GroupId>>;

    int widthOf(Column column) const;
    int leastName() const;
    void measureColumns();
    void shareRoom();
    void showTypes();
    void rebuild();
    void makeRows(const Order& order);
    void makeNoteRows();
    bool notesAreOthers() const;
    void fillNote(const Note& note, QTreeWidgetItem& item);
    QString stateOf(const Node& node) const;
    void forget();
    QTreeWidgetItem* groupRow(GroupId id);
    void fillGroup(const Group& group, QTreeWidgetItem& item);
    void fillCard(const Node& node, const std::vector<const Node*>& sources, const std::vector<std::size_t>& problems);
    void fillBelow(const Node& node, const std::vector<const Node*>& sources, const std::vector<std::size_t>& problems);
    void renameCard(QTreeWidgetItem& item, const QString& name);
    void renameGroup(QTreeWidgetItem& item, const QString& title);
    void takeBack(QTreeWidgetItem& item, const QString& before, const QString& why);
    void showSelection();
    void takeSelection();
    bool choseInFolded() const;
    void renamed(QTreeWidgetItem* item, int column);
    void activated(QTreeWidgetItem* item);
    bool key(int key, Qt::KeyboardModifiers modifiers);
    void removeCurrent();
    void removeChosen();
    void dissolveChosen();
    void fillFoldedMenu(QMenu& menu);
    void showMenu(QPoint at);
    void addAfter();
    void connectTo();
    void offerRepairs(const QTreeWidgetItem& item);
    void fillRepairs(QMenu& menu, const std::vector<Repair>& repairs);
    static Kind kindOf(const QTreeWidgetItem& item);
    static NodeId nodeOf(const QTreeWidgetItem& item);
    static NoteId noteOf(const QTreeWidgetItem& item);

    EditorView& m_view;
    GraphDocument& m_document;
    QTreeWidget* m_tree;
    Order m_order; ///< of the cards that have rows
    std::map<NodeId, Row> m_rows;
    std::map<GroupId, QTreeWidgetItem*> m_groups;
    std::map<NoteId, QTreeWidgetItem*> m_notes;
    /// The cards whose rows are chosen, and those that are selected on the canvas then: of a folded block all.
    std::vector<NodeId> m_chosen, m_seen;
    std::set<GroupId> m_closed; ///< groups that were folded in here
    bool m_stale = true, m_filling = false, m_taking = false;
};

} // namespace strata::ui
