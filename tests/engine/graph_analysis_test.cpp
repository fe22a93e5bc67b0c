// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"
#include "engine/graph/repairs.h"
#include "tests/support/graph_dsl.h"

#include <QTest>

using namespace strata;

namespace {

const NodeReport& reportOf(const ModelGraph& g, const GraphReport& r, std::string_view name) {
    return r.nodes.at(g.findByName(name)->id);
}

/// "layer.window_too_large@conv2d_1!" : id, where, ! error, ? warning, . hint
QString problems(const ModelGraph& g, const GraphReport& r) {
    QStringList out;
    for (const Problem& p : r.problems) {
        const Node* n = g.find(p.node);
        const char sign = p.severity == Severity::Error ? '!' : p.severity == Severity::Warning ? '?' : '.';
        out += QString::fromStdString(p.id) +
               (n == nullptr ? QString() : "@" + QString::fromStdString(n->name)) + sign;
    }
    return out.join(' ');
}

AnalysisContext digits(std::optional<bool> logits = std::nullopt) {
    return {.sampleShape = Shape{20, 20, 1}, .classes = 10, .lossFromLogits = logits};
}

} // namespace

class GraphAnalysisTest : public QObject {
    Q_OBJECT
private slots:
    void chain() {
        const ModelGraph g = graphFrom(
            "Input 32x32x3 > Conv2D filters=32 padding=same > MaxPooling2D > Conv2D filters=64 padding=same"
            " > MaxPooling2D > Conv2D filters=128 padding=same > MaxPooling2D > Flatten > Dense units=128 "
            "activation=relu > "
            "Dense units=10");
        const GraphReport r = analyse(g);
        QCOMPARE(problems(g, r), QString());
        QCOMPARE(reportOf(g, r, "conv2d").parameters, 896);
        QCOMPARE(reportOf(g, r, "conv2d_1").parameters, 18496);
        QCOMPARE(reportOf(g, r, "conv2d_2").parameters, 73856);
        QCOMPARE(reportOf(g, r, "dense").parameters, 262272);
        QCOMPARE(reportOf(g, r, "dense_1").parameters, 1290);
        QCOMPARE(r.totals.parameters, 356810);
        QCOMPARE(r.totals.trainableParameters, 356810);
        QCOMPARE(r.totals.layers, 9);
        QVERIFY(reportOf(g, r, "max_pooling2d_2").plan.output == (Shape{4, 4, 128}));
        QCOMPARE(r.order.size(), g.nodes().size());
        QCOMPARE(r.outputs, std::vector<NodeId>{g.findByName("dense_1")->id});
        QCOMPARE(reportOf(g, r, "flatten").memoryPerSample, 0); // a view of what is there
        QVERIFY(reportOf(g, r, "conv2d").memoryPerSample >= 4 * 32 * 32 * 32);
        QVERIFY(r.totals.trainingBytes > 16 * 356810);
        QVERIFY(r.totals.inferenceBytes >= 4 * 356810 + 32 * 4 * (32 * 32 * 32 + 32 * 32 * 3));
    }

    void batchSizeCosts() {
        const ModelGraph g = graphFrom("Input 32x32x3 > Conv2D filters=32 > Flatten > Dense");
        const GraphTotals one = analyse(g, {.batchSize = 1}).totals;
        const GraphTotals many = analyse(g, {.batchSize = 64}).totals;
        QVERIFY(many.trainingBytes > one.trainingBytes);
        QVERIFY(many.inferenceBytes > one.inferenceBytes);
        QCOMPARE(many.macs, one.macs);
    }

    void frozenLayersCountAsSuch() {
        const ModelGraph g = graphFrom(
            "Input 8x8x3 > Conv2D filters=4 trainable=False > BatchNormalization > Flatten > Dense units=2");
        const GraphReport r = analyse(g);
        QCOMPARE(reportOf(g, r, "conv2d").parameters, 112);
        QCOMPARE(reportOf(g, r, "conv2d").trainableParameters, 0);
        QCOMPARE(reportOf(g, r, "batch_normalization").parameters, 16);
        QCOMPARE(reportOf(g, r, "batch_normalization").trainableParameters, 8);
    }

