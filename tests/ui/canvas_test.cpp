// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/bypass.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/group_actions.h"
#include "ui/editor/group_edits.h"
#include "ui/editor/mini_map.h"
#include "ui/editor/search_palette.h"
#include "ui/editor/text_overlay.h"
#include "ui_support.h"

#include <QDir>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QSettings>
#include <QSignalSpy>
#include <QTimer>
#include <QToolTip>

namespace strata::ui {

using test::Canvas;

/// Hands on the canvas beyond single cards: overview, panning by setting, pinch, the knife, all wires of a port.
class CanvasTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void theOverviewComesWithManyCards();
    void theOverviewGoesWhereItIsPressed();
    void theLeftDragPansBySetting();
    void tabSearchesBySetting();
    void aPinchZooms();
    void theKnifeCutsWhatItCrosses();
    void theKnifeIsPutAwayByEscape();
    void allWiresOfAnOutputMoveTogether();
    void allWiresAreRefusedAsOne();
    void theWiresMenuDisconnects();
    void aSelectedWireGoesByKey_data();
    void aSelectedWireGoesByKey();
    void bypassIsOneStep();
    void bypassIsRefusedWithASentence();
    void aFrameIsMadeMovedAndDissolved();
    void cardsJoinAFrameAndLeaveIt();
    void aBlockFoldsAndIsRepeated();
    void aFoldedBlockIsWiredMovedAndCopied();
    void notesAreWrittenMovedAndDeleted();
    void aWireIsLedThroughPlaces();
    void framesNotesAndBendsAreCopied();
    void leftToRightIsAWayOfSeeing();
    void arrowsConnectInTheirDirection();
    void pasteKeepsTheIncomingWiresByKey();
    void neighboursMakeRoomForACardInAWire();
    void picturesForPeople();
};

namespace {

ModelGraph longChain(int cards) {
    ModelGraph graph = test::smallNet();
    graph.disconnect({4, 5, 0});
    while (static_cast<int>(graph.nodes().size()) < cards) (void)edits::addAfter(graph, "Conv2D", 2);
    return graph;
}

/// A picture read by three cards.
ModelGraph fan() {
    ModelGraph graph = test::smallNet();
    const NodeId a = edits::addCard(graph, "Conv2D", {420, 2 * edits::pitch()});
    const NodeId b = edits::addCard(graph, "MaxPooling2D", {840, 2 * edits::pitch()});
    (void)graph.connect(2, a);
    (void)graph.connect(2, b);
    return graph;
}

} // namespace

void CanvasTest::theOverviewComesWithManyCards() {
    Canvas canvas(longChain(14));
    const MiniMap& map = canvas.view.miniMap();
    QVERIFY(!map.isVisible());
    canvas.key(Qt::Key_M);
    QVERIFY(map.isVisible());
    canvas.key(Qt::Key_M);
    QVERIFY(!map.isVisible());
    canvas.document.edit(QStringLiteral("Add"), [](DocumentState& state) { (void)edits::addAfter(state.graph, "Conv2D", 2); });
    QVERIFY(map.isVisible());
    QVERIFY(canvas.view.actions().overview->isChecked());
    canvas.key(Qt::Key_M);
    QVERIFY(!map.isVisible());
    QVERIFY(!canvas.view.actions().overview->isChecked());
}

void CanvasTest::theOverviewGoesWhereItIsPressed() {
    Canvas canvas(longChain(40));
    MiniMap& map = canvas.view.miniMap();
    QVERIFY(map.isVisible());
    (void)map.grab(); // painted once: knows its scale
    const NodeId last = canvas.document.graph().nodes().back()->id;
    const QPointF card = canvas.scene.card(last)->pos() + QPointF(0, 26);
    QTest::mouseClick(&map, Qt::LeftButton, {}, map.fromScene(card).toPoint());
    QVERIFY(canvas.view.viewport()->rect().contains(canvas.at(card)));
    QCOMPARE(canvas.document.undoStack().count(), 0);
    const QPointF first = canvas.scene.card(1)->pos();
    QTest::mousePress(&map, Qt::LeftButton, {}, map.rect().center());
    QMouseEvent drag(QEvent::MouseMove, map.fromScene(first), map.mapToGlobal(map.fromScene(first)), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(&map, &drag);
    QVERIFY(canvas.view.viewport()->rect().contains(canvas.at(first)));
}

void CanvasTest::theLeftDragPansBySetting() {
    Canvas canvas;
    canvas.view.actions().leftDragPans->trigger();
    const QPoint before = canvas.card(2);
    canvas.drag(canvas.empty(), canvas.empty() - QPoint(100, 60));
    QCOMPARE(canvas.card(2), before - QPoint(100, 60));
    // The rubber band is still there with Shift.
    canvas.drag(canvas.card(1) + QPoint(400, -60), canvas.card(2), Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{1, 2}));
    QVERIFY(CanvasSettings::load().leftDragPans);
}

