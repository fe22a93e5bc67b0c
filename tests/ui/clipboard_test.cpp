// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/graph_json.h"
#include "ui/document/clipboard.h"
#include "ui/editor/editor_actions.h"
#include "ui_support.h"

#include <QClipboard>
#include <QSettings>
#include <QSignalSpy>

#include <nlohmann/json.hpp>

namespace strata::ui {

using test::Canvas;

/// Copy, cut, paste, duplicate; and what else may lie on the clipboard.
class ClipboardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QGuiApplication::clipboard()->clear(); }

    void copyCutPasteDuplicate();
    void aDuplicateLiesOnNothingAndInSight();
    void whatIsPastedKeepsItsOrderAtTheHand();
    void twoWindowsShareTheClipboard();
    void incomingWiresNeedRoomToo();
    void pasteKeepsTheIncomingWiresByKey();
    void framesNotesAndBendsAreCopied();
    void whatIsFarApartStaysOnTheCanvas();
    void tooManyCardsAreRefused();
    void nothingHappensButAMessage_data();
    void nothingHappensButAMessage();
};

void ClipboardTest::copyCutPasteDuplicate() {
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

void ClipboardTest::aDuplicateLiesOnNothingAndInSight() {
    Canvas canvas;
    Strip strip;
    strip.image = QImage(500, 40, QImage::Format_RGB32);
    canvas.scene.setStrip(2, strip);
    canvas.scene.setStrip(3, strip);
    canvas.click(canvas.card(3));
    for (int times = 0; times < 4; ++times) {
        const std::vector<QRectF> before = canvas.scene.takenRects();
        canvas.key(Qt::Key_D, Qt::ControlModifier);
        const QRectF copy = canvas.scene.cardsRect(canvas.scene.selectedNodes());
        QVERIFY(std::ranges::none_of(before, [&](const QRectF& rect) { return rect.intersects(copy); }));
        QVERIFY(canvas.view.mapToScene(canvas.view.viewport()->rect()).boundingRect().contains(copy));
    }
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{9});
}

void ClipboardTest::whatIsPastedKeepsItsOrderAtTheHand() {
    Canvas canvas;
    canvas.scene.selectOnly(std::array<NodeId, 2>{2, 3});
    canvas.key(Qt::Key_C, Qt::ControlModifier);
    const QPoint hand = canvas.empty() - QPoint(150, 150);
    canvas.moveTo(hand, Qt::NoButton);
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    const ModelGraph& graph = canvas.document.graph();
    const std::vector<NodeId> pasted = canvas.scene.selectedNodes();
    QCOMPARE(pasted.size(), std::size_t{2});
    const Point a = graph.find(2)->position, b = graph.find(3)->position, x = graph.find(pasted[0])->position, y = graph.find(pasted[1])->position;
    QCOMPARE(y.x - x.x, b.x - a.x);
    QCOMPARE(y.y - x.y, b.y - a.y);
    QCOMPARE(graph.inputsOf(pasted[1]).front().from, pasted[0]);
    const QPointF off = canvas.scene.card(pasted[0])->pos() - canvas.view.mapToScene(hand);
    QVERIFY2(std::abs(off.x()) < 2 && std::abs(off.y()) < 2, qPrintable(QStringLiteral("%1 %2").arg(off.x()).arg(off.y())));
}

void ClipboardTest::twoWindowsShareTheClipboard() {
    Canvas from;
    from.scene.selectOnly(std::array<NodeId, 3>{2, 3, 4});
    from.key(Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QGuiApplication::clipboard()->text().trimmed().startsWith(QLatin1Char('{')));
    Canvas to{ModelGraph()};
    to.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(to.document.graph().nodes().size(), std::size_t{3});
    QCOMPARE(to.document.graph().edges().size(), std::size_t{2});
    QVERIFY(to.mirrorsDocument());
}

