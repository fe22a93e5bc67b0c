// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_lookup.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_weights.h"
#include "engine/interop/zip_archive.h"
#include "interop_data.h"

#include <limits>
#include <malloc.h>
#include <QTest>
#include <thread>

using namespace strata;

namespace {

H5Tree someTree() {
    H5Tree root;
    root.setText("keras_version", "3.16.0");
    root.setText("model_config", std::string(200000, 'j')); // longer than an attribute may be
    H5Node& vars = root.group("layers/conv2d/vars");
    vars.setText("name", "größe ✓");
    root.addDataset("layers/conv2d/vars/0", {2, 3}, std::vector<float>{1, -2, 3.5f, 0, 5, 1e-30f});
    root.addDataset("layers/conv2d/vars/1", {2},
                    std::vector<double>{0.1, std::numeric_limits<double>::infinity()});
    root.addDataset("optimizer/vars/0", {}, std::vector<std::int64_t>{1234567890123});
    root.addDataset("empty", {0, 7}, std::vector<float>{});
    root.addDataset("words", {2}, std::vector<std::string>{"a", "longer"});
    H5Node& old = root.group("model_weights");
    old.setTextList("layer_names", {"c1", "flatten_with_a_long_name", "ä"});
    old.setTextList("weight_names", {});
    old.attributes.push_back({"numbers", H5Array{{3}, std::vector<std::int64_t>{1, 2, 3}}});
    root.group("layers/re_lu/vars");
    return root;
}

/// HDF5 gives children and attributes by name.
void sortByName(H5Node& node) {
    const auto byName = [](const auto& a, const auto& b) { return a.name < b.name; };
    std::sort(node.children.begin(), node.children.end(), byName);
    std::sort(node.attributes.begin(), node.attributes.end(), byName);
    for (H5Node& child : node.children)
        sortByName(child);
}

H5Node named(const char* name) {
    H5Node node;
    node.name = name;
    return node;
}

struct Totals {
    int nodes = 0;
    int datasets = 0;
    int attributes = 0;
    double sum = 0;
};

void addUp(const H5Node& node, Totals& totals) {
    totals.attributes += static_cast<int>(node.attributes.size());
    if (node.dataset) {
        ++totals.datasets;
        std::visit(
            [&](const auto& values) {
                if constexpr (requires { values.at(0) + 1.0; }) {
                    for (const auto v : values)
                        totals.sum += static_cast<double>(v);
                }
            },
            node.dataset->values);
    }
    for (const H5Node& child : node.children) {
        ++totals.nodes;
        addUp(child, totals);
    }
}

std::string message(const auto& result) {
    return result.ok() ? std::string() : result.error().message;
}

} // namespace

class InteropHdf5TreeTest : public QObject {
    Q_OBJECT
private slots:
    void keepsEverything() {
        H5Tree tree = someTree();
        const auto bytes = writeHdf5(tree);
        QVERIFY2(bytes.ok(), message(bytes).c_str());
        const auto back = readHdf5(*bytes);
        QVERIFY2(back.ok(), message(back).c_str());
        sortByName(tree);
        QVERIFY(*back == tree);
        QCOMPARE(*back->find("layers/conv2d/vars")->text("name"), std::string("größe ✓"));
        QCOMPARE(back->find("model_weights")->textList("layer_names")->at(2), std::string("ä"));
        QVERIFY(back->find("model_weights")->textList("weight_names")->empty());
        QVERIFY(!back->find("model_weights")->textList("no_names").has_value());
        QVERIFY(!back->find("model_weights")->textList("numbers").has_value());
        QVERIFY(back->find("layers/none/vars") == nullptr);
        QCOMPARE(back->find("layers/conv2d/vars/1")->dataset->toFloats()->at(0), 0.1f);
        QVERIFY(!back->find("words")->dataset->toFloats().has_value());
    }

    void sameTreeGivesTheSameBytes() {
        // Memory that libhdf5 does not initialise would show: the allocator fills it with different bytes.
        ::mallopt(M_PERTURB, 0x55);
        const auto first = writeHdf5(someTree());
        ::mallopt(M_PERTURB, 0xaa);
        const auto second = writeHdf5(someTree());
        ::mallopt(M_PERTURB, 0);
        QVERIFY(first.ok() && second.ok());
        QCOMPARE(first->size(), second->size());
        QVERIFY(*first == *second);
    }

    void longListsAreCutAndJoined() {
        std::vector<std::string> names;
        for (int i = 0; i < 9000; ++i)
            names.push_back("layer_number_" + std::to_string(i));
        H5Tree tree;
        tree.setTextList("layer_names", names);
        QVERIFY(tree.attribute("layer_names") == nullptr);
        QVERIFY(tree.attribute("layer_names2") != nullptr);
        const auto bytes = writeHdf5(tree);
        QVERIFY2(bytes.ok(), message(bytes).c_str());
        const auto back = readHdf5(*bytes);
        QVERIFY2(back.ok(), message(back).c_str());
        QVERIFY(*back->textList("layer_names") == names);
    }

