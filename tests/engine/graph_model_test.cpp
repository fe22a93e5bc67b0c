// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/model_graph.h"
#include "tests/support/graph_dsl.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <QTest>

using namespace strata;

namespace {

NodeId idOf(const ModelGraph& g, std::string_view name) {
    const Node* n = g.findByName(name);
    return n == nullptr ? 0 : n->id;
}

/// The wires as "a>b a>c:1" (":slot" unless it is 0).
QString wires(const ModelGraph& g) {
    QStringList out;
    for (const Edge& e : g.edges()) {
        out += QString::fromStdString(g.find(e.from)->name + ">" + g.find(e.to)->name) +
               (e.slot == 0 ? QString() : QString(":%1").arg(e.slot));
    }
    return out.join(' ');
}

const char* const kBranches =
    "Input 8x8x4 name=in > Conv2D name=a > Add name=sum; in > Conv2D name=b > sum; in > sum";

} // namespace

class GraphModelTest : public QObject {
    Q_OBJECT
private slots:
    void addGivesIdsAndNames() {
        ModelGraph g;
        const NodeId a = g.add({.type = "Conv2D"});
        const NodeId b = g.add({.id = a, .type = "Conv2D"});
        const NodeId c = g.add({.id = 40, .type = "Conv2D", .name = "conv2d"});
        const NodeId d = g.add({.type = "MaxPooling2D"});
        QVERIFY(a > 0 && b != a);
        QCOMPARE(c, NodeId{40});
        QCOMPARE(d, NodeId{41});
        QCOMPARE(g.find(a)->name, std::string("conv2d"));
        QCOMPARE(g.find(b)->name, std::string("conv2d_1"));
        QCOMPARE(g.find(c)->name, std::string("conv2d_2"));
        QCOMPARE(g.find(d)->name, std::string("max_pooling2d"));
        QVERIFY(g.find(99) == nullptr);
        g.remove(d);
        QCOMPARE(g.add({.type = "Flatten"}), NodeId{42}); // ids are never used twice
    }

    void connectKeepsSlotsInOrder() {
        const ModelGraph g = graphFrom(kBranches);
        QCOMPARE(wires(g), QString("in>a in>sum:2 in>b a>sum b>sum:1"));
        const std::vector<Edge> into = g.inputsOf(idOf(g, "sum"));
        QCOMPARE(into.size(), std::size_t{3});
        QCOMPARE(into[1].from, idOf(g, "b"));
        QCOMPARE(g.outputsOf(idOf(g, "in")).size(), std::size_t{3});
    }

    void oneInputIsReplaced() {
        ModelGraph g = graphFrom("Input 8x8x4 name=in > Conv2D name=a; Input 8x8x4 name=other");
        QVERIFY(g.connect(idOf(g, "other"), idOf(g, "a")));
        QCOMPARE(wires(g), QString("other>a"));
    }

