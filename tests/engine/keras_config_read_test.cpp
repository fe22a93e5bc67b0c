// SPDX-License-Identifier: GPL-3.0-or-later
// Configs that Keras, or nobody, wrote: what becomes of them, and how a bad one is refused.
#include "engine/graph/analysis.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_objects.h"
#include "tests/engine/interop_data.h"
#include "tests/support/keras_files.h"

#include <qfloat16.h> // complete before nlohmann asks what a json converts to
#include <QTest>

using namespace strata;
using nlohmann::json;

namespace {

json kerasLayer(const std::string& className, const std::string& name, json config,
                const std::vector<std::string>& from) {
    config["name"] = name;
    json args = json::array();
    for (const std::string& f : from) {
        args.push_back({{"class_name", "__keras_tensor__"},
                        {"config", {{"shape", nullptr}, {"keras_history", {f, 0, 0}}}}});
    }
    json calls = json::array();
    if (!from.empty())
        calls.push_back(
            {{"args", args.size() == 1 ? args : json::array({args})}, {"kwargs", json::object()}});
    return {{"module", "keras.layers"},
            {"class_name", className},
            {"config", config},
            {"name", name},
            {"inbound_nodes", calls}};
}

json functional(const std::vector<json>& layers, const std::string& input, const std::string& output) {
    return {{"class_name", "Functional"},
            {"config",
             {{"name", "m"},
              {"layers", layers},
              {"input_layers", {input, 0, 0}},
              {"output_layers", {output, 0, 0}}}}};
}

json input(const std::string& name = "in") {
    return kerasLayer("InputLayer", name, {{"batch_shape", {nullptr, 8, 8, 2}}}, {});
}

} // namespace

class KerasConfigReadTest : public QObject {
    Q_OBJECT

private slots:
    void shapesAndParametersOfKeras2_data();
    void shapesAndParametersOfKeras2();
    void nestedModelsAreTakenApart();
    void sharedLayers();
    void branchesKeepTheirOrder();
    void namesWithSlash();
    void refusals_data();
    void refusals();
    void unknownLayersAreCards();
    void whatWaitsForAnUnknownLayerIsTold();
    void hostileConfigs_data();
    void hostileConfigs();
};

void KerasConfigReadTest::shapesAndParametersOfKeras2_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    const std::filesystem::path folder = kerasCases();
    if (folder.empty()) QTest::addRow("none") << QString() << QString();
    if (folder.empty()) return;
    for (const json& c : test::casesOf(folder / "keras2_files" / "expected_json.json")) {
        QTest::addRow("%s", c["id"].get<std::string>().c_str())
            << QString::fromStdString((folder / "keras2_files" / c["file"].get<std::string>()).string())
            << QString::fromStdString(c.dump());
    }
}

void KerasConfigReadTest::shapesAndParametersOfKeras2() {
    QFETCH(QString, file);
    QFETCH(QString, text);
    if (file.isEmpty()) QSKIP("Keras's own files are not beside the project");
    const json expected = json::parse(text.toStdString());
    const Result<KerasModel> model = graphFromKeras(test::fileText(file.toStdString()));
    if (!model && model.error().id == "keras.option") QSKIP(model.error().message.c_str());
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    if (!model->foreign.empty()) QSKIP(model->foreign.front().c_str());
    const GraphReport report = analyse(model->graph);
    QVERIFY2(!report.hasErrors(), report.hasErrors() ? report.problems.front().text.c_str() : "");
    for (const json& layer : expected["layers"]) {
        const Node* node = model->graph.findByName(layer["name"].get<std::string>());
        QVERIFY2(node != nullptr, layer["name"].get<std::string>().c_str());
        const NodeReport& r = *report.find(node->id);
        QCOMPARE(keras::shapeToKeras(r.plan.output).dump(), layer["output_shape"].dump());
        QCOMPARE(r.parameters, layer["params"].get<std::int64_t>());
    }
    QCOMPARE(report.totals.parameters, expected["total_params"].get<std::int64_t>());
}

