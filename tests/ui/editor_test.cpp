// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/clipboard.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/palette_panel.h"
#include "ui/editor/search_palette.h"
#include "ui_support.h"

#include <QClipboard>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QTimer>
#include <QToolTip>

namespace strata::ui {

using test::Canvas;

/// One real gesture for every interaction: what the hand does, and what the document and the canvas then hold.
class EditorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QGuiApplication::clipboard()->clear(); }

    void wheelZoomsAboutTheCursor();
    void keysZoomAndFit();
    void dragsPan_data();
    void dragsPan();
    void aRightClickOpensTheMenu();
    void clicksSelect();
    void theRubberBandSelects();
    void aDragMovesInOneStep();
    void movesSnapAndShiftSuspends();
    void escapeTakesAMoveBack();
    void aWireIsDrawnFromEitherEnd();
    void aLoopIsRefusedWithAReason();
    void aShapeThatDoesNotFitIsRefused();
    void aWiresEndIsMoved();
    void aWiresEndDroppedOnEmptyIsDisconnected();
    void aWireDroppedOnEmptyOffersWhatFits();
    void aSelectedWireIsDeleted();
    void keysDeleteAndDissolve();
    void aCardDroppedOnAWireGoesIntoIt();
    void aLayerDraggedFromThePaletteLands();
    void aLayerDraggedOntoAWireGoesIntoIt();
    void theSearchPaletteAdds_data();
    void theSearchPaletteAdds();
    void thePaletteAddsAfterTheSelected();
    void copyCutPasteDuplicate();
    void pasteOfRubbishIsASentence();
    void autoLayoutIsOneAnimatedStep();
    void arrowsWalkAndEnterAsksForTheFields();
    void arrowsNudgeAndConnect();
    void aRepairButtonOnTheCardMends();
    void farAwayCardsAreStillPicked();
    void compactPlacesSurviveARoundTrip();
    void stripsStandBesideTheirCards();
};

void EditorTest::wheelZoomsAboutTheCursor() {
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

void EditorTest::keysZoomAndFit() {
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
    canvas.scene.selectOnly(std::array<NodeId, 1>{5});
    canvas.view.setZoom(0.2, {});
    canvas.key(Qt::Key_F);
    QVERIFY(canvas.view.zoom() > 0.9);
    QVERIFY(canvas.view.viewport()->rect().contains(canvas.card(5)));
}

void EditorTest::dragsPan_data() {
    QTest::addColumn<Qt::MouseButton>("button");
    QTest::addColumn<bool>("space");
    QTest::newRow("middle") << Qt::MiddleButton << false;
    QTest::newRow("right") << Qt::RightButton << false;
    QTest::newRow("space and left") << Qt::LeftButton << true;
}

void EditorTest::dragsPan() {
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

void EditorTest::theRubberBandSelects() {
    Canvas canvas;
    const QPoint from = canvas.card(1) + QPoint(400, -60);
    canvas.drag(from, canvas.card(2));
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{1, 2}));
    canvas.drag(canvas.card(5) + QPoint(400, 60), canvas.card(5), Qt::LeftButton, Qt::NoModifier);
    QCOMPARE(canvas.scene.selectedNodes(), (std::vector<NodeId>{5}));
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

void EditorTest::aWireIsDrawnFromEitherEnd() {
    ModelGraph graph = test::smallNet();
    graph.disconnect({4, 5, 0});
    Canvas canvas(graph);
    canvas.drag(canvas.port(4, -1), canvas.port(5, 0));
    QCOMPARE(canvas.document.graph().inputsOf(5).size(), std::size_t{1});
    canvas.document.undoStack().undo();
    canvas.drag(canvas.port(5, 0), canvas.card(4));
    QCOMPARE(canvas.document.graph().inputsOf(5).size(), std::size_t{1});
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(canvas.mirrorsDocument());
}

void EditorTest::aLoopIsRefusedWithAReason() {
    Canvas canvas;
    canvas.press(canvas.port(4, -1));
    canvas.moveTo(canvas.card(2) + QPoint(0, 40));
    canvas.moveTo(canvas.card(2));
    QCOMPARE(canvas.scene.card(2)->linkRole(), CardItem::LinkRole::Refused);
    QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("loop")));
    canvas.release(canvas.card(2));
    QCOMPARE(canvas.document.undoStack().count(), 0);
    QCOMPARE(canvas.scene.card(2)->linkRole(), CardItem::LinkRole::None);
}

