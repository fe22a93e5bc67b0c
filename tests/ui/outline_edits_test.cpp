// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "outline_rig.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/text_overlay.h"
#include "ui/inspector/inspector.h"

#include <QInputDialog>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QUndoView>

namespace strata::ui {

using test::inMenu;
using test::OutlineWindow;

/// The drawing edited in the outline: by keys, and as the canvas edits it.
class OutlineEditsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void keysEdit();
    void aCardOfAFoldedBlockIsOneCard();
    void theMenuOfAFoldedCardIsItsOwn();
    void notesAreRows();
    void insertAddsAfter();
    void f2Renames();
    void aRefusedNameSaysWhy_data();
    void aRefusedNameSaysWhy();
    void aProblemOffersItsRepairs();
    void theHistoryGoesBack();
};

void OutlineEditsTest::keysEdit() {
    OutlineWindow w;
    w.window.scene().selectOnly(std::array<NodeId, 1>{3});
    w.key(Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{4});
    QVERIFY(!w.document.graph().inputsOf(4).empty()); // the chain is whole
    w.document.undoStack().undo();
    // The wire's own row.
    w.row(3)->setExpanded(true);
    w.tree->setCurrentItem(w.row(3)->child(0));
    w.key(Qt::Key_Delete);
    QVERIFY(w.document.graph().inputsOf(3).empty());
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{5});
    w.document.undoStack().undo();
    w.tree->setCurrentItem(w.row(5));
    w.key(Qt::Key_Delete);
    QVERIFY(w.document.graph().find(5) == nullptr);
    w.tree->setCurrentItem(w.row(2));
    w.key(Qt::Key_Return);
    QVERIFY(w.window.inspector().isAncestorOf(QApplication::focusWidget()));
}

/// The canvas knows only the block; here a row is a card, and a key means that one.
void OutlineEditsTest::aCardOfAFoldedBlockIsOneCard() {
    OutlineWindow w;
    w.fold({2, 3, 4});
    const std::vector<NodeId> block{2, 3, 4};
    w.tree->setCurrentItem(w.row(3));
    QCOMPARE(w.window.scene().selectedNodes(), block);
    QCOMPARE(w.tree->selectedItems(), QList<QTreeWidgetItem*>{w.row(3)});
    QCOMPARE(w.window.inspector().node(), NodeId{3});
    w.document.edit(QStringLiteral("Filters"), [](DocumentState& state) { test::setParam(state.graph, 2, "filters", 7); });
    QCOMPARE(w.tree->selectedItems(), QList<QTreeWidgetItem*>{w.row(3)}); // no edit chooses the others, too
    w.key(Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(w.document.graph().find(3) == nullptr);
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{4});
    QCOMPARE(w.document.graph().inputsOf(4).front().from, NodeId{2}); // the chain is whole
    w.document.undoStack().undo();
    w.tree->setCurrentItem(w.row(3));
    w.key(Qt::Key_Delete);
    QVERIFY(w.document.graph().find(3) == nullptr);
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{4});
    QVERIFY(w.document.graph().inputsOf(4).empty());
    w.document.undoStack().undo();
    // Enter: its own fields, not those of the block's other cards, and what is typed there is its alone.
    w.tree->setCurrentItem(w.row(3));
    w.key(Qt::Key_Return);
    QCOMPARE(w.window.inspector().node(), NodeId{3});
    QVERIFY(w.window.inspector().isAncestorOf(QApplication::focusWidget()));
    // Chosen on the canvas it is the block, and Delete means all of it.
    w.window.scene().selectOnly(std::array<NodeId, 1>{1});
    w.window.scene().selectOnly(std::array<NodeId, 1>{4});
    QCOMPARE(w.tree->selectedItems().size(), 3);
    w.tree->setFocus();
    w.key(Qt::Key_Delete);
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{2});
}

void OutlineEditsTest::theMenuOfAFoldedCardIsItsOwn() {
    OutlineWindow w;
    w.fold({2, 3, 4});
    w.tree->setCurrentItem(w.row(3));
    const QPoint at = w.tree->visualItemRect(w.row(3)).center();
    QStringList offered;
    inMenu([&](QMenu& menu) {
        for (QAction* action : menu.actions()) {
            offered << action->text();
            if (action->text() == w.window.canvas().actions().remove->text()) action->trigger();
        }
    });
    Q_EMIT w.tree->customContextMenuRequested(at);
    QVERIFY2(w.document.graph().find(3) == nullptr, qPrintable(offered.join(QLatin1Char('\n'))));
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{4});
    QVERIFY(!offered.contains(w.window.canvas().actions().cut->text())); // that would be the block
    w.document.undoStack().undo();
    // A layer after it stands after it, not after the block.
    w.tree->setCurrentItem(w.row(3));
    QTimer::singleShot(0, qApp, [] {
        auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        dialog->setTextValue(QStringLiteral("Dropout"));
        QTest::keyClick(dialog, Qt::Key_Return);
    });
    w.key(Qt::Key_Insert);
    const Node& added = *w.document.graph().nodes().back();
    QCOMPARE(QString::fromStdString(added.type), QStringLiteral("Dropout"));
    QCOMPARE(w.document.graph().inputsOf(added.id).front().from, NodeId{3});
    QCOMPARE(added.group, w.document.graph().find(3)->group);
}

