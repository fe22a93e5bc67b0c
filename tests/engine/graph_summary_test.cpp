// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/number_text.h"
#include "engine/graph/summary.h"
#include "tests/support/graph_dsl.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <QTest>
#include <sstream>

using namespace strata;

namespace {

ModelGraph cifar() {
    return graphFrom(
        "Input 32x32x3 name=input_layer > Conv2D filters=32 padding=same > MaxPooling2D > Conv2D filters=64 "
        "padding=same > MaxPooling2D"
        " > Conv2D filters=128 padding=same > MaxPooling2D > Flatten > Dense units=128 > Dense units=10");
}

ModelGraph branches() {
    return graphFrom(
        "Input 32x32x3 name=input_layer > Conv2D filters=16 padding=same use_bias=False > BatchNormalization"
        " > Activation name=activation_with_quite_a_long_name_of_its_own activation=relu > Concatenate > "
        "GlobalAveragePooling2D"
        " > Dense units=10 activation=softmax;"
        "activation_with_quite_a_long_name_of_its_own > Conv2D filters=16 padding=same > concatenate;"
        "activation_with_quite_a_long_name_of_its_own > Conv2D name=frozen filters=8 kernel_size=1 "
        "trainable=False > concatenate");
}

} // namespace

class GraphSummaryTest : public QObject {
    Q_OBJECT
private slots:
    /// The files were printed by Keras 3.15's model.summary() in terminals of these widths.
    void asKeras_data() {
        QTest::addColumn<QString>("network");
        QTest::addColumn<int>("columns");
        for (const QString& network : {QString("cifar"), QString("branches")}) {
            for (const int columns : {60, 80, 120}) {
                QTest::newRow(qPrintable(QString("%1 %2").arg(network).arg(columns))) << network << columns;
            }
        }
        QTest::newRow("sequential 80") << QString("sequential") << 80;
    }
    void asKeras() {
        QFETCH(QString, network);
        QFETCH(int, columns);
        std::ifstream file(QString(STRATA_SOURCE_DIR "/tests/golden/summary/%1_%2.txt")
                               .arg(network)
                               .arg(columns)
                               .toStdString());
        QVERIFY(file.good());
        std::stringstream expected;
        expected << file.rdbuf();
        const ModelGraph g = network == "branches" ? branches() : cifar();
        SummaryOptions options{.columns = columns};
        if (network == "sequential") {
            options.modelName = "sequential";
            options.showInputs = false;
        }
        const QStringList ours = QString::fromStdString(summaryText(g, analyse(g), options)).split('\n');
        const QStringList theirs = QString::fromStdString(expected.str()).split('\n');
        for (qsizetype i = 0; i < std::min(ours.size(), theirs.size()); ++i)
            QCOMPARE(ours[i], theirs[i]);
        QCOMPARE(ours.size(), theirs.size());
    }

    void whatHasNoShape() {
        const ModelGraph g = graphFrom("Input 4x4x1 > Conv2D kernel_size=5 > Flatten > Dense units=10");
        const QString text = QString::fromStdString(summaryText(g, analyse(g)));
        QVERIFY(
            text.contains("│ conv2d (Conv2D)                 │ ?                      │             ? │"));
        const nlohmann::json j = summaryJson(g, analyse(g));
        QVERIFY(j["layers"][1]["output_shape"].is_null());
        QVERIFY(j["problems"][0]["id"] == "layer.window_too_large");
        QVERIFY(j["problems"][0]["layer"] == "conv2d");
    }

    void narrowTerminals() {
        const ModelGraph g = branches();
        QVERIFY(!summaryText(g, analyse(g), {.columns = 1}).empty());
        QVERIFY(!summaryText(ModelGraph(), analyse(ModelGraph())).empty());
    }

    void json() {
        const ModelGraph g = branches();
        const nlohmann::json j = summaryJson(g, analyse(g));
        QVERIFY(j["total_params"] == 3362);
        QVERIFY(j["trainable_params"] == 3194);
        QVERIFY(j["non_trainable_params"] == 168);
        QVERIFY(j["layers"].size() == std::size_t{9});
        QVERIFY(j["layers"][1]["name"] == "conv2d");
        QVERIFY(j["layers"][1]["output_shape"] == nlohmann::json::parse("[null, 32, 32, 16]"));
        QVERIFY(j["layers"][1]["connected_to"] == nlohmann::json::parse("[\"input_layer\"]"));
        QVERIFY(j["receptive_field"].is_null());
        QVERIFY(j["problems"].empty());
    }

    void numbers() {
        QCOMPARE(grouped(0), std::string("0"));
        QCOMPARE(grouped(999), std::string("999"));
        QCOMPARE(grouped(1000), std::string("1,000"));
        QCOMPARE(grouped(-1234567), std::string("-1,234,567"));
        QCOMPARE(grouped(INT64_MIN), std::string("-9,223,372,036,854,775,808"));
        QCOMPARE(kerasByteText(0), std::string("0.00 B"));
        QCOMPARE(kerasByteText(1023), std::string("1023.00 B"));
        QCOMPARE(kerasByteText(1427240), std::string("1.36 MB"));
        QCOMPARE(kerasByteText(INT64_MAX), std::string("8192.00 PB"));
    }
};

QTEST_APPLESS_MAIN(GraphSummaryTest)
#include "graph_summary_test.moc"