void KerasConfigReadTest::nestedModelsAreTakenApart() {
    const json conv = {{"filters", 2}, {"kernel_size", 3}, {"padding", "same"}};
    json inner = functional({input("inner_in"), kerasLayer("Conv2D", "conv", conv, {"inner_in"}),
                             kerasLayer("Flatten", "flat", {}, {"conv"})},
                            "inner_in", "flat");
    inner["name"] = "back";
    inner["config"]["name"] = "back";
    inner["inbound_nodes"] = kerasLayer("", "", {}, {"conv"})["inbound_nodes"];
    const json outer = functional({input(), kerasLayer("Conv2D", "conv", conv, {"in"}), inner,
                                   kerasLayer("Dense", "dense", {{"units", 3}}, {"back"})},
                                  "in", "dense");
    const Result<KerasModel> model = graphFromKeras(outer.dump());
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    QCOMPARE(model->graph.nodes().size(), std::size_t{5});
    QVERIFY(model->graph.findByName("back_conv") != nullptr);
    QVERIFY(model->graph.findByName("flat") != nullptr);
    QCOMPARE(analyse(model->graph).totals.parameters, std::int64_t{38 + 38 + 8 * 8 * 2 * 3 + 3});
    QVERIFY(!model->remarks.empty());
}

void KerasConfigReadTest::sharedLayers() {
    const auto twice = [](const std::string& className, const json& config) {
        json shared = kerasLayer(className, "shared", config, {"in"});
        json second = kerasLayer("", "", {}, {"shared"})["inbound_nodes"][0];
        shared["inbound_nodes"].push_back(second);
        json last = kerasLayer("Flatten", "flat", {}, {"shared"});
        last["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = {"shared", 1, 0};
        return functional({input(), shared, last}, "in", "flat");
    };
    // Without weights each call is a card of its own; with weights it is refused by name.
    const Result<KerasModel> relu = graphFromKeras(twice("Activation", {{"activation", "relu"}}).dump());
    QVERIFY2(relu, relu ? "" : relu.error().message.c_str());
    QCOMPARE(relu->graph.nodes().size(), std::size_t{4});
    const Result<KerasModel> conv =
        graphFromKeras(twice("Conv2D", {{"filters", 2}, {"kernel_size", 1}}).dump());
    QVERIFY(!conv);
    QCOMPARE(conv.error().id, std::string("keras.shared_layer"));
    QVERIFY(conv.error().message.find("\"shared\"") != std::string::npos);
}

void KerasConfigReadTest::branchesKeepTheirOrder() {
    const json model = functional({input(), kerasLayer("Activation", "b", {{"activation", "relu"}}, {"in"}),
                                   kerasLayer("Activation", "a", {{"activation", "tanh"}}, {"in"}),
                                   kerasLayer("Concatenate", "cat", {{"axis", -1}}, {"b", "a"})},
                                  "in", "cat");
    const Result<KerasModel> read = graphFromKeras(model.dump());
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    const std::vector<Edge> into = read->graph.inputsOf(read->graph.findByName("cat")->id);
    QCOMPARE(into.size(), std::size_t{2});
    QCOMPARE(read->graph.find(into[0].from)->name, std::string("b"));
    const Result<std::string> config = kerasConfig(read->graph, "m", nullptr);
    QVERIFY(config);
    const json again = json::parse(*config);
    std::vector<std::string> names;
    for (const json& l : again["config"]["layers"])
        names.push_back(l["name"]);
    // Keras walks from the output, an entry before its inputs, inputs left to right.
    QCOMPARE(names, (std::vector<std::string>{"in", "b", "a", "cat"}));
}

void KerasConfigReadTest::namesWithSlash() {
    ModelGraph graph;
    const NodeId in = graph.add({.type = "Input"});
    QVERIFY(graph.connect(in, graph.add({.type = "Flatten", .name = "a/b"})));
    const Result<std::string> config = kerasConfig(graph, "m", nullptr);
    QVERIFY(!config);
    QVERIFY2(config.error().message.find("a/b") != std::string::npos, config.error().message.c_str());
    // Keras 2 had such names.
    const json model = functional({input(), kerasLayer("Flatten", "a/b", {}, {"in"})}, "in", "a/b");
    const Result<KerasModel> read = graphFromKeras(model.dump());
    QVERIFY(read);
    QVERIFY(read->graph.findByName("a_b") != nullptr);
}

void KerasConfigReadTest::refusals_data() {
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* title, const json& config, const char* named) {
        QTest::newRow(title) << QString::fromStdString(config.dump()) << named;
    };
    const json conv = {{"filters", 2}, {"kernel_size", 3}};
    const auto one = [&](const std::string& className, const json& config) {
        return functional({input(), kerasLayer(className, "it", config, {"in"})}, "in", "it");
    };
    json first = conv;
    first["data_format"] = "channels_somewhere";
    row("data format", one("Conv2D", first), "\"it\"");
    row("our own name for an input", one("Input", {}), "InputLayer");
    row("unknown option", one("Flatten", {{"sideways", 3}}), "sideways");
    row("negative filters", one("Conv2D", {{"filters", -1}, {"kernel_size", 3}}), "filters");
    row("enormous filters", one("Conv2D", {{"filters", std::int64_t{1} << 60}, {"kernel_size", 3}}),
        "filters");
    row("text for a number", one("Conv2D", {{"filters", "many"}, {"kernel_size", 3}}), "filters");
    row("kernel of three", one("Conv2D", {{"filters", 1}, {"kernel_size", {1, 2, 3}}}), "kernel_size");
    row("Keras 1", one("Convolution2D", {{"nb_filter", 2}}), "Keras 1");
    row("missing layer", functional({input(), kerasLayer("Flatten", "it", {}, {"gone"})}, "in", "it"),
        "gone");
    row("same name",
        functional(
            {input(), kerasLayer("Flatten", "it", {}, {"in"}), kerasLayer("Flatten", "it", {}, {"in"})}, "in",
            "it"),
        "\"it\"");
    row("loop",
        functional({input(), kerasLayer("Add", "a", {}, {"in", "b"}), kerasLayer("Flatten", "b", {}, {"a"})},
                   "in", "b"),
        "loop");
    row("self", functional({input(), kerasLayer("Add", "a", {}, {"in", "a"})}, "in", "a"), "loop");
    row("two into one",
        functional({input(), input("in2"), kerasLayer("Flatten", "it", {}, {"in", "in2"})}, "in", "it"),
        "2 inputs");
    row("no output", functional({input()}, "in", "gone"), "gone");
    json number = one("Add", {});
    number["config"]["layers"][1]["inbound_nodes"][0]["args"].push_back(1.5);
    row("called with a number", number, "1.5");
    json call = one("Flatten", {});
    call["config"]["layers"][1]["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = {"in", 7, 0};
    row("call that is not there", call, "call 7");
    row("subclassed", {{"class_name", "MyModel"}, {"config", json::object()}}, "MyModel");
    row("no class", {{"config", json::object()}}, "class_name");
    row("bad shape",
        functional({kerasLayer("InputLayer", "in", {{"batch_shape", {nullptr, "x"}}}, {})}, "in", "in"),
        "batch_shape");
    row("rank",
        functional({kerasLayer("InputLayer", "in", {{"batch_shape", json(std::vector<int>(40, 1))}}, {})},
                   "in", "in"),
        "shape");
    row("huge size",
        functional(
            {kerasLayer("InputLayer", "in", {{"batch_shape", {nullptr, std::int64_t{1} << 60, 3}}}, {})},
            "in", "in"),
        "shape");
    row("long value",
        one("Conv2D", {{"filters", 1}, {"kernel_size", 1}, {"padding", std::string(5000, 'x')}}), "padding");
    row("long key", one("Flatten", {{std::string(5000, 'x'), 3}}), "xxx");
    row("long name",
        functional({input(), kerasLayer("Flatten", std::string(5000, 'y'), {{"z", 1}}, {"in"})}, "in", "it"),
        "yyy");
    row("sparse",
        functional({kerasLayer("InputLayer", "in", {{"batch_shape", {nullptr, 3}}, {"sparse", true}}, {})},
                   "in", "in"),
        "sparse");
}

void KerasConfigReadTest::refusals() {
    QFETCH(QString, config);
    QFETCH(QString, named);
    const Result<KerasModel> model = graphFromKeras(config.toStdString());
    QVERIFY(!model);
    const QString message = QString::fromStdString(model.error().message);
    QVERIFY2(message.contains(named), qPrintable(message));
    QVERIFY2(message.endsWith('.') && !message.contains('\n') && message.size() < 600, qPrintable(message));
}

/// The drawing is opened, all that it cannot have is told at once, and what comes after waits for it.
void KerasConfigReadTest::unknownLayersAreCards() {
    const json conv = {{"filters", 2}, {"kernel_size", 3}};
    const json model = functional({input(), kerasLayer("Conv2D", "eyes", conv, {"in"}), kerasLayer("Custom>MyLayer", "mine", {{"depth", 3}}, {"eyes"}),
                                   kerasLayer("Flatten", "flat", {}, {"mine"}), kerasLayer("LSTM2D", "other", {}, {"flat"})},
                                  "in", "other");
    const Result<KerasModel> read = graphFromKeras(model.dump());
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(read->graph.nodes().size(), std::size_t{5});
    QCOMPARE(read->graph.edges().size(), std::size_t{4});
    const GraphReport report = analyse(read->graph);
    const Node& mine = *read->graph.findByName("mine");
    QCOMPARE(mine.type, std::string("Custom>MyLayer"));
    QCOMPARE(report.find(read->graph.findByName("eyes")->id)->state, NodeState::Ready);
    QCOMPARE(report.find(mine.id)->state, NodeState::Broken);
    QCOMPARE(report.problemsOf(mine.id).front()->id, std::string("node.type_unknown"));
    QCOMPARE(report.find(read->graph.findByName("flat")->id)->waitsFor, mine.id);
    QCOMPARE(read->foreign, (std::vector<std::string>{"Layer \"mine\" (Custom>MyLayer)", "Layer \"other\" (LSTM2D)"}));
    QCOMPARE(read->remarks.size(), std::size_t{1});
    QVERIFY2(read->remarks.front().find("Layer \"mine\" (Custom>MyLayer), Layer \"other\" (LSTM2D). Their cards") != std::string::npos, read->remarks.front().c_str());
}

/// Whose shapes are not known is not judged, but what its card lacks is told.
void KerasConfigReadTest::whatWaitsForAnUnknownLayerIsTold() {
    json shared = kerasLayer("Dense", "twice", {{"units", 3}}, {"mine"});
    shared["inbound_nodes"].push_back(kerasLayer("", "", {}, {"twice"})["inbound_nodes"][0]);
    json last = kerasLayer("Flatten", "norm", {}, {"twice"});
    last["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = {"twice", 1, 0};
    const json model = functional({input(), kerasLayer("Mine", "mine", {}, {"in"}), shared, last}, "in", "norm");
    const Result<KerasModel> read = graphFromKeras(model.dump());
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    const auto told = [&](const char* words) {
        return std::ranges::any_of(read->remarks, [&](const std::string& remark) { return remark.find(words) != std::string::npos; });
    };
    QVERIFY(told("\"twice\" is called several times"));
}

void KerasConfigReadTest::hostileConfigs_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("null") << QByteArray("null");
    QTest::newRow("number") << QByteArray("1e400");
    QTest::newRow("depth") << QByteArray(200000, '[');
    QTest::newRow("depth of objects") << QByteArray("{\"a\":").repeated(100000);
    QTest::newRow("many numbers") << "[" + QByteArray("1,").repeated(4000000) + "1]";
    QTest::newRow("too long") << QByteArray(40 << 20, ' ');
    QTest::newRow("bad utf-8") << QByteArray("{\"class_name\":\"\xff\xfe\"}");
    json many = functional({input()}, "in", "in");
    for (int i = 0; i < 20000; ++i)
        many["config"]["layers"].push_back({{"class_name", "Flatten"}, {"name", std::to_string(i)}});
    QTest::newRow("many layers") << QByteArray::fromStdString(many.dump());
    // Backwards, so that every round finds one call that can be made.
    std::vector<json> chain{input()};
    for (int i = 9000; i > 0; --i) {
        chain.push_back(kerasLayer("Activation", "a" + std::to_string(i), {},
                                   {i == 1 ? "in" : "a" + std::to_string(i - 1)}));
    }
    json backwards = functional(chain, "in", "gone");
    QTest::newRow("backwards") << QByteArray::fromStdString(backwards.dump());
    json nested = functional({input()}, "in", "in");
    for (int i = 0; i < 30; ++i) {
        nested["name"] = "m" + std::to_string(i);
        nested["inbound_nodes"] = kerasLayer("", "", {}, {"in"})["inbound_nodes"];
        nested = functional({input(), nested}, "in", "m" + std::to_string(i));
    }
    QTest::newRow("models in models") << QByteArray::fromStdString(nested.dump());
}

void KerasConfigReadTest::hostileConfigs() {
    QFETCH(QByteArray, text);
    const Result<KerasModel> model = graphFromKeras(text.toStdString());
    QVERIFY(!model);
    QVERIFY(!model.error().message.empty());
    QVERIFY2(model.error().message.size() < 600, model.error().message.c_str());
}

QTEST_APPLESS_MAIN(KerasConfigReadTest)
#include "keras_config_read_test.moc"
