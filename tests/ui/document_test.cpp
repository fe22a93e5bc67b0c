// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/clipboard.h"
#include "ui_support.h"

#include <QSignalSpy>

namespace strata::ui {

class DocumentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEditWithoutADifferenceIsNoStep();
    void editsOfOneSeriesAreOneStep();
    void aSeriesBackAtItsStartIsNoStep();
    void anUndoEndsTheSeries();
    void movesDoNotRunTheAnalysis();
    void adviceGoesByTheScalingOfTheImages();
    void undoOfEverythingIsTheStart_data();
    void undoOfEverythingIsTheStart();
    void aCopyKeepsInnerWires();
    void rubbishInTheClipboardIsASentence_data();
    void rubbishInTheClipboardIsASentence();
    void aRepairIsOneStep();
    void repairsAreFoundOnce();
};

void DocumentTest::anEditWithoutADifferenceIsNoStep() {
    GraphDocument document;
    QSignalSpy changed(&document, &GraphDocument::changed);
    QVERIFY(!document.edit(QStringLiteral("nothing"), [](DocumentState&) {}));
    QCOMPARE(document.undoStack().count(), 0);
    QCOMPARE(changed.count(), 0);
}

void DocumentTest::editsOfOneSeriesAreOneStep() {
    GraphDocument document;
    document.reset(test::stateWith(test::smallNet()));
    const auto set = [&](int filters) {
        document.edit(QStringLiteral("Set filters"), [&](DocumentState& state) { test::setParam(state.graph, 2, "filters", filters); },
                      QStringLiteral("filters"));
    };
    for (int filters = 10; filters < 20; ++filters) set(filters);
    QCOMPARE(document.undoStack().count(), 1);
    document.closeSeries();
    set(40);
    QCOMPARE(document.undoStack().count(), 2);
    document.undoStack().undo();
    QCOMPARE(*document.graph().find(2)->params.at("filters").asInt(), std::int64_t{19});
    document.undoStack().undo();
    QVERIFY(document.graph() == test::smallNet());
}

void DocumentTest::aSeriesBackAtItsStartIsNoStep() {
    GraphDocument document;
    document.reset(test::stateWith(test::smallNet()));
    for (const char* notes : {"a", "ab", "a", ""}) {
        document.edit(QStringLiteral("Notes"), [&](DocumentState& state) { state.notes = notes; }, QStringLiteral("notes"));
    }
    QCOMPARE(document.undoStack().count(), 0);
}

void DocumentTest::anUndoEndsTheSeries() {
    GraphDocument document;
    const auto note = [&](const char* text) {
        document.edit(QStringLiteral("Notes"), [&](DocumentState& state) { state.notes = text; }, QStringLiteral("notes"));
    };
    note("a");
    document.closeSeries();
    note("b");
    document.undoStack().undo();
    note("c");
    QCOMPARE(document.undoStack().count(), 2);
    document.undoStack().undo();
    QCOMPARE(document.state().notes, std::string("a"));
}

void DocumentTest::movesDoNotRunTheAnalysis() {
    GraphDocument document;
    document.reset(test::stateWith(test::smallNet()));
    QSignalSpy analysed(&document, &GraphDocument::analysed);
    document.edit(QStringLiteral("Move"), [](DocumentState& state) { edits::moveTo(state.graph, {{2, Point{300, 5}}}); });
    QCOMPARE(analysed.count(), 0);
    document.edit(QStringLiteral("Delete"), [](DocumentState& state) { state.graph.remove(3); });
    QCOMPARE(analysed.count(), 1);
}

