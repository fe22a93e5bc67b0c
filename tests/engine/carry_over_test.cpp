// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/flatten.h"
#include "engine/network/carry_over.h"
#include "engine/network/network.h"
#include "tests/support/graph_dsl.h"

#include <algorithm>
#include <map>
#include <QTest>

using namespace strata;

namespace {

const char* kNet = "Input 8x8x1 > Conv2D filters=4 kernel_size=5 padding=same > BatchNormalization > Flatten > Dense units=3";

/// Every value tells where it is from: 1000 * array + index.
Weights numbered(const ModelGraph& graph) {
    Workers workers(1);
    Weights w = (*Network::compile(graph, {}, workers))->snapshot();
    int array = 0;
    for (auto& [id, arrays] : w.nodes) {
        for (WeightArray& a : arrays) {
            ++array;
            for (std::size_t i = 0; i < a.values.size(); ++i)
                a.values[i] = static_cast<float>(1000 * array) + static_cast<float>(i);
        }
    }
    return w;
}

NodeId idOf(const ModelGraph& graph, const char* type) {
    for (const auto& node : graph.nodes()) {
        if (node->type == type) return node->id;
    }
    return 0;
}

ModelGraph with(ModelGraph graph, const char* type, const char* param, ParamValue value) {
    Node node = *graph.find(idOf(graph, type));
    node.params[param] = std::move(value);
    graph.replace(node);
    return graph;
}

std::map<NodeId, CarryNote> notesOf(const CarriedWeights& carried) {
    std::map<NodeId, CarryNote> out;
    for (const CarryNote& note : carried.notes)
        out[note.node] = note;
    return out;
}

} // namespace

class CarryOverTest : public QObject {
    Q_OBJECT
private slots:
    /// The copies of a repeated block have weights of their own; one note tells of the card.
    void copiesOfABlockKeepTheirs() {
        ModelGraph graph = graphFrom("Input 8x8x1 > Conv2D filters=1 padding=same name=c > Flatten > Dense units=3");
        const NodeId conv = graph.findByName("c")->id;
        graph.addGroup({.title = "Block", .block = true, .repeat = 3}, std::vector<NodeId>{conv});
        const Weights weights = numbered(graph);
        QVERIFY(weights.find(copyId(conv, 2)) != nullptr);
        const CarriedWeights same = carryOver(weights, graph, graph);
        QVERIFY(same.weights == weights);
        QCOMPARE(same.notes.size(), std::size_t{2});
        const CarriedWeights wider = carryOver(weights, graph, with(graph, "Conv2D", "kernel_size", ParamValue::IntList{5, 5}));
        QCOMPARE(wider.weights.find(copyId(conv, 2))->front().dims.front(), std::int64_t{5});
    }

