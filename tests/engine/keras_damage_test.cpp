// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are damaged, hostile or of a newer Strata: what is left of them is opened, the rest is said.
#include "engine/core/rng.h"
#include "engine/graph/bypass.h"
#include "engine/core/atomic_file.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/zip_archive.h"
#include "engine/interop/zip_salvage.h"
#include "tests/engine/interop_data.h"
#include "tests/support/keras_files.h"
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

/// A copy with one wrong byte in the middle of a member.
void damageMember(const std::filesystem::path& from, const std::filesystem::path& to, std::string_view name) {
    const ZipMembers zip = *readZip(from);
    const ZipMember& member = *zip.find(name);
    std::vector<std::byte> bytes = *readWholeFile(from);
    const auto data = std::search(bytes.begin(), bytes.end(), member.bytes.begin(), member.bytes.end());
    *(data + static_cast<std::ptrdiff_t>(member.bytes.size() / 2)) ^= std::byte{1};
    (void)writeFileAtomically(to, bytes);
}

} // namespace

class KerasDamageTest : public QObject {
    Q_OBJECT

private slots:
    void damagedOwnPart();
    void aMissingMemberOfWeightsIsSaid();
    void errorsNameTheFileOnce();
    void wrongWeights();
    void everyByteMayBeWrong_data();
    void everyByteMayBeWrong();
    void whatIsLeftIsOffered();
    void whatTheStoppedRunRemembers();
    void newerFilesKeepTheirName();
    void hostileDrawingsAreMended();
    void longFilesAreNotTakenWhole_data();
    void longFilesAreNotTakenWhole();
    void damagedFiles_data();
    void damagedFiles();

private:
    std::filesystem::path at(const char* name) const { return m_folder.filePath(name).toStdString(); }
    QTemporaryDir m_folder;
};

void KerasDamageTest::damagedOwnPart() {
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

void KerasDamageTest::aMissingMemberOfWeightsIsSaid() {
    QVERIFY(saveDocument(trainedState(smallNetwork()), at("whole.keras")));
    ZipMembers zip = *readZip(at("whole.keras"));
    std::erase_if(zip.members, [](const ZipMember& m) { return m.name == "model.weights.h5"; });
    QVERIFY(writeZip(at("without.keras"), zip.members));
    const Result<OpenedDocument> opened = openDocument(at("without.keras"));
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(opened->recovered && opened->weightsLost);
    QVERIFY(opened->state.trained == nullptr);
    QVERIFY(!opened->remarks.empty());
    QVERIFY2(opened->remarks.front().find("no model.weights.h5") != std::string::npos, opened->remarks.front().c_str());
}

void KerasDamageTest::errorsNameTheFileOnce() {
    for (const char* bytes : {"PK and then nothing", "nothing at all", "\x89HDF\r\n\x1a\n", "{"}) {
        QVERIFY(writeFileAtomically(at("once.keras"), std::string_view(bytes)).ok());
        const Result<OpenedDocument> opened = openDocument(at("once.keras"));
        QVERIFY(!opened);
        QCOMPARE(QString::fromStdString(opened.error().message).count("once.keras"), 1);
    }
}

void KerasDamageTest::wrongWeights() {
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

void KerasDamageTest::everyByteMayBeWrong_data() {
    QTest::addColumn<bool>("cut");
    QTest::newRow("turned") << false;
    QTest::newRow("cut off") << true;
}

/// A file with one wrong byte, or a part of it: it opens, or ends in one sentence; it opens wherever a drawing is left, and
/// then says what is lost.
void KerasDamageTest::everyByteMayBeWrong() {
    QFETCH(bool, cut);
    const DocumentState state = trainedState(smallNetwork());
    QVERIFY(saveDocument(state, at("whole.keras")));
    const std::vector<std::byte> whole = *readWholeFile(at("whole.keras"));
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

void KerasDamageTest::whatIsLeftIsOffered() {
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
void KerasDamageTest::whatTheStoppedRunRemembers() {
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

void KerasDamageTest::newerFilesKeepTheirName() {
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
void KerasDamageTest::hostileDrawingsAreMended() {
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

/// What is long only by a hole, beyond what its header accounts for. 64 GiB: more than there are, on whatever machine.
void KerasDamageTest::longFilesAreNotTakenWhole_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("begins");
    QTest::addColumn<QByteArray>("ends");
    QTest::addColumn<QString>("id");
    QByteArray table("PK\x05\x06", 4);
    table += QByteArray(18, '\0'); // of no member
    QTest::newRow("archive") << "hole.keras" << QByteArray("PK\x03\x04", 4) << table << "zip.too_large";
    QTest::newRow("json") << "hole.json" << QByteArray(" {") << QByteArray("}") << "file.too_large";
    QTest::newRow("anything") << "hole.bin" << QByteArray("anything") << QByteArray("x") << "keras.unknown_file";
    QTest::newRow("no head, no memory") << "headless.keras" << QByteArray("lost") << QByteArray("x") << "file.too_large";
}

void KerasDamageTest::longFilesAreNotTakenWhole() {
    QFETCH(QString, name);
    QFETCH(QByteArray, begins);
    QFETCH(QByteArray, ends);
    QFETCH(QString, id);
    const std::filesystem::path path = m_folder.filePath(name).toStdString();
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(begins);
    if (!file.seek(qint64{64} << 30)) QSKIP("no files with holes here");
    file.write(ends);
    file.close();
    qputenv("STRATA_MEMORY_LIMIT", "1G");
    const Result<OpenedDocument> opened = openDocument(path);
    qunsetenv("STRATA_MEMORY_LIMIT");
    QVERIFY(!opened);
    QCOMPARE(QString::fromStdString(opened.error().id), id);
    std::filesystem::remove(path);
}

void KerasDamageTest::damagedFiles_data() {
    QTest::addColumn<bool>("legacy");
    QTest::addColumn<int>("seed");
    for (int i = 0; i < 12; ++i) {
        QTest::addRow("archive %d", i) << false << i;
        QTest::addRow("h5 %d", i) << true << i;
    }
}

/// Cut short, or with bits turned, a file opens or ends in one sentence. (The zip's checksums are made good
/// again, so that the damage reaches the parsers behind them.)
void KerasDamageTest::damagedFiles() {
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

STRATA_WALL_TEST_MAIN(KerasDamageTest, QCoreApplication)
#include "keras_damage_test.moc"