void EditorTest::aShapeThatDoesNotFitIsRefused() {
    ModelGraph graph = test::smallNet();
    const NodeId late = edits::addCard(graph, "Conv2D", {420, 4 * edits::pitch()});
    Canvas canvas(graph);
    canvas.press(canvas.port(4, -1)); // flat values into a convolution
    canvas.moveTo(canvas.card(late) - QPoint(0, 90));
    QCOMPARE(canvas.scene.card(late)->linkRole(), CardItem::LinkRole::Dimmed);
    canvas.moveTo(canvas.card(late));
    QCOMPARE(canvas.scene.card(late)->linkRole(), CardItem::LinkRole::Refused);
    canvas.release(canvas.card(late));
    QVERIFY(canvas.document.graph().inputsOf(late).empty());
    canvas.drag(canvas.port(3, -1), canvas.card(late)); // a picture fits
    QCOMPARE(canvas.document.graph().inputsOf(late).size(), std::size_t{1});
}

void EditorTest::aWiresEndIsMoved() {
    ModelGraph graph = test::smallNet();
    const NodeId other = edits::addCard(graph, "Conv2D", {420, 3 * edits::pitch()});
    Canvas canvas(graph);
    canvas.drag(canvas.port(3, 0), canvas.card(other));
    QVERIFY(canvas.document.graph().inputsOf(3).empty());
    QCOMPARE(canvas.document.graph().inputsOf(other).front().from, NodeId{2});
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(canvas.mirrorsDocument());
}

void EditorTest::aWiresEndDroppedOnEmptyIsDisconnected() {
    Canvas canvas;
    canvas.drag(canvas.port(3, 0), canvas.empty());
    QVERIFY(canvas.document.graph().inputsOf(3).empty());
    QVERIFY(!canvas.view.search().isVisible());
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void EditorTest::aWireDroppedOnEmptyOffersWhatFits() {
    Canvas canvas;
    canvas.drag(canvas.port(2, -1), canvas.port(2, -1) + QPoint(330, 60));
    QVERIFY(canvas.view.search().isVisible());
    const QStringList offered = canvas.view.search().offered();
    QVERIFY(offered.contains(QStringLiteral("MaxPooling2D")));
    QVERIFY(!offered.contains(QStringLiteral("Input")));
    QTest::keyClicks(canvas.view.search().field(), QStringLiteral("batchn"));
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Return);
    QVERIFY(!canvas.view.search().isVisible());
    const std::vector<NodeId> added = canvas.scene.selectedNodes();
    QCOMPARE(added.size(), std::size_t{1});
    QCOMPARE(canvas.document.graph().find(added[0])->type, std::string("BatchNormalization"));
    QCOMPARE(canvas.document.graph().inputsOf(added[0]).front().from, NodeId{2});
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void EditorTest::aSelectedWireIsDeleted() {
    Canvas canvas;
    const WireItem* wire = canvas.scene.wire({2, 3, 0});
    canvas.click(canvas.at(wire->path().pointAtPercent(0.5)));
    QCOMPARE(canvas.scene.selectedWires(), (std::vector<Edge>{{2, 3, 0}}));
    canvas.key(Qt::Key_Delete);
    QCOMPARE(canvas.document.graph().edges().size(), std::size_t{3});
    QVERIFY(canvas.mirrorsDocument());
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

void EditorTest::aCardDroppedOnAWireGoesIntoIt() {
    ModelGraph graph = test::smallNet();
    const NodeId loose = edits::addCard(graph, "Dropout", {420, 40});
    Canvas canvas(graph);
    const double below = canvas.document.graph().find(3)->position.y;
    const QPoint wire = canvas.at(canvas.scene.wire({2, 3, 0})->path().pointAtPercent(0.5));
    // Taken 26 px below its top edge: held so that its middle is on the wire.
    canvas.drag(canvas.card(loose), wire + QPoint(40, 0));
    QCOMPARE(canvas.document.graph().inputsOf(loose).front().from, NodeId{2});
    QCOMPARE(canvas.document.graph().inputsOf(3).front().from, loose);
    QCOMPARE(canvas.document.graph().find(3)->position.y, below + edits::pitch());
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

namespace {

void drop(Canvas& canvas, const char* type, QPoint at) {
    QMimeData data;
    data.setData(QLatin1String(EditorView::kLayerMime), type);
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.view.viewport(), &enter);
    QDragMoveEvent move(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.view.viewport(), &move);
    QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.view.viewport(), &event);
}

} // namespace

void EditorTest::aLayerDraggedFromThePaletteLands() {
    Canvas canvas;
    drop(canvas, "Dropout", canvas.empty());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{6});
    const NodeId added = canvas.scene.selectedNodes().front();
    const QRectF card = canvas.scene.card(added)->cardRect().translated(canvas.scene.card(added)->pos());
    QVERIFY(card.contains(canvas.view.mapToScene(canvas.empty())));
    drop(canvas, "NoSuchLayer", canvas.empty());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{6});
}

