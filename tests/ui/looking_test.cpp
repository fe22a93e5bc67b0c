// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/mini_map.h"
#include "ui/editor/search_palette.h"
#include "ui_support.h"

#include <QMenu>
#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTimer>

namespace strata::ui {

using test::Canvas;

/// Looking around: zoom, pan, the overview, what is seen from afar, the strips, the other orientation.
class LookingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void wheelZoomsAboutTheCursor();
    void keysZoomAndFit();
    void theSelectedNotesAreFitted();
    void aPinchZooms();
    void twoFingersScrollAndZoom();
    void ctrlWheelZooms();
    void dragsPan_data();
    void dragsPan();
    void theLeftDragPansBySetting();
    void lookingIsNoStep();
    void theOverviewComesWithManyCards();
    void theOverviewGoesWhereItIsPressed();
    void theOverviewMakesWay();
    void theOverviewNeedsRoom();
    void farAwayCardsAreStillPicked();
    void compactPlacesSurviveARoundTrip();
    void stripsStandBesideTheirCards();
    void stripsAreHiddenBySetting();
    void layingOutKeepsTheSelectionInSight();
    void stripsEndBeforeTheNextCard();
    void leftToRightIsAWayOfSeeing();
};

namespace {

ModelGraph longChain(int cards) {
    ModelGraph graph = test::smallNet();
    graph.disconnect({4, 5, 0});
    while (static_cast<int>(graph.nodes().size()) < cards) (void)edits::addAfter(graph, "Conv2D", 2);
    return graph;
}

} // namespace

