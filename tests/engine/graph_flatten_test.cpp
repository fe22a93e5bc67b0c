// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"
#include "engine/graph/bypass.h"
#include "engine/graph/flatten.h"
#include "engine/graph/graph_json.h"
#include "engine/graph/repairs.h"
#include "tests/support/graph_dsl.h"

#include <nlohmann/json.hpp>
#include <QTest>

using namespace strata;

namespace {

NodeId idOf(const ModelGraph& graph, const char* name) {
    return graph.findByName(name)->id;
}

ModelGraph bypassing(ModelGraph graph, std::initializer_list<const char*> names) {
    std::vector<NodeId> ids;
    for (const char* name : names) ids.push_back(idOf(graph, name));
    setBypassed(graph, ids, true);
    return graph;
}

/// `names` as a block that is repeated.
ModelGraph repeating(ModelGraph graph, std::initializer_list<const char*> names, std::int64_t repeat) {
    std::vector<NodeId> ids;
    for (const char* name : names) ids.push_back(idOf(graph, name));
    graph.addGroup({.title = "Block", .block = true, .repeat = repeat}, ids);
    return graph;
}

std::string names(const ModelGraph& graph) {
    std::string out;
    for (const NodeId id : topologicalOrder(graph)) out += (out.empty() ? "" : " ") + graph.find(id)->name;
    return out;
}

constexpr const char* kChain = "Input 8x8x4 name=in > Conv2D filters=4 padding=same name=a > "
                               "Conv2D filters=6 padding=same name=b > Flatten name=f > Dense units=3 name=d";
constexpr const char* kResidual = "Input 8x8x4 name=in > Conv2D filters=4 padding=same name=a > Add name=sum; in > sum > "
                                  "Flatten name=f > Dense units=3 name=d";

} // namespace

/// What is built of a drawing: bypassed cards left out, blocks written out.
class GraphFlattenTest : public QObject {
    Q_OBJECT
private slots:
    void bypassedCardsAreLeftOut() {
        const ModelGraph graph = bypassing(graphFrom(kChain), {"a", "b"});
        QVERIFY(!isFlat(graph));
        QCOMPARE(names(flatten(graph)), std::string("in f d"));
        const GraphReport report = analyse(graph);
        QVERIFY(!report.hasErrors());
        QCOMPARE(report.nodes.size(), std::size_t{5});
        QCOMPARE(report.order.size(), std::size_t{5});
        QCOMPARE(report.find(idOf(graph, "b"))->plan.output, Shape({8, 8, 4}));
        QCOMPARE(report.find(idOf(graph, "b"))->parameters, std::int64_t{0});
        QCOMPARE(report.totals.parameters, std::int64_t{(8 * 8 * 4 + 1) * 3});
        QCOMPARE(report.totals.layers, 2);
    }

    void aBypassedBranchPassesItsInputTwice() {
        const ModelGraph graph = bypassing(graphFrom(kResidual), {"a"});
        const ModelGraph flat = flatten(graph);
        const std::vector<Edge> into = flat.inputsOf(idOf(graph, "sum"));
        QCOMPARE(into.size(), std::size_t{2});
        QCOMPARE(into[0].from, into[1].from);
        QVERIFY(!analyse(graph).hasErrors());
    }

    void bypassIsRefusedWhereShapesForbid_data() {
        QTest::addColumn<QString>("drawing");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("word");
        QTest::newRow("input") << kChain << "in" << "data begin here";
        QTest::newRow("adds other channels") << "Input 8x8x3 name=in > Conv2D filters=4 padding=same name=a > Conv2D filters=4 padding=same name=b > "
                                                "Add name=sum; a > sum; in > Conv2D filters=4 padding=same name=c > sum" << "c" << "Add";
        QTest::newRow("leaves a branch over") << "Input 8x8x3 name=in > Conv2D filters=3 padding=same name=a > Add name=sum > Conv2D filters=2 name=z; in > Conv2D filters=3 padding=same name=c > sum"
                                              << "sum" << "outputs";
        QTest::newRow("leaves a dead end") << "Input 8x8x3 name=in > Conv2D filters=3 padding=same name=a > Add name=sum > Flatten > Dense units=2; in > Conv2D filters=3 padding=same name=c > sum"
                                           << "sum" << "nothing reads its output";
        QTest::newRow("allowed") << kChain << "b" << "";
    }
    void bypassIsRefusedWhereShapesForbid() {
        QFETCH(QString, drawing);
        QFETCH(QString, name);
        QFETCH(QString, word);
        const ModelGraph graph = graphFrom(drawing.toStdString());
        const NodeId id = idOf(graph, qPrintable(name));
        const Result<> allowed = canBypass(graph, std::array{id});
        QCOMPARE(allowed.ok(), word.isEmpty());
        if (!allowed) QVERIFY2(QString::fromStdString(allowed.error().message).contains(word), allowed.error().message.c_str());
    }