    void receptiveFields() {
        const ModelGraph g = graphFrom(
            "Input 64x64x1 > Conv2D kernel_size=5 name=a > MaxPooling2D name=p > Conv2D kernel_size=3 name=b"
            " > Conv2D kernel_size=3 dilation_rate=2 name=c > GlobalAveragePooling2D name=g");
        const GraphReport r = analyse(g);
        const auto field = [&](const char* n) { return reportOf(g, r, n).receptive; };
        QCOMPARE(field("a").windowH, 5);
        QCOMPARE(field("p").windowH, 6);
        QCOMPARE(field("p").strideH, 2);
        QCOMPARE(field("b").windowW, 10);
        QCOMPARE(field("c").windowW, 18); // 10 + (5 - 1) * 2
        QVERIFY(!field("c").global && field("g").global);
    }
    void receptiveFieldOfASumIsTheWidest() {
        const ModelGraph g = graphFrom("Input 16x16x4 name=in > Conv2D filters=4 padding=same > Conv2D "
                                       "filters=4 padding=same > Add name=sum; in > sum");
        QCOMPARE(reportOf(g, analyse(g), "sum").receptive.windowH, 5);
    }

    void unknownSizesAreCarried() {
        const ModelGraph g = graphFrom(
            "Input ?x?x3 > Conv2D filters=8 > MaxPooling2D > GlobalAveragePooling2D > Dense units=10");
        const GraphReport r = analyse(g, {.sampleShape = Shape{40, 40, 3}, .classes = 10});
        QCOMPARE(problems(g, r), QString());
        QVERIFY(reportOf(g, r, "max_pooling2d").plan.output == (Shape{-1, -1, 8}));
        QCOMPARE(r.totals.parameters, 224 + 90);
    }

