// SPDX-License-Identifier: GPL-3.0-or-later
// What an epoch is expected to take: every layer can be timed by itself, once; what cannot run gives its reason.
#include "engine/graph/templates.h"
#include "engine/training/epoch_estimate.h"
#include "engine/training/evaluate.h"
#include "tests/support/graph_dsl.h"
#include "tests/support/stripes.h"

#include <cmath>
#include <QTest>

using namespace strata;

class EpochEstimateTest : public QObject {
    Q_OBJECT
private slots:
    void layers_data() {
        QTest::addColumn<QString>("type");
        for (const LayerType& type : layerTypes()) QTest::newRow(type.schema.id.c_str()) << QString::fromStdString(type.schema.id);
    }
    void layers() {
        QFETCH(QString, type);
        const LayerType& layer = *findLayerType(type.toStdString());
        Workers workers(2);
        LoneLayers times;
        for (const LayerExample& example : layer.examples) {
            if (example.inputs.size() != 1 || !example.inputs[0].isKnown()) continue;
            ModelGraph graph;
            Node input{.type = "Input", .name = "in"};
            const auto dims = example.inputs[0].dims();
            input.params["shape"] = ParamValue(ParamValue::IntList(dims.begin(), dims.end()));
            Node node{.type = layer.schema.id, .name = "it", .params = example.params};
            const NodeId first = graph.add(input);
            const NodeId second = graph.add(node);
            QVERIFY(graph.connect(first, second));
            const Result<NetworkSeconds> sum = times.sum(graph, {.batch = 3, .training = true}, workers);
            QVERIFY2(sum, sum ? "" : sum.error().message.c_str());
            QVERIFY(std::isfinite(sum->forward + sum->backward + sum->inference));
        }
    }

    void networks_data() {
        QTest::addColumn<QString>("network");
        for (const Template& t : strata::templates()) {
            if (t.id != "blank") QTest::newRow(t.id.c_str()) << QString::fromStdString(t.id);
        }
    }
    void networks() {
        QFETCH(QString, network);
        const ModelGraph graph = findTemplate(network.toStdString())->make();
        Workers workers(2);
        LoneLayers times;
        const Result<NetworkSeconds> first = times.sum(graph, {.batch = 2, .training = true}, workers);
        QVERIFY2(first, first ? "" : first.error().message.c_str());
        QVERIFY(first->forward > 0 && first->backward > 0 && first->inference > 0);
        // Each card has its part of the sum, and a repeated card that of its copies.
        double parts = 0;
        for (const auto& [card, seconds] : first->layers) {
            QVERIFY(graph.find(card) != nullptr && seconds.forward > 0);
            parts += seconds.forward;
        }
        QVERIFY(std::abs(parts - first->forward) < 1e-9 * parts);
        // Nothing is measured twice: then it would not be the same to the bit.
        const Result<NetworkSeconds> again = times.sum(graph, {.batch = 2, .training = true}, workers);
        QVERIFY(again && again->forward == first->forward && again->backward == first->backward);
        // Unless it is asked for; then a busy moment counts no more, and a quiet one stays.
        times.measureAgain();
        const auto least = times.sum(graph, {.batch = 2, .training = true}, workers);
        QVERIFY(least && least->forward <= first->forward && least->backward <= first->backward && least->inference <= first->inference);
    }

    void epoch() {
        Workers workers(2);
        LoneLayers times;
        TrainingJob job;
        job.graph = graphFrom("Input 8x8x1 > Conv2D filters=4 activation=relu > Flatten > Dense units=3 activation=softmax");
        job.train = stripes(400, 1);
        job.settings.loss = defaultLoss(job.graph);
        const Result<EpochEstimate> alone = estimateEpoch(job, times, workers);
        QVERIFY(alone && alone->trainSeconds > 0);
        QVERIFY(alone->layers.contains(job.graph.findByName("conv2d")->id));
        QCOMPARE(alone->validationSeconds, 0.0);
        job.validation = stripes(100, 2);
        const Result<EpochEstimate> both = estimateEpoch(job, times, workers);
        QVERIFY(both && both->validationSeconds > 0);
        QCOMPARE(both->seconds(), both->trainSeconds + both->validationSeconds);
    }

    void refusals() {
        Workers workers(1);
        LoneLayers times;
        TrainingJob job;
        job.graph = graphFrom("Input 9x9x1 > Flatten > Dense units=3");
        job.train = stripes(10, 1);
        job.settings.loss = defaultLoss(job.graph);
        QVERIFY(!estimateEpoch(job, times, workers)); // images of another size
        job.graph = graphFrom("Input 8x8x1 > Flatten > Dense units=2");
        QVERIFY(!estimateEpoch(job, times, workers)); // too few outputs
        job.graph = graphFrom("Input 8x8x1 > Flatten > Dense units=3");
        job.settings.classWeights = {1, 2};
        QVERIFY(!estimateEpoch(job, times, workers)); // as the run would
        job.settings.classWeights.clear();
        std::stop_source stop;
        stop.request_stop();
        const Result<EpochEstimate> stopped = estimateEpoch(job, times, workers, stop.get_token());
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().id, "stopped");
        QVERIFY(estimateEpoch(job, times, workers));
    }
};

QTEST_GUILESS_MAIN(EpochEstimateTest)
#include "epoch_estimate_test.moc"