    void theSameDrawingKeepsAll() {
        const ModelGraph graph = graphFrom(kNet);
        const Weights weights = numbered(graph);
        const CarriedWeights carried = carryOver(weights, graph, graph);
        QVERIFY(carried.weights == weights);
        QCOMPARE(carried.notes.size(), std::size_t{3});
        for (const CarryNote& note : carried.notes)
            QVERIFY(note.carried == Carried::Kept && note.array.empty() && !note.text.empty());
    }
    void aSmallerWindowIsTheMiddle() {
        const ModelGraph before = graphFrom(kNet);
        const ModelGraph after = with(before, "Conv2D", "kernel_size", ParamValue(std::int64_t{3}));
        const Weights weights = numbered(before);
        const CarriedWeights carried = carryOver(weights, before, after);
        const NodeId conv = idOf(before, "Conv2D");
        const CarryNote note = notesOf(carried).at(conv);
        QVERIFY(note.carried == Carried::Cut);
        QCOMPARE(note.array, std::string("kernel"));
        QVERIFY(note.before == (std::vector<std::int64_t>{5, 5, 1, 4}) && note.after == (std::vector<std::int64_t>{3, 3, 1, 4}));
        const std::vector<float>& was = (*weights.find(conv))[0].values;
        const std::vector<float>& is = (*carried.weights.find(conv))[0].values;
        for (std::size_t y = 0; y < 3; ++y) {
            for (std::size_t x = 0; x < 3; ++x) {
                for (std::size_t f = 0; f < 4; ++f)
                    QCOMPARE(is[(y * 3 + x) * 4 + f], was[((y + 1) * 5 + x + 1) * 4 + f]);
            }
        }
        QVERIFY((*carried.weights.find(conv))[1] == (*weights.find(conv))[1]); // the bias fits
        QVERIFY(notesOf(carried).at(idOf(after, "Dense")).carried == Carried::Kept);
    }
    void moreFiltersKeepTheFirst() {
        const ModelGraph before = graphFrom(kNet);
        const ModelGraph after = with(before, "Conv2D", "filters", ParamValue(std::int64_t{6}));
        const Weights weights = numbered(before);
        const CarriedWeights carried = carryOver(weights, before, after);
        const NodeId conv = idOf(before, "Conv2D");
        const std::vector<float>& was = (*weights.find(conv))[0].values;
        const std::vector<float>& is = (*carried.weights.find(conv))[0].values;
        QCOMPARE(is.size(), std::size_t{25 * 6});
        bool fresh = false;
        for (std::size_t p = 0; p < 25; ++p) {
            for (std::size_t f = 0; f < 4; ++f)
                QCOMPARE(is[p * 6 + f], was[p * 4 + f]);
            fresh = fresh || (is[p * 6 + 4] != 0 && std::abs(is[p * 6 + 4]) < 1);
        }
        QVERIFY(fresh);
        for (const CarryNote& note : carried.notes)
            QVERIFY(note.carried == Carried::Cut); // its followers have other sizes, too
        QVERIFY(carryOver(weights, before, after).weights == carried.weights);
        // What was carried over is what a network of the new drawing takes.
        Workers workers(1);
        const auto network = Network::compile(after, {}, workers);
        QCOMPARE((*network)->load(carried.weights), static_cast<int>((*network)->arrays().size()));
    }
    void anotherTypeBeginsAnew() {
        const ModelGraph before = graphFrom(kNet);
        ModelGraph after = before;
        Node node = *after.find(idOf(after, "Conv2D"));
        node.type = "DepthwiseConv2D";
        node.params = {{"kernel_size", ParamValue(std::int64_t{5})}, {"padding", ParamValue(std::string("same"))}};
        after.replace(node);
        const CarriedWeights carried = carryOver(numbered(before), before, after);
        QVERIFY(notesOf(carried).at(node.id).carried == Carried::BegunAnew);
        QVERIFY(carried.weights.find(node.id) == nullptr);
    }
    void aNewBiasBeginsTheCardAnew() {
        const ModelGraph before = with(graphFrom(kNet), "Dense", "use_bias", ParamValue(false));
        const ModelGraph after = graphFrom(kNet);
        const CarriedWeights carried = carryOver(numbered(before), before, after);
        QVERIFY(notesOf(carried).at(idOf(after, "Dense")).carried == Carried::BegunAnew);
    }
    void namesFindCardsOfAnotherDrawing() {
        const ModelGraph before = graphFrom(kNet);
        ModelGraph after = before;
        Node copy = *after.find(idOf(after, "Dense"));
        after.remove(copy.id);
        const NodeId old = copy.id;
        copy.id = 0;
        const NodeId id = after.add(copy);
        QVERIFY(id != old);
        QVERIFY(after.connect(idOf(after, "Flatten"), id).ok());
        const Weights weights = numbered(before);
        const CarriedWeights carried = carryOver(weights, before, after);
        QVERIFY(notesOf(carried).at(id).carried == Carried::Kept);
        QVERIFY(*carried.weights.find(id) == *weights.find(old));
    }
    /// Before there are weights the notes are those that come with them.
    void notesAreForeseen() {
        const ModelGraph before = graphFrom(kNet);
        ModelGraph other = with(before, "Conv2D", "filters", ParamValue(std::int64_t{6}));
        Node norm = *other.find(idOf(other, "BatchNormalization"));
        norm.type = "GroupNormalization";
        norm.params = {{"groups", ParamValue(std::int64_t{2})}};
        other.replace(norm);
        const std::vector<CarryNote> foreseen = carryNotes(before, other);
        const std::vector<CarryNote> told = carryOver(numbered(before), before, other).notes;
        QCOMPARE(foreseen.size(), std::size_t{3});
        QVERIFY(std::ranges::equal(foreseen, told, [](const CarryNote& a, const CarryNote& b) {
            return a.node == b.node && a.carried == b.carried && a.array == b.array && a.before == b.before && a.after == b.after && a.text == b.text;
        }));
        QCOMPARE(std::ranges::count(foreseen, Carried::BegunAnew, &CarryNote::carried), 1);
    }
    void cardsWithoutAShapeKeepTheirs() {
        const ModelGraph before = graphFrom(kNet);
        ModelGraph after = before;
        after.disconnect(after.inputsOf(idOf(after, "Dense")).front());
        const Weights weights = numbered(before);
        const CarriedWeights carried = carryOver(weights, before, after);
        QVERIFY(carried.weights == weights);
        QCOMPARE(carried.notes.size(), std::size_t{2});
    }
};

QTEST_APPLESS_MAIN(CarryOverTest)
#include "carry_over_test.moc"
