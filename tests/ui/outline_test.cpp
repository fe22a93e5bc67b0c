// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "outline_rig.h"
#include "ui/window/theme_choice.h"

#include <QHeaderView>
#include <QScopeGuard>
#include <QSettings>

namespace strata::ui {

using test::OutlineWindow;

/// The drawing without a mouse and without a canvas: what the tree shows and says.
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
    void itIsReadAloud();
};

void OutlineTest::itMirrorsTheDrawing() {
    OutlineWindow w;
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
    OutlineWindow w;
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
    OutlineWindow w;
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
    OutlineWindow w;
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
    OutlineWindow w;
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
    OutlineWindow w;
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
    OutlineWindow w;
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

void OutlineTest::itIsReadAloud() {
    OutlineWindow w;
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

} // namespace strata::ui

using strata::ui::OutlineTest;
STRATA_FILE_TEST_MAIN(OutlineTest)
#include "outline_test.moc"