void CanvasTest::tabSearchesBySetting() {
    Canvas canvas;
    canvas.view.actions().tabAdds->trigger();
    canvas.key(Qt::Key_Tab);
    QVERIFY(canvas.view.search().isVisible());
}

void CanvasTest::aPinchZooms() {
    Canvas canvas;
    const QPointF at = canvas.card(3);
    const QPointF under = canvas.view.mapToScene(at.toPoint());
    const double before = canvas.view.zoom();
    QNativeGestureEvent pinch(Qt::ZoomNativeGesture, QPointingDevice::primaryPointingDevice(), 2, at, at,
                              canvas.view.viewport()->mapToGlobal(at), 0.5, {});
    QApplication::sendEvent(canvas.view.viewport(), &pinch);
    QCOMPARE(canvas.view.zoom(), before * 1.5);
    QVERIFY((canvas.view.mapToScene(at.toPoint()) - under).manhattanLength() < 3);
}

void CanvasTest::theKnifeCutsWhatItCrosses() {
    Canvas canvas(fan());
    // Below card 2, across its three wires.
    const QPoint middle = canvas.port(2, -1) + QPoint(0, 10);
    canvas.press(middle - QPoint(60, 0), Qt::RightButton, Qt::ControlModifier);
    for (int x = -40; x <= 60; x += 20) canvas.moveTo(middle + QPoint(x, 0), Qt::RightButton, Qt::ControlModifier);
    canvas.release(middle + QPoint(60, 0), Qt::RightButton, Qt::ControlModifier);
    QVERIFY(canvas.document.graph().outputsOf(2).empty());
    QCOMPARE(canvas.document.graph().edges().size(), std::size_t{3});
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(canvas.mirrorsDocument());
    canvas.document.undoStack().undo();
    QCOMPARE(canvas.document.graph().outputsOf(2).size(), std::size_t{3});
    // A stroke through the air is no step.
    canvas.drag(canvas.empty(), canvas.empty() - QPoint(50, 50), Qt::RightButton, Qt::ControlModifier);
    QCOMPARE(canvas.document.undoStack().index(), 0);
}

void CanvasTest::theKnifeIsPutAwayByEscape() {
    Canvas canvas;
    const QPoint middle = canvas.port(2, -1) + QPoint(0, 10);
    canvas.press(middle - QPoint(60, 0), Qt::RightButton, Qt::ControlModifier);
    canvas.moveTo(middle, Qt::RightButton, Qt::ControlModifier);
    canvas.moveTo(middle + QPoint(60, 0), Qt::RightButton, Qt::ControlModifier);
    canvas.key(Qt::Key_Escape);
    canvas.release(middle + QPoint(60, 0), Qt::RightButton, Qt::ControlModifier);
    QCOMPARE(canvas.document.undoStack().count(), 0);
    QVERIFY(canvas.mirrorsDocument());
}

void CanvasTest::allWiresOfAnOutputMoveTogether() {
    Canvas canvas(fan());
    canvas.drag(canvas.port(2, -1), canvas.card(1), Qt::LeftButton, Qt::ControlModifier);
    // Card 1 feeds card 2 and could not feed it twice, but its three readers can be moved up to it.
    QCOMPARE(canvas.document.graph().outputsOf(1).size(), std::size_t{4});
    QVERIFY(canvas.document.graph().outputsOf(2).empty());
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(canvas.mirrorsDocument());
    canvas.document.undoStack().undo();
    QCOMPARE(canvas.document.graph().outputsOf(2).size(), std::size_t{3});
    // Dropped on nothing they stay.
    canvas.drag(canvas.port(2, -1), canvas.empty(), Qt::LeftButton, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().outputsOf(2).size(), std::size_t{3});
    QVERIFY(!canvas.view.search().isVisible());
}

