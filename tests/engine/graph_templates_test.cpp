// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis.h"
#include "engine/graph/templates.h"

#include <map>
#include <QTest>
#include <set>

using namespace strata;

class GraphTemplatesTest : public QObject {
    Q_OBJECT
private slots:
    void sound_data() {
        QTest::addColumn<QString>("id");
        for (const Template& t : templates())
            QTest::newRow(t.id.c_str()) << QString::fromStdString(t.id);
    }
    void sound() {
        QFETCH(QString, id);
        const Template* t = findTemplate(id.toStdString());
        QVERIFY(t != nullptr);
        QVERIFY(!t->title.empty() && t->doc.ends_with('.'));
        QVERIFY(t->learningRate > 0 && t->batchSize > 0 && t->epochs > 0);
        const std::map<std::string, Shape> data{
            {"digits", {20, 20, 1}}, {"mnist", {28, 28, 1}}, {"fashion-mnist", {28, 28, 1}}, {"cifar-10", {32, 32, 3}}};
        const ModelGraph g = t->make();
        AnalysisContext context{.sampleShape = data.at(t->data), .classes = 10};
        const GraphReport first = analyse(g, context);
        if (id == "blank") {
            QCOMPARE(g.nodes().size(), std::size_t{1});
            return;
        }
        QCOMPARE(first.outputs.size(), std::size_t{1});
        context.lossFromLogits = !first.nodes.at(first.outputs.front()).plan.endsInSoftmax;
        const GraphReport r = analyse(g, context);
        for (const Problem& p : r.problems)
            QWARN(p.text.c_str());
        QVERIFY(r.problems.empty());
        QCOMPARE(r.totals.trainableParameters, t->parameters);
        std::set<std::pair<double, double>> places;
        for (const auto& n : g.nodes())
            places.insert({n->position.x, n->position.y});
        QCOMPARE(places.size(), g.nodes().size());
    }

    void idsAreUnique() {
        std::set<std::string> ids;
        for (const Template& t : templates())
            QVERIFY(ids.insert(t.id).second);
        QVERIFY(findTemplate("lenet") != nullptr);
        QVERIFY(findTemplate("nothing") == nullptr);
    }

    /// The layer-by-layer numbers of the published CIFAR-10 network.
    void cifarLayers() {
        const ModelGraph g = findTemplate("cifar")->make();
        const GraphReport r = analyse(g);
        std::vector<std::int64_t> parameters;
        for (const NodeId id : r.order) {
            if (r.nodes.at(id).parameters > 0) parameters.push_back(r.nodes.at(id).parameters);
        }
        QCOMPARE(parameters, (std::vector<std::int64_t>{896, 18496, 73856, 262272, 1290}));
        QCOMPARE(r.totals.parameters, 356810);
    }

    /// From the paper: 3 stages of 3 blocks, 16, 32, 64 filters at 32, 16, 8 cells.
    void resnetStages() {
        const ModelGraph g = findTemplate("resnet20")->make();
        const GraphReport r = analyse(g);
        std::map<Shape, int, decltype([](const Shape& a, const Shape& b) { return a[0] > b[0]; })> sums;
        for (const auto& n : g.nodes()) {
            if (n->type == "Add") ++sums[r.nodes.at(n->id).plan.output];
        }
        QCOMPARE(sums.size(), std::size_t{3});
        for (const auto& [shape, count] : sums)
            QCOMPARE(count, 3);
        QVERIFY(sums.contains(Shape{32, 32, 16}) && sums.contains(Shape{16, 16, 32}) &&
                sums.contains(Shape{8, 8, 64}));
    }
};

QTEST_APPLESS_MAIN(GraphTemplatesTest)
#include "graph_templates_test.moc"
