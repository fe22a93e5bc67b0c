// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"
#include "engine/graph/bypass.h"
#include "engine/graph/flatten.h"
#include "engine/graph/templates.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_weights.h"
#include "engine/interop/zip_archive.h"
#include "engine/interop/zip_salvage.h"
#include "tests/engine/interop_data.h"
#include "tests/support/keras_files.h"
#include "tests/support/keras_model_check.h"
#include "tests/support/wall_main.h"

#include <cmath>
#include <QCoreApplication>
#include <qfloat16.h> // complete before nlohmann asks what a json converts to
#include <QTemporaryDir>

using namespace strata;
using nlohmann::json;

namespace {

/// Input > Conv2D > BatchNormalization > Flatten > Dense, with a card put aside.
ModelGraph smallNetwork() {
    ModelGraph g;
    NodeId at =
        g.add({.type = "Input", .name = "image", .params = {{"shape", ParamValue::IntList{6, 6, 2}}}});
    const auto next = [&](Node node) {
        const NodeId id = g.add(std::move(node));
        (void)g.connect(at, id);
        at = id;
        return id;
    };
    next({.type = "Conv2D",
          .name = "conv",
          .params = {{"filters", 3}, {"kernel_size", ParamValue::IntList{3, 3}}},
          .position = {12.5, -3}});
    next({.type = "BatchNormalization", .name = "bn"});
    next({.type = "Flatten", .name = "flat"});
    next({.type = "Dense",
          .name = "out",
          .params = {{"units", 4}, {"activation", "softmax"}},
          .trainable = false});
    return g;
}

Weights numbered(const ModelGraph& graph) {
    const Result<KerasPart> part = kerasPart(graph);
    Weights w = completeWeights(*part, analyse(part->graph), nullptr, 7);
    float value = 0;
    for (auto& [id, arrays] : w.nodes) {
        for (WeightArray& a : arrays) {
            for (float& v : a.values)
                v = (value += 0.25F);
        }
    }
    return w;
}

DocumentState trainedState(const ModelGraph& graph) {
    DocumentState state;
    state.graph = graph;
    state.data = {.source = "mnist", .resizeHeight = 6, .resizeWidth = 6, .colour = "rgb", .scaling = "none"};
    state.training.optimizer = {"SGD", {{"learning_rate", 0.01}, {"momentum", 0.9}}};
    state.training.batchSize = 17;
    state.training.epochs = 3;
    state.training.seed = 0xFFFFFFFFFFFFFFFFULL;
    state.training.validationSplit = 0.25;
    state.training.shuffle = false;
    state.silenced = {{"kernel.even", 0}, {"filters.fewer", 3}};
    state.notes = "Über \"alles\"\n\xE2\x9C\x93";
    auto trained = std::make_shared<TrainedState>();
    trained->weights = numbered(graph);
    trained->history = {
        {.epoch = 1, .loss = 0.5, .accuracy = 0.75},
        {.epoch = 2, .loss = 0.25, .accuracy = 0.875, .validationLoss = 0.5, .validationAccuracy = 0.75}};
    trained->bestEpoch = 2;
    trained->testAccuracy = 0.8125;
    trained->classNames = {"cat", "\xC3\x89", "two words", ""};
    trained->trainedGraph = graph;
    state.trained = trained;
    return state;
}

bool sameState(const DocumentState& a, const DocumentState& b) {
    if (!(a.graph == b.graph) || !(a.data == b.data) || a.notes != b.notes || a.silenced != b.silenced) return false;
    if ((a.trained == nullptr) != (b.trained == nullptr)) return false;
    if (a.trained == nullptr) return true;
    return a.trained->weights == b.trained->weights && a.trained->history == b.trained->history &&
           a.trained->bestEpoch == b.trained->bestEpoch &&
           a.trained->testAccuracy == b.trained->testAccuracy &&
           a.trained->classNames == b.trained->classNames &&
           a.trained->trainedGraph == b.trained->trainedGraph;
}

std::vector<std::byte> bytesAt(const std::filesystem::path& path) {
    return *readWholeFile(path);
}

/// A copy with one wrong byte in the middle of a member.
void damageMember(const std::filesystem::path& from, const std::filesystem::path& to, std::string_view name) {
    const ZipMembers zip = *readZip(from);
    const ZipMember& member = *zip.find(name);
    std::vector<std::byte> bytes = bytesAt(from);
    const auto data = std::search(bytes.begin(), bytes.end(), member.bytes.begin(), member.bytes.end());
    *(data + static_cast<std::ptrdiff_t>(member.bytes.size() / 2)) ^= std::byte{1};
    (void)writeFileAtomically(to, bytes);
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
    void damagedOwnPart();
    void filesOfKeras_data();
    void filesOfKeras();
    void legacyH5OfKeras2_data();
    void legacyH5OfKeras2();
    void weightsAlone();
    void wrongWeights();
    void everyByteMayBeWrong_data();
    void everyByteMayBeWrong();
    void whatIsLeftIsOffered();
    void whatTheStoppedRunRemembers();
    void newerFilesKeepTheirName();
    void hostileDrawingsAreMended();
    void damagedFiles_data();
    void damagedFiles();

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

void KerasArchiveTest::damagedOwnPart() {
    QVERIFY(saveDocument(trainedState(smallNetwork()), at("d.keras")));
    ZipMembers zip = *readZip(at("d.keras"));
    for (ZipMember& m : zip.members) {
        if (m.name == "strata.json") m.bytes = bytesOf("{\"strata\": 1, \"graph\": 5}");
    }
    QVERIFY(writeZip(at("d2.keras"), zip.members));
    const Result<OpenedDocument> opened = openDocument(at("d2.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(!opened->writtenByStrata);
    QVERIFY(!opened->remarks.empty());
    QCOMPARE(opened->state.graph.nodes().size(), std::size_t{5});
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
    const test::ModelCheck check = test::checkModelFile(file.toStdString(), expected, {});
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
    const test::ModelCheck check = test::checkModelFile(file.toStdString(), json::parse(text.toStdString()),
                                                        {.relative = 1e-4, .absolute = 1e-6});
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

void KerasArchiveTest::wrongWeights() {
    QVERIFY(saveDocument(trainedState(smallNetwork()), at("x.keras")));
    ZipMembers zip = *readZip(at("x.keras"));
    std::erase_if(zip.members, [](const ZipMember& m) { return m.name == "strata.json"; });
    const auto with = [&](const std::function<void(H5Tree&)>& change) {
        ZipMembers changed = zip;
        for (ZipMember& m : changed.members) {
            if (m.name != "model.weights.h5") continue;
            H5Tree tree = *readHdf5(m.bytes);
            change(tree);
            m.bytes = *writeHdf5(tree);
        }
        (void)writeZip(at("x2.keras"), changed.members);
        const Result<OpenedDocument> opened = openDocument(at("x2.keras"));
        return opened ? std::string() : opened.error().message;
    };
    QCOMPARE(with([](H5Tree&) {}), std::string());
    const std::string shape = with([](H5Tree& t) {
        H5Node& vars = t.group("layers/conv2d/vars");
        vars.children.erase(vars.children.begin());
        vars.addDataset("0", {1}, std::vector<float>{1});
    });
    QVERIFY2(shape.find("\"conv\"") != std::string::npos && shape.find("(3, 3, 2, 3)") != std::string::npos,
             shape.c_str());
    const std::string missing = with([](H5Tree& t) { t.group("layers/dense/vars").children.clear(); });
    QVERIFY2(missing.find("\"out\"") != std::string::npos, missing.c_str());
    const std::string none = with([](H5Tree& t) { t.children.clear(); });
    QVERIFY2(!none.empty(), none.c_str());
}

void KerasArchiveTest::everyByteMayBeWrong_data() {
    QTest::addColumn<bool>("cut");
    QTest::newRow("turned") << false;
    QTest::newRow("cut off") << true;
}

/// A file with one wrong byte, or a part of it: it opens, or ends in one sentence; it opens wherever a drawing is left, and
/// then says what is lost.
void KerasArchiveTest::everyByteMayBeWrong() {
    QFETCH(bool, cut);
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("whole.keras")));
    const std::vector<std::byte> whole = bytesAt(at("whole.keras"));
    const std::size_t step = std::max<std::size_t>(1, whole.size() / 150);
    int opened = 0, refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += step) {
        std::vector<std::byte> bytes = whole;
        if (cut) bytes.resize(at);
        else bytes[at] ^= std::byte{0x21};
        QVERIFY(writeFileAtomically(this->at("hurt.keras"), bytes));
        const Result<OpenedDocument> result = openDocument(this->at("hurt.keras"));
        const SalvagedZip left = salvageZip(bytes);
        const bool drawing = left.whole.find("config.json") != nullptr || left.whole.find("strata.json") != nullptr;
        if (!result) {
            ++refused;
            const QString message = QString::fromStdString(result.error().message);
            QVERIFY2(!drawing, qPrintable(QStringLiteral("byte %1: %2").arg(at).arg(message)));
            QVERIFY2(message.size() > 20 && message.size() < 700 && !message.contains('\n'), qPrintable(message));
            continue;
        }
        ++opened;
        QVERIFY2(result->recovered || sameState(result->state, state), qPrintable(QStringLiteral("byte %1").arg(at)));
        QVERIFY(!result->recovered || !result->remarks.empty());
        QCOMPARE(result->state.graph.nodes().size(), state.graph.nodes().size());
    }
    QVERIFY(opened > 10);
    QCOMPARE(refused > 0, cut);
}

void KerasArchiveTest::whatIsLeftIsOffered() {
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("whole.keras")));
    const auto without = [&](std::string_view name) {
        damageMember(at("whole.keras"), at("part.keras"), name);
        return openDocument(at("part.keras"));
    };
    const auto weights = without("model.weights.h5");
    QVERIFY2(weights.ok(), weights.ok() ? "" : weights.error().message.c_str());
    QVERIFY(weights->recovered && weights->state.graph == state.graph && weights->state.notes == state.notes);
    QVERIFY(weights->state.trained == nullptr);
    QVERIFY2(weights->remarks.front().find("model.weights.h5") != std::string::npos, weights->remarks.front().c_str());
    const auto own = without("strata.json");
    QVERIFY(own.ok() && own->recovered && !own->writtenByStrata);
    QCOMPARE(own->state.trained->weights.count(), state.trained->weights.count());
    const auto config = without("config.json");
    QVERIFY(config.ok() && config->recovered);
    QVERIFY(config->writtenByStrata && sameState(config->state, state));
}