void OutlineEditsTest::notesAreRows() {
    OutlineWindow w;
    QCOMPARE(w.tree->topLevelItemCount(), 5);
    const NoteId id = w.note("**Tried**: five filters.\n\nToo few.");
    QCOMPARE(w.tree->topLevelItemCount(), 6);
    QCOMPARE(w.lastRow()->text(0), QStringLiteral("Tried: five filters."));
    QVERIFY2(w.says(QStringLiteral("note: Tried: five filters. Too few.")), qPrintable(w.spoken().join(QLatin1Char('\n'))));
    // The selection is in step, both ways.
    w.tree->setCurrentItem(w.lastRow());
    QCOMPARE(w.window.scene().selectedNotes(), std::vector<NoteId>{id});
    QVERIFY(w.window.scene().selectedNodes().empty());
    w.window.scene().selectOnly(std::array<NodeId, 1>{2});
    QVERIFY(!w.lastRow()->isSelected());
    w.window.scene().clearSelection();
    w.window.scene().selectNotes(std::array{id});
    QVERIFY(w.lastRow()->isSelected() && w.tree->selectedItems().size() == 1);
    // Enter writes in it, wherever on the canvas it is.
    w.window.canvas().centerOn(w.window.scene().noteRect(id).center() + QPointF(4000, 3000));
    w.tree->setCurrentItem(w.lastRow());
    w.key(Qt::Key_Return);
    TextOverlay& field = w.window.canvas().textOverlay();
    QVERIFY(field.isVisible() && field.hasFocus());
    QVERIFY(w.window.canvas().rect().intersects(field.geometry()));
    field.setPlainText(QStringLiteral("Nine filters"));
    QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(QString::fromStdString(w.document.graph().findNote(id)->text), QStringLiteral("Nine filters"));
    QCOMPARE(w.lastRow()->text(0), QStringLiteral("Nine filters"));
    w.tree->setFocus();
    w.tree->setCurrentItem(w.lastRow());
    w.key(Qt::Key_Delete);
    QVERIFY(w.document.graph().notes().empty());
    QCOMPARE(w.tree->topLevelItemCount(), 5);
    w.document.undoStack().undo();
    QCOMPARE(w.tree->topLevelItemCount(), 6);
}

void OutlineEditsTest::insertAddsAfter() {
    OutlineWindow w;
    w.tree->setCurrentItem(w.row(3));
    QTimer::singleShot(0, qApp, [] {
        auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        dialog->setTextValue(QStringLiteral("BatchNormalization"));
        QTest::keyClick(dialog, Qt::Key_Return);
    });
    w.key(Qt::Key_Insert);
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{6});
    const NodeId added = w.document.graph().nodes().back()->id;
    QCOMPARE(w.document.graph().inputsOf(added).front().from, NodeId{3});
    QCOMPARE(w.document.graph().inputsOf(4).front().from, added);
    QCOMPARE(w.document.undoStack().count(), 1);
}