void CanvasTest::allWiresAreRefusedAsOne() {
    Canvas canvas(fan());
    canvas.press(canvas.port(2, -1), Qt::LeftButton, Qt::ControlModifier);
    canvas.moveTo(canvas.card(4) - QPoint(0, 8), Qt::LeftButton, Qt::ControlModifier);
    canvas.moveTo(canvas.card(4), Qt::LeftButton, Qt::ControlModifier);
    QCOMPARE(canvas.scene.card(4)->linkRole(), CardItem::LinkRole::Refused);
    QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("loop")));
    canvas.release(canvas.card(4), Qt::LeftButton, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().outputsOf(2).size(), std::size_t{3});
    QCOMPARE(canvas.document.undoStack().count(), 0);
}

void CanvasTest::theWiresMenuDisconnects() {
    Canvas canvas;
    QTimer::singleShot(0, &canvas.view, [] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) return;
        for (QAction* action : menu->actions()) {
            if (action->objectName() == QStringLiteral("disconnect")) QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
        }
        menu->close();
    });
    const QPoint wire = canvas.at(canvas.scene.wire({2, 3, 0})->path().pointAtPercent(0.5));
    canvas.press(wire, Qt::RightButton);
    canvas.release(wire, Qt::RightButton);
    QVERIFY(canvas.document.graph().inputsOf(3).empty());
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void CanvasTest::aSelectedWireGoesByKey_data() {
    QTest::addColumn<Qt::Key>("key");
    QTest::newRow("Del") << Qt::Key_Delete;
    QTest::newRow("Backspace") << Qt::Key_Backspace;
}

void CanvasTest::aSelectedWireGoesByKey() {
    QFETCH(Qt::Key, key);
    Canvas canvas;
    canvas.click(canvas.at(canvas.scene.wire({2, 3, 0})->path().pointAtPercent(0.5)));
    QCOMPARE(canvas.scene.selectedWires().size(), std::size_t{1});
    canvas.key(key);
    QVERIFY(canvas.document.graph().inputsOf(3).empty());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{5});
}

void CanvasTest::bypassIsOneStep() {
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

void CanvasTest::bypassIsRefusedWithASentence() {
    Canvas canvas;
    QSignalSpy said(&canvas.view.actions(), &EditorActions::message);
    canvas.click(canvas.card(1));
    canvas.key(Qt::Key_B, Qt::ControlModifier);
    QCOMPARE(said.count(), 1);
    QVERIFY(!canvas.view.actions().bypass->isChecked());
    QCOMPARE(canvas.document.undoStack().count(), 0);
}

namespace {

/// The field over the canvas, for a title or a note.
void write(Canvas& canvas, const QString& words) {
    TextOverlay& field = canvas.view.textOverlay();
    QTRY_VERIFY(field.isVisible());
    QTest::keyClicks(&field, words);
    QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!field.isVisible());
}

void answerWithNumber(QWidget* on, int number) {
    QTimer::singleShot(0, on, [number] {
        auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        dialog->setIntValue(number);
        QTest::keyClick(dialog, Qt::Key_Return);
    });
}

QPoint titleOf(const Canvas& canvas, GroupId id) {
    return canvas.at(canvas.scene.group(id)->titleBar().center());
}

} // namespace