/// The cards that Keras's member had and the one that it had not: both are whole in the run's memory.
void KerasArchiveTest::whatTheStoppedRunRemembers() {
    DocumentState state = trainedState(smallNetwork());
    auto trained = std::make_shared<TrainedState>(*state.trained);
    auto run = std::make_shared<StoppedRun>();
    run->state.weights = trained->weights;
    run->state.best = trained->weights;
    trained->stopped = run;
    state.trained = trained;
    setBypassed(state.graph, std::array{state.graph.findByName("bn")->id}, true);
    QVERIFY(saveDocument(state, at("run.keras")));
    QVERIFY(readZip(at("run.keras"))->find("strata.weights.h5") != nullptr);
    for (const char* lost : {"model.weights.h5", "strata.weights.h5"}) {
        damageMember(at("run.keras"), at("part.keras"), lost);
        const auto opened = openDocument(at("part.keras"));
        QVERIFY(opened.ok() && opened->recovered);
        QVERIFY2(sameState(opened->state, state), lost);
        QVERIFY(opened->remarks.back().find("stopped run") != std::string::npos);
    }
}

void KerasArchiveTest::newerFilesKeepTheirName() {
    QVERIFY(saveDocument(trainedState(smallNetwork()), at("n.keras")));
    ZipMembers zip = *readZip(at("n.keras"));
    const std::string newer = "{\"strata\": 99}";
    for (ZipMember& m : zip.members) {
        if (m.name == "strata.json") m.bytes = bytesOf(newer);
    }
    QVERIFY(writeZip(at("n.keras"), zip.members));
    const auto opened = openDocument(at("n.keras"));
    QVERIFY(opened.ok() && opened->recovered); // saving must not write over what this program cannot read
    QVERIFY(std::ranges::any_of(opened->remarks, [](const std::string& r) { return r.find("newer Strata") != std::string::npos; }));
}