    void manyChildren() {
        H5Tree tree;
        for (int i = 0; i < 2000; ++i) {
            tree.addDataset("layers/dense_" + std::to_string(i) + "/vars/0", {1},
                            std::vector<float>{static_cast<float>(i)});
        }
        const auto bytes = writeHdf5(tree);
        QVERIFY2(bytes.ok(), message(bytes).c_str());
        const auto back = readHdf5(*bytes);
        QVERIFY2(back.ok(), message(back).c_str());
        QCOMPARE(back->child("layers")->children.size(), std::size_t{2000});
        QCOMPARE(back->find("layers/dense_1999/vars/0")->dataset->toFloats()->at(0), 1999.0f);
    }

    /// A file may hold so many; who asks for each of them in turn must not go through all of them each time.
    void aHundredThousandChildrenAreFound() {
        H5Tree tree;
        H5Node& card = tree.group("7");
        constexpr int count = 100'000;
        for (int i = count - 1; i >= 0; --i) {
            H5Node leaf;
            leaf.name = std::to_string(i);
            leaf.dataset = H5Array{{1}, std::vector<float>{static_cast<float>(i)}};
            card.children.push_back(std::move(leaf));
        }
        card.children.push_back({.name = std::to_string(count)}); // no dataset: the list ends before it
        const Result<Weights> weights = looseWeights(tree);
        QVERIFY(weights.ok());
        const auto& arrays = weights->nodes.at(7);
        QCOMPARE(arrays.size(), static_cast<std::size_t>(count));
        QCOMPARE(arrays.at(4711).values.front(), 4711.0f);
        H5Lookup lookup;
        QVERIFY(lookup.find(tree, "7/12") == tree.find("7/12"));
        QVERIFY(lookup.find(tree, "7/no") == nullptr && lookup.find(tree, "8/12") == nullptr);
        QVERIFY(lookup.find(tree, "") == &tree);
    }

    void refusesToWrite_data() {
        QTest::addColumn<H5Tree>("tree");
        const auto row = [](const char* name, auto&& change) {
            H5Tree tree;
            change(tree);
            QTest::newRow(name) << tree;
        };
        row("too few values", [](H5Tree& t) { t.addDataset("a", {3}, std::vector<float>{1}); });
        row("unknown kind", [](H5Tree& t) { t.addDataset("a", {1}, std::monostate{}); });
        row("name twice", [](H5Tree& t) { t.children = {named("a"), named("a")}; });
        row("name with slash", [](H5Tree& t) { t.children = {named("a/b")}; });
        row("name is a dot", [](H5Tree& t) { t.children = {named(".")}; });
        row("no name", [](H5Tree& t) { t.children = {H5Node{}}; });
        row("attribute twice", [](H5Tree& t) {
            t.setText("a", "1");
            t.setText("a", "2");
        });
        row("attribute too large", [](H5Tree& t) {
            t.attributes.push_back({"a", H5Array{{20000}, std::vector<double>(20000)}});
        });
    }
    void refusesToWrite() {
        QFETCH(H5Tree, tree);
        const auto bytes = writeHdf5(tree);
        QVERIFY(!bytes.ok());
        QCOMPARE(bytes.error().id, std::string("hdf5.cannot_write"));
        QVERIFY(bytes.error().message.ends_with('.'));
    }

    void limitsHold() {
        H5Tree tree;
        tree.addDataset("a/b/c", {100000}, std::vector<float>(100000));
        const auto bytes = writeHdf5(tree);
        QVERIFY(readHdf5(*bytes).ok());
        H5Limits limits;
        limits.freeBytes = 1000;
        limits.ratio = 0;
        QCOMPARE(readHdf5(*bytes, limits).error().id, std::string("hdf5.too_large"));
        limits = {};
        limits.maxNodes = 3;
        QCOMPARE(readHdf5(*bytes, limits).error().id, std::string("hdf5.too_large"));
        limits = {};
        limits.maxDepth = 1;
        QCOMPARE(readHdf5(*bytes, limits).error().id, std::string("hdf5.damaged"));
        QCOMPARE(readHdf5(bytesOf("text")).error().id, std::string("hdf5.not_hdf5"));
        QCOMPARE(readHdf5({}).error().id, std::string("hdf5.not_hdf5"));
    }

