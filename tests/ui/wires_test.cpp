// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/search_palette.h"
#include "ui_support.h"

#include <QMenu>
#include <QSettings>
#include <QTimer>
#include <QToolTip>

namespace strata::ui {

using test::Canvas;

/// Wires by hand: drawn, refused, moved, cut, led elsewhere.
class WiresTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void aWireIsDrawnFromEitherEnd();
    void whatFitsLightsUp();
    void aWireSaysWhatItCarries();
    void aBranchKeepsItsColumn();
    void aLoopIsRefusedWithAReason();
    void aShapeThatDoesNotFitIsRefused();
    void aWireLandsAtTheVeryPort_data();
    void aWireLandsAtTheVeryPort();
    void noInputIsLostBesideAFreeOne();
    void whatDoesNotMatchCanBeJoined();
    void aWiresEndIsMoved();
    void aWiresEndDroppedOnEmptyIsDisconnected();
    void aSelectedWireIsDeleted();
    void aSelectedWireGoesByKey_data();
    void aSelectedWireGoesByKey();
    void theWiresMenuDisconnects();
    void theKnifeCutsWhatItCrosses();
    void theKnifeIsPutAwayByEscape();
    void allWiresOfAnOutputMoveTogether();
    void allWiresAreRefusedAsOne();
    void arrowsConnectInTheirDirection();
    void aWireIsLedThroughPlaces();
};

