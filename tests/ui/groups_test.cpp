// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/bypass.h"
#include "engine/graph/templates.h"
#include "ui/document/number_text.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/group_actions.h"
#include "ui/editor/group_edits.h"
#include "ui/editor/text_overlay.h"
#include "ui_support.h"

#include <QDir>
#include <QInputDialog>
#include <QLineF>
#include <QSettings>
#include <QSignalSpy>
#include <QTimer>

#include <algorithm>
#include <set>

namespace strata::ui {

using test::Canvas;

/// Frames, blocks that fold and repeat, and notes.
class GroupsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void aFrameIsMadeMovedAndDissolved();
    void cardsJoinAFrameAndLeaveIt();
    void aBlockOutOfAFrameSaysSo();
    void aWholeFrameBecomesTheBlock();
    void aBlockFoldsAndIsRepeated();
    void aFoldedBlocksMistakeMakesRoom();
    void aFoldedBlockIsWiredMovedAndCopied();
    void aFoldedBlocksOwnWiresTakeNoCard_data();
    void aFoldedBlocksOwnWiresTakeNoCard();
    void notesAreWrittenMovedAndDeleted();
    void picturesForPeople();
};

namespace {

ModelGraph longChain(int cards) {
    ModelGraph graph = test::smallNet();
    graph.disconnect({4, 5, 0});
    while (static_cast<int>(graph.nodes().size()) < cards) (void)edits::addAfter(graph, "Conv2D", 2);
    return graph;
}

/// The field over the canvas, for a title or a note.
void write(Canvas& canvas, const QString& words) {
    TextOverlay& field = canvas.view.textOverlay();
    QTRY_VERIFY_WITH_TIMEOUT(field.isVisible(), test::kPatience);
    QTest::keyClicks(&field, words);
    QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!field.isVisible());
}

/// Whenever the question comes.
void answerWithNumber(QWidget* on, int number) {
    QTimer::singleShot(10, on, [on, number] {
        auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return answerWithNumber(on, number);
        dialog->setIntValue(number);
        QTest::keyClick(dialog, Qt::Key_Return);
    });
}

/// As people see it: with the panel of a mistake.
QRectF seenRect(const CardItem& card) {
    return card.cardRect().translated(card.pos());
}

bool seenCardsOverlap(const EditorScene& scene) {
    std::set<const CardItem*> seen;
    for (const NodeId id : scene.cardIds()) seen.insert(scene.shownCard(id));
    return std::ranges::any_of(seen, [&](const CardItem* a) {
        return std::ranges::any_of(seen, [&](const CardItem* b) { return a != b && seenRect(*a).intersects(seenRect(*b)); });
    });
}

QPoint titleOf(const Canvas& canvas, GroupId id) {
    return canvas.at(canvas.scene.group(id)->titleBar().center());
}

} // namespace