/// What a drawing may not have is mended, and said; what was learned stays where it is.
void KerasArchiveTest::hostileDrawingsAreMended() {
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("h.keras")));
    const ZipMembers zip = *readZip(at("h.keras"));
    const auto with = [&](const std::function<void(json&)>& change) {
        ZipMembers changed = zip;
        for (ZipMember& m : changed.members) {
            if (m.name != "strata.json") continue;
            json own = json::parse(std::string(reinterpret_cast<const char*>(m.bytes.data()), m.bytes.size()));
            change(own);
            const std::string text = own.dump();
            m.bytes = bytesOf(text);
        }
        (void)writeZip(at("h2.keras"), changed.members);
        return openDocument(at("h2.keras"));
    };
    const auto numbered = with([](json& own) {
        json& graph = own["graph"];
        const std::int64_t old = graph["nodes"][1]["id"];
        graph["nodes"][1]["id"] = INT64_MAX;
        for (json& edge : graph["edges"]) {
            for (int end : {0, 1}) {
                if (edge[end] == old) edge[end] = INT64_MAX;
            }
        }
        for (json& id : own["trained"]["in_keras"]) {
            if (id == old) id = INT64_MAX;
        }
    });
    QVERIFY2(numbered.ok(), numbered.ok() ? "" : numbered.error().message.c_str());
    QVERIFY(numbered->writtenByStrata && numbered->remarks.size() == 1);
    QCOMPARE(numbered->state.graph.edges().size(), state.graph.edges().size());
    QCOMPARE(numbered->state.trained->weights.count(), state.trained->weights.count());
    const auto placed = with([](json& own) {
        json& graph = own["graph"];
        const json edge = graph["edges"][0];
        graph["bends"] = {{edge[0], edge[1], json(std::vector<json>(101, json{1, 2}))}};
        graph["groups"] = {{{"id", INT64_MAX}, {"title", "far"}}};
        graph["nodes"][1]["group"] = INT64_MAX;
        graph["nodes"][2]["group"] = 77;
        graph["notes"] = 5;
    });
    QVERIFY2(placed.ok(), placed.ok() ? "" : placed.error().message.c_str());
    QVERIFY(placed->writtenByStrata && placed->remarks.size() == 3);
    const Edge first = placed->state.graph.edges().front();
    QCOMPARE(placed->state.graph.bends(first.from, first.to).size(), std::size_t{100});
    QVERIFY(placed->state.graph.groups().empty());
}