void DocumentTest::adviceGoesByTheScalingOfTheImages() {
    GraphDocument document;
    DocumentState state = test::stateWith(test::chain({"Input", "RandomBrightness", "Flatten", "Dense"}));
    test::setParam(state.graph, 1, "shape", ParamValue::IntList{28, 28, 1});
    document.reset(state);
    const auto advised = [&] {
        return std::ranges::count(document.report().problems, "advice.value_range", &Problem::id);
    };
    QCOMPARE(advised(), 1); // its range is 0 to 255, and images would be divided by 255
    document.edit(QStringLiteral("Leave the images as they are"), [](DocumentState& s) { s.data.scaling = "none"; });
    QCOMPARE(advised(), 0);
    document.undoStack().undo();
    QCOMPARE(advised(), 1);
}

void DocumentTest::undoOfEverythingIsTheStart_data() {
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 8; ++seed) QTest::addRow("seed %u", seed) << seed;
}

/// Random edits of every kind; the canvas must mirror the document after each, and undo-all must give the start.
void DocumentTest::undoOfEverythingIsTheStart() {
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    GraphDocument document;
    EditorScene scene(document);
    document.reset(test::stateWith(test::smallNet()));
    const DocumentState start = document.state();
    const auto types = layerTypes();
    std::vector<DocumentState> history{start};
    for (int step = 0; step < 60; ++step) {
        const auto any = [&]() -> NodeId {
            const auto nodes = document.graph().nodes();
            return nodes.empty() ? 0 : nodes[random.bounded(static_cast<quint32>(nodes.size()))]->id;
        };
        const NodeId a = any(), b = any();
        document.edit(QStringLiteral("step"), [&](DocumentState& state) {
            ModelGraph& graph = state.graph;
            const auto& type = types[random.bounded(static_cast<quint32>(types.size()))].schema.id;
            switch (random.bounded(9)) {
            case 0: edits::addAfter(graph, type, a); break;
            case 1:
                if (a != 0) edits::removeAll(graph, std::array{a}, {});
                break;
            case 2:
                if (a != 0) edits::dissolveAll(graph, std::array{a});
                break;
            case 3: (void)graph.connect(a, b); break;
            case 4:
                if (!graph.edges().empty()) edits::removeAll(graph, {}, std::array{graph.edges().front()});
                break;
            case 5: edits::moveBy(graph, std::array{a, b}, random.bounded(100) - 50, random.bounded(100) - 50); break;
            case 6: (void)paste(graph, fragmentOf(graph, std::array{a, b}), {random.bounded(500) * 1.0, 40}, true); break;
            case 7:
                if (!graph.edges().empty()) (void)edits::insertNew(graph, type, graph.edges().back());
                break;
            default: state.notes += 'x'; break;
            }
        });
        if (!(history.back() == document.state())) history.push_back(document.state());
        QCOMPARE(scene.cardIds().size(), document.graph().nodes().size());
        QCOMPARE(scene.wireEdges().size(), document.graph().edges().size());
        for (const Edge& edge : document.graph().edges()) QVERIFY(scene.wire(edge) != nullptr);
        QCOMPARE(document.undoStack().count(), static_cast<int>(history.size()) - 1);
    }
    for (std::size_t i = history.size() - 1; i > 0; --i) {
        document.undoStack().undo();
        QVERIFY(document.state() == history[i - 1]);
        QCOMPARE(scene.cardIds().size(), document.graph().nodes().size());
    }
    QVERIFY(!document.undoStack().canUndo());
    QVERIFY(document.state() == start);
    while (document.undoStack().canRedo()) document.undoStack().redo();
    QVERIFY(document.state() == history.back());
}

void DocumentTest::aCopyKeepsInnerWires() {
    const ModelGraph graph = test::smallNet();
    const Fragment fragment = fragmentOf(graph, std::array<NodeId, 3>{2, 3, 4});
    const Result<Fragment> back = fromClipboardText(toClipboardText(fragment));
    QVERIFY(back);
    ModelGraph into = graph;
    const std::vector<NodeId> added = paste(into, *back, {500, 20})->nodes;
    QCOMPARE(added.size(), std::size_t{3});
    QCOMPARE(into.edges().size(), graph.edges().size() + 2);
    const Point first = into.find(added[0])->position, second = into.find(added[1])->position;
    QCOMPARE(first.x, 500.0);
    QCOMPARE(second.y - first.y, edits::pitch());
    QVERIFY(into.find(added[0])->name != graph.find(2)->name);
    ModelGraph keeping = graph;
    const std::vector<NodeId> wired = paste(keeping, *back, {500, 20}, true)->nodes;
    QCOMPARE(keeping.inputsOf(wired[0]).size(), std::size_t{1});
    QCOMPARE(keeping.inputsOf(wired[0]).front().from, NodeId{1});
}