void GroupsTest::aFrameIsMadeMovedAndDissolved() {
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

void GroupsTest::cardsJoinAFrameAndLeaveIt() {
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

void GroupsTest::aBlockOutOfAFrameSaysSo() {
    Canvas canvas;
    canvas.scene.selectOnly(std::array<NodeId, 3>{2, 3, 4});
    canvas.key(Qt::Key_G, Qt::ControlModifier);
    write(canvas, QStringLiteral("Features"));
    const GroupId frame = canvas.document.graph().groups().front().id;
    canvas.scene.selectOnly(std::array<NodeId, 2>{2, 3});
    const GroupActions& groups = *canvas.view.actions().groups;
    QVERIFY2(groups.block->toolTip().contains(QStringLiteral("they leave \"Features\"")), qPrintable(groups.block->toolTip()));
    QSignalSpy said(&canvas.view.actions(), &EditorActions::message);
    canvas.key(Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
    write(canvas, QStringLiteral("Twice"));
    QVERIFY(said.count() >= 1);
    QVERIFY(said.front().front().toString().contains(QStringLiteral("\"Features\"")));
    const GroupId block = canvas.document.graph().groups().back().id;
    QCOMPARE(canvas.document.graph().membersOf(frame), std::vector<NodeId>{4});
    // Neither open nor folded it lies on what is left of the frame.
    QVERIFY(!canvas.scene.group(frame)->frame().intersects(canvas.scene.group(block)->frame()));
    canvas.view.actions().groups->toggleFolded(block);
    const CardItem& card = *canvas.scene.card(-block);
    QVERIFY(!canvas.scene.group(frame)->frame().intersects(card.cardRect().translated(card.pos())));
    canvas.scene.selectOnly(std::array<NodeId, 1>{5});
    QVERIFY(!groups.block->toolTip().contains(QStringLiteral("leave")));
}

/// Its title and its place stay; undo gives the frame back.
void GroupsTest::aWholeFrameBecomesTheBlock() {
    Canvas canvas;
    canvas.scene.selectOnly(std::array<NodeId, 2>{2, 3});
    canvas.key(Qt::Key_G, Qt::ControlModifier);
    write(canvas, QStringLiteral("Features"));
    const ModelGraph framed = canvas.document.graph();
    const Group frame = framed.groups().front();
    canvas.scene.selectOnly(std::array<NodeId, 2>{3, 2});
    const GroupActions& groups = *canvas.view.actions().groups;
    QVERIFY2(groups.block->toolTip().contains(QStringLiteral("the frame \"Features\"")), qPrintable(groups.block->toolTip()));
    QSignalSpy said(&canvas.view.actions(), &EditorActions::message);
    canvas.key(Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY_WITH_TIMEOUT(canvas.view.textOverlay().isVisible(), test::kPatience);
    QCOMPARE(canvas.view.textOverlay().toPlainText(), QStringLiteral("Features"));
    canvas.view.textOverlay().selectAll();
    write(canvas, QStringLiteral("Eyes"));
    QCOMPARE(said.count(), 0);
    QCOMPARE(canvas.document.graph().groups().size(), std::size_t{1});
    const Group block = canvas.document.graph().groups().front();
    QCOMPARE(block.id, frame.id);
    QVERIFY(block.block && block.title == "Eyes");
    QCOMPARE(canvas.document.graph().membersOf(block.id), framed.membersOf(frame.id));
    QCOMPARE(canvas.document.graph().find(2)->position.y, framed.find(2)->position.y);
    QVERIFY(canvas.mirrorsDocument());
    canvas.document.undoStack().undo();
    QCOMPARE(canvas.document.graph().groups().front().title, frame.title);
    canvas.document.undoStack().undo();
    QVERIFY(canvas.document.graph() == framed);
    QVERIFY(canvas.mirrorsDocument());
}

void GroupsTest::aBlockFoldsAndIsRepeated() {
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
    QVERIFY(QTest::qWaitForWindowActive(&canvas.view, test::kPatience));
    QVERIFY(canvas.document.report().totals.macs > 2 * alone);
    QVERIFY(canvas.scene.group(id)->detail().contains(QStringLiteral("× 3")));
    const std::optional<Shape> output = canvas.document.report().blocks.at(id).output;
    QVERIFY(output.has_value());
    QCOMPARE(canvas.scene.group(id)->exit(), QStringLiteral("× 3 → %1").arg(shapeText(*output)));
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

/// Repeated four times the images become too small in the block: its folded card says so and offers what mends it.
void GroupsTest::aFoldedBlocksMistakeMakesRoom() {
    Canvas canvas(findTemplate("lenet")->make());
    std::vector<NodeId> members;
    for (const auto& node : canvas.document.graph().nodes()) {
        if (members.size() < 2 && (node->type == "Conv2D" || node->type == "MaxPooling2D")) members.push_back(node->id);
    }
    canvas.scene.selectOnly(members);
    canvas.key(Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
    write(canvas, QStringLiteral("Small"));
    canvas.scene.selectOnly(members);
    answerWithNumber(&canvas.view, 4);
    canvas.key(Qt::Key_R, Qt::ControlModifier);
    canvas.view.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&canvas.view, test::kPatience));
    QVERIFY(!seenCardsOverlap(canvas.scene));
    canvas.key(Qt::Key_E, Qt::ControlModifier);
    const GroupId id = canvas.document.graph().groups().front().id;
    QVERIFY(canvas.scene.card(-id) != nullptr);
    QVERIFY(canvas.scene.card(-id)->panelHeight() > 0);
    QVERIFY(!seenCardsOverlap(canvas.scene));
    QVERIFY(canvas.mirrorsDocument());
    canvas.key(Qt::Key_Home);
    QVERIFY(!seenCardsOverlap(canvas.scene));
    const CardItem& block = *canvas.scene.card(-id);
    const NodeId broken = canvas.document.report().blocks.at(id).broken;
    QVERIFY(!block.face().repairs.empty());
    QCOMPARE(block.face().repairs, canvas.scene.card(broken)->face().repairs);
    // Its own panel is not in its way: it comes to stand where the hand lets it go.
    const QPointF was = block.pos();
    canvas.drag(canvas.card(-id), canvas.at(was + QPointF(340, 86)));
    QVERIFY(QLineF(canvas.scene.card(-id)->pos(), was + QPointF(300, 60)).length() < 10);
    canvas.document.undoStack().undo();
    const int steps = canvas.document.undoStack().index();
    canvas.click(canvas.at(canvas.scene.card(-id)->pos() + canvas.scene.card(-id)->repairRect(0).center()));
    QCOMPARE(canvas.document.undoStack().index(), steps + 1);
    QCOMPARE(canvas.document.report().blocks.at(id).broken, NodeId{0});
    QVERIFY(!seenCardsOverlap(canvas.scene));
}

void GroupsTest::aFoldedBlockIsWiredMovedAndCopied() {
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
    for (const NodeId id : {2, 3}) canvas.scene.setStrip(id, {.image = image});
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

void GroupsTest::aFoldedBlocksOwnWiresTakeNoCard_data() {
    QTest::addColumn<bool>("opened"); // and folded again: its wires were seen once
    QTest::newRow("folded in the file") << false;
    QTest::newRow("folded by hand") << true;
}

/// The wire in the block is not seen, wherever it was last drawn: the card goes into the one under the hand.
void GroupsTest::aFoldedBlocksOwnWiresTakeNoCard() {
    QFETCH(bool, opened);
    ModelGraph graph = test::smallNet();
    // The card's middle comes over the origin, where a path that was never drawn lies, and over the one that was. What
    // follows moves up when the block is folded.
    const double four = opened ? 148 : 60;
    edits::moveTo(graph, {{1, Point{0, -154}}, {2, Point{0, -80}}, {3, Point{0, 8}}, {4, Point{0, four}}, {5, Point{0, four + 74}}});
    const GroupId block = graph.addGroup({.title = "Block", .block = true, .folded = !opened}, std::array<NodeId, 2>{2, 3});
    const NodeId loose = edits::addCard(graph, "Dropout", {420, 40});
    Canvas canvas(graph);
    if (opened) canvas.view.actions().groups->toggleFolded(block);
    QVERIFY(canvas.scene.card(-block) != nullptr);
    const QPoint wire = canvas.at(canvas.scene.wire({3, 4, 0})->path().pointAtPercent(0.5));
    canvas.drag(canvas.card(loose), wire + QPoint(40, 0));
    QCOMPARE(canvas.document.graph().inputsOf(loose).size(), std::size_t{1});
    QCOMPARE(canvas.document.graph().inputsOf(loose).front().from, NodeId{3});
    QCOMPARE(canvas.document.graph().inputsOf(4).front().from, loose);
    QCOMPARE(canvas.document.graph().membersOf(block), (std::vector<NodeId>{2, 3}));
    QVERIFY(canvas.mirrorsDocument());
}

void GroupsTest::notesAreWrittenMovedAndDeleted() {
    Canvas canvas;
    canvas.moveTo(canvas.empty() - QPoint(200, 200), Qt::NoButton);
    canvas.key(Qt::Key_N, Qt::ShiftModifier);
    TextOverlay& field = canvas.view.textOverlay();
    QVERIFY(field.isVisible());
    QTest::keyClick(&field, Qt::Key_Escape);
    QVERIFY(canvas.document.graph().notes().empty());
    canvas.key(Qt::Key_N, Qt::ShiftModifier);
    QTest::keyClicks(&field, QStringLiteral("Not to be lost"));
    QTest::keyClick(&field, Qt::Key_Escape);
    QVERIFY(!field.isVisible());
    QCOMPARE(canvas.document.graph().notes().size(), std::size_t{1});
    QCOMPARE(canvas.document.graph().notes().front().text, std::string("Not to be lost"));
    canvas.document.undoStack().undo();
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

void GroupsTest::picturesForPeople() {
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

QTEST_MAIN(strata::ui::GroupsTest)
#include "groups_test.moc"
