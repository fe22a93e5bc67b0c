// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"
#include "engine/graph/templates.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_objects.h"
#include "engine/layers/initializers.h"
#include "engine/training/loss.h"
#include "engine/training/optimizer.h"
#include "tests/engine/interop_data.h"
#include "tests/support/keras_files.h"

#include <qfloat16.h> // complete before nlohmann asks what a json converts to
#include <QTest>
#include <set>

using namespace strata;
using nlohmann::json;

namespace {

/// Takes out what a run of Keras leaves in a config by chance or history, so that two can be compared.
void normalise(json& j) {
    if (j.is_object()) {
        j.erase("shared_object_id");
        if (j.contains("kwargs")) j["kwargs"] = json::object();
        for (auto& [key, value] : j.items())
            normalise(value);
    } else if (j.is_array()) {
        for (json& item : j)
            normalise(item);
    } else if (j.is_number()) {
        // 1 and 1.0 are the same to Keras, and it writes the float32 next to a regularizer's strength.
        j = static_cast<double>(static_cast<float>(j.get<double>()));
    }
}

json normalised(const std::string& text) {
    json j = json::parse(text, nullptr, false);
    normalise(j);
    return j;
}

/// The first place where two values differ, for the message.
QString difference(const json& a, const json& b, const QString& path = {}) {
    if (a == b) return {};
    if (a.is_object() && b.is_object()) {
        for (const auto& [key, value] : a.items()) {
            const QString at = path + "/" + QString::fromStdString(key);
            if (!b.contains(key)) return at + " is missing on the right";
            if (const QString d = difference(value, b[key], at); !d.isEmpty()) return d;
        }
        for (const auto& [key, value] : b.items()) {
            if (!a.contains(key)) return path + "/" + QString::fromStdString(key) + " is missing on the left";
        }
    }
    if (a.is_array() && b.is_array() && a.size() == b.size()) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (const QString d = difference(a[i], b[i], path + QString("/%1").arg(i)); !d.isEmpty())
                return d;
        }
    }
    return path + ": " + QString::fromStdString(a.dump().substr(0, 200) + " != " + b.dump().substr(0, 200));
}

json configOf(const ModelGraph& graph) {
    const Result<std::string> config = kerasConfig(graph, "model", nullptr);
    return config ? normalised(*config) : json();
}

/// All layer entries of a config by class name.
json layerOfClass(const json& config, const std::string& className) {
    for (const json& layer : config["config"]["layers"]) {
        if (layer["class_name"] == className) return layer;
    }
    return {};
}

json configsOfLayers(const json& model) {
    json out = json::array();
    for (const json& layer : model["config"]["layers"])
        out.push_back({layer["class_name"], layer["config"]});
    return out;
}

std::vector<std::string> kerasFiles() {
    const std::filesystem::path folder = kerasCases();
    std::vector<std::string> out;
    if (folder.empty()) return out;
    for (const auto& path : filesBelow(folder / "keras3_models", {".json"})) {
        if (path.filename() != "expected.json") out.push_back(path.string());
    }
    return out;
}

} // namespace

class KerasConfigTest : public QObject {
    Q_OBJECT

private slots:
    void examplesRoundTrip_data();
    void examplesRoundTrip();
    void templatesRoundTrip_data();
    void templatesRoundTrip();
    void defaultsAsKerasWritesThem_data();
    void defaultsAsKerasWritesThem();
    void familiesAsKerasWritesThem_data();
    void familiesAsKerasWritesThem();
    void filesOfKerasAreWrittenBackAlike_data();
    void filesOfKerasAreWrittenBackAlike();
    void compileConfig();
    void groupsOfTuples();
    void sizesMayBeOpen();
    void unfinishedDrawingsHaveNone();
};

void KerasConfigTest::examplesRoundTrip_data() {
    QTest::addColumn<const LayerType*>("type");
    QTest::addColumn<int>("example");
    for (const LayerType& type : layerTypes()) {
        for (std::size_t i = 0; i < type.examples.size(); ++i) {
            QTest::addRow("%s: %s", type.schema.id.c_str(), type.examples[i].title.c_str())
                << &type << static_cast<int>(i);
        }
    }
}