/// A file holds 40,000 wires, and what comes at once leaves a tenth of them.
void ClipboardTest::incomingWiresNeedRoomToo() {
    std::vector<Node> nodes;
    std::vector<Edge> edges;
    for (NodeId id = 1; id <= 8000; ++id) nodes.push_back({.id = id, .type = "Add", .name = "n" + std::to_string(id)});
    for (NodeId to = 10; edges.size() < 35'999; ++to) {
        for (int slot = 0; slot < 5 && edges.size() < 35'999; ++slot) edges.push_back({slot + 1, to, slot});
    }
    ModelGraph drawing = *ModelGraph::build(nodes, edges);
    Fragment fragment;
    const NodeId card = fragment.graph.add({.type = "Add"});
    fragment.incoming = {{"n1", card}, {"n2", card}, {"of another window", card}};
    const ModelGraph before = drawing;
    const Result<Pasted> both = paste(drawing, fragment, {}, true);
    QVERIFY(!both);
    QVERIFY2(both.error().message.find("35,999 wires and would get 2 more") != std::string::npos, both.error().message.c_str());
    QVERIFY(drawing == before);
    QVERIFY(paste(drawing, fragment, {}, false).ok());
    fragment.incoming.erase(fragment.incoming.begin());
    QVERIFY(paste(drawing, fragment, {}, true).ok());
}

void ClipboardTest::pasteKeepsTheIncomingWiresByKey() {
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

void ClipboardTest::framesNotesAndBendsAreCopied() {
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

/// As far as a canvas goes, around a hand that is not in its middle: what comes of it can be saved and opened.
void ClipboardTest::whatIsFarApartStaysOnTheCanvas() {
    ModelGraph graph;
    const NodeId left = graph.add({.type = "Flatten", .position = {-1e6, 0}});
    const NodeId right = graph.add({.type = "Flatten", .position = {1e6, 0}});
    const NoteId note = graph.addNote({.text = "below", .position = {0, 1e6}});
    Canvas canvas;
    QGuiApplication::clipboard()->setText(toClipboardText(fragmentOf(graph, std::array{left, right}, std::array{note})));
    canvas.moveTo(canvas.empty(), Qt::NoButton);
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{7});
    QCOMPARE(canvas.document.graph().notes().size(), std::size_t{1});
    canvas.key(Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{9});
    const Result<ModelGraph> read = graphFromJson(toJson(canvas.document.graph()));
    QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
    QVERIFY(*read == canvas.document.graph());
    QVERIFY(canvas.mirrorsDocument());
}

void ClipboardTest::tooManyCardsAreRefused() {
    nlohmann::json json{{"nodes", nlohmann::json::array()}, {"edges", nlohmann::json::array()}};
    for (int i = 1; i <= 9000; ++i) json["nodes"].push_back({{"id", i}, {"type", "Flatten"}, {"name", "n" + std::to_string(i)}});
    const Result<ModelGraph> many = graphFromJson(json);
    QVERIFY(many.ok());
    QGuiApplication::clipboard()->setText(toClipboardText({*many, {}}));
    Canvas canvas;
    QSignalSpy said(&canvas.view.actions(), &EditorActions::message);
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(said.count(), 1);
    QVERIFY(said.front().front().toString().contains(QStringLiteral("5 cards and would get 9,000 more")));
    QCOMPARE(canvas.document.undoStack().count(), 0);
    QVERIFY(canvas.document.graph() == test::smallNet());
}

void ClipboardTest::nothingHappensButAMessage_data() {
    QTest::addColumn<QString>("text");
    const ModelGraph graph = test::smallNet();
    const QString whole = toClipboardText(fragmentOf(graph, std::array<NodeId, 2>{2, 3}));
    QTest::newRow("empty") << QString();
    QTest::newRow("words") << QStringLiteral("not a layer");
    QTest::newRow("foreign JSON") << QStringLiteral("{\"nodes\": [1, 2, 3]}");
    QTest::newRow("cut off") << whole.left(whole.size() / 2);
    QTest::newRow("another type") << QString(whole).replace(QStringLiteral("\"Conv2D\""), QStringLiteral("[[]]"));
    QTest::newRow("wires to nowhere") << QString(whole).replace(QStringLiteral("\"id\": 2"), QStringLiteral("\"id\": 77"));
    QTest::newRow("numbers beyond all") << QString(whole).replace(QStringLiteral("\"id\": 2"), QStringLiteral("\"id\": 1e400"));
    QTest::newRow("null bytes") << QString(whole).insert(20, QString(5, QChar(0)));
    QTest::newRow("half a letter") << QString(QChar(0xD800)) + QStringLiteral("{\"strata.fragment\"");
    QTest::newRow("nested deeply") << QString(200'000, QLatin1Char('['));
    QTest::newRow("huge") << QString(40'000'000, QLatin1Char('x'));
}

void ClipboardTest::nothingHappensButAMessage() {
    QFETCH(QString, text);
    Canvas canvas;
    QGuiApplication::clipboard()->setText(text);
    QSignalSpy said(&canvas.view.actions(), &EditorActions::message);
    canvas.key(Qt::Key_V, Qt::ControlModifier);
    canvas.key(Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(said.count(), 2);
    QVERIFY(said.front().front().toString().size() > 20);
    QVERIFY(said.front().front().toString().size() < 400);
    QCOMPARE(canvas.document.undoStack().count(), 0);
    QVERIFY(canvas.document.graph() == test::smallNet());
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::ClipboardTest)
#include "clipboard_test.moc"