void EditorTest::aLayerDraggedOntoAWireGoesIntoIt() {
    Canvas canvas;
    drop(canvas, "Dropout", canvas.at(canvas.scene.wire({3, 4, 0})->path().pointAtPercent(0.5)));
    const NodeId added = canvas.scene.selectedNodes().front();
    QCOMPARE(canvas.document.graph().inputsOf(4).front().from, added);
    QCOMPARE(canvas.document.graph().inputsOf(added).front().from, NodeId{3});
}

void EditorTest::theSearchPaletteAdds_data() {
    QTest::addColumn<int>("how");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("type");
    QTest::newRow("double click, title") << 0 << QStringLiteral("dropout") << QStringLiteral("Dropout");
    QTest::newRow("key, initials") << 1 << QStringLiteral("gap") << QStringLiteral("GlobalAveragePooling2D");
    QTest::newRow("key, synonym") << 1 << QStringLiteral("fully conn") << QStringLiteral("Dense");
    QTest::newRow("key, Keras's name") << 1 << QStringLiteral("max_pool") << QStringLiteral("MaxPooling2D");
}

void EditorTest::theSearchPaletteAdds() {
    QFETCH(int, how);
    QFETCH(QString, typed);
    QFETCH(QString, type);
    Canvas canvas;
    if (how == 0) QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, canvas.empty());
    else canvas.key(Qt::Key_A, Qt::ShiftModifier);
    QVERIFY(canvas.view.search().isVisible());
    QTRY_VERIFY(canvas.view.search().field()->hasFocus());
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Escape);
    QVERIFY(!canvas.view.search().isVisible());
    QVERIFY(canvas.view.hasFocus());
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    QTest::keyClicks(canvas.view.search().field(), typed);
    QCOMPARE(canvas.view.search().offered().value(0), type);
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Return);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{6});
    QCOMPARE(canvas.document.graph().nodes().back()->type, type.toStdString());
}

