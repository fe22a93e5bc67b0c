// SPDX-License-Identifier: GPL-3.0-or-later
// Python scripts for Keras. That Keras takes them is checked by tests/interop/check_code_with_keras.py; here: what
// they say, and that Python can read them.
#include "engine/graph/templates.h"
#include "engine/interop/keras_script.h"
#include "engine/interop/python_text.h"
#include "engine/training/recipe.h"
#include "tests/support/graph_dsl.h"

#include <nlohmann/json.hpp>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace strata;

namespace {

DocumentState stateOf(const char* id) {
    const Template& t = *findTemplate(id);
    DocumentState state;
    state.graph = t.make();
    state.data.source = t.data;
    state.training = recipeOf(t);
    return state;
}

QString scriptOf(const DocumentState& state) {
    const Result<std::string> script = kerasScript(state, "test");
    return script ? QString::fromStdString(*script) : QStringLiteral("error: ") + QString::fromStdString(script.error().message);
}

} // namespace

class KerasScriptTest : public QObject {
    Q_OBJECT
private slots:
    void valuesArePython_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("python");
        QTest::newRow("true") << "true" << "True";
        QTest::newRow("none") << "null" << "None";
        QTest::newRow("tuple") << "[3, 3]" << "(3, 3)";
        QTest::newRow("tuple of one") << "[3]" << "(3,)";
        QTest::newRow("tuples in a tuple") << "[[1, 2], [3, 4]]" << "((1, 2), (3, 4))";
        QTest::newRow("text") << "\"a\\\"b\"" << "\"a\\\"b\"";
        QTest::newRow("small number") << "1e-07" << "1e-07";
        QTest::newRow("dictionary") << "{\"rmax\": 3.0}" << "{\"rmax\": 3}";
    }
    void valuesArePython() {
        QFETCH(QString, json);
        QFETCH(QString, python);
        QCOMPARE(QString::fromStdString(python::literal(nlohmann::ordered_json::parse(json.toStdString()))), python);
    }

    /// As Strata reads them: pictures of a folder keep the channels that the network takes, unless a colour is chosen.
    void picturesHaveTheNetworksChannels_data() {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("chosen");
        QTest::addColumn<QString>("expected");
        QTest::newRow("grey") << "Input 8x8x1 > Flatten > Dense units=2 activation=softmax" << "" << "grayscale";
        QTest::newRow("colour") << "Input 8x8x3 > Flatten > Dense units=2 activation=softmax" << "" << "rgb";
        QTest::newRow("chosen") << "Input 8x8x3 > Flatten > Dense units=2 activation=softmax" << "grey" << "grayscale";
    }
    void picturesHaveTheNetworksChannels() {
        QFETCH(QString, network);
        QFETCH(QString, chosen);
        QFETCH(QString, expected);
        QTemporaryDir folder;
        for (const char* name : {"a", "b"}) {
            QVERIFY(QDir(folder.path()).mkpath(name));
            QFile file(folder.filePath(QString("%1/1.pgm").arg(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("P5 1 1 255\nx");
        }
        DocumentState state;
        state.graph = graphFrom(network.toStdString());
        state.data = {.source = folder.path().toStdString(), .colour = chosen.toStdString()};
        const QString script = scriptOf(state);
        QVERIFY2(script.contains(QString("COLOUR = \"%1\"").arg(expected)), qPrintable(script));
    }

    void namesArePythons() {
        python::Names names({"x"});
        QCOMPARE(names.make("conv2d"), std::string("conv2d"));
        QCOMPARE(names.make("conv2d"), std::string("conv2d_2"));
        QCOMPARE(names.make("x"), std::string("x_2"));
        QCOMPARE(names.make("lambda"), std::string("lambda_"));
        QCOMPARE(names.make("2 ways-in"), std::string("_2_ways_in"));
    }

    void scriptsSayWhatWasDrawn_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("line");
        QTest::newRow("a layer") << "lenet"
                                 << "x = layers.Conv2D(filters=16, kernel_size=(5, 5), activation=\"relu\", name=\"conv2d\")(inputs)";
        QTest::newRow("defaults stay away") << "lenet" << "x = layers.Flatten(name=\"flatten\")(x)";
        QTest::newRow("an initialiser") << "mnist_small" << "kernel_initializer=keras.initializers.HeUniform()";
        QTest::newRow("a merge") << "resnet_small" << "layers.Add(name=\"add\")([";
        QTest::newRow("the optimizer") << "mnist_small" << "optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)";
        QTest::newRow("logits") << "cifar" << "SparseCategoricalCrossentropy(from_logits=True)";
        QTest::newRow("the data") << "cifar" << "keras.datasets.cifar10.load_data()";
        QTest::newRow("the scale") << "cifar" << "return x / 255";
        QTest::newRow("the settings") << "resnet20" << "batch_size=128";
    }
    void scriptsSayWhatWasDrawn() {
        QFETCH(QString, id);
        QFETCH(QString, line);
        const QString script = scriptOf(stateOf(id.toLatin1()));
        QVERIFY2(script.contains(line), qPrintable(script));
    }

    void oneHotTargetsAreMade() {
        DocumentState state = stateOf("lenet");
        state.training.loss = {"CategoricalCrossentropy", {}};
        QVERIFY(scriptOf(state).contains("y_train = keras.utils.to_categorical(y_train)"));
        state = stateOf("lenet");
        state.training.balanceClasses = true;
        const QString balanced = scriptOf(state);
        QVERIFY2(balanced.contains("def balanced(") && balanced.contains("class_weight=balanced(y_train["), qPrintable(balanced));
        state.training.balanceClasses = false;
        state.training.metrics = {{"Precision", {}}};
        const QString script = scriptOf(state);
        QVERIFY2(script.contains("OtherTargets(keras.metrics.Precision("), qPrintable(script));
    }

    /// The title is a file's name, and files come from anywhere.
    void titlesCannotBecomeCode() {
        const Result<std::string> script = kerasScript(stateOf("lenet"), "x\"\"\"; import os; os.abort() ; \\U\n\"\"\"");
        QVERIFY(script.ok());
        QCOMPARE(QString::fromStdString(*script).section('\n', 0, 0),
                 QString("\"\"\"x'''; import os; os.abort() ; /U''': a network drawn with Strata, for Keras 3.\"\"\""));
    }

    void unfinishedDrawingsSayWhy() {
        DocumentState state = stateOf("lenet");
        state.graph.remove(state.graph.nodes().front()->id);
        const Result<std::string> script = kerasScript(state, "test");
        QVERIFY(!script);
        QVERIFY(!script.error().message.empty());
    }

    void pythonReadsThem_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("data");
        for (const Template& t : templates()) {
            if (t.id != "blank") QTest::newRow(t.id.c_str()) << QString::fromStdString(t.id) << QString::fromStdString(t.data);
        }
        QTest::newRow("no data") << "lenet" << "";
        QTest::newRow("data that are not there") << "lenet" << "/no/such/place";
        const QString shared = QStringLiteral(STRATA_SOURCE_DIR "/../shared/data/");
        for (const char* set : {"mnist", "cifar-10", "image-folders"}) {
            if (QFile::exists(shared + set)) QTest::newRow(set) << "lenet" << shared + set;
        }
    }
    void pythonReadsThem() {
        QFETCH(QString, id);
        QFETCH(QString, data);
        const QString python = QStandardPaths::findExecutable("python3");
        if (python.isEmpty()) QSKIP("there is no python3");
        DocumentState state = stateOf(id.toLatin1());
        state.data.source = data.toStdString();
        state.data.resizeHeight = state.data.resizeWidth = 20;
        state.data.colour = "grey";
        state.training.schedule = TypedParams{"OneCycle", {}};
        state.training.callbacks = {{"EarlyStopping", {}}};
        QProcess process;
        process.start(python, {"-c", "import ast, sys; ast.parse(sys.stdin.read())"});
        process.write(scriptOf(state).toUtf8());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError() + scriptOf(state).toUtf8());
    }
};

QTEST_GUILESS_MAIN(KerasScriptTest)
#include "keras_script_test.moc"