void KerasConfigTest::examplesRoundTrip() {
    QFETCH(const LayerType*, type);
    QFETCH(int, example);
    const ModelGraph graph = test::graphOf(*type, type->examples[static_cast<std::size_t>(example)]);
    const Result<std::string> config = kerasConfig(graph, "model", nullptr);
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    const Result<KerasModel> back = graphFromKeras(*config);
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    const json before = test::contentOf(graph);
    const json after = test::contentOf(back->graph);
    QVERIFY2(before == after, qPrintable(difference(before, after)));
    QVERIFY2(back->remarks.empty(), back->remarks.empty() ? "" : back->remarks.front().c_str());
    const Result<std::string> again = kerasConfig(back->graph, "model", nullptr);
    QVERIFY(again);
    QCOMPARE(*again, *config);
}

void KerasConfigTest::templatesRoundTrip_data() {
    QTest::addColumn<const Template*>("made");
    for (const Template& t : templates()) {
        if (!analyse(t.make()).outputs.empty())
            QTest::addRow("%s", t.id.c_str()) << &t; // a sheet to begin with is no model yet
    }
}

void KerasConfigTest::templatesRoundTrip() {
    QFETCH(const Template*, made);
    const ModelGraph graph = made->make();
    const TrainingSettings settings;
    const Result<std::string> config = kerasConfig(graph, "model", &settings);
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    const Result<KerasModel> back = graphFromKeras(*config);
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    const json before = test::contentOf(graph);
    const json after = test::contentOf(back->graph);
    QVERIFY2(before == after, qPrintable(difference(before, after)));
    QVERIFY(back->optimizer.has_value());
    QCOMPARE(back->optimizer->id, settings.optimizer.id);
    QVERIFY(back->loss.has_value());
    QCOMPARE(back->loss->id, settings.loss.id);
    const Result<std::string> again = kerasConfig(back->graph, "model", &settings);
    QVERIFY(again);
    QCOMPARE(*again, *config);
}

void KerasConfigTest::defaultsAsKerasWritesThem_data() {
    QTest::addColumn<QString>("text");
    const std::filesystem::path folder = kerasCases();
    if (folder.empty()) {
        QTest::addRow("none") << QString();
        return;
    }
    for (const json& c : test::casesOf(folder / "serialized_defaults.json")) {
        if (!c.contains("layer") || findLayerType(c["layer"].get<std::string>()) == nullptr) continue;
        QTest::addRow("%s", c["layer"].get<std::string>().c_str()) << QString::fromStdString(c.dump());
    }
}

void KerasConfigTest::defaultsAsKerasWritesThem() {
    QFETCH(QString, text);
    if (text.isEmpty()) QSKIP("Keras's own files are not beside the project");
    const json c = json::parse(text.toStdString());
    const LayerType& type = *findLayerType(c["layer"].get<std::string>());
    QCOMPARE(ModelGraph::snakeCase(type.schema.id), c["snake_case"].get<std::string>());
    LayerExample example = type.examples.front();
    example.params.clear();
    for (const auto& [key, value] : c["init_kwargs"].items()) {
        std::vector<std::string> remarks;
        const Param* param = type.schema.find(key);
        QVERIFY2(param != nullptr, key.c_str());
        const Result<ParamValue> read = keras::fromKeras(*param, value, remarks);
        QVERIFY(read);
        example.params[key] = *read;
    }
    // Any input that the layer takes will do: the config does not depend on it.
    std::vector<std::vector<Shape>> inputs{{Shape{16}}, {Shape{4, 4}}, {Shape{8, 8, 4}}, {Shape{8, 8, 8, 4}}};
    for (const LayerExample& e : type.examples)
        inputs.push_back(e.inputs);
    json layer;
    for (std::size_t i = 0; i < inputs.size() && layer.is_null(); ++i) {
        example.inputs = inputs[i];
        const json config = configOf(test::graphOf(type, example));
        if (!config.is_null()) layer = layerOfClass(config, type.schema.id);
    }
    QVERIFY(!layer.is_null());
    json expected = c["serialized"];
    normalise(expected);
    json ours = layer;
    ours.erase("build_config");
    ours.erase("name");
    ours.erase("inbound_nodes");
    expected["config"]["name"] = ours["config"]["name"];
    QVERIFY2(ours == expected, qPrintable(difference(ours, expected)));
}

void KerasConfigTest::familiesAsKerasWritesThem_data() {
    QTest::addColumn<QString>("text");
    const std::filesystem::path folder = kerasCases();
    const auto known = [](const std::string& id) {
        return initializerFamily().find(id) != nullptr || optimizerFamily().find(id) != nullptr ||
               lossFamily().find(id) != nullptr;
    };
    if (!folder.empty()) {
        for (const json& c : test::casesOf(folder / "serialized_defaults.json")) {
            if (c.contains("layer") || !known(c["serialized"]["class_name"].get<std::string>())) continue;
            QTest::addRow("%s", c["serialized"]["class_name"].get<std::string>().c_str())
                << QString::fromStdString(c["serialized"].dump());
        }
    }
    if (folder.empty()) QTest::addRow("none") << QString();
}

