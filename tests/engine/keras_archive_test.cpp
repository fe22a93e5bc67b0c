// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"
#include "engine/graph/bypass.h"
#include "engine/graph/flatten.h"
#include "engine/core/atomic_file.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/zip_archive.h"
#include "tests/engine/interop_data.h"
#include "tests/support/keras_files.h"
#include "tests/support/keras_model_check.h"
#include "tests/support/trained_document.h"
#include "tests/support/wall_main.h"

#include <QCoreApplication>
#include <qfloat16.h> // complete before nlohmann asks what a json converts to
#include <QTemporaryDir>

using namespace strata;
using nlohmann::json;
using test::sameState;
using test::smallNetwork;
using test::trainedState;

namespace {

std::vector<std::byte> bytesAt(const std::filesystem::path& path) {
    return *readWholeFile(path);
}

} // namespace

class KerasArchiveTest : public QObject {
    Q_OBJECT

private slots:
    void stateComesBack();
    void untrainedStateComesBack();
    void sameStateSameBytes();
    void layoutOfTheWeightsFile();
    void editedAfterTraining();
    void unfinishedDrawing();
    void safetyCopy();
    void aDrawingTooLargeForItsWeights();
    void cardsPutAside();
    void bypassedCards();
    void repeatedBlocks();
    void changedByKeras();
    void aLayerOfAnotherProgram();
    void filesOfKeras_data();
    void filesOfKeras();
    void legacyH5OfKeras2_data();
    void legacyH5OfKeras2();
    void weightsAlone();

private:
    std::filesystem::path at(const char* name) const { return m_folder.filePath(name).toStdString(); }
    QTemporaryDir m_folder;
};

void KerasArchiveTest::stateComesBack() {
    const DocumentState state = trainedState(smallNetwork());
    const Result<SaveReport> saved = saveDocument(state, at("a.keras"));
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QVERIFY(saved->kerasCanOpen);
    QVERIFY(saved->remark.empty());
    const Result<OpenedDocument> opened = openDocument(at("a.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(opened->writtenByStrata);
    QVERIFY(opened->compiled);
    QVERIFY(opened->remarks.empty());
    QVERIFY(sameState(opened->state, state));
    QCOMPARE(opened->state.training.optimizer.params.at("momentum"), ParamValue(0.9));
    QCOMPARE(opened->state.training.seed, state.training.seed);
    QCOMPARE(opened->state.training.batchSize, std::int64_t{17});
    QVERIFY(!opened->state.training.shuffle);
}

void KerasArchiveTest::untrainedStateComesBack() {
    DocumentState state;
    state.graph = smallNetwork();
    QVERIFY(saveDocument(state, at("u.keras")));
    const Result<OpenedDocument> opened = openDocument(at("u.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    // Keras needs numbers in the file; they are not taken for trained ones.
    QVERIFY(opened->state.trained == nullptr);
    QVERIFY(sameState(opened->state, state));
}

void KerasArchiveTest::sameStateSameBytes() {
    qputenv("SOURCE_DATE_EPOCH", "1700000000");
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("one.keras")));
    QVERIFY(saveDocument(state, at("two.keras")));
    QCOMPARE(bytesAt(at("one.keras")), bytesAt(at("two.keras")));
    // Opened and saved again it is still the same archive.
    QVERIFY(saveDocument(openDocument(at("one.keras"))->state, at("three.keras")));
    QCOMPARE(bytesAt(at("one.keras")), bytesAt(at("three.keras")));
    const Result<ZipMembers> zip = readZip(at("one.keras"));
    QVERIFY(zip);
    QCOMPARE(zip->members[0].name, std::string("metadata.json"));
    const auto& meta = zip->members[0].bytes;
    const json parsed = json::parse(std::string(reinterpret_cast<const char*>(meta.data()), meta.size()));
    QCOMPARE(parsed, json({{"keras_version", "3.16.0"}, {"date_saved", "2023-11-14@22:13:20"}}));
    qunsetenv("SOURCE_DATE_EPOCH");
}

void KerasArchiveTest::layoutOfTheWeightsFile() {
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("l.keras")));
    const Result<ZipMembers> zip = readZip(at("l.keras"));
    const Result<H5Tree> tree = readHdf5(zip->find("model.weights.h5")->bytes);
    QVERIFY(tree);
    // A Sequential has no group for its Input; layers without weights have an empty "vars" with their name.
    QVERIFY(tree->find("layers/input_layer") == nullptr);
    QCOMPARE(tree->find("layers/conv2d/vars")->text("name").value(), std::string("conv"));
    QCOMPARE(tree->find("layers/conv2d/vars/0")->dataset->dims, (std::vector<std::uint64_t>{3, 3, 2, 3}));
    QCOMPARE(tree->find("layers/conv2d/vars/1")->dataset->dims, (std::vector<std::uint64_t>{3}));
    QCOMPARE(tree->find("layers/batch_normalization/vars")->children.size(), std::size_t{4});
    QVERIFY(tree->find("layers/flatten/vars") != nullptr);
    QVERIFY(tree->find("layers/flatten/vars")->children.empty());
    QVERIFY(tree->child("vars") != nullptr);
}

