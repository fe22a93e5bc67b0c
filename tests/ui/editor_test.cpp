// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/layout.h"
#include "engine/graph/layout.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/move_gesture.h"
#include "ui_support.h"

#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTimer>

namespace strata::ui {

using test::Canvas;

/// Cards in the hand: select, move, snap, walk, lay out, delete, and mend with one click.
class EditorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void aRightClickOpensTheMenu();
    void clicksSelect();
    void selectAllTakesTheNotes();
    void theRubberBandSelects();
    void theRubberBandAddsToNotes();
    void aDragMovesInOneStep();
    void movesSnapAndShiftSuspends();
    void snappingIsASetting();
    void guidesShowWhatItSnapsTo();
    void escapeTakesAMoveBack();
    void keysDeleteAndDissolve();
    void autoLayoutIsOneAnimatedStep();
    void theLayoutOfSomeLeavesTheOthers();
    void theLayoutOfSomeCoversNothing();
    void theLayoutCrossesNoFrame();
    void arrowsWalkAndEnterAsksForTheFields();
    void tabGoesOnToTheNextWidget();
    void arrowsNudgeAndConnect();
    void arrowsNudgeNotes();
    void aRepairButtonOnTheCardMends();
    void aLargeDrawingLooksForRepairsLater();
    void bypassIsOneStep();
    void bypassIsRefusedWithASentence();
};

void EditorTest::aRightClickOpensTheMenu() {
    Canvas canvas;
    QStringList seen;
    const auto read = [&] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) return;
        for (const QAction* action : menu->actions()) {
            if (!action->isSeparator()) seen << action->objectName();
        }
        menu->close();
    };
    QTimer::singleShot(0, &canvas.view, read);
    canvas.press(canvas.card(3), Qt::RightButton);
    canvas.release(canvas.card(3), Qt::RightButton);
    QVERIFY(seen.contains(QStringLiteral("dissolve")));
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{3});
    seen.clear();
    QTimer::singleShot(0, &canvas.view, read);
    canvas.press(canvas.empty(), Qt::RightButton);
    canvas.release(canvas.empty(), Qt::RightButton);
    QVERIFY(seen.contains(QStringLiteral("addLayer")));
}

void EditorTest::clicksSelect() {
    Canvas canvas;
    canvas.click(canvas.card(2));
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{2});
    canvas.click(canvas.card(4), Qt::ControlModifier);
    canvas.click(canvas.card(5), Qt::ShiftModifier);
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{2, 4, 5}));
    canvas.click(canvas.card(4), Qt::ControlModifier);
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{2, 5}));
    canvas.click(canvas.empty());
    QVERIFY(canvas.scene.selectedNodes().empty());
    canvas.key(Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(canvas.scene.selectedNodes().size(), std::size_t{5});
}

void EditorTest::selectAllTakesTheNotes() {
    ModelGraph graph = test::smallNet();
    const std::vector<NoteId> notes{graph.addNote({.text = "One", .position = {300, 0}}), graph.addNote({.text = "Two", .position = {300, 200}})};
    Canvas canvas(graph);
    QSignalSpy changed(&canvas.scene, &QGraphicsScene::selectionChanged);
    canvas.key(Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(canvas.scene.selectedNodes().size(), std::size_t{5});
    QCOMPARE(canvas.scene.selectedNotes(), notes);
    canvas.key(Qt::Key_Delete);
    QVERIFY(canvas.document.graph().empty() && canvas.document.graph().notes().empty());
    QVERIFY(canvas.mirrorsDocument());
}

void EditorTest::theRubberBandSelects() {
    Canvas canvas;
    const QPoint from = canvas.card(1) + QPoint(400, -60);
    canvas.drag(from, canvas.card(2));
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{1, 2}));
    canvas.drag(canvas.card(5) + QPoint(400, 60), canvas.card(5), Qt::LeftButton, Qt::NoModifier);
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{5}));
}