    void blocksAreWrittenOut() {
        const ModelGraph graph = repeating(graphFrom(kResidual), {"a", "sum"}, 3);
        const ModelGraph flat = flatten(graph);
        QCOMPARE(names(flat), std::string("in a sum a_r2 sum_r2 a_r3 sum_r3 f d"));
        QCOMPARE(flat.inputsOf(idOf(flat, "sum_r2")).front().from == idOf(flat, "a_r2") ||
                     flat.inputsOf(idOf(flat, "sum_r2")).back().from == idOf(flat, "a_r2"),
                 true);
        QCOMPARE(flat.inputsOf(idOf(flat, "f")).front().from, idOf(flat, "sum_r3"));
        const GraphReport report = analyse(graph), flatReport = analyse(flat);
        QVERIFY(!report.hasErrors());
        QCOMPARE(report.nodes.size(), graph.nodes().size());
        QCOMPARE(report.totals.parameters, flatReport.totals.parameters);
        QCOMPARE(report.find(idOf(graph, "a"))->parameters, 3 * flatReport.find(idOf(flat, "a_r2"))->parameters);
        const BlockReport& block = report.blocks.at(graph.groups().front().id);
        QCOMPARE(block.layers, std::int64_t{6});
        QCOMPARE(*block.output, Shape({8, 8, 4}));
    }

    /// The sizes of a later copy count for what follows, and a mistake in it is told at the card that is drawn.
    void laterCopiesHaveShapesOfTheirOwn() {
        const ModelGraph halved = repeating(graphFrom("Input 8x8x1 name=in > MaxPooling2D name=p > Flatten name=f > Dense units=2"), {"p"}, 2);
        const GraphReport report = analyse(halved);
        QCOMPARE(report.find(idOf(halved, "p"))->plan.output, Shape({4, 4, 1}));
        QCOMPARE(report.find(idOf(halved, "f"))->plan.output, Shape({4}));
        const ModelGraph vanishing = repeating(graphFrom("Input 8x8x1 name=in > MaxPooling2D name=p > Flatten name=f > Dense units=2"), {"p"}, 5);
        const GraphReport bad = analyse(vanishing);
        QVERIFY(bad.hasErrors());
        QCOMPARE(bad.problems.front().node, idOf(vanishing, "p"));
        QVERIFY2(bad.problems.front().text.starts_with("In copy 4"), bad.problems.front().text.c_str());
    }

    void whatCannotBeRepeatedSaysWhy() {
        const ModelGraph graph = repeating(graphFrom("Input 8x8x4 name=in > Conv2D filters=4 padding=same name=a > Conv2D filters=4 padding=same name=b > "
                                                     "Add name=sum; a > sum"), {"a", "b"}, 2);
        const GraphReport report = analyse(graph);
        QVERIFY(report.hasErrors());
        QCOMPARE(report.problems.front().id, std::string("block.exits"));
        QCOMPARE(names(flatten(graph)), names(graph));
    }

