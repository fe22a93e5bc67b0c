// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/advice.h"
#include "engine/graph/repairs.h"
#include "tests/support/graph_dsl.h"

#include <QTest>

using namespace strata;

namespace {

QString ids(const std::vector<Repair>& repairs) {
    QStringList out;
    for (const Repair& r : repairs)
        out += QString::fromStdString(r.id);
    return out.join(' ');
}

/// Drawings with every mistake that has a repair, one after the other; "|" before the batch size.
const char* const kDrawings[] = {
    "Input 28x28x1 > Conv2D kernel_size=4 activation=relu > Flatten > Dense units=10",
    "Input 28x28x1 > Conv2D kernel_size=6x2 padding=same > Conv2D > Flatten > Dense units=10",
    "Input 16x16x4 > MaxPooling2D pool_size=8 > Conv2D padding=same kernel_size=7 > MaxPooling2D > Conv2D "
    "padding=same > "
    "Flatten > Dense units=10",
    "Input 8x8x1 > MaxPooling2D > MaxPooling2D > MaxPooling2D > MaxPooling2D > Flatten > Dense units=10",
    "Input 28x28x1 > Conv2D filters=64 > MaxPooling2D > Conv2D filters=16 > MaxPooling2D > Conv2D filters=8 "
    "> Flatten > "
    "Dense units=10",
    "Input 28x28x1 > Conv2D > Conv2D > Conv2D > Flatten > Dense units=10",
    "Input 28x28x1 > Conv2D > BatchNormalization > Conv2D > Flatten > Dense > Dense units=10",
    "Input 28x28x1 > RandomBrightness > Flatten > Dense units=10",
    "Input 28x28x1 > Conv2D > Conv2D > Flatten > Dense units=10; Conv2D name=loose",
    "Input 96x96x3 > Conv2D filters=64 activation=relu > Flatten > Dense units=512 > Dense units=10",
    "Input 128x128x3 > Conv2D filters=64 kernel_size=5 activation=relu > MaxPooling2D > "
    "GlobalAveragePooling2D > Dense units=10",
    "Input 28x28x1 > BatchNormalization > Conv2D > BatchNormalization > Flatten > Dense units=10",
    "Input 28x28x1 name=in > Conv2D kernel_size=5 filters=8 > Add name=sum > Flatten > Dense units=10; in > "
    "sum",
    "Input 28x28x8 name=in > Conv2D filters=8 > MaxPooling2D > Concatenate name=cat > Flatten > Dense "
    "units=10; in > cat",
    "Input 28x28x8 name=in > MaxPooling2D > Conv2D filters=4 padding=same > Multiply name=m > Flatten > "
    "Dense units=10; in > m",
    "Input 12 name=in > Dense units=7 > Add name=sum > Dense units=10; in > sum",
    "Input 28x28x8 > Conv2D filters=12 groups=5 > Flatten > Dense units=10",
    "Input 28x28x8 > Conv2D filters=10 groups=4 data_format=channels_first > Flatten > Dense units=10",
    "Input 8x28x28 > Conv2D filters=10 data_format=channels_first activation=softmax > Flatten > Dense units=10",
    "Input 28x28x1 name=in > Flatten > Dense units=10; in > Conv2D > MaxPooling2D",
    "Input 28x28x1 > Flatten name=f > Dense units=10; f > Dense units=10; f > Dense units=3",
    "Input 4x4x1 > Conv2D kernel_size=7 > Conv2D kernel_size=5 dilation_rate=3 > Flatten > Dense units=10",
    "Input 28x28 > Conv2D > Flatten > Dense units=10",
    "Input 28x28x1 > Flatten > Conv2D > Dense units=10",
    "Input 28x28x1 > Conv2D > Dense units=10",
    "Input 28x28x1 > Dense units=5 activation=relu > Flatten > Dense units=10",
    "Input 28x28x1 > Dense units=5 > MaxPooling2D > Dense units=4",
    "Input 28x28x1 > Flatten > Dense units=4 > Activation activation=softmax > Activation activation=softmax",
    "Input 20x30x3 > Flatten > Dense units=20 activation=softmax",
    "Input 28x28x1 > Conv2D strides=3 dilation_rate=3 filters=0 > Flatten > Dropout rate=7 colour=red > "
    "Dense",
    "Input 28x28x1 > Flatten name=a/b > Foo > Dense units=10; Conv2D > Add name=z; Input 3 name=spare",
    "Input 28x28x1 > LayerNormalization axis=7 > Reshape target_shape=5x5 > Permute dims=1x3 > Flatten > "
    "Dense",
    "Input 28x28x1 > Softmax axis=9 > Conv2DTranspose output_padding=4 > Cropping2D cropping=20x20x20x20 > "
    "Flatten",
    "Input 28x28x1 > Flatten > Dense units=10 colour=red",
    "Input 28x28x1 > Flatten > Softmax > Dense units=10 activation=softmax",
    "Input 28x28x1 > Conv2D filters=8 activation=relu; Flatten > Dense units=10 activation=softmax",
    "Conv2D > Flatten > Dense",
    "Input 28x28x1",
};

} // namespace

