// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/repairs.h"
#include "tests/support/graph_dsl.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <set>

using namespace strata;

namespace {

/// One small drawing for each mistake; several where several layers make it.
const std::pair<const char*, const char*> kMistakes[] = {
    {"activation.missing", "Input 28x28x1 > Conv2D > Conv2D activation=relu > Flatten > Dense units=10"},
    {"advice.value_range", "Input 28x28x1 > RandomBrightness > Flatten > Dense"},
    {"batch.of_one", "Input 28x28x1 > BatchNormalization > Flatten > Dense units=10"},
    {"block.cards", "Input 28x28x1 > Conv2D padding=same filters=1 activation=relu > Flatten > Dense units=10"},
    {"block.exits", "Input 28x28x1 > Conv2D padding=same filters=1 name=a > ReLU > Add name=sum; a > sum"},
    {"block.sources", "Input 28x28x1 > ReLU name=a > ReLU > Add name=sum > Flatten > Dense; a > sum"},
    {"cost.parameters", "Input 96x96x3 > Conv2D filters=64 activation=relu > Flatten > Dense units=512 > Dense units=10"},
    {"cost.strides", "Input 128x128x3 > Conv2D filters=64 kernel_size=5 activation=relu > MaxPooling2D > Flatten > Dense"},
    {"dense.on_image", "Input 28x28x1 > Dense units=5 activation=relu > Flatten > Dense units=10"},
    {"filters.fewer", "Input 28x28x1 > Conv2D filters=64 > MaxPooling2D > Conv2D filters=16 activation=relu > Flatten > Dense"},
    {"graph.no_input", "Conv2D > Flatten > Dense"},
    {"graph.no_layers", "Input 28x28x1"},
    {"graph.several_outputs", "Input 28x28x1 > Flatten name=f > Dense units=10; f > Dense units=10"},
    {"input.data_mismatch", "Input 20x30x3 > Flatten > Dense units=10"},
    {"input.unused", "Input 28x28x1 > Flatten > Dense units=10; Input 3 name=spare"},
    {"kernel.even", "Input 28x28x1 > Conv2D kernel_size=4 activation=relu > Flatten > Dense units=10"},
    {"layer.axis", "Input 28x28x1 > LayerNormalization axis=5 > Flatten > Dense"},
    {"layer.axis", "Input 28x28x1 > Softmax axis=5 > Flatten > Dense"},
    {"layer.axis", "Input 28x28x1 > Softmax axis=1x1 > Flatten > Dense"},
    {"layer.axis", "Input 28x28x1 > PReLU shared_axes=4 > Flatten > Dense"},
    {"layer.axis", "Input 28x4 name=in > Conv1D filters=4 padding=same > Dot axes=5 name=d; in > d"},
    {"layer.axis", "Input 28x28x1 name=in > Conv2D padding=same > Concatenate axis=5 name=c; in > c"},
    {"layer.axis_not_last", "Input 28x28x1 > RMSNormalization axis=1x2 > Flatten > Dense"},
    {"layer.axis_unknown", "Input ?x28x1 > LayerNormalization axis=1x2x3 > Flatten > Dense"},
    {"layer.axis_unknown", "Input 28x28x? > Normalization > Flatten > Dense"},
    {"layer.axis_unknown", "Input 28x28x? > RMSNormalization > Flatten > Dense"},
    {"layer.channels_unknown", "Input 28x28x? > Conv2D > Flatten > Dense"},
    {"layer.channels_unknown", "Input 28x28x? > BatchNormalization > Flatten > Dense"},
    {"layer.channels_unknown", "Input 28x28x? > GroupNormalization groups=1 > Flatten > Dense"},
    {"layer.cropped_away", "Input 20x20x1 > Cropping2D cropping=12x12x0x0 > Flatten > Dense"},
    {"layer.cropped_away", "Input 1x20x20 > Cropping2D cropping=0x0x12x12 data_format=channels_first > Flatten > Dense"},
    {"layer.cropped_away", "Input 20x3 > Cropping1D cropping=19x1 > Flatten > Dense"},
    {"layer.cropped_away", "Input 4x4x4x1 > Cropping3D cropping=2x2x0x0x4x0 > Flatten > Dense"},
    {"layer.features_unknown", "Input ?x28x1 > Flatten > Dense"},
    {"layer.groups", "Input 28x28x8 > Conv2D filters=12 groups=5 > Flatten > Dense"},
    {"layer.groups", "Input 28x28x12 > GroupNormalization groups=5 > Flatten > Dense"},
    {"layer.groups", "Input 28x28x12 > GroupNormalization groups=0 > Flatten > Dense"},
    {"layer.inputs_many", "Input 28x28x1 name=in > ReLU name=a > Flatten > Dense"},
    {"layer.inputs_missing", "Input 28x28x1 > Add > Flatten > Dense"},
    {"layer.mean_and_variance", "Input 28x28x1 > Normalization > Flatten > Dense"},
    {"layer.noise_shape", "Input 28x28x1 > Dropout rate=0.5 noise_shape=?x28 > Flatten > Dense"},
    {"layer.noise_shape", "Input 28x28x1 > Dropout rate=0.5 noise_shape=32x1x1x1 > Flatten > Dense"},
    {"layer.noise_shape", "Input 28x28x1 > Dropout rate=0.5 noise_shape=?x7x1x1 > Flatten > Dense"},
    {"layer.output_empty", "Input 1x1x4 > Conv2DTranspose filters=2 kernel_size=2 padding=same output_padding=0 > Flatten > Dense"},
    {"layer.output_padding", "Input 8x8x4 > Conv2DTranspose filters=2 strides=2 output_padding=4 > Flatten > Dense"},
    {"layer.permutation", "Input 28x28x1 > Permute dims=1x3 > Flatten > Dense"},
    {"layer.permutation", "Input 28x28x1 > Permute dims=2x1 > Flatten > Dense"},
    {"layer.random_factor", "Input 28x28x1 > RandomTranslation > Flatten > Dense"},
    {"layer.rank", "Input 20x20x1 > Conv1D filters=4 > Flatten > Dense"},
    {"layer.rank", "Input 28x28 > Conv2D > Flatten > Dense"},
    {"layer.rank", "Input 28x28x1 > Flatten > Conv2D > Flatten > Dense"},
    {"layer.rank", "Input 28x28x1 > Conv2D > GlobalAveragePooling2D > MaxPooling2D > Flatten > Dense"},
    {"layer.rank", "Input 28x28x1 > RepeatVector > Flatten > Dense"},
    {"layer.rank", "Input 2x2x2x2x2 name=in > ReLU > Dot axes=-1 name=d; in > d"},
    {"layer.renorm_clipping", "Input 28x28x1 > BatchNormalization renorm=True > Flatten > Dense"},
    {"layer.renorm_initializer", "Input 28x28x1 > BatchNormalization renorm=True > Flatten > Dense"},
    {"layer.rescaling_values", "Input 28x28x3 > Rescaling > Flatten > Dense"},
    {"layer.reshape", "Input 28x28x1 > Reshape target_shape=5x5 > Flatten > Dense"},
    {"layer.reshape", "Input 28x28x1 > Reshape target_shape=7x7x3 > Flatten > Dense"},
    {"layer.reshape", "Input 28x28x1 > Reshape target_shape=?x?x7 > Flatten > Dense"},
    {"layer.shapes_differ", "Input 28x28x1 name=in > Conv2D filters=8 > Add name=sum > Flatten > Dense; in > sum"},
    {"layer.shapes_differ", "Input 28x4 name=in > Conv1D filters=4 > Dot axes=1 name=d; in > d"},
    {"layer.shapes_differ", "Input 28x28x8 name=in > MaxPooling2D > Concatenate name=c > Flatten > Dense; in > c"},
    {"layer.size_unknown", "Input 28x?x1 > PReLU > Flatten > Dense"},
    {"layer.stride_and_dilation", "Input 28x28x1 > Conv2D strides=3 dilation_rate=3 > Flatten > Dense"},
    {"layer.stride_and_dilation", "Input 28x28x1 > Conv2DTranspose strides=3 dilation_rate=3 > Flatten > Dense"},
    {"layer.too_large", "Input 4096x4096x16 > UpSampling2D size=256 > Flatten > Dense"},
    {"layer.too_large", "Input 4096x4096x4096x32 > GlobalAveragePooling3D > Dense"},
    {"layer.too_large", "Input 1000000 > RepeatVector n=60000 > Flatten > Dense"},
    {"layer.value_range", "Input 28x28x1 > RandomContrast > Flatten > Dense"},
    {"layer.vanished", "Input 8x8x1 > MaxPooling2D > MaxPooling2D > MaxPooling2D > MaxPooling2D > Flatten > Dense"},
    {"layer.window_too_large", "Input 4x4x1 > Conv2D kernel_size=7 > Flatten > Dense"},
    {"node.dead_end", "Input 28x28x1 > Flatten name=f > Dense units=10; f > Dense units=3"},
    {"node.name", "Input 28x28x1 > Flatten name=a/b > Dense"},
    {"node.type_unknown", "Input 28x28x1 > Foo > Flatten > Dense"},
    {"node.unconnected", "Input 28x28x1 > Flatten > Dense; Conv2D > Flatten"},
    {"output.rank", "Input 28x28x1 > Conv2D > Dense units=10"},
    {"output.units", "Input 28x28x1 > Flatten > Dense units=7"},
    {"param.invalid", "Input 28x28x1 > Conv2D filters=0 > Flatten > Dense"},
    {"param.unknown", "Input 28x28x1 > Flatten > Dense colour=red"},
    {"softmax.inside", "Input 28x28x1 > Flatten > Softmax > Dense units=10 activation=softmax"},
    {"softmax.missing", "Input 28x28x1 > Flatten > Dense units=10"},
    {"softmax.twice", "Input 28x28x1 > Flatten > Dense units=10 activation=softmax"},
    {"softmax.width", "Input 8x28x28 > Conv2D filters=10 data_format=channels_first activation=softmax > Flatten > Dense"},
    {"window.on_padding", "Input 4x4x8 > MaxPooling2D pool_size=4 > Conv2D padding=same filters=4 activation=relu > Flatten > Dense"},
};

/// What a line cannot say: lists of numbers, limits, blocks, and a wire too many, as a file may have it.
ModelGraph withTheRest(ModelGraph g, std::string_view mistake) {
    const auto set = [&](const char* node, const char* key, const ParamValue& value) {
        Node copy = *g.findByName(node);
        copy.params[key] = value;
        g.replace(std::move(copy));
    };
    const auto block = [&](int repeat, std::initializer_list<const char*> names) {
        std::vector<NodeId> members;
        for (const char* name : names)
            members.push_back(g.findByName(name)->id);
        g.addGroup({.title = "block", .block = true, .repeat = repeat}, members);
    };
    if (mistake == "layer.mean_and_variance") set("normalization", "mean", ParamValue::RealList{0.5});
    if (mistake == "layer.random_factor") set("random_translation", "height_factor", ParamValue::RealList{0.1, 0.2, 0.3});
    if (mistake == "layer.value_range") set("random_contrast", "value_range", ParamValue::RealList{1, 1});
    if (mistake == "layer.rescaling_values") set("rescaling", "scale", ParamValue::RealList{0.5, 0.25});
    if (mistake == "layer.renorm_clipping") {
        set("batch_normalization", "renorm_clipping",
            TypedParams{"RenormClipping", {{"rmax", 0.5}, {"rmin", 2.0}, {"dmax", -1.0}}});
    }
    if (mistake == "layer.renorm_initializer") {
        set("batch_normalization", "moving_variance_initializer", TypedParams{"RandomNormal", {}});
    }
    if (mistake == "layer.inputs_many") {
        std::vector<Node> nodes;
        for (const auto& node : g.nodes())
            nodes.push_back(*node);
        std::vector<Edge> edges(g.edges().begin(), g.edges().end());
        edges.push_back({g.findByName("in")->id, g.findByName("flatten")->id, 1});
        return *ModelGraph::build(std::move(nodes), std::move(edges));
    }
    if (mistake == "block.cards") block(1000000, {"conv2d"});
    if (mistake == "block.exits") block(3, {"a", "re_lu"});
    if (mistake == "block.sources") block(3, {"sum"});
    return g;
}

} // namespace

