// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/repair_candidates.h"
#include "engine/graph/repairs.h"
#include "tests/support/graph_dsl.h"

#include <fmt/format.h>
#include <QTest>

using namespace strata;

namespace {

const Problem* problem(const GraphReport& r, const QString& id) {
    for (const Problem& p : r.problems) {
        if (QString::fromStdString(p.id) == id) return &p;
    }
    return nullptr;
}

QString ids(const std::vector<Repair>& repairs) {
    QStringList out;
    for (const Repair& r : repairs)
        out += QString::fromStdString(r.id);
    return out.join(' ');
}

} // namespace

class GraphRepairsTest : public QObject {
    Q_OBJECT
private slots:
    void repairs_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<int>("logits"); // -1: unknown
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* graph, int logits, const char* id,
                            const char* expected) {
            QTest::newRow(name) << graph << logits << id << expected;
        };
        row("flatten", "Input 20x20x1 > Conv2D > Dense units=10", -1, "output.rank",
            "insert_flatten insert_global_pooling add_classifier");
        row("classifier", "Input 20x20x1 > Conv2D", -1, "output.rank", "add_classifier");
        row("kernel",
            "Input 20x20x1 > MaxPooling2D pool_size=5 > Conv2D kernel_size=7 > Flatten > Dense units=10", -1,
            "layer.window_too_large", "padding_same smaller_kernel remove_pooling_above");
        row("pooling",
            "Input 20x20x1 > MaxPooling2D pool_size=10 > MaxPooling2D pool_size=3 > Flatten > Dense units=10",
            -1, "layer.window_too_large", "padding_same smaller_kernel remove_pooling remove_pooling_above");
        row("dilation", "Input 20x20x1 > Conv2D kernel_size=5 dilation_rate=5 > Flatten > Dense units=10", -1,
            "layer.window_too_large", "padding_same smaller_kernel no_dilation");
        row("units", "Input 20x20x1 > Flatten > Dense units=3 > Activation activation=softmax", -1,
            "output.units", "units_to_classes");
        row("too many units", "Input 20x20x1 > Flatten > Dense units=30", -1, "output.units",
            "units_to_classes");
        row("no units to set", "Input 20x20x1 > Conv2D filters=3 > Flatten", -1, "output.units", "add_dense");
        row("count before softmax", "Input 20x20x1 > Conv2D filters=3 > Flatten", 0, "output.units", "add_dense");
        row("units and softmax", "Input 20x20x1 > Flatten > Dense units=30", 0, "output.units", "units_to_classes");
        row("deleted in the middle", "Input 20x20x1 > Conv2D; Flatten > Dense units=10 activation=softmax", 0, "output.rank",
            "connect add_classifier");
        row("two loose ones", "Input 20x20x1 > Conv2D; Flatten > Dense units=10; Flatten > Dense units=10", -1, "output.rank",
            "add_classifier");
        row("loose and unfit", "Input 20x20x1 > Conv2D; Flatten > Dense units=3", -1, "output.rank", "add_classifier connect");
        row("softmax missing", "Input 20x20x1 > Flatten > Dense units=10", 0, "softmax.missing",
            "softmax loss_from_logits");
        row("softmax twice", "Input 20x20x1 > Flatten > Dense units=10 activation=softmax", 1,
            "softmax.twice", "linear loss_from_probabilities");
        row("softmax layer", "Input 20x20x1 > Flatten > Dense units=10 > Activation activation=softmax", 1,
            "softmax.twice", "remove_softmax loss_from_probabilities");
        row("two softmaxes",
            "Input 20x20x1 > Flatten > Dense units=10 activation=softmax > Activation activation=softmax", 0,
            "softmax.twice", "remove_softmax");
        row("input", "Input 28x28x1 > Flatten > Dense units=10", -1, "input.data_mismatch",
            "input_shape resize_images");
        row("no channels", "Input 20x20 > Conv2D > Flatten > Dense units=10", -1, "layer.rank",
            "input_channel sibling");
        row("flattened too early", "Input 20x20x1 > Flatten > Conv2D > Flatten > Dense units=10", -1,
            "layer.rank", "move_above remove_layer insert_reshape");
        row("pooled too late", "Input 20x20x1 > Flatten > MaxPooling2D > Dense units=10", -1, "layer.rank",
            "move_above remove_pooling remove_layer insert_reshape");
        row("far too large a kernel", "Input 26x26x1 > Conv2D kernel_size=27 > Flatten > Dense units=10", -1,
            "layer.window_too_large", "padding_same usual_kernel smaller_kernel");
        row("convolution after a row", "Input 20x20x1 > Flatten name=f > Dense units=64 > Conv2D activation=relu > Flatten > Dense units=10", -1,
            "layer.rank", "move_above insert_reshape");
        row("no input", "Conv2D > Flatten > Dense units=10", -1, "graph.no_input", "add_input");
        row("only an input", "Input 20x20x1", -1, "graph.no_layers", "add_classifier");
        row("unconnected", "Input 20x20x1 > Flatten > Dense units=10; Activation", -1, "node.unconnected",
            "connect remove_layer connect"); // the last one makes a second end
        row("two outputs", "Input 20x20x1 > Flatten name=f > Dense units=10; f > Dense units=10", -1,
            "graph.several_outputs", "join remove_branch remove_branch");
        row("range", "Input 20x20x1 > Flatten > Dropout rate=1.5 > Dense units=10", -1, "param.invalid",
            "mend_parameter");
        row("unknown parameter", "Input 20x20x1 > Flatten > Dense units=10 colour=red", -1, "param.unknown",
            "drop_parameter");
        row("unknown layer", "Input 20x20x1 > Flatten > Foo > Dense units=10", -1, "node.type_unknown",
            "remove_layer");
        row("groups", "Input 20x20x1 > Conv2D filters=8 groups=3 > Flatten > Dense units=10", -1,
            "layer.groups", "groups_1");
        row("groups and channels",
            "Input 20x20x4 > Conv2D filters=6 groups=4 activation=relu > Flatten > Dense units=10", -1,
            "layer.groups", "fewer_groups more_filters groups_1");
        row("dead end", "Input 20x20x1 name=in > Flatten > Dense units=10; in > Conv2D", -1, "node.dead_end",
            "connect remove_branch");
        row("dead end that fits",
            "Input 20x20x4 name=in > Conv2D padding=same filters=4 > Add name=sum > Flatten > Dense "
            "units=10; in > sum; "
            "in > Conv2D filters=4 padding=same",
            -1, "node.dead_end", "connect connect remove_branch");
        row("stride and dilation",
            "Input 20x20x1 > Conv2D strides=2 dilation_rate=2 > Flatten > Dense units=10", -1,
            "layer.stride_and_dilation", "dilation_rate_1 strides_1");
        row("add, channels",
            "Input 20x20x4 name=in > Conv2D filters=8 padding=same > Add name=sum > Flatten > Dense "
            "units=10; in > sum",
            -1, "layer.shapes_differ", "insert_projection insert_projection");
        row("add, sizes",
            "Input 20x20x4 name=in > Conv2D filters=4 > Add name=sum > Flatten > Dense units=10; in > sum",
            -1, "layer.shapes_differ", "padding_same insert_cropping insert_padding");
        row("add around a convolution",
            "Input 20x20x4 name=in > Conv2D filters=8 activation=relu > Add name=sum > Flatten > Dense "
            "units=10; in > sum",
            -1, "layer.shapes_differ", "padding_same_projection insert_cropping insert_padding");
        row("add, rows",
            "Input 20x20x4 > Flatten name=f > Dense units=8 > Add name=sum > Dense units=10; f > Dense "
            "units=6 > sum",
            -1, "layer.shapes_differ", "insert_dense insert_dense");
        row("concatenate, strides",
            "Input 20x20x4 name=in > Conv2D filters=8 padding=same strides=2 > Concatenate name=cat > "
            "Flatten > Dense units=10; in > cat",
            -1, "layer.shapes_differ", "insert_projection insert_upsampling");
        row("one for add", "Input 20x20x1 > Add > Flatten > Dense units=10", -1, "layer.inputs_missing",
            "remove_layer");
        row("picture in dense", "Input 20x20x1 > Dense units=4 > Flatten > Dense units=10", -1,
            "dense.on_image", "insert_flatten insert_global_pooling");
        row("slash", "Input 20x20x1 > Flatten name=a/b > Dense units=10", -1, "node.name", "rename");
    }
    void repairs() {
        QFETCH(QString, graph);
        QFETCH(int, logits);
        QFETCH(QString, id);
        QFETCH(QString, expected);
        const ModelGraph g = graphFrom(graph.toStdString());
        AnalysisContext context{.sampleShape = Shape{20, 20, 1}, .classes = 10};
        if (logits >= 0) context.lossFromLogits = logits == 1;
        const bool deep = graph.startsWith("Input 20x20x4"); // a picture with features, not the data's own
        if (deep) context.sampleShape.reset();
        const GraphReport before = analyse(g, context);
        const Problem* p = problem(before, id);
        QVERIFY(p != nullptr);
        const std::vector<Repair> found = repairsFor(g, context, *p);
        QCOMPARE(ids(found), expected);
        for (const Repair& r : found) {
            RepairTarget target = repairTarget(g, context);
            r.apply(target);
            const GraphReport after = analyse(target.graph, contextAfter(context, target));
            for (const Problem& left : after.problems)
                QVERIFY(!(left.id == p->id && left.node == p->node));
            QVERIFY(!r.label.empty());
            QVERIFY(!r.consequence.starts_with("0 ")); // nothing is said of what stays
        }
    }

    void consequences() {
        const ModelGraph g = graphFrom("Input 28x28x1 name=in > Conv2D filters=32 > Add name=sum > Flatten > "
                                       "Dense units=10; in > Conv2D filters=32 padding=same > sum");
        const GraphReport r = analyse(g);
        const std::vector<Repair> found = repairsFor(g, {}, r.problems.at(0));
        QCOMPARE(QString::fromStdString(found.at(0).label), QString("Use padding same in conv2d"));
        QCOMPARE(QString::fromStdString(found.at(0).consequence),
                 QString("output 28 × 28 × 32, 251,530 parameters in all"));

        const ModelGraph few = graphFrom("Input 20x20x1 > Flatten > Dense units=3");
        const AnalysisContext context{.classes = 10};
        const std::vector<Repair> units = repairsFor(few, context, analyse(few, context).problems.at(0));
        QCOMPARE(QString::fromStdString(units.at(0).consequence),
                 QString("output 3 → 10, +2,807 parameters"));
        QCOMPARE(QString::fromStdString(units.at(0).label), QString("Set units to 10"));
    }

    void lossIsNamed() {
        const ModelGraph g = graphFrom("Input 20x20x1 > Flatten > Dense units=10");
        const AnalysisContext context{.classes = 10, .lossFromLogits = false};
        const std::vector<Repair> found = repairsFor(g, context, analyse(g, context).problems.at(0));
        QCOMPARE(QString::fromStdString(found.at(1).consequence),
                 QString("+0 parameters, the loss takes logits"));
    }

    void aRepairLeavesTheRest() {
        const ModelGraph g = graphFrom("Input 20x20x1 > Conv2D filters=4 > Dense units=10");
        const AnalysisContext context{.classes = 10};
        const std::vector<Repair> found = repairsFor(g, context, analyse(g, context).problems.at(0));
        RepairTarget target{g, std::nullopt};
        found.at(0).apply(target);
        QVERIFY(target.graph == graphFrom("Input 20x20x1 > Conv2D filters=4 > Flatten > Dense units=10") ||
                target.graph.nodes().size() == 4);
        const GraphDiff d = diff(g, target.graph);
        QCOMPARE(d.added.size(), std::size_t{1});
        QVERIFY(d.changed.empty() && d.removed.empty());
    }

    /// A join of hundreds of branches, a drawing of hundreds of ends: a few ideas are tried, not one for each pair.
    void manyBranchesAreFewTries() {
        std::string text = "Input 20x20x4 name=in > Add name=sum > Flatten > Dense units=10";
        std::string ends = "Input 20x20x4 name=in";
        for (int i = 0; i < 300; ++i) {
            text += fmt::format("; in > Conv2D filters={} kernel_size=1 > sum", 5 + i % 7);
            ends += fmt::format("; in > Conv2D filters={} kernel_size=1", 5 + i % 7);
        }
        for (const auto& [drawn, id] : {std::pair(text, "layer.shapes_differ"), std::pair(ends, "graph.several_outputs")}) {
            const ModelGraph g = graphFrom(drawn);
            const GraphReport report = analyse(g);
            const Problem* p = problem(report, id);
            QVERIFY(p != nullptr);
            const AnalysisContext context;
            QVERIFY(repairIdeas({g, context, report, *p}).size() <= 300);
            QVERIFY(repairsFor(g, context, *p).size() <= 4);
        }
    }

    void theOddOneOfManyIsMended() {
        std::string text = "Input 20x20x4 name=in > Add name=sum > Flatten > Dense units=10; in > Conv2D filters=6 padding=same > sum";
        for (int i = 0; i < 5; ++i) text += "; in > Conv2D filters=4 padding=same > sum";
        const ModelGraph g = graphFrom(text);
        const GraphReport report = analyse(g);
        const std::vector<Repair> found = repairsFor(g, {}, *problem(report, "layer.shapes_differ"));
        QCOMPARE(ids(found), QString("insert_projection"));
        QCOMPARE(QString::fromStdString(found.front().label), QString("Insert a 1×1 Conv2D behind conv2d"));
    }

    /// A name that the type gave follows the type.
    void anotherTypeIsNamedAnew() {
        for (const std::string name : {"", "mine"}) {
            const ModelGraph g = graphFrom("Input 20x20x3 > MaxPooling1D" + (name.empty() ? name : " name=" + name) + " > Flatten > Dense units=10");
            const std::vector<Repair> found = repairsFor(g, {}, *problem(analyse(g), "layer.rank"));
            const auto sibling = std::ranges::find(found, "sibling", &Repair::id);
            QVERIFY(sibling != found.end());
            RepairTarget target = repairTarget(g, {});
            sibling->apply(target);
            const Node* renamed = target.graph.findByName(name.empty() ? "max_pooling2d" : name);
            QVERIFY(renamed != nullptr);
            QCOMPARE(renamed->type, std::string("MaxPooling2D"));
        }
    }

    /// A card of a file that a newer Strata wrote, put aside: what lies above it has no type here.
    void belowACardOfAnUnknownType() {
        ModelGraph g = graphFrom("Input 28x28 > Foo name=foo > Conv2D name=conv");
        Node foo = *g.findByName("foo");
        foo.bypassed = true;
        g.replace(foo);
        const GraphReport report = analyse(g);
        const Problem* p = problem(report, "layer.rank");
        QVERIFY(p != nullptr);
        for (const Repair& r : repairsFor(g, {}, *p)) {
            RepairTarget target = repairTarget(g, {});
            r.apply(target);
            QVERIFY(problem(analyse(target.graph), "layer.rank") == nullptr);
        }
    }

    void nothingForWhatIsMended() {
        const ModelGraph g = graphFrom("Input 4x4x1 > Conv2D kernel_size=5 > Flatten > Dense units=10");
        const Problem old = analyse(g).problems.at(0);
        QVERIFY(!repairsFor(g, {}, old).empty());
        QVERIFY(
            repairsFor(graphFrom("Input 8x8x1 > Conv2D kernel_size=5 > Flatten > Dense units=10"), {}, old)
                .empty());
        QVERIFY(repairsFor(ModelGraph(), {}, old).empty());
    }
};

QTEST_APPLESS_MAIN(GraphRepairsTest)
#include "graph_repairs_test.moc"