void KerasConfigTest::familiesAsKerasWritesThem() {
    QFETCH(QString, text);
    if (text.isEmpty()) QSKIP("Keras's own files are not beside the project");
    json expected = json::parse(text.toStdString());
    const std::string id = expected["class_name"];
    ModelGraph graph;
    const NodeId in = graph.add({.type = "Input"});
    TrainingSettings settings;
    std::vector<std::string> leftOut;
    json ours;
    Node dense{.type = "Dense"};
    const Schema* loss = lossFamily().find(id);
    const bool hasLogits = loss != nullptr && loss->find("from_logits") != nullptr;
    if (initializerFamily().find(id) != nullptr) {
        const Result<TypedParams> read = keras::objectFromKeras(initializerFamily(), expected, leftOut);
        QVERIFY(read);
        dense.params["kernel_initializer"] = *read;
    } else if (optimizerFamily().find(id) != nullptr) {
        settings.optimizer = {id, {}};
    } else {
        // With one option off its default the loss is written as an object, else as its name.
        settings.loss = {id, {}};
        if (hasLogits) settings.loss.params["from_logits"] = true;
    }
    QVERIFY(graph.connect(in, graph.add(dense)));
    const Result<std::string> config = kerasConfig(graph, "model", &settings);
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    const json written = normalised(*config);
    if (initializerFamily().find(id) != nullptr)
        ours = layerOfClass(written, "Dense")["config"]["kernel_initializer"];
    else if (optimizerFamily().find(id) != nullptr)
        ours = written["compile_config"]["optimizer"];
    else
        ours = written["compile_config"]["loss"];
    normalise(expected);
    if (optimizerFamily().find(id) != nullptr)
        expected["registered_name"] = nullptr; // as backends other than torch write it
    if (hasLogits)
        expected["config"]["from_logits"] = true;
    else if (loss != nullptr)
        expected = expected["config"]["name"];
    QVERIFY2(ours == expected, qPrintable(difference(ours, expected)));
}

void KerasConfigTest::filesOfKerasAreWrittenBackAlike_data() {
    QTest::addColumn<QString>("path");
    for (const std::string& path : kerasFiles())
        QTest::addRow("%s", std::filesystem::path(path).stem().c_str()) << QString::fromStdString(path);
    if (kerasFiles().empty()) QTest::addRow("none") << QString();
}

void KerasConfigTest::filesOfKerasAreWrittenBackAlike() {
    QFETCH(QString, path);
    if (path.isEmpty()) QSKIP("Keras's own files are not beside the project");
    const std::string text = test::fileText(path.toStdString());
    const Result<KerasModel> model = graphFromKeras(text);
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    if (!model->foreign.empty()) QSKIP(model->foreign.front().c_str());
    const Result<std::string> again = kerasConfig(model->graph, model->name, nullptr);
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    json expected = normalised(text);
    expected.erase("compile_config");
    json ours = normalised(*again);
    if (ours["class_name"] != expected["class_name"]) {
        // A chain that was made with Keras's functional API is a Sequential here: its layers are the same.
        ours = configsOfLayers(ours);
        expected = configsOfLayers(expected);
    }
    QVERIFY2(ours == expected, qPrintable(difference(ours, expected)));
}

