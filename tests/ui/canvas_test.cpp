// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/mini_map.h"
#include "ui/editor/search_palette.h"
#include "ui_support.h"

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

} // namespace strata::ui

QTEST_MAIN(strata::ui::CanvasTest)
#include "canvas_test.moc"