    void tooManyCardsAreAMistake() {
        ModelGraph graph = graphFrom("Input 8x8x4 name=in > Conv2D filters=4 padding=same name=c0");
        std::vector<NodeId> cards{idOf(graph, "c0")};
        while (cards.size() < 300) {
            cards.push_back(graph.add({.type = "Conv2D", .params = {{"filters", 4}, {"padding", "same"}}}));
            QVERIFY(graph.connect(cards[cards.size() - 2], cards.back()));
        }
        const GroupId large = graph.addGroup({.title = "Large", .block = true, .repeat = 100}, cards);
        const std::vector<TooManyCopies> found = tooManyCopies(graph);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found.front().cards, std::int64_t{30'001});
        QCOMPARE(found.front().fits, std::int64_t{66});
        QCOMPARE(flatten(graph).nodes().size(), graph.nodes().size()); // not fewer copies than drawn: none
        const GraphReport report = analyse(graph);
        const Problem& problem = report.problems.front();
        QCOMPARE(problem.id, std::string("block.cards"));
        QCOMPARE(problem.node, cards.front());
        QCOMPARE(problem.text, std::string("The block \"Large\" cannot be repeated 100 times: the network would have 30,001 cards, and at most "
                                           "20,000 are built; repeat it at most 66 times."));
        const std::vector<Repair> repairs = repairsFor(graph, {}, problem);
        QCOMPARE(repairs.size(), std::size_t{2}); // and: not at all
        RepairTarget target = repairTarget(graph, {});
        repairs.front().apply(target);
        QCOMPARE(target.graph.findGroup(large)->repeat, std::int64_t{66});
        QVERIFY(tooManyCopies(target.graph).empty());
        QCOMPARE(flatten(target.graph).nodes().size(), std::size_t{1 + 66 * 300});
    }

    void allOfItIsKeptInTheFile() {
        ModelGraph graph = bypassing(repeating(graphFrom(kResidual), {"a", "sum"}, 3), {"f"});
        graph.addGroup({.title = "Frame"}, std::array{idOf(graph, "d")});
        graph.addNote({.text = "# Why", .position = {3, -4}, .width = 200});
        graph.setBends(idOf(graph, "f"), idOf(graph, "d"), {{1, 2}, {3, 4}});
        const auto json = toJson(graph);
        const Result<ModelGraph> back = graphFromJson(nlohmann::json::parse(json.dump()));
        QVERIFY2(back.ok(), back ? "" : back.error().message.c_str());
        QVERIFY(*back == graph);
        for (const char* key : {"groups", "notes", "bends"}) {
            for (const char* odd : {"3", "[3]", "[[]]", "[{}]", "[{\"id\": 1}]", "[{\"id\": -1, \"title\": \"\", \"text\": \"\"}]", "[[1, 2, [[1]]]]", "[[1, 2, [[1e300, 0]]]]",
                                    "[{\"id\": 9, \"title\": \"\", \"block\": {\"repeat\": 101}}]"}) {
                auto broken = json;
                broken[key] = nlohmann::json::parse(odd);
                QVERIFY2(!graphFromJson(broken).ok(), odd);
            }
        }
    }

    /// What does not change a number does not make another network.
    void sameNetworks() {
        const ModelGraph graph = graphFrom(kChain);
        ModelGraph other = graph;
        other.addGroup({.title = "Frame"}, std::array{idOf(graph, "a"), idOf(graph, "b")});
        other.addNote({.text = "why"});
        other.setBends(idOf(graph, "a"), idOf(graph, "b"), {{1, 2}});
        Node node = *other.find(idOf(graph, "a"));
        node.position = {500, 500};
        node.name = "another";
        node.params["padding"] = findLayerType(node.type)->schema.check(node.params)->at("padding"); // its default, spelled out
        other.replace(node);
        QVERIFY(!(other == graph));
        QVERIFY(sameNetwork(graph, other));
        QVERIFY(!sameNetwork(graph, bypassing(graph, {"b"})));
        node.trainable = false;
        other.replace(node);
        QVERIFY(!sameNetwork(graph, other));
        ModelGraph cut = graph;
        cut.disconnect(cut.edges().front());
        QVERIFY(!sameNetwork(graph, cut));
    }

    void whatIsGoneIsForgotten() {
        ModelGraph graph = graphFrom(kChain);
        graph.addGroup({.title = "Frame"}, std::array{idOf(graph, "a"), idOf(graph, "b")});
        graph.setBends(idOf(graph, "a"), idOf(graph, "b"), {{1, 2}});
        graph.setBends(idOf(graph, "a"), idOf(graph, "d"), {{1, 2}}); // there is no such wire
        QCOMPARE(graph.allBends().size(), std::size_t{1});
        graph.remove(idOf(graph, "a"));
        QVERIFY(graph.allBends().empty());
        QCOMPARE(graph.groups().size(), std::size_t{1});
        graph.remove(idOf(graph, "b"));
        QVERIFY(graph.groups().empty());
    }
};

QTEST_GUILESS_MAIN(GraphFlattenTest)
#include "graph_flatten_test.moc"