    void threadsMayReadAndWriteAtOnce() {
        const auto bytes = writeHdf5(someTree());
        std::atomic<int> good{0};
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&] {
                    for (int i = 0; i < 20; ++i) {
                        const auto tree = readHdf5(*bytes);
                        if (tree.ok() && *writeHdf5(*tree) == *writeHdf5(*tree)) ++good;
                    }
                });
            }
        }
        QCOMPARE(good.load(), 80);
    }

    void readsWhatKerasWrote_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("nodes");
        QTest::addColumn<int>("datasets");
        QTest::addColumn<int>("attributes");
        QTest::addColumn<double>("sum");
        const auto row = [](const char* file, int nodes, int datasets, int attributes, double sum) {
            QTest::newRow(file) << QString(file) << nodes << datasets << attributes << sum;
        };
        // Counted by h5py 3.14: visititems, attributes of every object, sum of all numbers in float64.
        row("keras3_models/lenet5.weights.h5", 42, 22, 10, -15.238548789568645);
        row("keras3_models/lenet5.h5", 44, 22, 17, -15.238548789568645);
        row("keras3_models/small_resnet.h5", 145, 95, 38, 232.83968168565414);
        row("keras3_models/mixed_bag.weights.h5", 29, 5, 12, 11.54090238828212);
        row("keras2_files/h5/tfkeras__cnn2d_42.h5", 21, 4, 21, 0.7764125764369965);
        row("keras2_files/h5/weights__flatten_3d.hdf5", 7, 2, 9, 0.5436782948672771);
        row("keras2_schema/lenet5.h5", 25, 10, 16, -16.968160065504833);
        row("keras3_models/versions/old_net_3.0.5.h5", 39, 18, 27, 11.197263979935087);
    }
    void readsWhatKerasWrote() {
        QFETCH(QString, file);
        if (kerasCases().empty()) QSKIP("the Keras cases are not here");
        const auto bytes = readWholeFile(kerasCases() / file.toStdString());
        QVERIFY2(bytes.ok(), message(bytes).c_str());
        const auto tree = readHdf5(*bytes);
        QVERIFY2(tree.ok(), message(tree).c_str());
        Totals totals;
        addUp(*tree, totals);
        QTEST(totals.nodes, "nodes");
        QTEST(totals.datasets, "datasets");
        QTEST(totals.attributes, "attributes");
        QFETCH(double, sum);
        QVERIFY2(std::abs(totals.sum - sum) < 1e-9, std::to_string(totals.sum).c_str());
    }

    void everyFileOfKerasIsUnderstood() {
        if (kerasCases().empty()) QSKIP("the Keras cases are not here");
        const auto files = filesBelow(kerasCases(), {".h5", ".hdf5", ".keras"});
        QVERIFY(files.size() > 80);
        for (const auto& file : files) {
            auto bytes = readWholeFile(file);
            if (file.extension() == ".keras") bytes = readZip(file)->find("model.weights.h5")->bytes;
            const auto tree = readHdf5(*bytes);
            QVERIFY2(tree.ok(), (file.string() + message(tree)).c_str());
            checkKnown(*tree, file.string());
            if (tree->attribute("layer_names") != nullptr) QVERIFY(!tree->textList("layer_names")->empty());
            // What was read can be written again, without a loss.
            const auto again = writeHdf5(*tree);
            QVERIFY2(again.ok(), (file.string() + message(again)).c_str());
            const auto reread = readHdf5(*again);
            QVERIFY2(reread.ok(), message(reread).c_str());
            Totals one;
            Totals two;
            addUp(*tree, one);
            addUp(*reread, two);
            QCOMPARE(two.nodes, one.nodes);
            QCOMPARE(two.attributes, one.attributes);
            QCOMPARE(two.sum, one.sum);
        }
    }

    void oldAndNewTextsAreRead() {
        if (kerasCases().empty()) QSKIP("the Keras cases are not here");
        const auto file = readHdf5(*readWholeFile(kerasCases() / "keras3_models/lenet5.h5"));
        const std::vector<std::string> expected{"c1", "s2", "c3", "s4", "flatten", "c5", "f6", "output"};
        QVERIFY(*file->find("model_weights")->textList("layer_names") == expected);
        QCOMPARE(*file->text("keras_version"), std::string("3.16.0"));
        QCOMPARE(file->text("model_config")->size(), std::size_t{4834});
        QVERIFY(file->find("model_weights/flatten")->textList("weight_names")->empty());
    }

private:
    static void checkKnown(const H5Node& node, const std::string& where) {
        if (node.dataset) QVERIFY2(node.dataset->values.index() != 0, (where + "/" + node.name).c_str());
        for (const H5Attribute& a : node.attributes) {
            QVERIFY2(a.value.values.index() != 0, (where + "/" + node.name + "@" + a.name).c_str());
        }
        for (const H5Node& child : node.children)
            checkKnown(child, where + "/" + node.name);
    }
};

QTEST_GUILESS_MAIN(InteropHdf5TreeTest)
#include "interop_hdf5_tree_test.moc"