void CanvasTest::aFrameIsMadeMovedAndDissolved() {
    Canvas canvas;
    canvas.scene.selectOnly(std::array<NodeId, 2>{2, 3});
    canvas.key(Qt::Key_G, Qt::ControlModifier);
    write(canvas, QStringLiteral("Features"));
    QCOMPARE(canvas.document.graph().groups().size(), std::size_t{1});
    const GroupId id = canvas.document.graph().groups().front().id;
    QCOMPARE(canvas.scene.group(id)->title(), QStringLiteral("Features"));
    // Nobody stands under its title.
    const QRectF frame = canvas.scene.group(id)->frame();
    for (const NodeId other : {1, 4, 5}) {
        const CardItem& card = *canvas.scene.card(other);
        QVERIFY(!frame.intersects(card.cardRect().translated(card.pos())));
    }
    const Point two = canvas.document.graph().find(2)->position, four = canvas.document.graph().find(4)->position;
    const int steps = canvas.document.undoStack().index();
    canvas.drag(titleOf(canvas, id), titleOf(canvas, id) + QPoint(150, 40), Qt::LeftButton, Qt::NoModifier);
    QCOMPARE(canvas.document.undoStack().index(), steps + 1);
    QVERIFY(canvas.document.graph().find(2)->position.x > two.x + 100);
    QCOMPARE(canvas.document.graph().find(3)->position.x, canvas.document.graph().find(2)->position.x);
    QVERIFY(canvas.document.graph().find(4)->position == four);
    QVERIFY(canvas.mirrorsDocument());
    QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, titleOf(canvas, id));
    canvas.view.textOverlay().selectAll();
    write(canvas, QStringLiteral("Eyes"));
    QCOMPARE(canvas.document.graph().groups().front().title, std::string("Eyes"));
    canvas.click(titleOf(canvas, id));
    canvas.key(Qt::Key_U, Qt::ControlModifier);
    QVERIFY(canvas.document.graph().groups().empty());
    QVERIFY(canvas.scene.group(id) == nullptr);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{5});
    while (canvas.document.undoStack().canUndo()) canvas.document.undoStack().undo();
    QVERIFY(canvas.document.graph() == test::smallNet());
    QVERIFY(canvas.mirrorsDocument());
}

void CanvasTest::cardsJoinAFrameAndLeaveIt() {
    ModelGraph graph = test::smallNet();
    const NodeId above = edits::addCard(graph, "Dropout", {420, 0});
    const NodeId below = edits::addCard(graph, "Dropout", {420, 200});
    const NodeId loose = edits::addCard(graph, "Dropout", {420, 400});
    const GroupId id = graph.addGroup({.title = "Frame"}, std::array{above, below});
    Canvas canvas(graph);
    canvas.drag(canvas.card(loose), (canvas.card(above) + canvas.card(below)) / 2);
    QCOMPARE(canvas.document.graph().membersOf(id), (std::vector<NodeId>{above, below, loose}));
    QCOMPARE(canvas.document.undoStack().count(), 1);
    canvas.view.actions().groups->takeOut->trigger();
    QCOMPARE(canvas.document.graph().membersOf(id), (std::vector<NodeId>{above, below}));
}

void CanvasTest::aBlockFoldsAndIsRepeated() {
    ModelGraph graph = test::smallNet();
    test::setParam(graph, 2, "padding", std::string("same"));
    Canvas canvas(graph);
    const std::int64_t alone = canvas.document.report().totals.macs;
    canvas.click(canvas.card(2));
    canvas.key(Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
    write(canvas, QStringLiteral("Seeing"));
    const GroupId id = canvas.document.graph().groups().front().id;
    canvas.click(canvas.card(2));
    answerWithNumber(&canvas.view, 3);
    canvas.key(Qt::Key_R, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().groups().front().repeat, std::int64_t{3});
    canvas.view.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&canvas.view));
    QVERIFY(canvas.document.report().totals.macs > 2 * alone);
    QVERIFY(canvas.scene.group(id)->detail().contains(QStringLiteral("× 3")));
    canvas.key(Qt::Key_E, Qt::ControlModifier);
    QVERIFY(canvas.scene.card(-id) != nullptr);
    QVERIFY(!canvas.scene.card(2)->isVisible());
    QCOMPARE(canvas.scene.card(-id)->face().title, QStringLiteral("Seeing"));
    QCOMPARE(canvas.scene.card(-id)->face().name, QStringLiteral("× 3"));
    QVERIFY(canvas.mirrorsDocument());
    QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, canvas.card(-id));
    QVERIFY(canvas.scene.card(-id) == nullptr);
    QVERIFY(canvas.scene.card(2)->isVisible());
    canvas.click(canvas.at(canvas.scene.group(id)->foldButton().center()));
    QVERIFY(canvas.scene.card(-id) != nullptr);
    while (canvas.document.undoStack().canUndo()) canvas.document.undoStack().undo();
    QVERIFY(canvas.document.graph() == graph);
}