void DocumentTest::rubbishInTheClipboardIsASentence_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("prose") << QStringLiteral("the quick brown fox");
    QTest::newRow("other json") << QStringLiteral("{\"a\": [1, 2]}");
    QTest::newRow("array") << QStringLiteral("[[[[[");
    QTest::newRow("graph is a number") << QStringLiteral("{\"strata.fragment\": 1, \"graph\": 7}");
    QTest::newRow("graph of nulls") << QStringLiteral("{\"strata.fragment\": 1, \"graph\": {\"nodes\": [null], \"edges\": null}}");
    QTest::newRow("no cards") << QStringLiteral("{\"strata.fragment\": 1, \"graph\": {\"nodes\": [], \"edges\": []}}");
    QTest::newRow("deep") << QString(QStringLiteral("[")).repeated(100000);
}

void DocumentTest::rubbishInTheClipboardIsASentence() {
    QFETCH(QString, text);
    const Result<Fragment> fragment = fromClipboardText(text);
    QVERIFY(!fragment);
    QVERIFY(!fragment.error().message.empty());
}

void DocumentTest::aRepairIsOneStep() {
    GraphDocument document;
    ModelGraph graph = test::smallNet();
    test::setParam(graph, 2, "kernel_size", ParamValue::IntList{31, 31});
    document.reset(test::stateWith(graph));
    QVERIFY(document.report().hasErrors());
    const Problem problem = document.report().problems.front();
    QCOMPARE(problem.node, NodeId{2});
    const std::vector<Repair> repairs = document.repairs(problem);
    QVERIFY(!repairs.empty());
    QVERIFY(document.applyRepair(repairs.front()));
    QCOMPARE(document.undoStack().count(), 1);
    QVERIFY(std::ranges::find(document.report().problems, problem) == document.report().problems.end());
    document.undoStack().undo();
    QVERIFY(document.graph() == graph);
}

/// On the other thread or at once, and not for a drawing that is no longer there.
void DocumentTest::repairsAreFoundOnce() {
    GraphDocument document;
    const auto broken = [](int kernel) {
        ModelGraph graph = test::smallNet();
        test::setParam(graph, 2, "kernel_size", ParamValue::IntList{kernel, kernel});
        return graph;
    };
    document.reset(test::stateWith(broken(31)));
    RepairBook& book = document.repairBook();
    QSignalSpy found(&book, &RepairBook::found);
    const Problem first = document.report().problems.front();
    QVERIFY(book.known(first) == nullptr);
    book.seek(first);
    book.seek(first);
    QTRY_COMPARE_WITH_TIMEOUT(found.count(), 1, test::kPatience);
    QCOMPARE(book.known(first)->size(), document.repairs(first).size());
    const std::vector<Repair>* kept = book.known(first);
    (void)document.repairs(first);
    QCOMPARE(book.known(first), kept);
    // What was asked for before an edit never arrives.
    document.reset(test::stateWith(broken(33)));
    QVERIFY(book.known(first) == nullptr);
    const Problem second = document.report().problems.front();
    book.seek(second);
    document.reset(test::stateWith(broken(35)));
    const Problem third = document.report().problems.front();
    book.seek(third);
    QTRY_VERIFY_WITH_TIMEOUT(book.known(third) != nullptr, test::kPatience);
    QCOMPARE(found.count(), 2);
    QVERIFY(book.known(second) == nullptr);
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::DocumentTest)
#include "document_test.moc"
