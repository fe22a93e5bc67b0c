// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/text_overlay.h"
#include "ui/inspector/inspector.h"
#include "ui/outline/outline_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/theme_choice.h"
#include "ui_support.h"

#include <QAccessible>
#include <QDockWidget>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QScopeGuard>
#include <QSettings>
#include <QSignalSpy>
#include <QTimer>
#include <QTreeWidget>
#include <QUndoView>

#include <functional>

namespace strata::ui {

/// The drawing without a mouse and without a canvas.
class OutlineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void itMirrorsTheDrawing();
    void noFigureIsCutOff();
    void wordsOfAnotherSizeAreMeasuredAnew();
    void groupsHoldTheirCards();
    void anEditFillsTheRowsInPlace();
    void theSelectionIsInStep();
    void aHiddenOutlineRests();
    void keysEdit();
    void aCardOfAFoldedBlockIsOneCard();
    void theMenuOfAFoldedCardIsItsOwn();
    void notesAreRows();
    void itIsReadAloud();
    void insertAddsAfter();
    void f2Renames();
    void aRefusedNameSaysWhy_data();
    void aRefusedNameSaysWhy();
    void aProblemOffersItsRepairs();
    void theHistoryGoesBack();
};

namespace {

struct Window {
    GraphDocument document;
    MainWindow window{document};
    QTreeWidget* tree = nullptr;

    Window() {
        document.reset(test::stateWith(test::smallNet()));
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        auto* dock = window.findChild<QDockWidget*>(QStringLiteral("outlineDock"));
        dock->show();
        dock->raise();
        tree = window.outline().tree();
        tree->setFocus();
        QTest::qWait(0);
    }
    QTreeWidgetItem* row(NodeId id) { return window.outline().row(id); }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(tree, key, modifiers); }
    void fold(std::initializer_list<NodeId> nodes) {
        document.edit(QStringLiteral("Fold"), [&](DocumentState& state) {
            (void)state.graph.addGroup({.title = "Eyes", .block = true, .folded = true}, std::span(nodes.begin(), nodes.size()));
        });
    }
    NoteId note(const char* text) {
        NoteId made = 0;
        document.edit(QStringLiteral("Note"), [&](DocumentState& state) { made = state.graph.addNote({.text = text, .position = {300, 40}}); });
        return made;
    }
    /// The row of the first note.
    QTreeWidgetItem* lastRow() { return tree->topLevelItem(tree->topLevelItemCount() - 1); }
    QStringList spoken() const {
        QStringList all;
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(tree);
        for (int i = 0; face != nullptr && i < face->childCount(); ++i) {
            if (QAccessibleInterface* child = face->child(i)) all << child->text(QAccessible::Name);
        }
        return all;
    }
    bool says(const QString& words) const { return spoken().contains(words); }
};

/// Does something with the menu that opens next.
void inMenu(const std::function<void(QMenu&)>& act) {
    QTimer::singleShot(0, qApp, [act] {
        if (auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) {
            act(*menu);
            menu->close();
        }
    });
}

} // namespace

void OutlineTest::itMirrorsTheDrawing() {
    Window w;
    QCOMPARE(w.tree->topLevelItemCount(), 5);
    QCOMPARE(w.tree->topLevelItem(1), w.row(2));
    QCOMPARE(w.row(2)->text(0), QStringLiteral("conv2d"));
    QCOMPARE(w.row(2)->childCount(), 1);
    w.document.edit(QStringLiteral("Add"), [](DocumentState& state) { (void)edits::addAfter(state.graph, "Dropout", 4); });
    QCOMPARE(w.tree->topLevelItemCount(), 6);
    QCOMPARE(w.tree->topLevelItem(4)->text(1), QStringLiteral("Dropout"));
    w.document.undoStack().undo();
    QCOMPARE(w.tree->topLevelItemCount(), 5);
}

/// A name gives way, a figure does not.
void OutlineTest::noFigureIsCutOff() {
    Window w;
    for (const int width : {200, 300, 500}) {
        w.window.resizeDocks({w.window.findChild<QDockWidget*>(QStringLiteral("outlineDock"))}, {width}, Qt::Horizontal);
        QTest::qWait(0);
        const QHeaderView& header = *w.tree->header();
        const int last = header.count() - 1;
        QVERIFY2(header.sectionViewportPosition(last) + header.sectionSize(last) <= w.tree->viewport()->width(), qPrintable(QString::number(width)));
    }
}