void CanvasTest::aFoldedBlockIsWiredMovedAndCopied() {
    ModelGraph graph = test::smallNet();
    graph.addGroup({.title = "Block", .block = true, .folded = true}, std::array<NodeId, 2>{2, 3});
    Canvas canvas(graph);
    const NodeId block = -graph.groups().front().id;
    canvas.click(canvas.card(block));
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{2, 3}));
    const Point two = graph.find(2)->position, three = graph.find(3)->position;
    canvas.drag(canvas.card(block), canvas.card(block) + QPoint(200, 30));
    const Point now = canvas.document.graph().find(2)->position;
    QVERIFY(now.x > two.x + 150);
    QCOMPARE(canvas.document.graph().find(3)->position.y - now.y, three.y - two.y);
    QVERIFY(canvas.mirrorsDocument());
    // What leaves it is seen beside it.
    QImage image(300, 46, QImage::Format_RGB32);
    for (const NodeId id : {2, 3}) canvas.scene.setStrip(id, {image, {}, {}, {}, false});
    QVERIFY(!canvas.scene.strip(2)->isVisible());
    QVERIFY(canvas.scene.strip(3)->isVisible());
    // Its output is that of the last card in it, its input that of the first.
    canvas.document.edit(QStringLiteral("Cut"), [](DocumentState& state) { edits::disconnectAll(state.graph, 4); });
    canvas.drag(canvas.port(block, -1), canvas.card(4));
    QCOMPARE(canvas.document.graph().inputsOf(4).front().from, NodeId{3});
    canvas.document.edit(QStringLiteral("Cut"), [](DocumentState& state) { state.graph.disconnect({1, 2, 0}); });
    canvas.drag(canvas.port(1, -1), canvas.card(block));
    QCOMPARE(canvas.document.graph().inputsOf(2).front().from, NodeId{1});
    canvas.click(canvas.card(block));
    canvas.key(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().groups().size(), std::size_t{2});
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{7});
    QVERIFY(canvas.mirrorsDocument());
    canvas.key(Qt::Key_Delete);
    QCOMPARE(canvas.document.graph().groups().size(), std::size_t{1});
    // Along the wires, through the block.
    canvas.scene.selectOnly(std::array<NodeId, 1>{1});
    canvas.key(Qt::Key_Down);
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{2, 3}));
    canvas.key(Qt::Key_Down);
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{4});
}

void CanvasTest::notesAreWrittenMovedAndDeleted() {
    Canvas canvas;
    canvas.moveTo(canvas.empty() - QPoint(200, 200), Qt::NoButton);
    canvas.key(Qt::Key_N, Qt::ShiftModifier);
    TextOverlay& field = canvas.view.textOverlay();
    QVERIFY(field.isVisible());
    QTest::keyClick(&field, Qt::Key_Escape);
    QVERIFY(canvas.document.graph().notes().empty());
    canvas.key(Qt::Key_N, Qt::ShiftModifier);
    write(canvas, QStringLiteral("**Why** 3x3?"));
    QCOMPARE(canvas.document.graph().notes().size(), std::size_t{1});
    const NoteId id = canvas.document.graph().notes().front().id;
    const auto middle = [&] { return canvas.at(canvas.scene.noteRect(id).center()); };
    const Point before = canvas.document.graph().findNote(id)->position;
    canvas.drag(middle(), middle() + QPoint(-60, 30));
    QCOMPARE(canvas.document.graph().findNote(id)->position.x, before.x - 60);
    QCOMPARE(canvas.document.undoStack().count(), 2);
    QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, middle());
    QVERIFY(field.isVisible());
    QCOMPARE(field.toPlainText(), QStringLiteral("**Why** 3x3?"));
    canvas.click(canvas.empty()); // a click elsewhere takes it over
    QVERIFY(!field.isVisible());
    canvas.click(middle());
    canvas.key(Qt::Key_Delete);
    QVERIFY(canvas.document.graph().notes().empty());
    QVERIFY(canvas.scene.noteIds().empty());
    canvas.document.undoStack().undo();
    QCOMPARE(canvas.scene.noteIds().size(), std::size_t{1});
}