class GraphAdviceTest : public QObject {
    Q_OBJECT
private slots:
    void advice_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("repairs");
        const auto row = [](const char* name, const char* graph, const char* id, const char* place,
                            const char* text, const char* repairs) {
            QTest::newRow(name) << graph << id << place << text << repairs;
        };
        row("even kernel", "Input 28x28x1 > Conv2D kernel_size=4 activation=relu > Flatten > Dense",
            "kernel.even", "conv2d", "its 4 × 4 kernel", "larger_kernel smaller_kernel");
        row("softmax along the width",
            "Input 8x28x28 > Conv2D filters=10 data_format=channels_first activation=softmax > Flatten > Dense", "softmax.width",
            "conv2d", "the last axis of its output 10 × 26 × 26", "softmax_over_channels linear");
        row("softmax in the middle",
            "Input 28x28x1 > Flatten > Activation activation=softmax > Dense units=10 activation=softmax", "softmax.inside",
            "activation", "which \"dense\" has to learn from, and the network ends in softmax once more", "remove_layer relu");
        row("softmax of a layer in the middle", "Input 28x28x1 > Flatten > Dense units=30 activation=softmax > Dropout > Dense",
            "softmax.inside", "dense", "has to learn from; softmax belongs", "relu");
        row("kernel on padding",
            "Input 4x4x8 > MaxPooling2D pool_size=4 > Conv2D padding=same filters=4 activation=relu > "
            "Flatten > Dense",
            "window.on_padding", "conv2d", "of its 3 × 3 window only 1 × 1 ever lies on the 1 × 1",
            "smaller_kernel remove_layer remove_pooling_above");
        row("larger than it reaches",
            "Input 8x8x8 > MaxPooling2D pool_size=4 > Conv2D kernel_size=7 padding=same filters=16 activation=relu > Flatten > Dense",
            "window.on_padding", "conv2d", "use kernel_size 3 × 3", "smaller_kernel remove_layer remove_pooling_above");
        row("nothing to pool",
            "Input 4x4x8 > MaxPooling2D pool_size=4 > MaxPooling2D padding=same name=p > Flatten > Dense",
            "window.on_padding", "p", "its input is 1 × 1 already", "remove_layer remove_pooling_above");
        row("fewer filters",
            "Input 28x28x1 > Conv2D filters=32 activation=relu > MaxPooling2D > Conv2D filters=16 "
            "activation=relu > Flatten > Dense",
            "filters.fewer", "conv2d_1",
            "16 filters on 13 × 13 cells, fewer than the 32 of \"conv2d\" on 28 × 28",
            "twice_the_filters as_many_filters");
        row("no activation", "Input 28x28x1 > Conv2D > Conv2D name=b activation=relu > Flatten > Dense",
            "activation.missing", "conv2d", "nothing bends its values before \"b\"",
            "relu insert_max_pooling");
        row("no activation behind a normalization",
            "Input 28x28x1 > Conv2D > BatchNormalization > Conv2D name=b activation=relu > Flatten > Dense",
            "activation.missing", "conv2d", "nothing bends", "insert_activation relu insert_max_pooling");
        row("no activation through a flatten", "Input 28x28x1 > Conv2D > Dropout rate=0.5 > Flatten > Dense",
            "activation.missing", "conv2d", "before \"dense\"", "relu insert_max_pooling");
        row("many parameters",
            "Input 96x96x3 > Conv2D filters=64 activation=relu > Flatten > Dense units=512",
            "cost.parameters", "dense", "565,504 values lead into each of its 512 units",
            "insert_pooling global_pooling fewer_units");
        row("strides",
            "Input 128x128x3 > Conv2D filters=64 kernel_size=5 activation=relu > MaxPooling2D > "
            "GlobalAveragePooling2D > Dense",
            "cost.strides", "conv2d", "\"max_pooling2d\" behind it keeps one of 4",
            "strides_for_pooling strides_and_no_padding");
        row("batch of one",
            "Input 28x28x1 > BatchNormalization > Conv2D activation=relu > BatchNormalization > Flatten > "
            "Dense",
            "batch.of_one", "batch_normalization", "(and 1 more layer), but the batch size is 1",
            "batch_32 batch_16 layer_normalization");
        row("brightness of scaled images", "Input 28x28x1 > RandomFlip > RandomBrightness > Flatten > Dense", "advice.value_range", "random_brightness",
            "value_range is 0 to 255, so that up to 25.5 is added to images with values from 0 to 1: nothing", "value_range");
        row("brightness of raw images", "Input 28x28x1 > RandomBrightness value_range=0x1 > Rescaling scale=0.004 > Flatten > Dense", "advice.value_range",
            "random_brightness", "value_range is 0 to 1, but its images have values from 0 to 255: nearly all", "value_range");
        row("contrast of raw images", "Input 28x28x1 > RandomContrast value_range=0x1 > RandomFlip > Normalization > Flatten > Dense",
            "advice.value_range", "random_contrast", "value_range is 0 to 1, but its images have values from 0 to 255: nearly all", "value_range");
        row("brightness behind a scaling", "Input 28x28x1 > Rescaling > RandomBrightness > Flatten > Dense", "advice.value_range",
            "random_brightness", "to images with values from 0 to 1: nothing", "value_range");
        row("brightness around 0", "Input 28x28x1 > Rescaling scale=0.00784314 offset=-1 > RandomBrightness > Flatten > Dense", "advice.value_range",
            "random_brightness", "so use value_range -1, 1", "value_range");
        row("vanished",
            "Input 8x8x1 > MaxPooling2D > MaxPooling2D > MaxPooling2D > MaxPooling2D name=last > Flatten > "
            "Dense",
            "layer.vanished", "last", "3 poolings above it have made 1 × 1 × 1 of 8 × 8 × 1",
            "padding_same remove_pooling remove_pooling_above");
    }
    void advice() {
        QFETCH(QString, graph);
        QFETCH(QString, id);
        QFETCH(QString, place);
        QFETCH(QString, text);
        QFETCH(QString, repairs);
        const ModelGraph g = graphFrom(graph.toStdString());
        AnalysisContext context;
        if (id == "batch.of_one") context.batchSize = 1;
        const GraphReport r = analyse(g, context);
        const Problem* p = findProblem(r, id.toStdString());
        QVERIFY(p != nullptr);
        QCOMPARE(QString::fromStdString(g.find(p->node)->name), place);
        QVERIFY2(QString::fromStdString(p->text).contains(text), p->text.c_str());
        QCOMPARE(ids(repairsFor(g, context, *p)), repairs);
    }

    void noAdviceForWhatIsMeant_data() {
        QTest::addColumn<QString>("graph");
        QTest::newRow("patches")
            << "Input 28x28x1 > Conv2D kernel_size=4 strides=4 activation=relu > Flatten > Dense";
        QTest::newRow("transposed") << "Input 8x8x4 > Conv2DTranspose kernel_size=4 strides=2 padding=same "
                                       "activation=relu > Flatten > Dense";
        QTest::newRow("bottleneck") << "Input 8x8x64 > Conv2D kernel_size=1 filters=8 > Conv2D filters=64 "
                                       "activation=relu > Flatten > Dense";
        QTest::newRow("pooling bends")
            << "Input 28x28x1 > Conv2D > MaxPooling2D > Conv2D activation=relu > Flatten > Dense";
        QTest::newRow("relu apart") << "Input 28x28x1 > Conv2D > BatchNormalization > ReLU > Conv2D "
                                       "activation=relu > Flatten > Dense";
        QTest::newRow("pointwise may be narrow")
            << "Input 28x28x1 > Conv2D filters=32 activation=relu > MaxPooling2D > Conv2D kernel_size=1 "
               "filters=16 activation=relu > "
               "Flatten > Dense";
        QTest::newRow("encoder and decoder")
            << "Input 28x28x1 > Conv2D filters=32 activation=relu > UpSampling2D > Conv2D filters=16 "
               "activation=relu > Flatten > Dense";
        QTest::newRow("small pooling")
            << "Input 28x28x1 > Conv2D filters=8 activation=relu > MaxPooling2D > Flatten > Dense";
        QTest::newRow("brightness of raw images") << "Input 28x28x1 > RandomBrightness > Rescaling scale=0.004 > Flatten > Dense";
        QTest::newRow("brightness of what was scaled") << "Input 28x28x1 > RandomBrightness value_range=0x1 > Flatten > Dense";
        QTest::newRow("brightness within a scaling") << "Input 28x28x1 > Rescaling > RandomBrightness value_range=0x1 > Flatten > Dense";
        QTest::newRow("a little brightness") << "Input 28x28x1 > RandomBrightness factor=0.003 > Flatten > Dense";
        QTest::newRow("brightness of other values") << "Input 28x28x1 > BatchNormalization > RandomBrightness > Flatten > Dense";
        QTest::newRow("contrast keeps scaled images") << "Input 28x28x1 > RandomContrast > Flatten > Dense";
        QTest::newRow("batches of 32") << "Input 28x28x1 > BatchNormalization > Flatten > Dense";
    }
    void noAdviceForWhatIsMeant() {
        QFETCH(QString, graph);
        const GraphReport r = analyse(graphFrom(graph.toStdString()));
        QVERIFY2(r.problems.empty(), r.problems.empty() ? "" : r.problems.front().text.c_str());
    }

    /// What the network would need does not count where the document says how images come.
    void valuesOfImagesAreTheDocuments_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<double>("largest");
        QTest::addColumn<QString>("text");
        QTest::newRow("as they are, unscaled") << "Input 28x28x1 > RandomBrightness > Flatten > Dense" << 255.0 << "";
        QTest::newRow("as they are, cut off") << "Input 28x28x1 > RandomBrightness value_range=0x1 > Flatten > Dense" << 255.0
                                             << "from 0 to 255: nearly all of a picture is cut off; the images of this document come as they are, so "
                                                "use value_range 0, 255";
        QTest::newRow("divided, before a scaling") << "Input 28x28x1 > RandomBrightness > Rescaling scale=2 > Flatten > Dense" << 1.0
                                                  << "from 0 to 1: nothing of a picture is left; the images of this document come divided by 255, so use "
                                                     "value_range 0, 1";
        QTest::newRow("divided, as it wants them") << "Input 28x28x1 > RandomBrightness value_range=0x1 > Rescaling scale=2 > Flatten > Dense" << 1.0 << "";
    }
    void valuesOfImagesAreTheDocuments() {
        QFETCH(QString, graph);
        QFETCH(double, largest);
        QFETCH(QString, text);
        const ModelGraph g = graphFrom(graph.toStdString());
        const AnalysisContext context{.largestValue = largest};
        const GraphReport r = analyse(g, context);
        const Problem* p = findProblem(r, "advice.value_range");
        QCOMPARE(p == nullptr, text.isEmpty());
        if (p == nullptr) return;
        QVERIFY2(QString::fromStdString(p->text).contains(text), p->text.c_str());
        const std::vector<Repair> found = repairsFor(g, context, *p);
        QCOMPARE(ids(found), QString("value_range"));
        RepairTarget mended = repairTarget(g, context);
        found[0].apply(mended);
        QVERIFY(findProblem(analyse(mended.graph, context), "advice.value_range") == nullptr);
    }

    void silenced() {
        const ModelGraph g =
            graphFrom("Input 28x28x1 > Conv2D kernel_size=4 activation=relu > Conv2D kernel_size=4 "
                      "activation=relu > Flatten > Dense");
        const NodeId first = g.findByName("conv2d")->id;
        QCOMPARE(analyse(g).silenced(), 0);
        const GraphReport one = analyse(g, {.silenced = {{"kernel.even", first}}});
        QCOMPARE(one.silenced(), 1);
        QVERIFY(one.problemsOf(first).empty());
        QCOMPARE(one.problemsOf(g.findByName("conv2d_1")->id).size(), std::size_t{1});
        QCOMPARE(analyse(g, {.silenced = {{"kernel.even", 0}}}).silenced(), 2);
        // An error cannot be.
        const ModelGraph wrong = graphFrom("Input 4x4x1 > Conv2D kernel_size=5 > Flatten > Dense");
        QCOMPARE(analyse(wrong, {.silenced = {{"layer.window_too_large", 0}}}).silenced(), 0);
    }

    void strideRepairSaysWhatItSaves() {
        const ModelGraph g =
            graphFrom("Input 128x128x3 > Conv2D filters=64 padding=same activation=relu > MaxPooling2D > "
                      "GlobalAveragePooling2D > Dense");
        const GraphReport r = analyse(g);
        const std::vector<Repair> found = repairsFor(g, {}, *findProblem(r, "cost.strides"));
        QCOMPARE(QString::fromStdString(found.at(0).consequence),
                 QString("output 128 × 128 × 64 → 64 × 64 × 64, +0 parameters, 28,312,192 → 7,078,528 "
                         "multiplications"));
    }

    void theHintAndItsRepairNameOneSize() {
        const ModelGraph g = graphFrom("Input 8x8x8 > MaxPooling2D pool_size=4 > Conv2D kernel_size=7 padding=same filters=16 activation=relu > "
                                       "Flatten > Dense");
        const GraphReport r = analyse(g);
        const Problem* hint = findProblem(r, "window.on_padding");
        QVERIFY(hint != nullptr);
        QVERIFY2(QString::fromStdString(hint->text).contains("use kernel_size 3 × 3"), hint->text.c_str());
        QCOMPARE(QString::fromStdString(repairsFor(g, {}, *hint).at(0).label), QString("Use a 3×3 kernel"));
    }

    void imagesAreResizedWithTheData() {
        const ModelGraph g = graphFrom("Input 32x32x1 > Flatten > Dense units=10");
        const AnalysisContext context{.sampleShape = Shape{28, 28, 3}, .classes = 10};
        const GraphReport r = analyse(g, context);
        const std::vector<Repair> found = repairsFor(g, context, *findProblem(r, "input.data_mismatch"));
        QCOMPARE(ids(found), QString("input_shape resize_images"));
        QCOMPARE(QString::fromStdString(found[1].label),
                 QString("Resize the images to 32 × 32, read the images in grey"));
        RepairTarget target = repairTarget(g, context);
        found[1].apply(target);
        QVERIFY(target.graph == g && target.sampleShape == (Shape{32, 32, 1}));
    }

    /// Whatever the mistake: each of its repairs makes it disappear, says what it does, and there are at most
    /// four.
    void everyRepairMends_data() {
        QTest::addColumn<QString>("graph");
        for (const char* text : kDrawings)
            QTest::newRow(text) << QString(text);
    }
    void everyRepairMends() {
        QFETCH(QString, graph);
        const ModelGraph g = graphFrom(graph.toStdString());
        int repairs = 0;
        for (const std::int64_t batch : {1, 32}) {
            for (const std::optional<bool> logits :
                 {std::optional<bool>(), std::optional(true), std::optional(false)}) {
                for (const bool data : {false, true}) {
                    AnalysisContext context{.lossFromLogits = logits, .batchSize = batch};
                    if (data) {
                        context.sampleShape = Shape{28, 28, 1};
                        context.classes = 10;
                    }
                    const GraphReport before = analyse(g, context);
                    for (const Problem& p : before.problems) {
                        const std::vector<Repair> found = repairsFor(g, context, p);
                        QVERIFY2(found.size() <= 4, p.text.c_str());
                        for (const Repair& repair : found) {
                            ++repairs;
                            QVERIFY2(!repair.label.empty() && !repair.consequence.empty() && !repair.consequence.starts_with("0 "), repair.id.c_str());
                            RepairTarget target = repairTarget(g, context);
                            repair.apply(target);
                            const GraphReport after = analyse(target.graph, contextAfter(context, target));
                            for (const Problem& left : after.problems)
                                QVERIFY2(left.id != p.id || left.node != p.node,
                                         (p.text + " / " + repair.label).c_str());
                            // The same problem has not just moved to a card that the repair has made.
                            const auto made = [&](const Problem& left) {
                                return left.id == p.id && g.find(left.node) == nullptr && left.node != 0;
                            };
                            QVERIFY2(std::ranges::none_of(after.problems, made),
                                     (p.text + " / " + repair.label).c_str());
                        }
                    }
                }
            }
        }
        QVERIFY(repairs > 0);
    }
};

QTEST_APPLESS_MAIN(GraphAdviceTest)
#include "graph_advice_test.moc"