namespace {

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

void WiresTest::aWireIsDrawnFromEitherEnd() {
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

void WiresTest::whatFitsLightsUp() {
    ModelGraph graph = test::smallNet();
    const NodeId late = edits::addCard(graph, "Conv2D", {420, 4 * edits::pitch()});
    Canvas canvas(graph);
    canvas.press(canvas.port(3, -1));
    canvas.moveTo(canvas.port(3, -1) + QPoint(80, 30));
    QCOMPARE(canvas.scene.card(late)->linkRole(), CardItem::LinkRole::Fits);
    QCOMPARE(canvas.scene.card(1)->linkRole(), CardItem::LinkRole::Dimmed);
    canvas.moveTo(canvas.card(late));
    QCOMPARE(canvas.scene.card(late)->linkRole(), CardItem::LinkRole::Target);
    canvas.release(canvas.card(late));
    for (const NodeId id : {NodeId{1}, NodeId{2}, late}) QCOMPARE(canvas.scene.card(id)->linkRole(), CardItem::LinkRole::None);
}

/// The shape stands beside a short wire under the pointer, and above a port that fits.
void WiresTest::aWireSaysWhatItCarries() {
    ModelGraph graph = test::smallNet();
    graph.disconnect({4, 5, 0});
    Canvas canvas(graph);
    QVERIFY(canvas.scene.cargo().text().isEmpty());
    canvas.moveTo((canvas.port(1, -1) + canvas.port(2, 0)) / 2, Qt::NoButton);
    QCOMPARE(canvas.scene.cargo().text(), QStringLiteral("28 × 28 × 1, float32"));
    QVERIFY(canvas.scene.cargo().boundingRect().left() > canvas.scene.wire({1, 2, 0})->path().boundingRect().right());
    canvas.moveTo(canvas.empty(), Qt::NoButton);
    QVERIFY(canvas.scene.cargo().text().isEmpty());

    const auto inHand = [&] {
        QString text;
        for (const QGraphicsItem* item : canvas.scene.items()) {
            const auto* found = dynamic_cast<const CargoItem*>(item);
            if (found != nullptr && found != &canvas.scene.cargo()) text = found->text();
        }
        return text;
    };
    canvas.press(canvas.port(3, -1));
    canvas.moveTo(canvas.port(3, -1) + QPoint(40, 40));
    QVERIFY(inHand().isEmpty());
    canvas.moveTo(canvas.port(5, 0));
    QCOMPARE(inHand(), QStringLiteral("13 × 13 × 32"));
    canvas.key(Qt::Key_Escape);
    QVERIFY(inHand().isEmpty());
}

/// Around two branches that stand side by side: down the free column, not around the whole drawing.
void WiresTest::aBranchKeepsItsColumn() {
    ModelGraph graph = test::chain({"Input", "Conv2D", "Conv2D", "Add"});
    test::setParam(graph, 1, "shape", ParamValue::IntList{28, 28, 1});
    const NodeId side = edits::addCard(graph, "Conv2D", {420, edits::pitch()});
    (void)graph.connect(1, side);
    (void)graph.connect(side, 4);
    Canvas canvas(graph);
    const QRectF beside = canvas.scene.wire({side, 4, 1})->path().boundingRect();
    QVERIFY(canvas.port(4, 1).x() > canvas.port(4, 0).x()); // it comes in at its own side
    QVERIFY(beside.left() >= canvas.scene.card(4)->pos().x() + canvas.scene.card(4)->cardRect().left());
    // A card in that column: the lane left of the stack.
    canvas.document.edit(QStringLiteral("Add"), [](DocumentState& state) { (void)edits::addCard(state.graph, "Flatten", {420, 2 * edits::pitch()}); });
    const QRectF around = canvas.scene.wire({side, 4, 1})->path().boundingRect();
    QVERIFY(around.left() < canvas.scene.card(3)->pos().x() + canvas.scene.card(3)->cardRect().left());
}

void WiresTest::aLoopIsRefusedWithAReason() {
    Canvas canvas;
    canvas.press(canvas.port(4, -1));
    canvas.moveTo(canvas.card(2) + QPoint(0, 40));
    canvas.moveTo(canvas.card(2));
    QCOMPARE(canvas.scene.card(2)->linkRole(), CardItem::LinkRole::Refused);
    QTRY_VERIFY_WITH_TIMEOUT(QToolTip::text().contains(QStringLiteral("loop")), test::kPatience);
    canvas.release(canvas.card(2));
    QCOMPARE(canvas.document.undoStack().count(), 0);
    QCOMPARE(canvas.scene.card(2)->linkRole(), CardItem::LinkRole::None);
}

void WiresTest::aShapeThatDoesNotFitIsRefused() {
    ModelGraph graph = test::smallNet();
    const NodeId late = edits::addCard(graph, "Conv2D", {420, 4 * edits::pitch()});
    Canvas canvas(graph);
    canvas.press(canvas.port(4, -1)); // flat values into a convolution
    canvas.moveTo(canvas.card(late) - QPoint(0, 90));
    QCOMPARE(canvas.scene.card(late)->linkRole(), CardItem::LinkRole::Dimmed);
    canvas.moveTo(canvas.card(late));
    QCOMPARE(canvas.scene.card(late)->linkRole(), CardItem::LinkRole::Refused);
    QString said;
    connect(&canvas.view.actions(), &EditorActions::message, this, [&](const QString& text) { said = text; });
    canvas.release(canvas.card(late));
    QVERIFY(canvas.document.graph().inputsOf(late).empty());
    QVERIFY2(said.contains(QStringLiteral("Conv2D")), qPrintable(said)); // the reason stays when the hand is gone
    canvas.drag(canvas.port(3, -1), canvas.card(late)); // a picture fits
    QCOMPARE(canvas.document.graph().inputsOf(late).size(), std::size_t{1});
}

namespace {

/// Card 2 read by a second convolution of its shape, and an Add below that reads nobody yet.
struct Joining {
    ModelGraph graph;
    NodeId conv, add;
};

Joining joining(const char* between = "Activation") {
    Joining j{test::chain({"Input", "Conv2D"}), 0, 0};
    test::setParam(j.graph, 1, "shape", ParamValue::IntList{28, 28, 1});
    j.conv = edits::addCard(j.graph, between, {0, 2 * edits::pitch()});
    j.add = edits::addCard(j.graph, "Add", {0, 4 * edits::pitch()});
    (void)j.graph.connect(2, j.conv);
    return j;
}

} // namespace

void WiresTest::aWireLandsAtTheVeryPort_data() {
    QTest::addColumn<int>("slot");
    QTest::addColumn<bool>("nearFirst");
    for (const int slot : {0, 1}) {
        QTest::addRow("port %d, what skips first", slot) << slot << false;
        QTest::addRow("port %d, the card above first", slot) << slot << true;
    }
}

void WiresTest::aWireLandsAtTheVeryPort() {
    QFETCH(int, slot);
    QFETCH(bool, nearFirst);
    const Joining j = joining();
    Canvas canvas(j.graph);
    const NodeId first = nearFirst ? j.conv : 2, second = nearFirst ? 2 : j.conv;
    // Along the edge: the panel of a mistake above, gone with the first wire, moves the card up.
    const int wanted = canvas.port(j.add, slot).x(), other = canvas.port(j.add, 1 - slot).x();
    canvas.drag(canvas.port(first, -1), canvas.port(j.add, slot));
    QCOMPARE(canvas.document.graph().inputsOf(j.add).size(), std::size_t{1});
    QCOMPARE(canvas.port(j.add, 0).x(), wanted);
    QCOMPARE(canvas.port(j.add, 1).x(), other);
    canvas.drag(canvas.port(second, -1), canvas.port(j.add, 1));
    QCOMPARE(canvas.document.graph().inputsOf(j.add).size(), std::size_t{2});
    QCOMPARE(canvas.port(j.add, 0).x(), wanted);
    QCOMPARE(canvas.port(j.add, 1).x(), other);
    // To the other's port: they change places.
    canvas.drag(canvas.port(j.add, 0), canvas.port(j.add, 1));
    const std::vector<Edge> inputs = canvas.document.graph().inputsOf(j.add);
    QCOMPARE(inputs.size(), std::size_t{2});
    QCOMPARE(inputs.front().from, second);
    QCOMPARE(canvas.port(j.add, 0).x(), wanted);
    QVERIFY(canvas.mirrorsDocument());
}

void WiresTest::noInputIsLostBesideAFreeOne() {
    const Joining j = joining();
    Canvas canvas(j.graph);
    QStringList said;
    connect(&canvas.view.actions(), &EditorActions::message, this, [&](const QString& text) { said << text; });
    const QPoint port = canvas.port(j.add, 0);
    canvas.drag(canvas.port(2, -1), port);
    canvas.drag(canvas.port(j.conv, -1), canvas.port(j.add, 0)); // taken
    QCOMPARE(canvas.document.graph().inputsOf(j.add).size(), std::size_t{2});
    QVERIFY(said.isEmpty());
    // With both taken the wire that gives way is named.
    canvas.document.edit(QStringLiteral("third"), [](DocumentState& state) { edits::addCard(state.graph, "Conv2D", {420, edits::pitch()}); });
    const NodeId third = canvas.document.graph().nodes().back()->id;
    canvas.drag(canvas.port(third, -1), canvas.port(j.add, 1));
    QCOMPARE(canvas.document.graph().inputsOf(j.add).size(), std::size_t{2});
    QCOMPARE(said.size(), 1);
    QVERIFY(said.front().contains(QString::fromStdString(canvas.document.graph().find(j.conv)->name)));
}

void WiresTest::whatDoesNotMatchCanBeJoined() {
    const Joining j = joining("MaxPooling2D");
    Canvas canvas(j.graph);
    canvas.drag(canvas.port(2, -1), canvas.card(j.add));
    canvas.drag(canvas.port(j.conv, -1), canvas.card(j.add));
    QCOMPARE(canvas.document.graph().inputsOf(j.add).size(), std::size_t{2});
    QTRY_COMPARE_WITH_TIMEOUT(canvas.scene.card(j.add)->face().state, CardFace::State::Broken, test::kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(!canvas.scene.card(j.add)->face().repairs.isEmpty(), test::kPatience);
}

void WiresTest::aWiresEndIsMoved() {
    ModelGraph graph = test::smallNet();
    const NodeId other = edits::addCard(graph, "Conv2D", {420, 3 * edits::pitch()});
    Canvas canvas(graph);
    canvas.drag(canvas.port(3, 0), canvas.card(other));
    QVERIFY(canvas.document.graph().inputsOf(3).empty());
    QCOMPARE(canvas.document.graph().inputsOf(other).front().from, NodeId{2});
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(canvas.mirrorsDocument());
}

void WiresTest::aWiresEndDroppedOnEmptyIsDisconnected() {
    Canvas canvas;
    canvas.drag(canvas.port(3, 0), canvas.empty());
    QVERIFY(canvas.document.graph().inputsOf(3).empty());
    QVERIFY(!canvas.view.search().isVisible());
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void WiresTest::aSelectedWireIsDeleted() {
    Canvas canvas;
    const WireItem* wire = canvas.scene.wire({2, 3, 0});
    canvas.click(canvas.at(wire->path().pointAtPercent(0.5)));
    QCOMPARE(canvas.scene.selectedWires(), (std::vector<Edge>{{2, 3, 0}}));
    canvas.key(Qt::Key_Delete);
    QCOMPARE(canvas.document.graph().edges().size(), std::size_t{3});
    QVERIFY(canvas.mirrorsDocument());
}

void WiresTest::aSelectedWireGoesByKey_data() {
    QTest::addColumn<Qt::Key>("key");
    QTest::newRow("Del") << Qt::Key_Delete;
    QTest::newRow("Backspace") << Qt::Key_Backspace;
}

void WiresTest::aSelectedWireGoesByKey() {
    QFETCH(Qt::Key, key);
    Canvas canvas;
    canvas.click(canvas.at(canvas.scene.wire({2, 3, 0})->path().pointAtPercent(0.5)));
    QCOMPARE(canvas.scene.selectedWires().size(), std::size_t{1});
    canvas.key(key);
    QVERIFY(canvas.document.graph().inputsOf(3).empty());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{5});
}

void WiresTest::theWiresMenuDisconnects() {
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

void WiresTest::theKnifeCutsWhatItCrosses() {
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

void WiresTest::theKnifeIsPutAwayByEscape() {
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

void WiresTest::allWiresOfAnOutputMoveTogether() {
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

void WiresTest::allWiresAreRefusedAsOne() {
    Canvas canvas(fan());
    canvas.press(canvas.port(2, -1), Qt::LeftButton, Qt::ControlModifier);
    canvas.moveTo(canvas.card(4) - QPoint(0, 8), Qt::LeftButton, Qt::ControlModifier);
    canvas.moveTo(canvas.card(4), Qt::LeftButton, Qt::ControlModifier);
    QCOMPARE(canvas.scene.card(4)->linkRole(), CardItem::LinkRole::Refused);
    QTRY_VERIFY_WITH_TIMEOUT(QToolTip::text().contains(QStringLiteral("loop")), test::kPatience);
    canvas.release(canvas.card(4), Qt::LeftButton, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().outputsOf(2).size(), std::size_t{3});
    QCOMPARE(canvas.document.undoStack().count(), 0);
}

void WiresTest::arrowsConnectInTheirDirection() {
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

void WiresTest::aWireIsLedThroughPlaces() {
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

} // namespace strata::ui

QTEST_MAIN(strata::ui::WiresTest)
#include "wires_test.moc"