    void refusals_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<int>("slot");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("word");
        QTest::newRow("loop") << "sum"
                              << "a" << -1 << "connect.loop"
                              << "a already feeds sum";
        QTest::newRow("itself") << "a"
                                << "a" << -1 << "connect.self"
                                << "cannot feed itself";
        QTest::newRow("twice") << "in"
                               << "sum" << -1 << "connect.twice"
                               << "already";
        QTest::newRow("input") << "a"
                               << "in" << -1 << "connect.no_input"
                               << "takes no input";
        QTest::newRow("gap") << "a"
                             << "sum" << 5 << "connect.slot"
                             << "no input 6";
        QTest::newRow("nobody") << "nobody"
                                << "sum" << -1 << "connect.gone"
                                << "no longer there";
    }
    void refusals() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(int, slot);
        QFETCH(QString, id);
        QFETCH(QString, word);
        ModelGraph g = graphFrom(kBranches);
        const ModelGraph before = g;
        const Result<> r = g.connect(idOf(g, from.toStdString()), idOf(g, to.toStdString()), slot);
        QVERIFY(!r);
        QCOMPARE(QString::fromStdString(r.error().id), id);
        QVERIFY2(QString::fromStdString(r.error().message).contains(word), r.error().message.c_str());
        QVERIFY(g == before);
    }

    void removeClosesGaps() {
        ModelGraph g = graphFrom(kBranches);
        g.remove(idOf(g, "a"));
        QCOMPARE(wires(g), QString("in>sum:1 in>b b>sum"));
        g.disconnect({idOf(g, "b"), idOf(g, "sum"), 0});
        QCOMPARE(wires(g), QString("in>sum in>b"));
    }

    void dissolveKeepsTheChain() {
        ModelGraph g = graphFrom("Input 8x8x4 name=in > Conv2D name=a > Conv2D name=b; a > Flatten name=f");
        g.dissolve(idOf(g, "a"));
        QCOMPARE(wires(g), QString("in>b in>f"));
    }
    void dissolveBesideASkip() {
        ModelGraph g = graphFrom("Input 8x8x4 name=in > Conv2D name=a > Add name=sum; in > sum");
        g.dissolve(idOf(g, "a"));
        QCOMPARE(wires(g), QString("in>sum"));
    }

    void insertOnEdge() {
        ModelGraph g = graphFrom(kBranches);
        const NodeId n = g.add({.type = "Activation", .name = "relu"});
        QVERIFY(g.insertOnEdge({idOf(g, "b"), idOf(g, "sum"), 1}, n));
        QCOMPARE(wires(g), QString("in>a in>sum:2 in>b a>sum b>relu relu>sum:1"));
        const ModelGraph before = g;
        QVERIFY(!g.insertOnEdge({idOf(g, "b"), idOf(g, "sum"), 1}, n)); // that wire is gone
        QVERIFY(!g.insertOnEdge({idOf(g, "in"), idOf(g, "a"), 0}, idOf(g, "sum")));
        QVERIFY(!g.insertOnEdge({idOf(g, "in"), idOf(g, "a"), 0}, idOf(g, "a")));
        QVERIFY(g == before);
    }

    void uniqueNames() {
        const ModelGraph g =
            graphFrom("Input 8x8x4 name=in > Conv2D name=conv2d > Conv2D name=conv2d_1 > Conv2D name=block3");
        QCOMPARE(g.uniqueName("dense"), std::string("dense"));
        QCOMPARE(g.uniqueName("conv2d"), std::string("conv2d_2"));
        QCOMPARE(g.uniqueName("conv2d_1"), std::string("conv2d_2"));
        QCOMPARE(g.uniqueName("block3"), std::string("block3_1"));
    }

    void copiesShareAndCompareByContent() {
        const ModelGraph g = graphFrom(kBranches);
        ModelGraph copy = g;
        QVERIFY(copy == g);
        QCOMPARE(copy.find(idOf(g, "a")), g.find(idOf(g, "a")));
        Node moved = *g.findByName("a");
        moved.position.x = 5;
        copy.replace(moved);
        QVERIFY(!(copy == g));
        moved.position.x = 0;
        copy.replace(moved);
        QVERIFY(copy == g);
    }

    void diffs() {
        const ModelGraph before = graphFrom(kBranches);
        QVERIFY(diff(before, before).empty());
        ModelGraph after = before;
        Node a = *before.findByName("a");
        a.position = {10, 20};
        after.replace(a);
        GraphDiff d = diff(before, after);
        QVERIFY(!d.empty() && d.onlyMoves());
        QCOMPARE(d.moved, std::vector<NodeId>{a.id});

        a.params["filters"] = 7;
        after.replace(a);
        const NodeId added = after.add({.type = "Flatten"});
        after.remove(idOf(after, "b"));
        d = diff(before, after);
        QVERIFY(!d.onlyMoves());
        QCOMPARE(d.changed, std::vector<NodeId>{a.id});
        QCOMPARE(d.added, std::vector<NodeId>{added});
        QCOMPARE(d.removed, std::vector<NodeId>{idOf(before, "b")});
        QVERIFY(d.moved.empty());
        QCOMPARE(d.edgesRemoved.size(), std::size_t{3}); // in>b, b>sum:1, in>sum:2
        QCOMPARE(d.edgesAdded, (std::vector<Edge>{{idOf(before, "in"), idOf(before, "sum"), 1}}));
    }

    void buildTakesAndRefuses() {
        const std::vector<Node> nodes{{.id = 3, .type = "Input", .name = "in"},
                                      {.id = 1, .type = "Flatten", .name = "f"},
                                      {.id = 2, .type = "Add", .name = "sum"}};
        const auto id = [&](std::vector<Node> n, std::vector<Edge> e) {
            const Result<ModelGraph> g = ModelGraph::build(std::move(n), std::move(e));
            return g ? QString("ok") : QString::fromStdString(g.error().id);
        };
        QCOMPARE(id(nodes, {{3, 1, 0}, {1, 2, 0}, {3, 2, 1}}), QString("ok"));
        QCOMPARE(id(nodes, {{3, 2, 0}, {3, 2, 1}}), QString("ok")); // Add of a value with itself
        QCOMPARE(id(nodes, {{1, 2, 0}, {2, 1, 0}}), QString("graph.loop"));
        QCOMPARE(id(nodes, {{1, 1, 0}}), QString("graph.loop"));
        QCOMPARE(id(nodes, {{3, 2, 1}}), QString("graph.slot"));
        QCOMPARE(id(nodes, {{3, 2, 0}, {1, 2, 0}}), QString("graph.slot"));
        QCOMPARE(id(nodes, {{3, 9, 0}}), QString("graph.edge"));
        QCOMPARE(id({nodes[0], nodes[0]}, {}), QString("graph.id"));
        QCOMPARE(id({{.id = 0, .type = "Add", .name = "x"}}, {}), QString("graph.id"));
        QCOMPARE(id({{.id = 1, .type = "Add", .name = "x"}, {.id = 2, .type = "Add", .name = "x"}}, {}),
                 QString("graph.name"));
        ModelGraph g = *ModelGraph::build(nodes, {});
        QCOMPARE(g.add({.type = "Flatten"}), NodeId{4});
    }

    void snakeCase_data() {
        QTest::addColumn<QString>("className");
        QTest::addColumn<QString>("snake");
        for (const auto& [className, snake] :
             {std::pair("Conv2D", "conv2d"), std::pair("Conv2DTranspose", "conv2d_transpose"),
              std::pair("PReLU", "p_re_lu"), std::pair("LeakyReLU", "leaky_re_lu"), std::pair("ELU", "elu"),
              std::pair("MaxPooling2D", "max_pooling2d"), std::pair("InputLayer", "input_layer")}) {
            QTest::newRow(className) << className << snake;
        }
        // Keras's own table, where it is at hand.
        const char* folder = std::getenv("STRATA_KERAS_CASES");
        std::ifstream file(
            std::string(folder != nullptr ? folder : STRATA_SOURCE_DIR "/../shared/keras_cases") +
            "/serialized_defaults.json");
        if (!file) return;
        const nlohmann::json table = nlohmann::json::parse(file);
        for (const auto& entry : table["cases"]) {
            if (!entry.contains("snake_case")) continue;
            const std::string name = entry["layer"];
            QTest::newRow(("keras " + name).c_str())
                << QString::fromStdString(name) << QString::fromStdString(entry["snake_case"]);
        }
    }
    void snakeCase() {
        QFETCH(QString, className);
        QFETCH(QString, snake);
        QCOMPARE(QString::fromStdString(ModelGraph::snakeCase(className.toStdString())), snake);
    }
};

QTEST_APPLESS_MAIN(GraphModelTest)
#include "graph_model_test.moc"