void EditorTest::thePaletteAddsAfterTheSelected() {
    Canvas canvas;
    PalettePanel palette;
    connect(&palette, &PalettePanel::layerChosen, &canvas.view, &EditorView::addLayer);
    palette.show();
    canvas.click(canvas.card(2));
    palette.field()->setFocus();
    QTest::keyClicks(palette.field(), QStringLiteral("dropout"));
    QTest::keyClick(palette.field(), Qt::Key_Return);
    const NodeId added = canvas.scene.selectedNodes().front();
    QCOMPARE(canvas.document.graph().inputsOf(added).front().from, NodeId{2});
    QCOMPARE(canvas.document.graph().inputsOf(3).front().from, added);
    QTreeWidget* tree = palette.tree();
    const QRect row = tree->visualItemRect(tree->currentItem());
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, row.center());
    QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{7});
    QVERIFY(canvas.mirrorsDocument());
}

void EditorTest::copyCutPasteDuplicate() {
    Canvas canvas;
    canvas.scene.selectOnly(std::array<NodeId, 2>{2, 3});
    canvas.key(Qt::Key_C, Qt::ControlModifier);
    canvas.moveTo(canvas.empty(), Qt::NoButton);
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{7});
    QCOMPARE(canvas.document.graph().edges().size(), std::size_t{5});
    canvas.key(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{9});
    canvas.key(Qt::Key_X, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{7});
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{9});
    QCOMPARE(canvas.document.undoStack().count(), 4);
    QVERIFY(canvas.mirrorsDocument());
}

void EditorTest::pasteOfRubbishIsASentence() {
    Canvas canvas;
    QGuiApplication::clipboard()->setText(QStringLiteral("not a layer"));
    QSignalSpy said(&canvas.view.actions(), &EditorActions::message);
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(said.count(), 1);
    QCOMPARE(canvas.document.undoStack().count(), 0);
}

void EditorTest::autoLayoutIsOneAnimatedStep() {
    ModelGraph graph = test::smallNet();
    edits::moveTo(graph, {{2, Point{500, 300}}, {4, Point{-300, 10}}});
    Canvas canvas(graph);
    canvas.key(Qt::Key_L, Qt::ControlModifier);
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(!canvas.mirrorsDocument()); // on their way
    QTRY_VERIFY(canvas.mirrorsDocument());
    QVERIFY(canvas.document.graph().find(2)->position.y < canvas.document.graph().find(3)->position.y);
    canvas.document.undoStack().undo();
    QVERIFY(canvas.document.graph() == graph);
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

void EditorTest::farAwayCardsAreStillPicked() {
    Canvas canvas;
    canvas.view.setZoom(0.25, {});
    canvas.click(canvas.card(4));
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{4});
    canvas.view.grab(); // paints the level of detail of this zoom
}

void EditorTest::compactPlacesSurviveARoundTrip() {
    for (const Density density : {Density::Regular, Density::Compact}) {
        CanvasMap map(Metrics::of(density));
        map.setPanels({{1, 100, 76}, {2, 300, 40}});
        for (const Point place : {Point{0, 0}, Point{37, 100}, Point{-20, 174}, Point{5, 299}, Point{5, 600}}) {
            const Point back = map.toDocument(map.toScene(place));
            QVERIFY(std::abs(back.x - place.x) < 1e-6 && std::abs(back.y - place.y) < 1e-6);
        }
    }
}

void EditorTest::stripsStandBesideTheirCards() {
    Canvas canvas;
    QImage image(300, 46, QImage::Format_RGB32);
    image.fill(Qt::darkGreen);
    canvas.scene.setStrip(2, {image, QStringLiteral("+4"), {}, {}, false});
    const StripItem* strip = canvas.scene.strip(2);
    QVERIFY(strip != nullptr);
    QVERIFY(strip->pos().x() > canvas.scene.card(2)->pos().x() + canvas.scene.card(2)->cardRect().right());
    QSignalSpy maps(&canvas.scene, &EditorScene::mapsRequested);
    canvas.click(canvas.at(strip->pos() + QPointF(300 + 12, 0)));
    QCOMPARE(maps.count(), 1);
    canvas.document.edit(QStringLiteral("Delete"), [](DocumentState& state) { state.graph.remove(2); });
    QVERIFY(canvas.scene.strip(2) == nullptr);
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::EditorTest)
#include "editor_test.moc"