void CanvasTest::aWireIsLedThroughPlaces() {
    ModelGraph graph = test::smallNet();
    edits::moveBy(graph, std::array<NodeId, 2>{4, 5}, 0, 200);
    Canvas canvas(graph);
    const Edge edge{3, 4, 0};
    const QPoint wire = canvas.at(canvas.scene.wire(edge)->path().pointAtPercent(0.5));
    canvas.drag(wire, wire + QPoint(90, 0));
    QCOMPARE(canvas.document.graph().bends(3, 4).size(), std::size_t{1});
    QCOMPARE(canvas.document.undoStack().count(), 1);
    const auto bend = [&] { return canvas.at(canvas.scene.wire(edge)->bends().front()); };
    QCOMPARE(bend(), wire + QPoint(90, 0));
    canvas.drag(bend(), bend() + QPoint(40, 20));
    QCOMPARE(canvas.document.graph().bends(3, 4).size(), std::size_t{1});
    QCOMPARE(bend(), wire + QPoint(130, 20));
    // Both ends in the hand: it comes along.
    canvas.scene.selectOnly(std::array<NodeId, 2>{3, 4});
    const Point was = canvas.document.graph().bends(3, 4).front();
    canvas.key(Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(canvas.document.graph().bends(3, 4).front().x, was.x + 10);
    QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, bend());
    QVERIFY(canvas.document.graph().bends(3, 4).empty());
    while (canvas.document.undoStack().canUndo()) canvas.document.undoStack().undo();
    QVERIFY(canvas.document.graph() == graph);
}