    void mistakes_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* graph, const char* expected) {
            QTest::newRow(name) << graph << expected;
        };
        row("window", "Input 4x4x1 > Conv2D kernel_size=5 > Flatten > Dense",
            "layer.window_too_large@conv2d!");
        row("vanishing",
            "Input 4x4x1 > MaxPooling2D > MaxPooling2D > MaxPooling2D > Conv2D > Flatten > Dense",
            "layer.vanished@max_pooling2d_2!");
        row("add",
            "Input 8x8x1 name=in > Conv2D filters=4 > Add name=sum > Flatten > Dense; in > Conv2D filters=8 "
            "> sum",
            "layer.shapes_differ@sum!");
        row("concatenate", "Input 8x8x1 name=in > Conv2D > Concatenate name=cat > Flatten > Dense; in > cat",
            "layer.shapes_differ@cat!");
        row("one for add", "Input 8x8x1 > Add > Flatten > Dense", "layer.inputs_missing@add!");
        row("rank", "Input 8x8x1 > Flatten > Conv2D > Flatten > Dense", "layer.rank@conv2d!");
        row("range", "Input 8x8x1 > Conv2D filters=0 > Flatten > Dense", "param.invalid@conv2d!");
        row("no such parameter", "Input 8x8x1 > Flatten > Dense colour=red", "param.unknown@dense!");
        row("no such layer", "Input 8x8x1 > Foo > Flatten > Dense", "node.type_unknown@foo!");
        row("slash", "Input 8x8x1 > Flatten name=a/b > Dense", "node.name@a/b!");
        row("empty", "Input 8x8x1", "graph.no_layers!");
        row("no input", "Conv2D > Flatten > Dense", "graph.no_input!");
        row("unconnected alone", "Input 8x8x1; Conv2D > Flatten > Dense", "node.unconnected@conv2d!");
        row("unconnected beside", "Input 8x8x1 > Flatten > Dense; Conv2D > Flatten name=f",
            "node.unconnected@conv2d?");
        row("dead end", "Input 8x8x1 name=in > Flatten > Dense; in > MaxPooling2D",
            "node.dead_end@max_pooling2d?");
        row("several outputs", "Input 8x8x1 > Flatten name=f > Dense; f > Dense", "graph.several_outputs?");
        row("unused input", "Input 8x8x1 > Flatten > Dense; Input 3 name=spare", "input.unused@spare?");
        row("huge", "Input 16777216x16777216x16777216 > Flatten > Dense", "layer.too_large@input!");
        row("picture in dense",
            "Input 8x8x1 > Dense units=3 activation=relu > Dense units=4 activation=relu > Flatten > Dense",
            "dense.on_image@dense.");
        row("two mistakes",
            "Input 8x8x1 name=in > Conv2D kernel_size=9 > Add name=sum > Flatten > Dense; in > Conv2D "
            "filters=0 > sum",
            "layer.window_too_large@conv2d! param.invalid@conv2d_1!");
    }
    void mistakes() {
        QFETCH(QString, graph);
        QFETCH(QString, expected);
        const ModelGraph g = graphFrom(graph.toStdString());
        const GraphReport r = analyse(g);
        QCOMPARE(problems(g, r), expected);
        QCOMPARE(r.hasErrors(), expected.contains('!'));
        for (const Problem& p : r.problems) {
            QVERIFY(p.text.ends_with('.') && p.shortText.ends_with('.'));
            if (p.node == 0) continue;
            QVERIFY2(QString::fromStdString(p.text).contains(
                         '"' + QString::fromStdString(g.find(p.node)->name) + "\": "),
                     p.text.c_str());
            QCOMPARE(r.problemsOf(p.node).size(), std::size_t{1});
        }
    }

    /// Whole networks have several ends now and then; what is to be trained has one, so that a second is a mistake there,
    /// which nobody can hide.
    void trainingNeedsOneEnd_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("expected");
        QTest::newRow("dead end") << "Input 8x8x1 name=in > Flatten > Dense units=10 activation=softmax; in > MaxPooling2D" << "node.dead_end";
        QTest::newRow("alike") << "Input 8x8x1 > Flatten name=f > Dense units=10 activation=softmax; f > Dense units=10 activation=softmax"
                               << "graph.several_outputs";
    }
    void trainingNeedsOneEnd() {
        QFETCH(QString, graph);
        QFETCH(QString, expected);
        const ModelGraph g = graphFrom(graph.toStdString());
        QVERIFY(!analyse(g).hasErrors());
        AnalysisContext context;
        context.lossFromLogits = false;
        context.classes = 10;
        context.silenced = {{expected.toStdString(), 0}};
        const GraphReport r = analyse(g, context);
        QVERIFY(r.hasErrors());
        QCOMPARE(QString::fromStdString(r.problems.front().id), expected);
        QVERIFY(!r.problems.front().silenced);
        const std::vector<Repair> found = repairsFor(g, context, r.problems.front());
        QVERIFY(!found.empty());
        for (const Repair& repair : found) {
            RepairTarget target = repairTarget(g, context);
            repair.apply(target);
            const GraphReport after = analyse(target.graph, contextAfter(context, target));
            // What is counted is what the list shows as a mistake.
            QCOMPARE(repair.consequence.find("mistake") != std::string::npos, after.hasErrors());
        }
    }

    void oneMistakeMakesOneMark() {
        const ModelGraph g =
            graphFrom("Input 4x4x1 name=in > Conv2D kernel_size=5 name=bad > MaxPooling2D name=p > Add "
                      "name=sum > Flatten name=f; in > Conv2D name=good > sum; Dense name=loose > sum");
        const GraphReport r = analyse(g);
        const NodeId bad = g.findByName("bad")->id;
        QVERIFY(reportOf(g, r, "in").state == NodeState::Ready);
        QVERIFY(reportOf(g, r, "good").state == NodeState::Ready);
        QVERIFY(reportOf(g, r, "bad").state == NodeState::Broken);
        QVERIFY(reportOf(g, r, "loose").state == NodeState::Unconnected);
        for (const char* name : {"p", "sum", "f"}) {
            QVERIFY(reportOf(g, r, name).state == NodeState::Blocked);
            QCOMPARE(reportOf(g, r, name).waitsFor, bad);
            QVERIFY(r.problemsOf(g.findByName(name)->id).empty());
        }
    }

    void messages() {
        const ModelGraph g = graphFrom("Input 4x4x1 > Conv2D kernel_size=5 name=conv_2 > Flatten > Dense");
        const GraphReport r = analyse(g);
        QCOMPARE(QString::fromStdString(r.problems.at(0).text),
                 QString("Conv2D \"conv_2\": the 5 × 5 window does not fit into 4 × 4 values; use "
                         "kernel_size 3 or padding same."));
        QCOMPARE(QString::fromStdString(r.problems.at(0).shortText),
                 QString("The 5 × 5 window does not fit into 4 × 4 values."));
    }

    void againstTheData_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<int>("logits"); // -1: unknown
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* graph, int logits, const char* expected) {
            QTest::newRow(name) << graph << logits << expected;
        };
        row("fits", "Input 20x20x1 > Flatten > Dense units=10", -1, "");
        row("open size fits", "Input ?x?x1 > GlobalAveragePooling2D > Dense units=10", -1, "");
        row("other size", "Input 28x28x1 > Flatten > Dense units=10", -1, "input.data_mismatch@input!");
        row("other rank", "Input 20x20 > Flatten > Dense units=10", -1, "input.data_mismatch@input!");
        row("too few units", "Input 20x20x1 > Flatten > Dense units=9", -1, "output.units@dense!");
        row("too few units above an activation",
            "Input 20x20x1 > Flatten > Dense units=9 > Activation activation=softmax", 0,
            "output.units@dense!");
        row("too many units", "Input 20x20x1 > Flatten > Dense units=12", -1, "output.units@dense?");
        row("no flatten",
            "Input 20x20x1 > Conv2D activation=relu > Dense units=64 activation=relu > Dense units=10", -1,
            "output.rank@dense!");
        row("no flatten behind activation",
            "Input 20x20x1 > Conv2D > Activation > Dense units=64 activation=relu > Dropout rate=0.5 > Dense "
            "units=10",
            -1, "output.rank@dense!");
        row("no classifier", "Input 20x20x1 > Conv2D > MaxPooling2D", -1, "output.rank@max_pooling2d!");
        row("softmax fits", "Input 20x20x1 > Flatten > Dense units=10 activation=softmax", 0, "");
        row("logits fit", "Input 20x20x1 > Flatten > Dense units=10", 1, "");
        row("softmax missing", "Input 20x20x1 > Flatten > Dense units=10", 0, "softmax.missing@dense!");
        row("softmax in the loss too", "Input 20x20x1 > Flatten > Dense units=10 activation=softmax", 1,
            "softmax.twice@dense?");
        row("softmax layer and the loss",
            "Input 20x20x1 > Flatten > Dense units=10 > Activation activation=softmax", 1,
            "softmax.twice@activation?");
        row("two softmaxes",
            "Input 20x20x1 > Flatten > Dense units=10 activation=softmax > Activation activation=softmax", 0,
            "softmax.twice@activation?");
        row("count before softmax", "Input 20x20x1 > Conv2D activation=relu > MaxPooling2D > Flatten", 0, "output.units@flatten!");
        row("count before softmax, units", "Input 20x20x1 > Flatten > Dense units=12", 0, "output.units@dense!");
        row("count before softmax, trainable", "Input 20x20x1 > Flatten > Dense units=12 activation=softmax", 0, "output.units@dense?");
        row("count before softmax twice", "Input 20x20x1 > Flatten > Dense units=12 activation=softmax", 1, "output.units@dense?");
        row("softmax in the middle", "Input 20x20x1 > Flatten > Activation activation=softmax > Dense units=10 activation=softmax", 0,
            "softmax.inside@activation.");
        row("relu at the end", "Input 20x20x1 > Flatten > Dense units=10 activation=relu", 0,
            "softmax.missing@dense!");
    }
    void againstTheData() {
        QFETCH(QString, graph);
        QFETCH(int, logits);
        QFETCH(QString, expected);
        const ModelGraph g = graphFrom(graph.toStdString());
        const GraphReport r = analyse(g, digits(logits < 0 ? std::nullopt : std::optional(logits == 1)));
        QCOMPARE(problems(g, r), expected);
    }

    void errorsComeFirst() {
        const ModelGraph g = graphFrom(
            "Input 28x28x1 > Dense units=4 activation=relu > Flatten > Dense units=12 activation=softmax");
        QCOMPARE(problems(g, analyse(g, digits(true))),
                 QString("input.data_mismatch@input! output.units@dense_1? "
                         "dense.on_image@dense."));
    }

    void orderIsKerass() {
        // By the longest path to the output; ties by the first visit from there.
        const ModelGraph g = graphFrom("Input 8x8x4 name=in > Conv2D name=a > Conv2D name=b > Add name=sum; "
                                       "in > Conv2D name=c > sum; in > sum");
        QStringList names;
        for (const NodeId id : topologicalOrder(g))
            names += QString::fromStdString(g.find(id)->name);
        QCOMPARE(names.join(' '), QString("in a b c sum"));
    }

    void longDrawingsAreNoTrouble() {
        std::string text = "Input 8x8x4";
        for (int i = 0; i < 3000; ++i)
            text += " > Activation";
        const ModelGraph g = graphFrom(text);
        const GraphReport r = analyse(g);
        QVERIFY(!r.hasErrors());
        QCOMPARE(r.totals.layers, 3000);
    }

    void twoHundredLayers() {
        std::string text = "Input 32x32x16 name=n0";
        for (int i = 0; i < 66; ++i) {
            text +=
                QString(
                    " > Conv2D filters=16 padding=same > BatchNormalization > Add name=n%1; n%2 > n%1; n%1")
                    .arg(i + 1)
                    .arg(i)
                    .toStdString();
        }
        const ModelGraph g = graphFrom(text);
        QBENCHMARK {
            QVERIFY(!analyse(g).hasErrors());
        }
    }
};

QTEST_APPLESS_MAIN(GraphAnalysisTest)
#include "graph_analysis_test.moc"
