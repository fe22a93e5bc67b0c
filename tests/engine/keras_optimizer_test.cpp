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

    const QTemporaryDir m_folder;
    const std::filesystem::path m_file = m_folder.filePath("a.keras").toStdString();

private slots:
    void variables_data();
    void variables();
    void variablesOfOptimizers_data();
    void variablesOfOptimizers();
    void aCopyOfTheWeightsIsOneBeforeTheFirstStep();
};

namespace {

/// A network that nobody has trained: a kernel (5, 4) and a bias (4).
DocumentState withOptimizer(TypedParams optimizer) {
    DocumentState state;
    const NodeId input = state.graph.add({.type = "Input", .params = {{"shape", ParamValue::IntList{5}}}});
    const NodeId dense = state.graph.add({.type = "Dense", .params = {{"units", 4}, {"activation", "softmax"}}});
    (void)state.graph.connect(input, dense);
    state.training.optimizer = std::move(optimizer);
    return state;
}

using Dims = std::vector<std::vector<std::uint64_t>>;

Dims dimsOf(const H5Tree& weights) {
    Dims dims;
    const H5Node* vars = weights.find("optimizer/vars");
    while (const H5Node* variable = vars == nullptr ? nullptr : vars->child(std::to_string(dims.size())))
        dims.push_back(variable->dataset->dims);
    return dims;
}

Result<H5Tree> weightsIn(const std::filesystem::path& file) {
    return readHdf5(readZip(file)->find("model.weights.h5")->bytes);
}

} // namespace

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
    DocumentState state = withOptimizer({"SGD", {{"learning_rate", 0.01}, {"momentum", 0.9}}});
    if (!schedule.isEmpty()) state.training.schedule = TypedParams{schedule.toStdString(), {}};

    QVERIFY(saveDocument(state, m_file));
    const Result<H5Tree> tree = weightsIn(m_file);
    QVERIFY(tree);
    Dims wanted{{}, {5, 4}, {4}};
    if (rateIsAVariable) wanted.insert(wanted.begin() + 1, {{}});
    QCOMPARE(dimsOf(*tree), wanted);

    const Result<OpenedDocument> opened = openDocument(m_file);
    QVERIFY(opened);
    QVERIFY(opened->remarks.empty());
    QCOMPARE(opened->state.training.schedule.has_value(), !schedule.isEmpty());
}

void KerasOptimizerTest::variablesOfOptimizers_data() {
    QTest::addColumn<TypedParams>("optimizer");
    QTest::addColumn<Dims>("behindTheRate");
    const std::vector<std::uint64_t> kernel{5, 4}, bias{4}, number;
    QTest::newRow("Adam: both means of a variable side by side") << TypedParams{"Adam", {}} << Dims{kernel, kernel, bias, bias};
    QTest::newRow("Adam, gradients accumulated: their sums come first")
        << TypedParams{"Adam", {{"gradient_accumulation_steps", 3}}} << Dims{kernel, bias, kernel, kernel, bias, bias};
    QTest::newRow("Adafactor: means of rows and columns, a number each for the bias")
        << TypedParams{"Adafactor", {}} << Dims{{5}, {4}, kernel, number, number, bias};
}

/// As Keras 3.15's own files have them.
void KerasOptimizerTest::variablesOfOptimizers() {
    QFETCH(TypedParams, optimizer);
    QFETCH(Dims, behindTheRate);
    QVERIFY(saveDocument(withOptimizer(optimizer), m_file));
    const Result<H5Tree> tree = weightsIn(m_file);
    QVERIFY(tree);
    Dims wanted{{}, {}};
    wanted.insert(wanted.end(), behindTheRate.begin(), behindTheRate.end());
    QCOMPARE(dimsOf(*tree), wanted);
}

/// Zeros there would have Keras begin its steps at zero.
void KerasOptimizerTest::aCopyOfTheWeightsIsOneBeforeTheFirstStep() {
    QVERIFY(saveDocument(withOptimizer({"ScheduleFreeAdamW", {}}), m_file));
    const Result<H5Tree> tree = weightsIn(m_file);
    QVERIFY(tree);
    const auto values = [&](const char* at) { return tree->find(at)->dataset->toFloats(); };
    QCOMPARE(values("optimizer/vars/2"), values("layers/dense/vars/0"));
    QVERIFY(values("optimizer/vars/2") != values("optimizer/vars/3"));
}

STRATA_WALL_TEST_MAIN(KerasOptimizerTest, QCoreApplication)
#include "keras_optimizer_test.moc"
