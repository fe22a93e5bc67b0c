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

void put(ModelGraph& g, std::string_view name, Point place) {
    Node node = *g.findByName(name);
    node.position = place;
    g.replace(std::move(node));
}

std::vector<NodeId> part(const ModelGraph& g, std::initializer_list<const char*> names) {
    std::vector<NodeId> ids;
    for (const char* name : names) ids.push_back(g.findByName(name)->id);
    return ids;
}

/// How far cards reach, with the frame around them where they are in one: left, top, right, bottom.
std::array<double, 4> reach(const ModelGraph& g, const std::vector<NodeId>& cards, bool frame, const LayoutOptions& o) {
    std::array<double, 4> box{1e300, 1e300, -1e300, -1e300};
    for (const NodeId id : cards) {
        const Point p = g.find(id)->position;
        box = {std::min(box[0], p.x - o.cardWidth / 2), std::min(box[1], p.y), std::max(box[2], p.x + o.cardWidth / 2), std::max(box[3], p.y + o.cardHeight)};
    }
    if (frame) box = {box[0] - o.frameLeft, box[1] - o.frameAbove, box[2] + o.frameRight, box[3] + o.frameBelow};
    return box;
}

/// No card of the part, and no frame that is wholly in it, lies on another card or in another frame.
bool areClear(const ModelGraph& g, const std::vector<NodeId>& chosen, const LayoutOptions& o) {
    std::vector<std::array<double, 4>> mine, others;
    const auto isChosen = [&](NodeId id) { return std::ranges::find(chosen, id) != chosen.end(); };
    for (const auto& node : g.nodes()) (isChosen(node->id) ? mine : others).push_back(reach(g, {node->id}, false, o));
    for (const Group& group : g.groups()) {
        const std::vector<NodeId> members = g.membersOf(group.id);
        (isChosen(members.front()) ? mine : others).push_back(reach(g, members, true, o));
    }
    return std::ranges::none_of(mine, [&](const auto& a) {
        return std::ranges::any_of(others, [&](const auto& b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; });
    });
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

/// Frames around cards that stand anywhere.
ModelGraph framedGraph(unsigned seed) {
    std::mt19937 random(seed);
    ModelGraph g = randomGraph(seed);
    for (int k = 0; k < 3; ++k) {
        std::vector<NodeId> members;
        for (const auto& node : g.nodes()) {
            if (random() % 6 == 0 && node->group == 0) members.push_back(node->id);
        }
        if (!members.empty()) g.addGroup({.title = "Frame"}, members);
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

    void aPartGoesBesideWhatIsInItsWay() {
        const LayoutOptions o;
        ModelGraph g = layOut(graphFrom("Input 8x8x1 name=a > Conv2D name=b > Conv2D name=c > Flatten name=d > Dense name=e"), o);
        const double row = o.cardHeight + o.gapY;
        put(g, "c", {500, row}); // beside b: laid out again it would stand where d is
        put(g, "d", {0, 2 * row});
        const ModelGraph after = layOut(g, o, part(g, {"b", "c"}));
        for (const char* other : {"a", "d", "e"}) QCOMPARE(at(after, other), at(g, other));
        QVERIFY(areClear(after, part(g, {"b", "c"}), o));
        QCOMPARE(at(after, "b"), (Point{o.cardWidth + o.gapX, row}));
        QCOMPARE(at(after, "c"), (Point{o.cardWidth + o.gapX, 2 * row}));
    }

    /// Where less than a row is wanting the flow stays as it is.
    void aPartMovesUpALittleWhereThereIsRoom() {
        const LayoutOptions o;
        ModelGraph g = graphFrom("Input 8x8x1 name=a > Conv2D name=b > Flatten name=c");
        put(g, "b", {0, 60});
        put(g, "c", {0, 120});
        const ModelGraph after = layOut(g, o, part(g, {"a", "b"}));
        QCOMPARE(at(after, "c").y, 120.0);
        QCOMPARE(at(after, "b"), (Point{0, 120 - o.cardHeight - o.gapY}));
        QCOMPARE(at(after, "a").x, 0.0);
    }

    void aPartStaysOutOfFramesThatAreNotItsOwn() {
        const LayoutOptions o;
        ModelGraph g = graphFrom("Input 8x8x1 name=a > Conv2D name=b > Conv2D name=c > Flatten name=d");
        put(g, "a", {0, 0});
        put(g, "b", {600, 30});
        put(g, "c", {0, 2 * (o.cardHeight + o.gapY)}); // its frame begins above it
        put(g, "d", {0, 400});
        g.addGroup({.title = "Frame"}, part(g, {"c", "d"}));
        const std::vector<NodeId> chosen = part(g, {"a", "b"});
        const ModelGraph after = layOut(g, o, chosen);
        QVERIFY(areClear(after, chosen, o));
        QVERIFY(at(after, "b").y > at(after, "a").y);
        // Within their own frame cards are laid out as they are anywhere.
        const ModelGraph inside = layOut(g, o, part(g, {"c", "d"}));
        QCOMPARE(at(inside, "c"), at(g, "c"));
        QCOMPARE(at(inside, "d").y, at(g, "c").y + o.cardHeight + o.gapY);
    }

    void anyPartOfAnyDrawing() {
        const LayoutOptions o;
        for (unsigned seed = 0; seed < 60; ++seed) {
            std::mt19937 random(seed + 1000);
            const ModelGraph g = framedGraph(seed);
            std::vector<NodeId> chosen;
            for (const auto& node : g.nodes()) {
                if (random() % 3 == 0 && node->group == 0) chosen.push_back(node->id);
            }
            const std::vector<NodeId> frame = g.membersOf(g.groups().front().id);
            if (seed % 2 == 0) chosen.insert(chosen.end(), frame.begin(), frame.end());
            QVERIFY(!chosen.empty());
            const ModelGraph after = layOut(g, o, chosen);
            QVERIFY2(areClear(after, chosen, o), qPrintable(QString::number(seed)));
            for (const auto& node : g.nodes()) {
                if (std::ranges::find(chosen, node->id) == chosen.end()) QCOMPARE(after.find(node->id)->position, node->position);
            }
        }
    }

    void anyDrawing() {
        for (unsigned seed = 0; seed < 60; ++seed)
            QVERIFY2(isSound(layOut(randomGraph(seed)), {}), qPrintable(QString::number(seed)));
    }

    /// The cards of a frame are together: nobody else is in the rectangle around them, and all are apart.
    void framesAreNotCrossed() {
        const LayoutOptions o;
        for (unsigned seed = 0; seed < 60; ++seed) {
            const ModelGraph g = framedGraph(seed);
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
