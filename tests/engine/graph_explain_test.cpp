// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/explain.h"
#include "tests/support/graph_dsl.h"

#include <QTest>

using namespace strata;

namespace {

QString textOf(const std::vector<FormulaTerm>& terms) {
    QStringList out;
    for (const FormulaTerm& t : terms)
        out += QString::fromStdString(t.text);
    return out.join(' ');
}

/// "3 × 3 window": each number with the word below it.
QString wordsOf(const std::vector<FormulaTerm>& terms) {
    QStringList out;
    for (const FormulaTerm& t : terms) {
        if (t.kind == FormulaTerm::Kind::Number) out += QString::fromStdString(t.text + ' ' + t.label);
    }
    return out.join(QStringLiteral("; "));
}

Explanation of(const char* graph, const char* name) {
    const ModelGraph g = graphFrom(graph);
    const GraphReport r = analyse(g);
    return explain(g, r, g.findByName(name)->id);
}

} // namespace

class GraphExplainTest : public QObject {
    Q_OBJECT
private slots:
    void everyLayerExplainsItself_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("example");
        for (const LayerType& type : layerTypes()) {
            for (std::size_t i = 0; i < type.examples.size(); ++i)
                QTest::addRow("%s: %s", type.schema.id.c_str(), type.examples[i].title.c_str())
                    << QString::fromStdString(type.schema.id) << static_cast<int>(i);
        }
    }
    /// What is shown is what is planned, for all layers; those with a window say it with a formula.
    void everyLayerExplainsItself() {
        QFETCH(QString, type);
        QFETCH(int, example);
        const LayerType& layer = *findLayerType(type.toStdString());
        const LayerExample& ex = layer.examples[static_cast<std::size_t>(example)];
        for (const char* format : {"channels_last", "channels_first"}) {
            ParamMap params = ex.params;
            if (layer.schema.find("data_format") != nullptr)
                params["data_format"] = format;
            else if (QString(format) == "channels_first")
                continue;
            const Result<LayerPlan> plan = planLayer(layer, params, ex.inputs);
            if (!plan) continue; // an example is for one order of axes
            const Node node{.id = 1, .type = layer.schema.id, .name = "a", .params = params};
            const Explanation e = explainLayer(node, ex.inputs, *plan);
            std::vector<int> told;
            for (const ShapeFormula& f : e.shape) {
                QVERIFY(!f.formula.heading.empty() && !f.axes.empty());
                QVERIFY(!f.formula.plain || !f.formula.sentence.empty());
                told.insert(told.end(), f.axes.begin(), f.axes.end());
                if (ex.inputs.empty()) continue; // one sentence for the whole
                for (const int axis : f.axes)
                    QCOMPARE(f.formula.result(), plan->output[axis]);
            }
            std::ranges::sort(told);
            QVERIFY(std::ranges::adjacent_find(told) == told.end());
            if (!ex.inputs.empty()) QCOMPARE(static_cast<int>(told.size()), plan->output.rank());
            std::int64_t parameters = 0;
            for (const WeightSpec& w : plan->weights)
                parameters += w.count();
            if (parameters > 0)
                QCOMPARE(e.parameters.result(), parameters);
            else
                QVERIFY(e.parameters.plain);
            if (plan->macs > 0)
                QCOMPARE(e.work.result(), plan->macs);
            else
                QVERIFY(e.work.plain);
            const bool convolution = layer.schema.category == "convolution";
            if (convolution) QVERIFY2(!e.work.plain && !e.shape.front().formula.plain, "told by a formula");
            const bool slides =
                layer.schema.find("kernel_size") != nullptr || layer.schema.find("pool_size") != nullptr;
            const bool drawn =
                slides && layer.schema.find("output_padding") == nullptr && plan->output.rank() < 4;
            QCOMPARE(static_cast<int>(e.windows.size()), drawn ? plan->output.rank() - 1 : 0);
            for (const AxisPicture& axis : e.windows)
                QVERIFY(axis.places > 0 && axis.lost() >= 0);
        }
    }

    /// The picture of the design: 14 × 14 × 16 by 3 × 3 windows, two apart.
    void theWindowsOfAConvolution() {
        const Explanation e =
            of("Input 14x14x16 > Conv2D filters=32 strides=2 name=c > Flatten > Dense", "c");
        QCOMPARE(e.shape.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(e.shape[0].formula.heading), QString("Height and width"));
        QCOMPARE(textOf(e.shape[0].formula.terms()), QString("⌊ ( 14 + 0 − 3 ) ÷ 2 ⌋ + 1 = 6"));
        QCOMPARE(QString::fromStdString(e.shape[0].formula.sentence),
                 QString("11 ÷ 2 = 5.5, rounded down to 5 further steps: 6 windows."));
        QCOMPARE(QString::fromStdString(e.shape[1].formula.sentence),
                 QString("One output channel for each of the 32 filters."));
        QCOMPARE(textOf(e.parameters.terms()), QString("( 3 × 3 × 16 + 1 ) × 32 = 4,640"));
        QCOMPARE(textOf(e.work.terms()), QString("6 × 6 × 3 × 3 × 16 × 32 = 165,888"));
        QCOMPARE(e.windows.size(), std::size_t{2});
        QCOMPARE(e.windows[0].lost(), std::int64_t{1});
        QCOMPARE(QString::fromStdString(e.lost), QString("The last row and the last column are never seen."));
        QVERIFY(e.keepAll.has_value());
        QCOMPARE(QString::fromStdString(e.keepAll->label), QString("Padding same, gives 7 × 7 × 32"));
        QCOMPARE(QString::fromStdString(e.receptive),
                 QString("One value here sees 3 × 3 cells of the network's input of 14 × 14."));
    }

    void theParametersOfTheBrief() {
        const Explanation e =
            of("Input 28x28x3 > Conv2D filters=32 name=c > Flatten > Dense units=10 name=d", "c");
        QCOMPARE(textOf(e.parameters.terms()), QString("( 3 × 3 × 3 + 1 ) × 32 = 896"));
        QVERIFY(e.lost.empty() && !e.keepAll);
    }

    void paddingIsCounted() {
        const Explanation e =
            of("Input 28x28x1 > Conv2D kernel_size=5 padding=same name=c > Flatten > Dense", "c");
        QCOMPARE(textOf(e.shape[0].formula.terms()), QString("⌊ ( 28 + 4 − 5 ) ÷ 1 ⌋ + 1 = 28"));
        QCOMPARE(e.windows[0].before, std::int64_t{2});
        QCOMPARE(e.windows[0].after, std::int64_t{2});
    }

    void numbersHaveTheirNames_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("work");
        QTest::newRow("transposed: its kernel is filters by channels")
            << "Input 4x4x5 > Conv2DTranspose filters=7 use_bias=False name=c > Flatten > Dense"
            << "3 × 3 window; 5 channels in; 7 filters" << "4 × 4 places; 3 × 3 window; 5 channels in; 7 filters";
        QTest::newRow("depthwise: filters for each channel")
            << "Input 8x8x4 > DepthwiseConv2D depth_multiplier=2 use_bias=False name=c > Flatten > Dense"
            << "3 × 3 × 4 × 2 kernel" << "6 × 6 places; 3 × 3 window; 4 channels; 2 filters each";
        QTest::newRow("no kernel at all") << "Input 8x9x4 > PReLU name=c > Flatten > Dense" << "8 × 9 × 4 alpha" << "";
        QTest::newRow("dense") << "Input 6x1x1 > Flatten > Dense units=3 name=c" << "6 values in; 1 bias; 3 units" << "6 values in; 3 units";
    }
    void numbersHaveTheirNames() {
        QFETCH(QString, graph);
        QFETCH(QString, parameters);
        QFETCH(QString, work);
        const Explanation e = of(qPrintable(graph), "c");
        QCOMPARE(wordsOf(e.parameters.terms()), parameters);
        QCOMPARE(wordsOf(e.work.terms()), work);
    }

    void whatIsNeverSeen_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("lost");
        QTest::addColumn<bool>("repair");
        QTest::newRow("strides leap") << "Input 8x8x4 > Conv2D kernel_size=1 strides=2 name=c > Flatten > Dense"
                                      << "Strides larger than the window: it sees every 2nd row and every 2nd column only." << false;
        QTest::newRow("strides leap over an odd size") << "Input 9x9x4 > Conv2D kernel_size=1 strides=2 name=c > Flatten > Dense"
                                                       << "Strides larger than the window: it sees every 2nd row and every 2nd column only." << false;
        QTest::newRow("one axis") << "Input 8x7x4 > MaxPooling2D name=c > Flatten > Dense" << "The last column is never seen." << true;
        QTest::newRow("nothing") << "Input 8x8x4 > MaxPooling2D name=c > Flatten > Dense" << "" << false;
    }
    void whatIsNeverSeen() {
        QFETCH(QString, graph);
        QFETCH(QString, lost);
        QFETCH(bool, repair);
        const Explanation e = of(qPrintable(graph), "c");
        QCOMPARE(QString::fromStdString(e.lost), lost);
        QCOMPARE(e.keepAll.has_value(), repair);
    }

    void whatAValueSees_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("steps") << "Input 20x3 > Conv1D kernel_size=5 > Conv1D name=c > Flatten > Dense"
                               << "One value here sees 7 steps of the network's input of 20 steps.";
        QTest::newRow("all of it") << "Input 5x5x1 > Conv2D > Conv2D padding=same name=c > Flatten > Dense"
                                   << "One value here sees all of the network's input of 5 × 5.";
        QTest::newRow("enlarged") << "Input 5x5x1 > Conv2DTranspose > Conv2D name=c > Flatten > Dense"
                                  << "How much of the input a value sees depends on where it lies.";
        QTest::newRow("volume") << "Input 5x5x5x1 > Conv3D name=c > Flatten > Dense"
                                << "How much of the input a value sees depends on where it lies.";
        QTest::newRow("itself") << "Input 5x5x1 > Activation name=c > Flatten > Dense"
                                << "One value here sees 1 cell of the network's input of 5 × 5.";
    }
    void whatAValueSees() {
        QFETCH(QString, graph);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(of(qPrintable(graph), "c").receptive), sentence);
    }

    void theOptimizerNeedsMemory() {
        const ModelGraph g = graphFrom("Input 8x8x1 > Flatten > Dense units=10");
        const GraphTotals plain = analyse(g, {.optimizerSlots = 0}).totals, adam = analyse(g, {.optimizerSlots = 2}).totals;
        QCOMPARE(plain.learningBytes, 4 * plain.trainableParameters);
        QCOMPARE(adam.trainingBytes - plain.trainingBytes, 2 * 4 * plain.trainableParameters);
    }

    void expressionsKeepTheirBrackets() {
        const auto n = [](std::int64_t v) { return Expression::number(v); };
        QCOMPARE(textOf((n(7) - (n(2) + n(3))).terms()), QString("7 − ( 2 + 3 )"));
        QCOMPARE((n(7) - (n(2) + n(3))).evaluate(), std::int64_t{2});
        QCOMPARE(textOf(((n(2) + n(3)) * n(4)).terms()), QString("( 2 + 3 ) × 4"));
        QCOMPARE(((n(0) - n(7)) / n(2)).evaluate(), std::int64_t{-4});
    }
};

QTEST_APPLESS_MAIN(GraphExplainTest)
#include "graph_explain_test.moc"
