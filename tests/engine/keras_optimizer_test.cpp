// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/zip_archive.h"
#include "tests/support/wall_main.h"

#include <QCoreApplication>
#include <QTemporaryDir>

using namespace strata;

/// What a saved file keeps of the optimizer, where Keras looks for it.
class KerasOptimizerTest : public QObject {
    Q_OBJECT

private slots:
    void variables_data();
    void variables();
};

void KerasOptimizerTest::variables_data() {
    QTest::addColumn<QString>("schedule");
    QTest::addColumn<bool>("rateIsAVariable");
    QTest::newRow("a plain rate") << "" << true;
    // Keras makes no variable for the rate where a schedule gives it, and reads none of the others if there is one.
    QTest::newRow("a schedule of Keras") << "ExponentialDecay" << false;
    QTest::newRow("a schedule that Keras lacks: compile_config has a plain rate") << "OneCycle" << true;
}

void KerasOptimizerTest::variables() {
    QFETCH(QString, schedule);
    QFETCH(bool, rateIsAVariable);
    DocumentState state;
    const NodeId input = state.graph.add({.type = "Input", .params = {{"shape", ParamValue::IntList{5}}}});
    const NodeId dense = state.graph.add({.type = "Dense", .params = {{"units", 4}, {"activation", "softmax"}}});
    QVERIFY(state.graph.connect(input, dense));
    state.training.optimizer = {"SGD", {{"learning_rate", 0.01}, {"momentum", 0.9}}};
    if (!schedule.isEmpty()) state.training.schedule = TypedParams{schedule.toStdString(), {}};

    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("a.keras").toStdString();
    QVERIFY(saveDocument(state, file));
    const Result<H5Tree> tree = readHdf5(readZip(file)->find("model.weights.h5")->bytes);
    QVERIFY(tree);
    const H5Node* vars = tree->find("optimizer/vars");
    QVERIFY(vars != nullptr);
    std::vector<std::vector<std::uint64_t>> dims;
    while (const H5Node* variable = vars->child(std::to_string(dims.size())))
        dims.push_back(variable->dataset->dims);
    std::vector<std::vector<std::uint64_t>> wanted{{}, {5, 4}, {4}};
    if (rateIsAVariable) wanted.insert(wanted.begin() + 1, {{}});
    QCOMPARE(dims, wanted);

    const Result<OpenedDocument> opened = openDocument(file);
    QVERIFY(opened);
    QVERIFY(opened->remarks.empty());
    QCOMPARE(opened->state.training.schedule.has_value(), !schedule.isEmpty());
}

STRATA_WALL_TEST_MAIN(KerasOptimizerTest, QCoreApplication)
#include "keras_optimizer_test.moc"