/// While the outline is open: names can be read, figures are whole, and no more room is taken than they need.
void OutlineTest::wordsOfAnotherSizeAreMeasuredAnew() {
    const auto restore = qScopeGuard([] { ThemeChoice::setTextPercent(100); });
    ThemeChoice::setTextPercent(100); // as the program begins
    Window w;
    w.window.resize(1280, 720);
    const QHeaderView& header = *w.tree->header();
    const auto cut = [&] {
        QStringList all;
        for (int i = 0; i < w.tree->topLevelItemCount(); ++i) {
            const QModelIndex name = w.tree->model()->index(i, 0);
            if (name.data().toString().size() <= 8 && w.tree->visualRect(name).width() < w.tree->sizeHintForIndex(name).width()) all << name.data().toString();
            for (const int column : {2, 3}) {
                const QModelIndex figure = name.siblingAtColumn(column);
                if (header.sectionSize(column) < w.tree->sizeHintForIndex(figure).width()) all << figure.data().toString();
            }
        }
        const int last = header.count() - 1;
        if (header.sectionViewportPosition(last) + header.sectionSize(last) > w.tree->viewport()->width()) all << QStringLiteral("all of the column");
        return all.join(QStringLiteral(", "));
    };
    QTRY_COMPARE_WITH_TIMEOUT(cut(), QString(), test::kPatience);
    const int before = header.sectionSize(3);
    ThemeChoice::setTextPercent(150);
    w.window.grab(); // all of it has its new words
    QTRY_VERIFY_WITH_TIMEOUT(header.sectionSize(3) > before, test::kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(cut(), QString(), test::kPatience);
    const int large = header.sectionSize(3);
    ThemeChoice::setTextPercent(100);
    w.window.grab();
    QTRY_VERIFY_WITH_TIMEOUT(header.sectionSize(3) < large, test::kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(cut(), QString(), test::kPatience);
}

void OutlineTest::groupsHoldTheirCards() {
    Window w;
    w.document.edit(QStringLiteral("Frame"), [](DocumentState& state) {
        Group group;
        group.title = "Eyes";
        (void)state.graph.addGroup(std::move(group), std::array<NodeId, 2>{2, 3});
    });
    QTRY_COMPARE_WITH_TIMEOUT(w.tree->topLevelItemCount(), 4, test::kPatience);
    QTreeWidgetItem* frame = w.tree->topLevelItem(1);
    QCOMPARE(frame->text(0), QStringLiteral("Eyes"));
    QCOMPARE(w.row(2)->parent(), frame);
    w.tree->setCurrentItem(frame);
    QCOMPARE(w.window.scene().selectedNodes(), (std::vector<NodeId>{2, 3}));
    w.key(Qt::Key_Return);
    QVERIFY(!frame->isExpanded());
}

void OutlineTest::anEditFillsTheRowsInPlace() {
    Window w;
    QTreeWidgetItem* row = w.row(2);
    QTreeWidgetItem* wire = row->child(0);
    row->setExpanded(true);
    w.document.edit(QStringLiteral("Filters"), [](DocumentState& state) { test::setParam(state.graph, 2, "filters", 7); });
    QCOMPARE(w.row(2), row);
    QCOMPARE(row->text(2), QStringLiteral("26 × 26 × 7"));
    QCOMPARE(row->child(0), wire);
    w.document.edit(QStringLiteral("Rename"), [](DocumentState& state) {
        Node node = *state.graph.find(1);
        node.name = "pixels";
        state.graph.replace(std::move(node));
    });
    QCOMPARE(w.row(2), row);
    QCOMPARE(row->child(0)->text(0), QStringLiteral("from pixels"));
    w.document.edit(QStringLiteral("Break"), [](DocumentState& state) { test::setParam(state.graph, 2, "kernel_size", ParamValue::IntList{31, 31}); });
    QCOMPARE(w.row(2), row);
    QVERIFY(row->isExpanded());
    QCOMPARE(row->childCount(), 2);
    QCOMPARE(row->text(2), QStringLiteral("none yet"));
    QVERIFY(row->data(0, Qt::AccessibleTextRole).toString().contains(QStringLiteral("from pixels, problem: ")));
    w.document.undoStack().undo();
    QCOMPARE(row->childCount(), 1);
}

void OutlineTest::aHiddenOutlineRests() {
    Window w;
    w.window.scene().selectOnly(std::array<NodeId, 1>{3});
    auto* dock = w.window.findChild<QDockWidget*>(QStringLiteral("outlineDock"));
    dock->hide();
    QTreeWidgetItem* row = w.row(3);
    w.window.scene().selectOnly(std::array<NodeId, 2>{4, 5});
    w.document.edit(QStringLiteral("Filters"), [](DocumentState& state) { test::setParam(state.graph, 2, "filters", 7); });
    QVERIFY(row->isSelected());
    QCOMPARE(w.row(2)->text(2), QStringLiteral("26 × 26 × 32"));
    dock->show();
    dock->raise();
    QTRY_COMPARE_WITH_TIMEOUT(w.row(2)->text(2), QStringLiteral("26 × 26 × 7"), test::kPatience);
    QVERIFY(!w.row(3)->isSelected() && w.row(4)->isSelected() && w.row(5)->isSelected());
}

void OutlineTest::theSelectionIsInStep() {
    Window w;
    w.window.scene().selectOnly(std::array<NodeId, 1>{3});
    QVERIFY(w.row(3)->isSelected());
    QCOMPARE(w.tree->currentItem(), w.row(3));
    w.key(Qt::Key_Down);
    QCOMPARE(w.window.scene().selectedNodes(), std::vector<NodeId>{4});
    w.key(Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(w.window.scene().selectedNodes(), (std::vector<NodeId>{4, 5}));
    w.key(Qt::Key_Up, Qt::ShiftModifier);
    QCOMPARE(w.window.scene().selectedNodes(), std::vector<NodeId>{4});
    QCOMPARE(w.tree->selectedItems(), QList<QTreeWidgetItem*>{w.row(4)});
    QCOMPARE(w.document.undoStack().count(), 0);
}

void OutlineTest::keysEdit() {
    Window w;
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
void OutlineTest::aCardOfAFoldedBlockIsOneCard() {
    Window w;
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

void OutlineTest::theMenuOfAFoldedCardIsItsOwn() {
    Window w;
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

void OutlineTest::notesAreRows() {
    Window w;
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

void OutlineTest::itIsReadAloud() {
    Window w;
    QAccessibleInterface* tree = QAccessible::queryAccessibleInterface(w.tree);
    QVERIFY(tree != nullptr);
    QCOMPARE(tree->role(), QAccessible::Tree);
    QCOMPARE(tree->text(QAccessible::Name), QStringLiteral("Outline"));
    const auto all = [&] { return w.spoken().join(QLatin1Char('\n')); };
    QVERIFY2(w.says(QStringLiteral("conv2d, Conv2D, output 26 × 26 × 32, 320 parameters, from input")), qPrintable(all()));
    // What the canvas shows by a chip.
    w.document.edit(QStringLiteral("Chips"), [](DocumentState& state) {
        Node frozen = *state.graph.find(2), bypassed = *state.graph.find(3);
        frozen.trainable = false;
        bypassed.bypassed = true;
        state.graph.replace(frozen);
        state.graph.replace(bypassed);
    });
    QVERIFY2(all().contains(QStringLiteral("from input, frozen")), qPrintable(all()));
    QVERIFY2(all().contains(QStringLiteral("from conv2d, bypassed")), qPrintable(all()));
    // What it shows in grey.
    w.document.undoStack().undo();
    w.document.edit(QStringLiteral("Break"), [](DocumentState& state) {
        test::setParam(state.graph, 2, "kernel_size", ParamValue::IntList{31, 31});
        (void)edits::addCard(state.graph, "Dropout", {400, 0});
    });
    QVERIFY2(all().contains(QStringLiteral("output none yet, from conv2d, waiting for conv2d")), qPrintable(all()));
    QVERIFY2(all().contains(QStringLiteral("dropout, Dropout, output none yet, nothing leads into it yet")), qPrintable(all()));
}

void OutlineTest::insertAddsAfter() {
    Window w;
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

void OutlineTest::f2Renames() {
    Window w;
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

void OutlineTest::aRefusedNameSaysWhy_data() {
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

void OutlineTest::aRefusedNameSaysWhy() {
    QFETCH(int, kind);
    QFETCH(QString, name);
    QFETCH(QString, reason);
    Window w;
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

void OutlineTest::aProblemOffersItsRepairs() {
    Window w;
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

void OutlineTest::theHistoryGoesBack() {
    Window w;
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

using strata::ui::OutlineTest;
STRATA_FILE_TEST_MAIN(OutlineTest)
#include "outline_test.moc"