void EditorTest::theRubberBandAddsToNotes() {
    Canvas canvas;
    NoteId note = 0;
    canvas.document.edit(QStringLiteral("Note"), [&](DocumentState& state) {
        note = state.graph.addNote({.text = "far away", .position = {-900, -900}});
    });
    const std::vector<NoteId> notes{note};
    canvas.scene.selectOnly({});
    canvas.scene.selectNotes(notes);
    const QPoint from = canvas.card(5) + QPoint(400, 60);
    canvas.press(from, Qt::LeftButton, Qt::ShiftModifier);
    canvas.moveTo(canvas.card(5), Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{5}));
    QCOMPARE(canvas.scene.selectedNotes(), notes);
    canvas.key(Qt::Key_Escape);
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{});
    QCOMPARE(canvas.scene.selectedNotes(), notes);
    canvas.release(canvas.card(5), Qt::LeftButton, Qt::ShiftModifier);
}

void EditorTest::aDragMovesInOneStep() {
    Canvas canvas;
    const Point before = canvas.document.graph().find(5)->position;
    canvas.press(canvas.card(5));
    const QPoint from = canvas.card(5);
    for (int i = 1; i <= 10; ++i) canvas.moveTo(from + QPoint(i * 20, i * 3), Qt::LeftButton, Qt::ShiftModifier);
    QVERIFY(canvas.document.graph().find(5)->position == before); // nothing is done while the hand is closed
    canvas.release(from + QPoint(200, 30), Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QCOMPARE(canvas.document.graph().find(5)->position.x, before.x + 200);
    QCOMPARE(canvas.document.graph().find(5)->position.y, before.y + 30);
    QVERIFY(canvas.mirrorsDocument());
    canvas.document.undoStack().undo();
    QVERIFY(canvas.document.graph().find(5)->position == before);
    QVERIFY(canvas.mirrorsDocument());
}

void EditorTest::movesSnapAndShiftSuspends() {
    Canvas canvas;
    const Point before = canvas.document.graph().find(5)->position;
    canvas.drag(canvas.card(5), canvas.card(5) + QPoint(5, 4));
    canvas.drag(canvas.card(5), canvas.card(5) + QPoint(6, 60));
    QCOMPARE(canvas.document.graph().find(5)->position.x, before.x);
    const QPoint from = canvas.card(5);
    canvas.drag(from, from + QPoint(6, 25), Qt::LeftButton, Qt::ShiftModifier);
    // With Shift at the press the card is toggled: it is no longer selected and stays.
    canvas.scene.selectOnly(std::array<NodeId, 1>{5});
    canvas.press(from);
    canvas.moveTo(from + QPoint(0, 12), Qt::LeftButton, Qt::ShiftModifier);
    canvas.moveTo(from + QPoint(5, 20), Qt::LeftButton, Qt::ShiftModifier);
    canvas.release(from + QPoint(5, 20), Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(canvas.document.graph().find(5)->position.x, before.x + 5);
}

void EditorTest::snappingIsASetting() {
    const auto movedBy = [](Canvas& canvas, QPoint by) {
        const Point before = canvas.document.graph().find(5)->position;
        canvas.drag(canvas.card(5), canvas.card(5) + by);
        const Point after = canvas.document.graph().find(5)->position;
        return QPointF(after.x - before.x, after.y - before.y);
    };
    {
        Canvas canvas;
        QVERIFY(canvas.view.actions().snaps->isChecked());
        QCOMPARE(movedBy(canvas, {5, 60}).x(), 0.0);
        canvas.view.actions().snaps->trigger();
        QCOMPARE(movedBy(canvas, {5, 60}), QPointF(5, 60));
    }
    Canvas canvas; // remembered
    QVERIFY(!canvas.view.actions().snaps->isChecked());
    QCOMPARE(movedBy(canvas, {6, 20}), QPointF(6, 20));
}

void EditorTest::guidesShowWhatItSnapsTo() {
    Canvas canvas;
    const auto guides = [&]() -> const GuideItem* {
        for (const QGraphicsItem* item : canvas.scene.items()) {
            if (const auto* found = dynamic_cast<const GuideItem*>(item)) return found;
        }
        return nullptr;
    };
    const QPoint from = canvas.card(5);
    canvas.press(from);
    canvas.moveTo(from + QPoint(60, 60));
    canvas.moveTo(from + QPoint(4, 60)); // nearly under the others
    QVERIFY(guides() != nullptr);
    QVERIFY(!guides()->boundingRect().isEmpty());
    QCOMPARE(canvas.scene.card(5)->pos().x(), canvas.scene.card(4)->pos().x());
    canvas.moveTo(from + QPoint(4, 60), Qt::LeftButton, Qt::ShiftModifier);
    QVERIFY(guides()->boundingRect().isEmpty());
    QCOMPARE(canvas.scene.card(5)->pos().x(), canvas.scene.card(4)->pos().x() + 4);
    canvas.release(from + QPoint(4, 60), Qt::LeftButton, Qt::ShiftModifier);
    QVERIFY(guides() == nullptr);
}

void EditorTest::escapeTakesAMoveBack() {
    Canvas canvas;
    const QPoint from = canvas.card(3);
    canvas.press(from);
    canvas.moveTo(from + QPoint(150, 90));
    QVERIFY(!canvas.mirrorsDocument());
    canvas.key(Qt::Key_Escape);
    QVERIFY(canvas.mirrorsDocument());
    canvas.release(from + QPoint(150, 90));
    QCOMPARE(canvas.document.undoStack().count(), 0);
}

void EditorTest::keysDeleteAndDissolve() {
    Canvas canvas;
    canvas.click(canvas.card(3));
    canvas.key(Qt::Key_Backspace);
    QVERIFY(canvas.document.graph().find(3) == nullptr);
    QVERIFY(canvas.document.graph().inputsOf(4).empty());
    canvas.document.undoStack().undo();
    QVERIFY(canvas.mirrorsDocument());
    canvas.click(canvas.card(3));
    canvas.key(Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(canvas.document.graph().find(3) == nullptr);
    QCOMPARE(canvas.document.graph().inputsOf(4).front().from, NodeId{2});
}

void EditorTest::autoLayoutIsOneAnimatedStep() {
    ModelGraph graph = test::smallNet();
    edits::moveTo(graph, {{2, Point{500, 300}}, {4, Point{-300, 10}}});
    Canvas canvas(graph);
    canvas.key(Qt::Key_L, Qt::ControlModifier);
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(!canvas.mirrorsDocument()); // on their way
    QTRY_VERIFY_WITH_TIMEOUT(canvas.mirrorsDocument(), test::kPatience);
    QVERIFY(canvas.document.graph().find(2)->position.y < canvas.document.graph().find(3)->position.y);
    canvas.document.undoStack().undo();
    QVERIFY(canvas.document.graph() == graph);
}

void EditorTest::theLayoutOfSomeLeavesTheOthers() {
    ModelGraph graph = test::smallNet();
    edits::moveTo(graph, {{2, Point{500, 300}}, {3, Point{640, 90}}, {5, Point{-300, 10}}});
    Canvas canvas(graph);
    canvas.scene.selectOnly(std::array<NodeId, 2>{2, 3});
    canvas.key(Qt::Key_L, Qt::ControlModifier);
    const ModelGraph& after = canvas.document.graph();
    for (const NodeId other : {1, 4, 5}) QVERIFY(after.find(other)->position == graph.find(other)->position);
    QCOMPARE(after.find(2)->position.x, after.find(3)->position.x);
    QVERIFY(after.find(2)->position.y < after.find(3)->position.y);
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

/// Neither a card nor a frame that is not theirs: in line they would reach into it.
void EditorTest::theLayoutOfSomeCoversNothing() {
    ModelGraph graph = test::smallNet();
    edits::moveTo(graph, {{2, Point{500, 90}}});
    const GroupId frame = graph.addGroup({.title = "Frame"}, std::array<NodeId, 3>{3, 4, 5});
    Canvas canvas(graph);
    canvas.scene.selectOnly(std::array<NodeId, 2>{1, 2});
    canvas.key(Qt::Key_L, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(canvas.mirrorsDocument(), test::kPatience);
    const auto rect = [&](NodeId id) { return canvas.scene.cardsRect(std::array{id}); };
    for (const NodeId id : {1, 2}) QVERIFY(!canvas.scene.group(frame)->frame().intersects(rect(id)));
    QVERIFY(rect(2).top() > rect(1).bottom());
    for (const NodeId other : {3, 4, 5}) QVERIFY(canvas.document.graph().find(other)->position == graph.find(other)->position);
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void EditorTest::theLayoutCrossesNoFrame() {
    ModelGraph graph = test::smallNet();
    const NodeId beside = edits::addCard(graph, "Conv2D", {10, 2 * edits::pitch() + 20});
    QVERIFY(graph.connect(1, beside));
    const GroupId frame = graph.addGroup({.title = "Frame"}, std::array<NodeId, 3>{2, 3, 4});
    Canvas canvas(graph);
    canvas.key(Qt::Key_L, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(canvas.mirrorsDocument(), test::kPatience);
    for (const NodeId other : {NodeId{1}, NodeId{5}, beside}) {
        const CardItem& card = *canvas.scene.card(other);
        QVERIFY2(!canvas.scene.group(frame)->frame().intersects(card.cardRect().translated(card.pos())), qPrintable(QString::number(other)));
    }
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void EditorTest::arrowsWalkAndEnterAsksForTheFields() {
    Canvas canvas;
    QSignalSpy asked(&canvas.view, &EditorView::fieldsRequested);
    canvas.key(Qt::Key_Down);
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{1});
    canvas.key(Qt::Key_Down);
    canvas.key(Qt::Key_Down);
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{3});
    canvas.key(Qt::Key_Up);
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{2});
    canvas.key(Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
}

void EditorTest::tabGoesOnToTheNextWidget() {
    Canvas canvas;
    QWidget window;
    QLineEdit next(&window);
    canvas.view.setParent(&window);
    QWidget::setTabOrder(&canvas.view, &next);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window, test::kPatience));
    canvas.view.show();
    canvas.view.setFocus();
    canvas.key(Qt::Key_Tab);
    QVERIFY(!canvas.view.hasFocus());
    canvas.view.setParent(nullptr);
}

void EditorTest::arrowsNudgeAndConnect() {
    ModelGraph graph = test::smallNet();
    graph.disconnect({4, 5, 0});
    Canvas canvas(graph);
    canvas.scene.selectOnly(std::array<NodeId, 1>{5});
    const Point before = graph.find(5)->position;
    for (int i = 0; i < 3; ++i) QTest::keyPress(&canvas.view, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(canvas.document.graph().find(5)->position.x > before.x);
    canvas.scene.selectOnly(std::array<NodeId, 1>{4});
    canvas.key(Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().inputsOf(5).front().from, NodeId{4});
}

void EditorTest::arrowsNudgeNotes() {
    ModelGraph graph = test::smallNet();
    const NoteId note = graph.addNote({.text = "Words", .position = {300, 40}});
    Canvas canvas(graph);
    canvas.click(canvas.at(canvas.scene.noteRect(note).center()));
    QCOMPARE(canvas.scene.selectedNotes(), std::vector<NoteId>{note});
    for (int i = 0; i < 2; ++i) QTest::keyPress(&canvas.view, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(canvas.document.undoStack().count(), 1);
    const double by = canvas.document.graph().findNote(note)->position.x - 300;
    QVERIFY(by > 0);
    canvas.document.undoStack().undo();
    canvas.key(Qt::Key_A, Qt::ControlModifier); // cards and notes go together
    canvas.key(Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(canvas.document.graph().findNote(note)->position.y, 40 + by / 2);
    QCOMPARE(canvas.document.graph().find(5)->position.y, graph.find(5)->position.y + by / 2);
    QVERIFY(canvas.mirrorsDocument());
}

void EditorTest::aRepairButtonOnTheCardMends() {
    ModelGraph graph = test::smallNet();
    test::setParam(graph, 2, "kernel_size", ParamValue::IntList{31, 31});
    Canvas canvas(graph);
    const CardItem* card = canvas.scene.card(2);
    QCOMPARE(card->face().state, CardFace::State::Broken);
    QCOMPARE(canvas.scene.card(3)->face().state, CardFace::State::Blocked);
    QVERIFY(!card->face().repairs.isEmpty());
    // What is below has made room for the panel.
    QVERIFY(canvas.scene.card(3)->pos().y() >= card->pos().y() + card->cardRect().height());
    const QPointF button = card->pos() + card->repairRect(0).center();
    canvas.click(canvas.at(button));
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QCOMPARE(canvas.scene.card(2)->face().state, CardFace::State::Ready);
    QCOMPARE(canvas.scene.card(3)->face().state, CardFace::State::Ready);
}

/// Trying repairs costs an analysis each: in a large drawing no edit waits for that, and the buttons stay meanwhile.
void EditorTest::aLargeDrawingLooksForRepairsLater() {
    ModelGraph graph;
    NodeId last = graph.add({.type = "Input", .params = {{"shape", ParamValue::IntList{28, 28, 1}}}});
    while (graph.nodes().size() < RepairBook::kSmall) {
        const NodeId id = graph.add({.type = "Conv2D", .params = {{"filters", 4}, {"padding", "same"}}});
        (void)graph.connect(last, id);
        last = id;
    }
    const NodeId wrong = graph.add({.type = "Conv2D", .params = {{"filters", 4}, {"kernel_size", ParamValue::IntList{31, 31}}}});
    (void)graph.connect(last, wrong);
    Canvas canvas(layOut(graph));
    const auto face = [&]() -> const CardFace& { return canvas.scene.card(wrong)->face(); };
    QCOMPARE(face().state, CardFace::State::Broken);
    QTRY_VERIFY_WITH_TIMEOUT(!face().repairs.isEmpty(), test::kPatience);
    const QStringList labels = face().repairs;
    canvas.document.edit(QStringLiteral("Filters"), [&](DocumentState& state) { test::setParam(state.graph, wrong, "filters", 8); });
    QVERIFY(face().repairsSought);
    QCOMPARE(face().repairs, labels);
    canvas.view.centerOn(canvas.scene.card(wrong));
    canvas.click(canvas.at(canvas.scene.card(wrong)->pos() + canvas.scene.card(wrong)->repairRect(0).center()));
    QCOMPARE(canvas.document.undoStack().undoText(), labels.front());
    // Another mistake is left, that the network does not end in softmax: the buttons of the first one are gone.
    QVERIFY(face().repairs != labels);
}

void EditorTest::bypassIsOneStep() {
    Canvas canvas;
    const std::int64_t before = canvas.document.report().totals.parameters;
    canvas.click(canvas.card(2));
    canvas.key(Qt::Key_B, Qt::ControlModifier);
    QVERIFY(canvas.document.graph().find(2)->bypassed);
    QCOMPARE(canvas.document.undoStack().count(), 1);
    const CardFace& face = canvas.scene.card(2)->face();
    QVERIFY(face.bypassed);
    QCOMPARE(face.chip, CardFace::Chip::Bypassed);
    QCOMPARE(face.shape, canvas.scene.card(1)->face().shape); // what passes through
    QVERIFY(canvas.document.report().totals.parameters < before);
    QVERIFY(canvas.mirrorsDocument());
    canvas.key(Qt::Key_B, Qt::ControlModifier);
    QVERIFY(!canvas.document.graph().find(2)->bypassed);
    QCOMPARE(canvas.document.report().totals.parameters, before);
    canvas.document.undoStack().undo();
    QVERIFY(canvas.scene.card(2)->face().bypassed);
}

void EditorTest::bypassIsRefusedWithASentence() {
    Canvas canvas;
    QSignalSpy said(&canvas.view.actions(), &EditorActions::message);
    canvas.click(canvas.card(1));
    canvas.key(Qt::Key_B, Qt::ControlModifier);
    QCOMPARE(said.count(), 1);
    QVERIFY(!canvas.view.actions().bypass->isChecked());
    QCOMPARE(canvas.document.undoStack().count(), 0);
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::EditorTest)
#include "editor_test.moc"