void OutlineEditsTest::f2Renames() {
    OutlineWindow w;
    w.tree->setCurrentItem(w.row(2));
    w.key(Qt::Key_F2);
    auto* field = w.tree->findChild<QLineEdit*>();
    QVERIFY(field != nullptr);
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("edges"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(w.document.graph().find(2)->name), QStringLiteral("edges"), test::kPatience);
    // A name that is taken stays what it was.
    w.tree->setCurrentItem(w.row(3));
    w.key(Qt::Key_F2);
    field = w.tree->findChild<QLineEdit*>();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("edges"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(w.row(3)->text(0), QString::fromStdString(w.document.graph().find(3)->name), test::kPatience);
    QCOMPARE(w.document.undoStack().count(), 1);
}

void OutlineEditsTest::aRefusedNameSaysWhy_data() {
    QTest::addColumn<int>("kind"); // 0: a card, 1: a frame
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::newRow("none") << 0 << QString() << "needs a name";
    QTest::newRow("taken") << 0 << "dense" << "already";
    QTest::newRow("slash") << 0 << "a/b" << "Keras";
    QTest::newRow("too long") << 0 << QString(201, QLatin1Char('x')) << "too long";
    QTest::newRow("too long in bytes") << 0 << QString(101, QChar(0xe4)) << "too long";
    QTest::newRow("title too long") << 1 << QString(201, QLatin1Char('x')) << "too long";
}

void OutlineEditsTest::aRefusedNameSaysWhy() {
    QFETCH(int, kind);
    QFETCH(QString, name);
    QFETCH(QString, reason);
    OutlineWindow w;
    w.document.edit(QStringLiteral("Frame"), [](DocumentState& state) {
        (void)state.graph.addGroup({.title = "Eyes"}, std::array<NodeId, 2>{2, 3});
    });
    QTreeWidgetItem* row = kind == 0 ? w.row(2) : w.row(2)->parent();
    const QString before = row->text(0);
    QSignalSpy said(&w.window.canvas().actions(), &EditorActions::message);
    w.tree->setCurrentItem(row);
    w.key(Qt::Key_F2);
    auto* field = w.tree->findChild<QLineEdit*>();
    QVERIFY(field != nullptr);
    field->setText(name);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(said.count(), 1, test::kPatience);
    QVERIFY2(said.front().front().toString().contains(reason), qPrintable(said.front().front().toString()));
    QCOMPARE(row->text(0), before);
    QCoreApplication::processEvents();
    QCOMPARE(w.document.undoStack().count(), 1);
}

void OutlineEditsTest::aProblemOffersItsRepairs() {
    OutlineWindow w;
    w.document.edit(QStringLiteral("Break"), [](DocumentState& state) { test::setParam(state.graph, 2, "kernel_size", ParamValue::IntList{31, 31}); });
    QVERIFY(w.document.report().hasErrors());
    w.row(2)->setExpanded(true);
    QTreeWidgetItem* problem = w.row(2)->child(1); // behind its one wire
    w.tree->setCurrentItem(problem);
    const Problem asked = *w.document.report().problemsOf(2).front();
    w.document.repairBook().begin({}, {}); // the canvas has asked already
    w.document.repairBook().begin(w.document.graph(), {});
    QVERIFY(w.document.repairBook().known(asked) == nullptr);
    bool waited = false, previewed = false;
    QTimer::singleShot(0, qApp, [&] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) return;
        waited = menu->actions().size() == 1 && !menu->actions().front()->isEnabled(); // they are looked for elsewhere
        if (!QTest::qWaitFor([menu] { return menu->actions().front()->isEnabled(); }, test::kPatience)) {
            menu->close();
            return;
        }
        QTest::keyClick(menu, Qt::Key_Down);
        previewed = w.document.previewed().has_value() && w.document.previewed()->find(2)->state == NodeState::Ready; // the cards show what it would do
        QTest::keyClick(menu, Qt::Key_Escape);
    });
    w.key(Qt::Key_Return);
    QVERIFY(waited && previewed);
    QVERIFY(!w.document.previewed());
    QCOMPARE(w.document.undoStack().count(), 1);
    inMenu([](QMenu& menu) {
        QTest::keyClick(&menu, Qt::Key_Down);
        QTest::keyClick(&menu, Qt::Key_Return);
    });
    w.key(Qt::Key_Return);
    QCOMPARE(w.document.undoStack().count(), 2);
    for (const Problem* left : w.document.report().problemsOf(2)) QVERIFY2(left->severity != Severity::Error, left->text.c_str());
}

void OutlineEditsTest::theHistoryGoesBack() {
    OutlineWindow w;
    w.window.findChild<QDockWidget*>(QStringLiteral("historyDock"))->show();
    for (const char* type : {"Dropout", "ReLU", "Dense"}) {
        w.document.edit(QString::fromLatin1(type), [type](DocumentState& state) { (void)edits::addAfter(state.graph, type, 0); });
    }
    auto* history = w.window.findChild<QUndoView*>(QStringLiteral("history"));
    QCOMPARE(history->model()->rowCount(), 4);
    const QModelIndex second = history->model()->index(1, 0);
    QTest::mouseClick(history->viewport(), Qt::LeftButton, {}, history->visualRect(second).center());
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{6});
    QTest::mouseClick(history->viewport(), Qt::LeftButton, {}, history->visualRect(history->model()->index(3, 0)).center());
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{8});
}

} // namespace strata::ui

using strata::ui::OutlineEditsTest;
STRATA_FILE_TEST_MAIN(OutlineEditsTest)
#include "outline_edits_test.moc"