void KerasArchiveTest::editedAfterTraining() {
    DocumentState state = trainedState(smallNetwork());
    Node dense = *state.graph.findByName("out");
    dense.params["units"] = 9;
    state.graph.replace(dense);
    QVERIFY(saveDocument(state, at("e.keras")));
    const Result<OpenedDocument> opened = openDocument(at("e.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    // The weights that no longer fit are kept beside Keras's.
    QVERIFY(sameState(opened->state, state));
    const Result<ZipMembers> zip = readZip(at("e.keras"));
    QVERIFY(zip->find("strata.weights.h5") != nullptr);
    const Result<H5Tree> tree = readHdf5(zip->find("model.weights.h5")->bytes);
    QCOMPARE(tree->find("layers/dense/vars/0")->dataset->dims.back(), std::uint64_t{9});
}

void KerasArchiveTest::unfinishedDrawing() {
    DocumentState state = trainedState(smallNetwork());
    state.graph.disconnect(state.graph.inputsOf(state.graph.findByName("conv")->id).front());
    const Result<SaveReport> saved = saveDocument(state, at("w.keras"));
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QVERIFY(!saved->kerasCanOpen);
    QVERIFY(!saved->remark.empty());
    QVERIFY(readZip(at("w.keras"))->find("config.json") == nullptr);
    const Result<OpenedDocument> opened = openDocument(at("w.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(sameState(opened->state, state));
    // An empty sheet is a document, too.
    const DocumentState empty;
    QVERIFY(saveDocument(empty, at("empty.keras")));
    QVERIFY(sameState(openDocument(at("empty.keras"))->state, empty));
}

/// Everything is in it but what can be made again.
void KerasArchiveTest::safetyCopy() {
    const DocumentState state = trainedState(smallNetwork());
    const Result<SaveReport> saved = saveDocument(state, at("copy.keras"), SaveFor::Recovery);
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QVERIFY(readZip(at("copy.keras"))->find("config.json") == nullptr);
    const Result<OpenedDocument> opened = openDocument(at("copy.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(sameState(opened->state, state));
    DocumentState untrained;
    untrained.graph = smallNetwork();
    QVERIFY(saveDocument(untrained, at("copy.keras"), SaveFor::Recovery));
    QCOMPARE(readZip(at("copy.keras"))->members.size(), std::size_t{2}); // metadata.json, strata.json
}

/// A number that was typed on the way to another one must not cost the memory of all its weights.
void KerasArchiveTest::aDrawingTooLargeForItsWeights() {
    DocumentState state;
    state.graph = smallNetwork();
    Node dense = *state.graph.findByName("out");
    dense.params["units"] = 16'000'000;
    state.graph.replace(dense);
    Node conv = *state.graph.findByName("conv");
    conv.params["filters"] = 8;
    state.graph.replace(conv);
    const Result<SaveReport> saved = saveDocument(state, at("huge.keras"));
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QVERIFY(!saved->kerasCanOpen);
    QVERIFY(saved->remark.find("make its layers smaller") != std::string::npos);
    QVERIFY(sameState(openDocument(at("huge.keras"))->state, state));
}

void KerasArchiveTest::cardsPutAside() {
    ModelGraph graph = smallNetwork();
    DocumentState state = trainedState(graph);
    state.graph.add({.type = "Conv2D", .name = "aside"});
    const Result<SaveReport> saved = saveDocument(state, at("p.keras"));
    QVERIFY(saved);
    QVERIFY(saved->kerasCanOpen);
    QVERIFY(!saved->remark.empty());
    QVERIFY(sameState(openDocument(at("p.keras"))->state, state));
}

void KerasArchiveTest::bypassedCards() {
    DocumentState state = trainedState(smallNetwork());
    const NodeId bn = state.graph.findByName("bn")->id;
    setBypassed(state.graph, std::array{bn}, true);
    const Result<SaveReport> saved = saveDocument(state, at("b.keras"));
    QVERIFY(saved);
    QVERIFY(saved->kerasCanOpen);
    QVERIFY(!saved->remark.empty());
    QVERIFY(kerasConfig(state.graph, "m", nullptr)->find("\"bn\"") == std::string::npos);
    const Result<OpenedDocument> opened = openDocument(at("b.keras"));
    QVERIFY(sameState(opened->state, state)); // with the weights that the bypassed card had
    QVERIFY(opened->state.trained->weights.find(bn) != nullptr);
}

void KerasArchiveTest::repeatedBlocks() {
    ModelGraph graph = smallNetwork();
    const NodeId bn = graph.findByName("bn")->id;
    graph.addGroup({.title = "Norm", .block = true, .folded = true, .repeat = 3}, std::array{bn});
    const DocumentState state = trainedState(graph);
    QVERIFY(state.trained->weights.find(copyId(bn, 2)) != nullptr);
    const Result<SaveReport> saved = saveDocument(state, at("r.keras"));
    QVERIFY(saved);
    QVERIFY(saved->kerasCanOpen);
    QVERIFY(kerasConfig(state.graph, "m", nullptr)->find("\"bn_r3\"") != std::string::npos);
    QVERIFY(sameState(openDocument(at("r.keras"))->state, state));
}

void KerasArchiveTest::changedByKeras() {
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("c.keras")));
    ZipMembers zip = *readZip(at("c.keras"));
    for (ZipMember& m : zip.members) {
        if (m.name != "config.json") continue;
        json config = json::parse(std::string(reinterpret_cast<const char*>(m.bytes.data()), m.bytes.size()));
        config["config"]["layers"][4]["config"]["activation"] = "linear";
        const std::string text = config.dump();
        m.bytes = bytesOf(text);
    }
    QVERIFY(writeZip(at("c2.keras"), zip.members));
    const Result<OpenedDocument> opened = openDocument(at("c2.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(!opened->writtenByStrata);
    QVERIFY(!opened->remarks.empty());
    QCOMPARE(opened->state.graph.findByName("out")->params.at("activation"), ParamValue("linear"));
    QCOMPARE(opened->state.trained->weights.count(), state.trained->weights.count());
}

/// Of a class that Strata lacks: its card is there, what lies before it keeps its weights, and the file is not saved over unasked.
void KerasArchiveTest::aLayerOfAnotherProgram() {
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("f.keras")));
    ZipMembers zip = *readZip(at("f.keras"));
    std::erase_if(zip.members, [](const ZipMember& m) { return m.name.starts_with("strata"); });
    std::string name;
    for (ZipMember& m : zip.members) {
        if (m.name != "config.json") continue;
        json config = json::parse(std::string(reinterpret_cast<const char*>(m.bytes.data()), m.bytes.size()));
        json& layer = config["config"]["layers"][2];
        layer["class_name"] = "Custom>Eyes";
        name = layer["config"]["name"];
        const std::string text = config.dump();
        m.bytes = bytesOf(text);
    }
    QVERIFY(writeZip(at("f2.keras"), zip.members));
    const Result<OpenedDocument> opened = openDocument(at("f2.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(opened->recovered && !opened->weightsLost);
    QVERIFY2(opened->remarks.front().find("Layer \"" + name + "\" (Custom>Eyes).") != std::string::npos, opened->remarks.front().c_str());
    const ModelGraph& graph = opened->state.graph;
    QCOMPARE(graph.nodes().size(), state.graph.nodes().size());
    QCOMPARE(graph.findByName(name)->type, std::string("Custom>Eyes"));
    const Node& before = **std::ranges::find(state.graph.nodes(), "Conv2D", [](const auto& node) { return node->type; });
    const std::vector<WeightArray>* kept = opened->state.trained->weights.find(graph.findByName(before.name)->id);
    QVERIFY(kept != nullptr && kept->front().values == state.trained->weights.find(before.id)->front().values);
    QVERIFY(opened->state.trained->weights.count() < state.trained->weights.count());
    // Saved as an unfinished drawing it comes back as it is.
    const Result<SaveReport> saved = saveDocument(opened->state, at("f3.keras"));
    QVERIFY(saved && !saved->kerasCanOpen);
    const Result<OpenedDocument> again = openDocument(at("f3.keras"));
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QVERIFY(again->state.graph == graph);
    QVERIFY(again->state.trained->weights.find(graph.findByName(before.name)->id) != nullptr);
}

void KerasArchiveTest::filesOfKeras_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    const std::filesystem::path folder = kerasCases();
    if (folder.empty()) QTest::addRow("none") << QString() << QString();
    if (folder.empty()) return;
    for (const char* sub : {"keras3_models", "keras3_models/versions", "keras2_schema"}) {
        for (const json& c : test::casesOf(folder / sub / "expected.json")) {
            for (const json& f : c["files"]) {
                const std::string name = f.get<std::string>();
                if (name.ends_with(".weights.h5") || name.ends_with(".json")) continue;
                QTest::addRow("%s/%s", sub, name.c_str())
                    << QString::fromStdString((folder / sub / name).string())
                    << QString::fromStdString(c.dump());
            }
        }
    }
}

void KerasArchiveTest::filesOfKeras() {
    QFETCH(QString, file);
    QFETCH(QString, text);
    if (file.isEmpty()) QSKIP("Keras's own files are not beside the project");
    const json expected = json::parse(text.toStdString());
    const test::ModelCheck check = test::ModelFile(file.toStdString()).compare(expected, {});
    if (check.kind == test::ModelCheck::Kind::Unsupported) QSKIP(check.why.c_str());
    QVERIFY2(check.kind == test::ModelCheck::Kind::Same, check.why.c_str());
    const Result<OpenedDocument> opened = openDocument(file.toStdString());
    QVERIFY(opened);
    QVERIFY(!opened->writtenByStrata);
    // Saved by Strata and opened again, every number is there.
    QVERIFY(saveDocument(opened->state, at("again.keras")));
    QVERIFY(sameState(openDocument(at("again.keras"))->state, opened->state));
}

void KerasArchiveTest::legacyH5OfKeras2_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    const std::filesystem::path folder = kerasCases();
    if (folder.empty()) QTest::addRow("none") << QString() << QString();
    if (folder.empty()) return;
    for (const json& c : test::casesOf(folder / "keras2_files" / "expected.json")) {
        QTest::addRow("%s", c["id"].get<std::string>().c_str())
            << QString::fromStdString((folder / "keras2_files" / c["file"].get<std::string>()).string())
            << QString::fromStdString(c.dump());
    }
}

void KerasArchiveTest::legacyH5OfKeras2() {
    QFETCH(QString, file);
    QFETCH(QString, text);
    if (file.isEmpty()) QSKIP("Keras's own files are not beside the project");
    const test::ModelCheck check = test::ModelFile(file.toStdString()).compare(json::parse(text.toStdString()), {.relative = 1e-4, .absolute = 1e-6});
    if (check.kind == test::ModelCheck::Kind::Unsupported) QSKIP(check.why.c_str());
    QVERIFY2(check.kind == test::ModelCheck::Kind::Same, check.why.c_str());
}

void KerasArchiveTest::weightsAlone() {
    const std::filesystem::path folder = kerasCases();
    if (folder.empty()) QSKIP("Keras's own files are not beside the project");
    const Result<OpenedDocument> opened = openDocument(folder / "keras3_models" / "lenet5.weights.h5");
    QVERIFY(!opened);
    QCOMPARE(opened.error().id, std::string("keras.weights_only"));
}

STRATA_WALL_TEST_MAIN(KerasArchiveTest, QCoreApplication)
#include "keras_archive_test.moc"