void KerasConfigTest::compileConfig() {
    ModelGraph graph;
    const NodeId in = graph.add({.type = "Input"});
    QVERIFY(graph.connect(in, graph.add({.type = "Flatten"})));
    TrainingSettings settings;
    settings.optimizer = {"SGD", {{"learning_rate", 0.01}, {"momentum", 0.9}}};
    const Result<std::string> config = kerasConfig(graph, "model", &settings);
    QVERIFY(config);
    const json compiled = json::parse(*config)["compile_config"];
    QCOMPARE(compiled["loss"], json("sparse_categorical_crossentropy"));
    QCOMPARE(compiled["metrics"], json::array({"accuracy"}));
    QCOMPARE(compiled["optimizer"]["config"]["momentum"], json(0.9));
    const Result<KerasModel> back = graphFromKeras(*config);
    QVERIFY(back);
    QVERIFY(back->optimizer.has_value());
    QCOMPARE(back->optimizer->params.at("learning_rate"), ParamValue(0.01));
    // What Keras has read back from a float32 is shown as it was typed; a schedule of Keras is a schedule here, and one
    // that nobody knows begins with its first value.
    json changed = json::parse(*config);
    changed["compile_config"]["optimizer"]["config"]["learning_rate"] = 0.0010000000474974513;
    QCOMPARE(graphFromKeras(changed.dump())->optimizer->params.at("learning_rate"), ParamValue(0.001));
    changed["compile_config"]["optimizer"]["config"]["learning_rate"] = {
        {"class_name", "CosineDecay"}, {"config", {{"initial_learning_rate", 0.05}, {"decay_steps", 100}}}};
    const Result<KerasModel> scheduled = graphFromKeras(changed.dump());
    QVERIFY(scheduled);
    QVERIFY(scheduled->remarks.empty());
    QVERIFY(scheduled->schedule.has_value());
    QCOMPARE(scheduled->schedule->id, std::string("CosineDecay"));
    QCOMPARE(scheduled->schedule->params.at("decay_steps"), ParamValue(std::int64_t{100}));
    changed["compile_config"]["optimizer"]["config"]["learning_rate"]["class_name"] = "OwnDecay";
    const Result<KerasModel> unknown = graphFromKeras(changed.dump());
    QVERIFY(unknown);
    QCOMPARE(unknown->optimizer->params.at("learning_rate"), ParamValue(0.05));
    QVERIFY(!unknown->remarks.empty());
    changed = json::parse(*config);
    changed["compile_config"]["weighted_metrics"] = json::array();
    changed["compile_config"]["loss_weights"] = {0.5};
    const Result<KerasModel> weighed = graphFromKeras(changed.dump());
    QVERIFY(weighed);
    QCOMPARE(weighed->remarks.size(), std::size_t{1});
    QVERIFY(weighed->remarks.front().find("loss_weights = [0.5]") != std::string::npos);
}

/// Cropping1D has (1, 2) where Cropping2D has ((1, 2), (3, 4)): Keras refuses ((1, 2),).
void KerasConfigTest::groupsOfTuples() {
    const auto cropped = [](const char* type, ParamValue::IntList shape, ParamValue::IntList cropping) {
        ModelGraph graph;
        const NodeId in = graph.add({.type = "Input", .params = {{"shape", std::move(shape)}}});
        const NodeId layer = graph.add({.type = type, .params = {{"cropping", std::move(cropping)}}});
        (void)graph.connect(in, layer);
        return layerOfClass(configOf(graph), type)["config"]["cropping"];
    };
    QVERIFY(cropped("Cropping1D", {9, 2}, {1, 2}) == json({1, 2}));
    QVERIFY(cropped("Cropping2D", {9, 9, 2}, {1, 2, 3, 4}) == json({{1, 2}, {3, 4}}));
}

void KerasConfigTest::sizesMayBeOpen() {
    ModelGraph graph;
    const NodeId in = graph.add({.type = "Input", .params = {{"shape", ParamValue::IntList{-1, -1, 3}}}});
    const NodeId conv = graph.add({.type = "Conv2D"});
    const NodeId pool = graph.add({.type = "GlobalAveragePooling2D"});
    QVERIFY(graph.connect(in, conv));
    QVERIFY(graph.connect(conv, pool));
    const Result<std::string> config = kerasConfig(graph, "m", nullptr);
    QVERIFY2(config, config ? "" : config.error().message.c_str());
    QVERIFY(json::parse(*config)["config"]["build_input_shape"] == json({nullptr, nullptr, nullptr, 3}));
    const Result<KerasModel> back = graphFromKeras(*config);
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QVERIFY(test::contentOf(back->graph) == test::contentOf(graph));
}

void KerasConfigTest::unfinishedDrawingsHaveNone() {
    ModelGraph graph;
    QVERIFY(!kerasConfig(graph, "m", nullptr));
    const NodeId in = graph.add({.type = "Input", .params = {{"shape", ParamValue::IntList{4, 4, 1}}}});
    QVERIFY(!kerasConfig(graph, "m", nullptr));
    const NodeId conv = graph.add({.type = "Conv2D", .params = {{"kernel_size", ParamValue::IntList{5, 5}}}});
    QVERIFY(graph.connect(in, conv));
    const Result<std::string> config = kerasConfig(graph, "m", nullptr);
    QVERIFY(!config);
    QVERIFY(!config.error().message.empty());
}

QTEST_APPLESS_MAIN(KerasConfigTest)
#include "keras_config_test.moc"