void LookingTest::wheelZoomsAboutTheCursor() {
    Canvas canvas;
    const QPoint at = canvas.card(3);
    const QPointF before = canvas.view.mapToScene(at);
    const double zoom = canvas.view.zoom();
    QWheelEvent wheel(at, canvas.view.viewport()->mapToGlobal(at), {}, {0, 360}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(canvas.view.viewport(), &wheel);
    QVERIFY(canvas.view.zoom() > zoom * 1.3);
    const QPointF drift = canvas.view.mapToScene(at) - before;
    QVERIFY2(drift.manhattanLength() < 3, qPrintable(QStringLiteral("drift %1 %2").arg(drift.x()).arg(drift.y())));
    for (int i = 0; i < 40; ++i) {
        QWheelEvent out(at, canvas.view.viewport()->mapToGlobal(at), {}, {0, -360}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas.view.viewport(), &out);
    }
    QCOMPARE(canvas.view.zoom(), EditorView::kLeastZoom);
}

void LookingTest::keysZoomAndFit() {
    Canvas canvas;
    canvas.key(Qt::Key_Minus, Qt::ControlModifier);
    QVERIFY(canvas.view.zoom() < 0.99);
    canvas.key(Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(canvas.view.zoom(), 1.0);
    canvas.key(Qt::Key_Plus, Qt::ControlModifier);
    QVERIFY(canvas.view.zoom() > 1.01);
    canvas.view.setZoom(4, {});
    canvas.key(Qt::Key_Home);
    const QRectF seen = canvas.view.mapToScene(canvas.view.viewport()->rect()).boundingRect();
    QVERIFY(seen.contains(canvas.scene.contentRect()));
    // A note beside the cards: one of the two directions is full.
    canvas.document.edit(QStringLiteral("note"), [](DocumentState& state) {
        Note note;
        note.text = "A note";
        note.position = {500, 0};
        state.graph.addNote(std::move(note));
    });
    canvas.key(Qt::Key_Home);
    const QRect shown = canvas.view.mapFromScene(canvas.scene.contentRect()).boundingRect();
    const QRect whole = canvas.view.viewport()->rect();
    QVERIFY(canvas.view.zoom() == 1.0 || shown.width() > 0.85 * whole.width() || shown.height() > 0.85 * whole.height());
    QVERIFY(std::abs(shown.center().x() - whole.center().x()) < 12);
    canvas.scene.selectOnly(std::array<NodeId, 1>{5});
    canvas.view.setZoom(0.2, {});
    canvas.key(Qt::Key_F);
    QVERIFY(canvas.view.zoom() > 0.9);
    QVERIFY(canvas.view.viewport()->rect().contains(canvas.card(5)));
}

void LookingTest::theSelectedNotesAreFitted() {
    ModelGraph graph = test::smallNet();
    const NoteId note = graph.addNote({.text = "Far away", .position = {2600, 2600}});
    Canvas canvas(graph);
    const auto seen = [&](const QRectF& rect) { return canvas.view.mapToScene(canvas.view.viewport()->rect()).boundingRect().contains(rect); };
    canvas.scene.selectNotes(std::array{note});
    canvas.key(Qt::Key_F);
    QCOMPARE(canvas.view.zoom(), 1.0);
    QVERIFY(seen(canvas.scene.noteRect(note)));
    canvas.scene.selectOnly(std::array<NodeId, 1>{1});
    canvas.scene.selectNotes(std::array{note});
    canvas.key(Qt::Key_F);
    QVERIFY(seen(canvas.scene.noteRect(note)));
    QVERIFY(seen(canvas.scene.cardsRect(std::array<NodeId, 1>{1})));
}

void LookingTest::aPinchZooms() {
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

void LookingTest::twoFingersScrollAndZoom() {
    Canvas canvas;
    const QPointingDevice pad(QStringLiteral("touchpad"), 7, QInputDevice::DeviceType::TouchPad, QPointingDevice::PointerType::Finger,
                              QInputDevice::Capability::Position | QInputDevice::Capability::Scroll, 2, 0);
    const QPoint at = canvas.card(3), before = canvas.card(2);
    const double zoom = canvas.view.zoom();
    const auto scroll = [&](QPoint pixels, Qt::KeyboardModifiers keys) {
        QWheelEvent event(at, canvas.view.viewport()->mapToGlobal(at), pixels, pixels * 4, Qt::NoButton, keys, Qt::ScrollUpdate, false, Qt::MouseEventNotSynthesized, &pad);
        QApplication::sendEvent(canvas.view.viewport(), &event);
    };
    scroll({-30, -20}, Qt::NoModifier);
    QCOMPARE(canvas.card(2), before + QPoint(-30, -20));
    QCOMPARE(canvas.view.zoom(), zoom);
    scroll({0, 30}, Qt::ControlModifier);
    QVERIFY(canvas.view.zoom() > zoom);
}

void LookingTest::ctrlWheelZooms() {
    Canvas canvas;
    const QPoint at = canvas.card(3);
    for (int i = 0; i < 30; ++i) {
        QWheelEvent in(at, canvas.view.viewport()->mapToGlobal(at), {}, {0, 240}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(canvas.view.viewport(), &in);
    }
    QCOMPARE(canvas.view.zoom(), EditorView::kMostZoom);
}

void LookingTest::dragsPan_data() {
    QTest::addColumn<Qt::MouseButton>("button");
    QTest::addColumn<bool>("space");
    QTest::newRow("middle") << Qt::MiddleButton << false;
    QTest::newRow("right") << Qt::RightButton << false;
    QTest::newRow("space and left") << Qt::LeftButton << true;
}

void LookingTest::dragsPan() {
    QFETCH(Qt::MouseButton, button);
    QFETCH(bool, space);
    Canvas canvas;
    const QPoint before = canvas.card(2);
    if (space) QTest::keyPress(&canvas.view, Qt::Key_Space);
    canvas.drag(canvas.empty(), canvas.empty() - QPoint(120, 80), button);
    if (space) QTest::keyRelease(&canvas.view, Qt::Key_Space);
    QCOMPARE(canvas.card(2), before - QPoint(120, 80));
    QCOMPARE(canvas.document.undoStack().count(), 0);
}

void LookingTest::theLeftDragPansBySetting() {
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

/// Neither is what is selected.
void LookingTest::lookingIsNoStep() {
    Canvas canvas;
    canvas.click(canvas.card(2));
    canvas.key(Qt::Key_Home);
    canvas.key(Qt::Key_F);
    canvas.key(Qt::Key_Plus, Qt::ControlModifier);
    canvas.key(Qt::Key_M);
    canvas.key(Qt::Key_Down);
    canvas.key(Qt::Key_A, Qt::ControlModifier);
    canvas.drag(canvas.empty(), canvas.empty() - QPoint(50, 50), Qt::MiddleButton);
    QCOMPARE(canvas.document.undoStack().count(), 0);
    QVERIFY(!canvas.document.isModified());
}

void LookingTest::theOverviewComesWithManyCards() {
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

void LookingTest::theOverviewGoesWhereItIsPressed() {
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

/// Not over what is selected, and over nothing where all is in sight anyway.
void LookingTest::theOverviewMakesWay() {
    Canvas canvas(longChain(40));
    MiniMap& map = canvas.view.miniMap();
    QVERIFY(map.isVisible());
    const QRect home = map.geometry();
    QSignalSpy settled(&map, &MiniMap::settled);
    const QPointF place = canvas.scene.card(5)->pos();
    canvas.view.horizontalScrollBar()->setValue(canvas.view.horizontalScrollBar()->value() + canvas.at(place).x() - home.center().x());
    canvas.view.verticalScrollBar()->setValue(canvas.view.verticalScrollBar()->value() + canvas.at(place).y() - home.center().y());
    QVERIFY(settled.wait(test::kPatience)); // cards that pass below do not move it
    QCOMPARE(map.geometry(), home);
    canvas.scene.selectOnly(std::array<NodeId, 1>{5});
    QTRY_VERIFY_WITH_TIMEOUT(!map.geometry().intersects(QRect(canvas.at(place), QSize(1, 1))), test::kPatience);
    QVERIFY(map.isVisible());
    QVERIFY(map.geometry() != home);

    const QRect now = map.geometry();
    const QPoint ground(canvas.view.width() / 2, 40);
    canvas.press(ground, Qt::LeftButton, Qt::ShiftModifier); // a rubber band is drawn over it
    canvas.moveTo((ground + now.center()) / 2);
    canvas.moveTo(now.center());
    QVERIFY(!map.geometry().contains(now.center()));
    canvas.release(now.center());

    canvas.scene.clearSelection();
    canvas.document.edit(QStringLiteral("Corners"), [](DocumentState& state) {
        double x = 0, y = 0;
        for (const auto& node : std::vector(state.graph.nodes().begin(), state.graph.nodes().end())) {
            Node moved = *node;
            moved.position = {x, y};
            x = x > 1200 ? 0 : x + 420;
            if (x == 0) y += 90;
            state.graph.replace(std::move(moved));
        }
    });
    canvas.scene.selectAll();
    canvas.key(Qt::Key_F);
    canvas.scene.clearSelection();
    QTRY_VERIFY_WITH_TIMEOUT(!map.isVisible(), test::kPatience);
    canvas.key(Qt::Key_M);
    QVERIFY(map.isVisible());
    QVERIFY(settled.wait(test::kPatience));
    QVERIFY(map.isVisible());
}

void LookingTest::theOverviewNeedsRoom() {
    Canvas canvas(longChain(40));
    const MiniMap& map = canvas.view.miniMap();
    QVERIFY(map.isVisible());
    canvas.view.resize(700, 220);
    QVERIFY(!map.isVisible());
    canvas.key(Qt::Key_M);
    QVERIFY(map.isVisible());
    canvas.view.resize(900, 700);
    canvas.key(Qt::Key_M);
    QVERIFY(!map.isVisible());
}

void LookingTest::farAwayCardsAreStillPicked() {
    Canvas canvas;
    canvas.view.setZoom(0.25, {});
    canvas.click(canvas.card(4));
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{4});
    canvas.view.grab(); // paints the level of detail of this zoom
}

void LookingTest::compactPlacesSurviveARoundTrip() {
    for (const Density density : {Density::Regular, Density::Compact}) {
        CanvasMap map(Metrics::of(density));
        map.setPanels({{1, 100, 76}, {2, 300, 40}});
        for (const Point place : {Point{0, 0}, Point{37, 100}, Point{-20, 174}, Point{5, 299}, Point{5, 600}}) {
            const Point back = map.toDocument(map.toScene(place));
            QVERIFY(std::abs(back.x - place.x) < 1e-6 && std::abs(back.y - place.y) < 1e-6);
        }
    }
}

void LookingTest::stripsStandBesideTheirCards() {
    Canvas canvas;
    QImage image(300, 46, QImage::Format_RGB32);
    image.fill(Qt::darkGreen);
    canvas.scene.setStrip(2, {.image = image, .tiles = 12, .all = 16});
    const StripItem* strip = canvas.scene.strip(2);
    QVERIFY(strip != nullptr);
    QVERIFY(strip->pos().x() > canvas.scene.card(2)->pos().x() + canvas.scene.card(2)->cardRect().right());
    QSignalSpy maps(&canvas.scene, &EditorScene::mapsRequested);
    canvas.click(canvas.at(strip->pos() + QPointF(300 + 12, 0)));
    QCOMPARE(maps.count(), 1);
    canvas.document.edit(QStringLiteral("Delete"), [](DocumentState& state) { state.graph.remove(2); });
    QVERIFY(canvas.scene.strip(2) == nullptr);
}

void LookingTest::stripsAreHiddenBySetting() {
    QImage image(300, 46, QImage::Format_RGB32);
    image.fill(Qt::darkGreen);
    const Strip maps{.image = image, .tiles = 12, .all = 16};
    {
        Canvas canvas;
        canvas.scene.setStrip(2, maps);
        const QRectF wide = canvas.scene.contentRect();
        QVERIFY(canvas.scene.strip(2)->isVisible());
        canvas.view.actions().mapsBeside->trigger();
        canvas.scene.setStrip(3, maps); // news of a training
        QVERIFY(!canvas.scene.strip(2)->isVisible() && !canvas.scene.strip(3)->isVisible());
        QVERIFY(canvas.scene.contentRect().right() < wide.right());
        QSignalSpy asked(&canvas.scene, &EditorScene::mapsRequested);
        canvas.click(canvas.at(canvas.scene.strip(2)->pos() + QPointF(300 + 12, 0)));
        QCOMPARE(asked.count(), 0);
        QCOMPARE(canvas.document.undoStack().count(), 0);
    }
    Canvas canvas; // remembered
    canvas.scene.setStrip(2, maps);
    QVERIFY(!canvas.scene.strip(2)->isVisible());
    canvas.view.actions().mapsBeside->trigger();
    QVERIFY(canvas.scene.strip(2)->isVisible());
    QCOMPARE(canvas.scene.strip(2)->shownTiles(), 12);
}

/// What is not connected goes to the left of the drawing, and the view goes along with what is selected.
void LookingTest::layingOutKeepsTheSelectionInSight() {
    ModelGraph graph = test::smallNet();
    const NodeId loose = edits::addCard(graph, "Dense", {300, 2.5 * edits::pitch()});
    Canvas canvas(graph);
    canvas.view.setZoom(1, {});
    canvas.scene.selectOnly(std::array{loose});
    canvas.view.actions().layOut->trigger();
    QVERIFY(canvas.scene.restingPlace(loose).x() < canvas.scene.restingPlace(1).x());
    const QRectF card = canvas.scene.cardsRect(std::array{loose});
    QVERIFY(canvas.view.mapToScene(canvas.view.viewport()->rect()).boundingRect().contains(card));
}

/// Cards side by side: what does not fit between them is not drawn under them.
void LookingTest::stripsEndBeforeTheNextCard() {
    ModelGraph graph = test::smallNet();
    const double beside = Metrics::regular().card.width + 60;
    const NodeId close = edits::addCard(graph, "MaxPooling2D", {beside, edits::pitch()});
    const NodeId far = edits::addCard(graph, "MaxPooling2D", {2 * beside, 2 * edits::pitch()});
    Canvas canvas(graph);
    QImage image(12 * 46 + 11 * 4, 46, QImage::Format_RGB32);
    image.fill(Qt::darkGreen);
    for (const NodeId id : {2, 3, 4}) canvas.scene.setStrip(id, {.image = image, .tiles = 12, .all = 16});
    const auto isClear = [&](NodeId id, NodeId next) {
        const StripItem& strip = *canvas.scene.strip(id);
        return strip.sceneBoundingRect().right() < canvas.scene.card(next)->pos().x() + canvas.scene.card(next)->cardRect().left();
    };
    QCOMPARE(canvas.scene.strip(4)->shownTiles(), 12);
    QCOMPARE(canvas.scene.strip(4)->more(), QStringLiteral("+4"));
    QCOMPARE(canvas.scene.strip(2)->shownTiles(), 1); // there is room for one
    QVERIFY(isClear(2, close));
    QVERIFY(canvas.scene.strip(3)->shownTiles() > 4 && canvas.scene.strip(3)->shownTiles() < 12);
    QCOMPARE(canvas.scene.strip(3)->more(), QStringLiteral("+%1").arg(16 - canvas.scene.strip(3)->shownTiles()));
    QVERIFY(isClear(3, far));
    // It follows a card in the hand.
    canvas.view.fitAll();
    canvas.press(canvas.card(close));
    canvas.moveTo(canvas.card(close) + QPoint(0, 40));
    canvas.moveTo(canvas.card(close) + QPoint(0, 200));
    QCOMPARE(canvas.scene.strip(2)->shownTiles(), 12);
    canvas.key(Qt::Key_Escape);
    QCOMPARE(canvas.scene.strip(2)->shownTiles(), 1);
}

void LookingTest::leftToRightIsAWayOfSeeing() {
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

} // namespace strata::ui

QTEST_MAIN(strata::ui::LookingTest)
#include "looking_test.moc"
