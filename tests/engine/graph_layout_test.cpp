// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/layout.h"
#include "engine/graph/templates.h"
#include "tests/support/graph_dsl.h"

#include <QTest>
#include <random>

using namespace strata;

namespace {

Point at(const ModelGraph& g, std::string_view name) {
    return g.findByName(name)->position;
}

/// Throws no test away for a drawing of any kind: cards apart, data downwards.
bool isSound(const ModelGraph& g, const LayoutOptions& o) {
    for (const auto& a : g.nodes()) {
        for (const auto& b : g.nodes()) {
            if (a == b) continue;
            const bool apart = std::abs(a->position.x - b->position.x) >= o.cardWidth + o.gapX / 2 ||
                               std::abs(a->position.y - b->position.y) >= o.cardHeight + o.gapY / 2;
            if (!apart) return false;
        }
    }
    for (const Edge& e : g.edges()) {
        if (g.find(e.to)->position.y < g.find(e.from)->position.y + o.cardHeight + o.gapY) return false;
    }
    return true;
}

ModelGraph randomGraph(unsigned seed) {
    std::mt19937 random(seed);
    ModelGraph g;
    std::vector<NodeId> ids;
    for (int i = 0; i < 30; ++i)
        ids.push_back(g.add({.type = "Add", .position = {double(random() % 900), double(random() % 900)}}));
    for (int i = 0; i < 45; ++i) {
        const std::size_t a = random() % ids.size(), b = random() % ids.size();
        if (a < b && g.canConnect(ids[a], ids[b])) (void)g.connect(ids[a], ids[b]);
    }
    return g;
}

} // namespace

class GraphLayoutTest : public QObject {
    Q_OBJECT
private slots:
    void chainIsAColumn() {
        const LayoutOptions o;
        const ModelGraph g =
            layOut(graphFrom("Input 8x8x1 name=a > Conv2D name=b > Flatten name=c > Dense name=d"), o);
        for (const char* name : {"a", "b", "c", "d"})
            QCOMPARE(at(g, name).x, 0.0);
        QCOMPARE(at(g, "a").y, 0.0);
        QCOMPARE(at(g, "d").y, 3 * (o.cardHeight + o.gapY));
    }

    /// The right side of a drawing belongs to its feature maps.
    void whatIsNotConnectedStandsAtTheLeft() {
        const ModelGraph g = layOut(graphFrom("Input 8x8x4 name=in > Conv2D name=a > Flatten name=f; Dense name=loose; Conv2D name=x > Dense name=y"));
        QCOMPARE(at(g, "in").x, 0.0);
        QVERIFY(at(g, "loose").x < 0 && at(g, "x").x < 0);
        QCOMPARE(at(g, "x").x, at(g, "y").x);
        QVERIFY(isSound(g, {}));
    }

    void trunkStaysStraightAndBranchesStandBeside() {
        const ModelGraph g = layOut(
            graphFrom("Input 8x8x4 name=in > Conv2D name=a > Conv2D name=b > Add name=sum > Flatten name=f;"
                      "in > Conv2D name=side > sum"));
        for (const char* name : {"in", "a", "b", "sum", "f"})
            QCOMPARE(at(g, name).x, 0.0);
        QVERIFY(at(g, "side").x != 0.0);
        QVERIFY(isSound(g, {}));
    }

    void fourBranchesOnBothSides() {
        const ModelGraph g =
            layOut(graphFrom("Input 8x8x4 name=in > Conv2D name=a > Conv2D name=b > Concatenate name=cat; in "
                             "> Conv2D name=c > cat; in > Conv2D name=d > cat; in > Conv2D name=e > cat"));
        QVERIFY(isSound(g, {}));
        double left = 0, right = 0;
        for (const char* name : {"c", "d", "e"}) {
            left = std::min(left, at(g, name).x);
            right = std::max(right, at(g, name).x);
        }
        QVERIFY(left < 0 && right > 0);
    }

    void parallelBranchesDoNotCross() {
        // a and b run side by side over two rows: each keeps its own column.
        const ModelGraph g = layOut(graphFrom(
            "Input 8x8x4 name=in > Conv2D name=m1 > Conv2D name=m2 > Conv2D name=m3 > Add name=sum;"
            "in > Conv2D name=a1 > Conv2D name=a2 > sum; in > Conv2D name=b1 > Conv2D name=b2 > sum"));
        QCOMPARE(at(g, "a1").x, at(g, "a2").x);
        QCOMPARE(at(g, "b1").x, at(g, "b2").x);
        QVERIFY(at(g, "a1").x != at(g, "b1").x);
    }

    void twoDrawingsStandBeside() {
        const ModelGraph g = layOut(
            graphFrom("Input 8x8x4 name=in > Flatten > Dense name=d; Input 3 name=other > Dense name=e"));
        QVERIFY(isSound(g, {}));
        QVERIFY(at(g, "other").x < at(g, "in").x);
        QCOMPARE(at(g, "other").x, at(g, "e").x);
    }