void CanvasTest::framesNotesAndBendsAreCopied() {
    ModelGraph graph = test::smallNet();
    graph.addGroup({.title = "Frame"}, std::array<NodeId, 2>{2, 3});
    graph.setBends(2, 3, {{50, 100}});
    const NoteId note = graph.addNote({.text = "Words", .position = {300, 0}});
    Canvas canvas(graph);
    canvas.scene.selectOnly(std::array<NodeId, 2>{2, 3});
    canvas.scene.selectNotes(std::array{note});
    canvas.key(Qt::Key_C, Qt::ControlModifier);
    canvas.moveTo(canvas.empty(), Qt::NoButton);
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    const ModelGraph& after = canvas.document.graph();
    QCOMPARE(after.groups().size(), std::size_t{2});
    QCOMPARE(after.notes().size(), std::size_t{2});
    QCOMPARE(after.allBends().size(), std::size_t{2});
    QCOMPARE(canvas.scene.selectedNotes().size(), std::size_t{1});
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void CanvasTest::arrowsConnectInTheirDirection() {
    ModelGraph graph = test::smallNet();
    graph.disconnect({2, 3, 0});
    const NodeId beside = edits::addCard(graph, "MaxPooling2D", {420, edits::pitch()});
    Canvas canvas(graph);
    canvas.click(canvas.card(3));
    canvas.key(Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().inputsOf(3).front().from, NodeId{2});
    canvas.click(canvas.card(2));
    canvas.key(Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().inputsOf(beside).front().from, NodeId{2});
    QCOMPARE(canvas.document.undoStack().count(), 2);
}

void CanvasTest::pasteKeepsTheIncomingWiresByKey() {
    Canvas canvas;
    canvas.click(canvas.card(3));
    canvas.key(Qt::Key_C, Qt::ControlModifier);
    canvas.moveTo(canvas.empty(), Qt::NoButton);
    canvas.key(Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
    const NodeId pasted = canvas.scene.selectedNodes().front();
    QCOMPARE(canvas.document.graph().inputsOf(pasted).front().from, NodeId{2});
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    QVERIFY(canvas.document.graph().inputsOf(canvas.scene.selectedNodes().front()).empty());
}

void CanvasTest::neighboursMakeRoomForACardInAWire() {
    ModelGraph graph = test::smallNet();
    const NodeId loose = edits::addCard(graph, "Dropout", {500, 0});
    Canvas canvas(graph);
    const Point four = graph.find(4)->position;
    canvas.drag(canvas.card(loose), canvas.at(canvas.scene.wire({3, 4, 0})->path().pointAtPercent(0.5)) - QPoint(-40, 0));
    QCOMPARE(canvas.document.graph().inputsOf(4).front().from, loose);
    QCOMPARE(canvas.document.graph().find(4)->position.y, four.y + edits::pitch());
    QCOMPARE(canvas.document.graph().find(loose)->position.x, four.x);
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void CanvasTest::leftToRightIsAWayOfSeeing() {
    Canvas canvas;
    const ModelGraph before = canvas.document.graph();
    canvas.view.actions().leftToRight->trigger();
    QVERIFY(canvas.document.graph() == before);
    QVERIFY(canvas.mirrorsDocument());
    QVERIFY(canvas.scene.card(2)->pos().x() > canvas.scene.card(1)->pos().x() + 300);
    QCOMPARE(canvas.scene.card(2)->pos().y(), canvas.scene.card(1)->pos().y());
    canvas.key(Qt::Key_Right);
    canvas.key(Qt::Key_Right);
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{2});
    const Point place = canvas.document.graph().find(2)->position;
    canvas.key(Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(canvas.document.graph().find(2)->position.x > place.x);
    canvas.document.undoStack().undo();
    canvas.drag(canvas.card(5), canvas.card(5) + QPoint(-40, 120));
    QVERIFY(canvas.document.graph().find(5)->position.x > 100);
    QVERIFY(canvas.mirrorsDocument());
    canvas.document.undoStack().undo();
    canvas.drag(canvas.port(3, -1), canvas.empty(), Qt::LeftButton, Qt::NoModifier);
    QVERIFY(canvas.view.search().isVisible());
    canvas.view.actions().leftToRight->trigger();
    QVERIFY(canvas.mirrorsDocument());
}

void CanvasTest::picturesForPeople() {
    ModelGraph graph = test::smallNet();
    test::setParam(graph, 2, "padding", std::string("same"));
    const NodeId late = edits::addAfter(graph, "Dropout", 4);
    setBypassed(graph, std::array{late}, true);
    const GroupId block = edits::groupCards(graph, std::array<NodeId, 1>{2}, "Seeing", true);
    Group twice = *graph.findGroup(block);
    twice.repeat = 3;
    graph.replaceGroup(twice);
    edits::groupCards(graph, std::array<NodeId, 2>{4, late}, "To a row", false);
    const NodeId extra = edits::addCard(graph, "Flatten", {420, 300});
    (void)graph.connect(3, extra);
    graph.setBends(3, extra, {{300, 250}});
    graph.addNote({.text = "## Why so few filters?\nThe digits are **simple**:\n\n- 3 × 3 sees a stroke\n- 8 are enough", .position = {230, 20}, .width = 220});
    const QString folder = QCoreApplication::applicationDirPath() + QStringLiteral("/pictures/");
    QDir().mkpath(folder);
    for (const bool dark : {false, true}) {
        Canvas canvas(graph);
        canvas.scene.setTheme(dark ? Theme::dark() : Theme::light());
        canvas.view.fitAll();
        QVERIFY(canvas.view.grab().save((folder + QStringLiteral("canvas_groups_%1.png")).arg(dark ? QStringLiteral("dark") : QStringLiteral("light"))));
        canvas.scene.selectOnly(std::array<NodeId, 1>{2});
        canvas.view.actions().groups->toggleFolded(block);
        canvas.scene.setLeftToRight(dark);
        canvas.view.showFirst();
        QVERIFY(canvas.view.grab().save((folder + QStringLiteral("canvas_folded_%1.png")).arg(dark ? QStringLiteral("dark") : QStringLiteral("light"))));
    }
    Canvas many(longChain(40));
    many.view.setZoom(0.6, {});
    QVERIFY(many.view.grab().save(folder + QStringLiteral("canvas_overview.png")));
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::CanvasTest)
#include "canvas_test.moc"