class GraphMistakesTest : public QObject {
    Q_OBJECT
private slots:
    /// Every mistake that planning or the drawing's checks can tell of, each in a drawing of its own so that none is
    /// hidden behind another: it comes, and has one to four repairs that mend it.
    void nothingIsMissing_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("graph");
        for (const auto& [id, graph] : kMistakes)
            QTest::newRow(fmt::format("{}: {}", id, graph).c_str()) << QString(id) << QString(graph);
    }
    void nothingIsMissing() {
        QFETCH(QString, id);
        QFETCH(QString, graph);
        const ModelGraph g = withTheRest(graphFrom(graph.toStdString()), id.toStdString());
        bool met = false;
        for (const std::int64_t batch : {1, 32}) {
            for (const bool logits : {true, false}) {
                for (const bool data : {true, false}) {
                    AnalysisContext context{.lossFromLogits = logits, .batchSize = batch};
                    if (data) {
                        context.sampleShape = Shape{28, 28, 1};
                        context.classes = 10;
                    }
                    const GraphReport before = analyse(g, context);
                    const Problem* p = findProblem(before, id.toStdString());
                    if (p == nullptr) continue;
                    met = true;
                    const std::vector<Repair> found = repairsFor(g, context, *p);
                    QVERIFY2(!found.empty() && found.size() <= 4, p->text.c_str());
                    for (const Repair& repair : found) {
                        QVERIFY2(!repair.label.empty() && !repair.consequence.empty() && !repair.consequence.starts_with("0 "), repair.id.c_str());
                        RepairTarget target = repairTarget(g, context);
                        repair.apply(target);
                        const GraphReport after = analyse(target.graph, contextAfter(context, target));
                        const auto left = [&](const Problem& q) { return q.id == p->id && q.node == p->node; };
                        QVERIFY2(std::ranges::none_of(after.problems, left), (p->text + " / " + repair.label).c_str());
                    }
                    if (id == "block.cards") return; // the same with all data, and as many cards as there may be
                }
            }
        }
        QVERIFY2(met, "the drawing does not make this mistake");
    }

    /// What was written, and what to write instead.
    void sentencesNameValueAndRemedy_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("key");
        QTest::addColumn<ParamValue>("value");
        QTest::addColumn<QString>("text");
        const double huge = 1e39, infinite = std::numeric_limits<double>::infinity();
        const auto row = [](const char* name, const char* layer, const char* key, ParamValue value, const char* text) {
            QTest::newRow(name) << QString("Input 8x8x2 > %1 name=it").arg(layer) << key << std::move(value) << text;
        };
        row("beyond float32", "ELU", "alpha", huge, "alpha = 1e+39 must be a number between -3.4e38 and 3.4e38");
        row("infinite", "LeakyReLU", "negative_slope", infinite, "negative_slope = inf must be a number between");
        row("no number", "Rescaling", "offset", ParamValue::RealList{std::nan("")}, "offset = [nan] must be a number between");
        row("infinite among others", "Rescaling", "scale", ParamValue::RealList{1, -infinite}, "scale = [1, -inf] must be a number between");
        row("within an initializer", "Dense", "kernel_initializer", TypedParams{"RandomNormal", {{"mean", infinite}}},
            "kernel_initializer: RandomNormal: mean = inf must be a number between");
        row("below its range", "ReLU", "threshold", -infinite, "threshold = -inf must be at least 0");
        row("None of a choice", "Conv2D", "padding", {}, "padding = None must not be None; its default is valid");
        row("None of sizes", "MaxPooling2D", "pool_size", {}, "pool_size = None must not be None; its default is 2 × 2");
        row("a range of one", "RandomContrast", "value_range", ParamValue::RealList{1, 1}, "value_range (1, 1) must be two different numbers");
        row("mean alone", "Normalization", "mean", ParamValue::RealList{0.5, 1}, "mean (0.5, 1) is given without variance; give both");
        row("variance alone", "Normalization", "variance", ParamValue::RealList{4}, "variance (4) is given without mean; give both");
        row("negative magnitude", "BatchNormalization renorm=True", "renorm_clipping", TypedParams{"RenormClipping", {{"dmax", -1.0}}},
            "dmax -1 is negative, and it is a largest magnitude; use 0 or more");
        QTest::newRow("axes of a product") << "Input 2x2x2x2x2 name=in > ReLU > Dot axes=-1 name=it; in > it" << "normalize" << ParamValue(true)
                                           << "would have 8 axes, and at most 6 are possible; merge some";
    }
    void sentencesNameValueAndRemedy() {
        QFETCH(QString, graph);
        QFETCH(QString, key);
        QFETCH(ParamValue, value);
        QFETCH(QString, text);
        ModelGraph g = graphFrom(graph.toStdString());
        Node it = *g.findByName("it");
        it.params[key.toStdString()] = value;
        g.replace(it);
        const std::vector<Problem> problems = analyse(g).problems;
        QVERIFY(!problems.empty());
        QVERIFY2(QString::fromStdString(problems.front().text).contains(text), problems.front().text.c_str());
    }

    /// The ids are read out of the sources: a new mistake needs a drawing above.
    void everyIdHasItsDrawing() {
        const QDir engine(QStringLiteral(STRATA_SOURCE_DIR "/engine"));
        QVERIFY(engine.exists());
        static const QRegularExpression told(
            "\"((?:layer|block|param|node|graph|output|softmax|input|batch|cost|window|kernel|filters|activation|dense|advice)\\.[a-z_]+)\"");
        std::set<QString> ids;
        for (const char* const room : {"layers", "schema", "graph"}) {
            for (QDirIterator files(engine.filePath(room), {"*.cpp", "*.h"}, QDir::Files, QDirIterator::Subdirectories); files.hasNext();) {
                QFile file(files.next());
                // Repairs answer mistakes; a value and its file refuse what no drawing can hold.
                static const QRegularExpression others("/(repair|model_graph|graph_json)[^/]*$");
                if (file.fileName().contains(others)) continue;
                QVERIFY(file.open(QIODevice::ReadOnly));
                for (auto it = told.globalMatch(QString::fromUtf8(file.readAll())); it.hasNext();)
                    ids.insert(it.next().captured(1));
            }
        }
        QVERIFY(ids.size() > 40);
        for (const QString& id : ids) {
            QVERIFY2(std::ranges::any_of(kMistakes, [&](const auto& m) { return id == m.first; }), qPrintable(id));
        }
    }
};

QTEST_APPLESS_MAIN(GraphMistakesTest)
#include "graph_mistakes_test.moc"