    void aSecondInputStandsAboveItsReader() {
        const LayoutOptions o;
        const ModelGraph g = layOut(graphFrom("Input 8x8x4 name=in > Conv2D name=a > Conv2D name=b > Add "
                                              "name=sum; Input 8x8x4 name=late > sum"),
                                    o);
        QCOMPARE(at(g, "late").y, at(g, "sum").y - o.cardHeight - o.gapY);
    }

    void onlyPositionsChange() {
        const ModelGraph before = randomGraph(3);
        const ModelGraph after = layOut(before);
        QVERIFY(diff(before, after).onlyMoves());
        QVERIFY(layOut(after) == after);
    }

    void aPartKeepsItsCorner() {
        ModelGraph g = graphFrom("Input 8x8x1 name=a > Conv2D name=b > Flatten name=c > Dense name=d");
        Node b = *g.findByName("b"), c = *g.findByName("c");
        b.position = {500, 300};
        c.position = {440, 200};
        g.replace(b);
        g.replace(c);
        const std::vector<NodeId> part{b.id, c.id};
        const ModelGraph after = layOut(g, {}, part);
        QCOMPARE(at(after, "b").x, 440.0);
        QCOMPARE(at(after, "b").y, 200.0);
        QCOMPARE(at(after, "c").x, 440.0);
        QVERIFY(at(after, "c").y > 200.0);
        QCOMPARE(diff(g, after).moved.size(), std::size_t{2});
    }

    void anyDrawing() {
        for (unsigned seed = 0; seed < 60; ++seed)
            QVERIFY2(isSound(layOut(randomGraph(seed)), {}), qPrintable(QString::number(seed)));
    }

    /// The cards of a frame are together: nobody else is in the rectangle around them, and all are apart.
    void framesAreNotCrossed() {
        const LayoutOptions o;
        for (unsigned seed = 0; seed < 60; ++seed) {
            std::mt19937 random(seed);
            ModelGraph g = randomGraph(seed);
            for (int k = 0; k < 3; ++k) {
                std::vector<NodeId> members;
                for (const auto& node : g.nodes()) {
                    if (random() % 6 == 0 && node->group == 0) members.push_back(node->id);
                }
                if (!members.empty()) g.addGroup({.title = "Frame"}, members);
            }
            const ModelGraph after = layOut(g, o);
            const std::string where = "seed " + std::to_string(seed);
            for (const auto& a : after.nodes()) {
                for (const auto& b : after.nodes()) {
                    if (a == b) continue;
                    QVERIFY2(std::abs(a->position.x - b->position.x) >= o.cardWidth + o.gapX / 2 ||
                                 std::abs(a->position.y - b->position.y) >= o.cardHeight + o.gapY / 2, where.c_str());
                }
            }
            for (const Group& group : after.groups()) {
                double left = 1e300, right = -1e300, top = 1e300, bottom = -1e300;
                for (const NodeId id : after.membersOf(group.id)) {
                    const Point p = after.find(id)->position;
                    left = std::min(left, p.x);
                    right = std::max(right, p.x);
                    top = std::min(top, p.y);
                    bottom = std::max(bottom, p.y);
                }
                for (const auto& node : after.nodes()) {
                    if (node->group == group.id) continue;
                    const Point p = node->position;
                    const bool apart = p.x < left - o.cardWidth || p.x > right + o.cardWidth || p.y + o.cardHeight < top - o.frameAbove + 1 ||
                                       p.y > bottom + o.cardHeight + o.frameBelow - 1;
                    QVERIFY2(apart, where.c_str());
                }
            }
            QVERIFY(layOut(after, o) == after);
        }
    }

    void aFoldedBlockTakesThePlaceOfOneCard() {
        const LayoutOptions o;
        ModelGraph g = layOut(graphFrom("Input 8x8x1 name=a > Conv2D name=b > Conv2D name=c > Flatten name=d"), o);
        g.addGroup({.title = "Block", .block = true, .folded = true}, std::vector<NodeId>{g.findByName("b")->id, g.findByName("c")->id});
        const ModelGraph after = layOut(g, o);
        QCOMPARE(at(after, "d").y, 2 * (o.cardHeight + o.gapY));
        QCOMPARE(at(after, "c").y - at(after, "b").y, o.cardHeight + o.gapY); // inside nothing moved
    }

    void wideAndLarge() {
        ModelGraph g;
        const NodeId in = g.add({.type = "Input"});
        for (int i = 0; i < 300; ++i)
            QVERIFY(g.connect(in, g.add({.type = "Flatten"})));
        QVERIFY(isSound(layOut(g), {}));
    }
};

QTEST_APPLESS_MAIN(GraphLayoutTest)
#include "graph_layout_test.moc"