void KerasArchiveTest::damagedFiles_data() {
    QTest::addColumn<bool>("legacy");
    QTest::addColumn<int>("seed");
    for (int i = 0; i < 12; ++i) {
        QTest::addRow("archive %d", i) << false << i;
        QTest::addRow("h5 %d", i) << true << i;
    }
}

/// Cut short, or with bits turned, a file opens or ends in one sentence. (The zip's checksums are made good
/// again, so that the damage reaches the parsers behind them.)
void KerasArchiveTest::damagedFiles() {
    QFETCH(bool, legacy);
    QFETCH(int, seed);
    Rng rng({.seed = static_cast<std::uint64_t>(seed), .stream = legacy ? 1U : 2U});
    const auto damage = [&](std::vector<std::byte>& bytes) {
        if (seed % 3 == 0) bytes.resize(rng.below(bytes.size()));
        for (int i = 0; i < 8 && !bytes.empty(); ++i)
            bytes[rng.below(bytes.size())] ^= static_cast<std::byte>(1U << rng.below(8));
    };
    const std::filesystem::path path = at("damaged.keras");
    if (legacy) {
        const std::filesystem::path folder = kerasCases();
        if (folder.empty()) QSKIP("Keras's own files are not beside the project");
        std::vector<std::byte> bytes = *readWholeFile(folder / "keras3_models" / "small_resnet.h5");
        damage(bytes);
        QVERIFY(writeFileAtomically(path, bytes));
    } else {
        QVERIFY(saveDocument(trainedState(smallNetwork()), path));
        ZipMembers zip = *readZip(path);
        damage(zip.members[1 + rng.below(3)].bytes);
        QVERIFY(writeZip(path, zip.members));
    }
    const Result<OpenedDocument> opened = openDocument(path);
    if (opened) return;
    const QString message = QString::fromStdString(opened.error().message);
    QVERIFY2(message.size() > 20 && message.size() < 700 && !message.contains('\n'), qPrintable(message));
}

STRATA_WALL_TEST_MAIN(KerasArchiveTest, QCoreApplication)
#include "keras_archive_test.moc"
