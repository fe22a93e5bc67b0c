// SPDX-License-Identifier: GPL-3.0-or-later
// A training step allocates nothing: everything was sized when the network was compiled. A run takes nothing from batch
// to batch either, once its first epoch is over.
#include "engine/core/channels.h"
#include "engine/graph/templates.h"
#include "engine/layers/constraint.h"
#include "engine/layers/regularizers.h"
#include "engine/network/network.h"
#include "engine/training/callback.h"
#include "engine/training/evaluate.h"
#include "engine/training/loss_meter.h"
#include "engine/training/metric.h"
#include "engine/training/parameter_update.h"
#include "engine/training/recipe.h"
#include "engine/training/schedule.h"
#include "engine/training/training_run.h"
#include "tests/support/graph_dsl.h"
#include "tests/support/stripes.h"

#include <atomic>
#include <cstdlib>
#include <new>
#include <QTemporaryDir>
#include <QTest>

namespace {
std::atomic<std::int64_t> allocations{0};

void* counted(std::size_t size) {
    allocations.fetch_add(1);
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
} // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    allocations.fetch_add(1);
    return std::malloc(size);
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete[](void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept {
    std::free(p);
}

using namespace strata;

namespace {

/// Stripes as if they came from files: a thread of the loader reads ahead.
class FromFiles final : public Dataset {
public:
    explicit FromFiles(std::shared_ptr<const Dataset> data) : m_data(std::move(data)) {}
    std::int64_t size() const override { return m_data->size(); }
    Shape sampleShape() const override { return m_data->sampleShape(); }
    std::vector<std::string> classNames() const override { return m_data->classNames(); }
    int label(std::int64_t index) const override { return m_data->label(index); }
    void read(std::int64_t index, std::span<float> out) const override { m_data->read(index, out); }
    std::string name() const override { return m_data->name(); }
    std::string description() const override { return m_data->description(); }

private:
    std::shared_ptr<const Dataset> m_data;
};

/// How much was taken from question to question, which a run asks before each batch.
struct Silent final : RunObserver {
    std::vector<std::int64_t> counts;
    Silent() { counts.reserve(1000); }
    void event(TrainEvent) override {}
    bool mayGoOn() override {
        counts.push_back(allocations.load());
        return true;
    }
    bool weightsWanted() override { return false; }
    void weights(LiveWeights) override {}
};

constexpr std::int64_t kTrained = 150, kValidated = 60, kBatchSize = 16, kEpochs = 3;
constexpr const char* kNet = "Input 8x8x1 > Conv2D filters=4 kernel_size=3 activation=relu > BatchNormalization > MaxPooling2D > "
                             "Dropout rate=0.2 > Flatten > GaussianNoise stddev=0.1 > Dense units=3 activation=softmax";

TrainingJob job(const char* net = kNet) {
    TrainingJob j;
    j.graph = graphFrom(net);
    j.train = stripes(kTrained, 1);
    j.validation = stripes(kValidated, 2);
    j.settings.optimizer = *makeOptimizer("adam", 0.01, {});
    j.settings.loss = defaultLoss(j.graph);
    j.settings.batchSize = kBatchSize;
    j.settings.epochs = kEpochs;
    j.settings.threads = 2;
    return j;
}

/// The metric with what it must be told of the three classes.
TypedParams metric(const MetricType& type) {
    ParamMap params;
    if (type.schema.find("num_classes") != nullptr) params["num_classes"] = 3;
    if (type.schema.find("target_class_ids") != nullptr) params["target_class_ids"] = ParamValue::IntList{0, 1};
    return {type.schema.id, params};
}

/// "Accuracy" alone does not: it takes class numbers on both sides.
bool fitsClasses(const MetricType& type) {
    return type.schema.id != "Accuracy";
}

TypedParams callback(const CallbackType& type) {
    static const QTemporaryDir folder;
    ParamMap params;
    if (type.schema.find("filename") != nullptr) params["filename"] = folder.filePath("log.csv").toStdString();
    if (type.schema.find("filepath") != nullptr) params["filepath"] = folder.filePath("network.keras").toStdString();
    return {type.schema.id, params};
}

/// The example's layer behind an Input; each further input comes through a Dense of its own, which makes its shape.
ModelGraph alone(const LayerType& type, const LayerExample& example) {
    ModelGraph graph;
    Node input{.type = "Input"}, layer{.type = type.schema.id, .params = example.params};
    input.params["shape"] = ParamValue::IntList(example.inputs.front().dims().begin(), example.inputs.front().dims().end());
    const NodeId from = graph.add(input), to = graph.add(layer);
    (void)graph.connect(from, to);
    for (const Shape& other : std::span(example.inputs).subspan(1)) {
        const NodeId flat = graph.add({.type = "Flatten"}), dense = graph.add({.type = "Dense", .params = {{"units", other.count()}}});
        const NodeId shaped = graph.add({.type = "Reshape", .params = {{"target_shape", ParamValue::IntList(other.dims().begin(), other.dims().end())}}});
        (void)graph.connect(from, flat);
        (void)graph.connect(flat, dense);
        (void)graph.connect(dense, shaped);
        (void)graph.connect(shaped, to);
    }
    return graph;
}

ModelGraph withRules(const std::string& rules) {
    return graphFrom("Input 8x8x1 > Conv2D filters=4 kernel_size=3 " + rules + " > Flatten > Dense units=3 activation=softmax " + rules);
}

} // namespace

class TrainingAllocationTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { (void)regularizerFamily(); } // what is made at its first use, once a program
    void counts() {
        const std::int64_t before = allocations.load();
        ::operator delete(::operator new(3));
        QCOMPARE(allocations.load(), before + 1);
    }

    void steps_data() {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("optimizer");
        for (const char* network : {"mnist_small", "lenet_wide", "cifar", "resnet20", "vgg_small"})
            QTest::newRow(network) << network << "SGD";
        for (const char* optimizer : {"Adam", "RMSprop"})
            QTest::addRow("mnist_small, %s", optimizer) << "mnist_small" << optimizer;
    }
    void steps() {
        QFETCH(QString, network);
        QFETCH(QString, optimizer);
        constexpr std::int64_t kBatch = 8;
        const ModelGraph graph = findTemplate(network.toStdString())->make();
        Workers workers(2);
        Result<std::unique_ptr<Network>> made = Network::compile(graph, {kBatch, true, false, 1}, workers);
        QVERIFY(made);
        Network& net = **made;
        std::ranges::fill(net.input(), 0.5F);
        LossMeter meter(defaultLoss(graph), net.outputShape(), net.endsInSoftmax(), kBatch);
        ParameterUpdate update(*checkOptimizer(*makeOptimizer(optimizer.toStdString(), 1e-3, std::nullopt)), std::nullopt, net, workers);
        const std::vector<std::int32_t> labels(kBatch, 1);
        const auto step = [&] {
            net.forward(kBatch, true, update.iterations());
            meter.measure(kBatch, net.output().data(), labels.data(), net.outputGradient().data(), workers);
            net.backward(meter.skipsSoftmax());
            update.apply();
            net.forward(3, false);
        };
        const std::int64_t before = allocations.load();
        step();
        step();
        QCOMPARE(allocations.load(), before);
    }

    void layers_data() {
        QTest::addColumn<ModelGraph>("graph");
        for (const LayerType& type : layerTypes()) {
            for (const LayerExample& example : type.examples) {
                if (!example.inputs.empty()) QTest::addRow("%s: %s", type.schema.id.c_str(), example.title.c_str()) << alone(type, example);
            }
        }
    }
    void layers() {
        QFETCH(ModelGraph, graph);
        constexpr std::int64_t kBatch = 8;
        Workers workers(2);
        Result<std::unique_ptr<Network>> made = Network::compile(graph, {kBatch, true, false, 1}, workers);
        QVERIFY2(made.ok(), made ? "" : made.error().message.c_str());
        Network& net = **made;
        std::ranges::fill(net.input(), 0.5F);
        const auto step = [&](std::int64_t number) {
            net.forward(kBatch, true, number);
            std::ranges::fill(net.outputGradient(), 0.5F);
            net.backward(false);
            net.forward(3, false);
        };
        const std::int64_t before = allocations.load();
        step(1);
        step(2);
        QCOMPARE(allocations.load(), before);
    }

    void runs_data() {
        QTest::addColumn<TrainingJob>("job");
        const auto row = [](const std::string& name, auto change) {
            TrainingJob j = job();
            change(j);
            QTest::newRow(name.c_str()) << j;
        };
        QTest::newRow("plain") << job();
        row("read ahead", [](TrainingJob& j) { j.train = std::make_shared<FromFiles>(j.train); });
        row("F scores, weighted", [](TrainingJob& j) { j.settings.metrics = {{"F1Score", {{"average", "weighted"}, {"threshold", 0.4}}}}; });
        row("the top two", [](TrainingJob& j) { j.settings.metrics = {{"Precision", {{"top_k", 2}}}, {"Recall", {{"class_id", 1}}}}; });
        row("all metrics", [](TrainingJob& j) {
            for (const MetricType& m : metricTypes()) {
                if (fitsClasses(m)) j.settings.metrics.push_back(metric(m));
            }
        });
        for (const LossType& l : lossTypes()) {
            row("loss " + l.schema.id, [&](TrainingJob& j) { j.settings.loss = {l.schema.id, {}}; });
            row("loss with class weights " + l.schema.id, [&](TrainingJob& j) {
                j.settings.loss = {l.schema.id, l.schema.find("label_smoothing") ? ParamMap{{"label_smoothing", 0.1}} : ParamMap()};
                j.settings.classWeights = {1, 2, 0.5};
            });
        }
        for (const MetricType& m : metricTypes()) {
            if (fitsClasses(m)) row("metric " + m.schema.id, [&](TrainingJob& j) { j.settings.metrics = {metric(m)}; });
        }
        for (const OptimizerType& o : optimizerTypes()) {
            const auto with = [&](const std::string& key, ParamValue value) {
                row(o.schema.id + " with " + key, [&](TrainingJob& j) {
                    j.settings.optimizer = *makeOptimizer(o.schema.id, 0.001, std::nullopt);
                    j.settings.optimizer.params[key] = std::move(value);
                });
            };
            for (const char* key : {"learning_rate", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm"}) with(key, 0.01);
            for (const Param& p : o.schema.params) {
                if (p.kind == ParamKind::Bool) with(p.key, true);
            }
            if (o.schema.find("momentum") != nullptr) with("momentum", 0.9);
            with("gradient_accumulation_steps", 3);
        }
        for (const ScheduleType& s : scheduleTypes())
            row("schedule " + s.schema.id, [&](TrainingJob& j) { j.settings.schedule = TypedParams{s.schema.id, {}}; });
        for (const CallbackType& c : callbackTypes())
            row("callback " + c.schema.id, [&](TrainingJob& j) { j.settings.callbacks = {callback(c)}; });
        for (const Schema* r : regularizerFamily().members)
            row("regularizer " + r->id, [&](TrainingJob& j) { j.graph = withRules("kernel_regularizer=" + r->id + " bias_regularizer=" + r->id); });
        for (const Schema* r : regularizerFamily().members)
            row("activity regularizer " + r->id, [&](TrainingJob& j) { j.graph = withRules("activity_regularizer=" + r->id); });
        for (const Schema* c : constraintFamily().members)
            row("constraint " + c->id, [&](TrainingJob& j) { j.graph = withRules("kernel_constraint=" + c->id + " bias_constraint=" + c->id); });
    }
    void runs() {
        QFETCH(TrainingJob, job);
        Silent watcher;
        const RunEnded end = runTraining(job, watcher);
        QVERIFY2(end.outcome == RunOutcome::Finished, end.message.c_str());
        constexpr std::int64_t kBatches = (kTrained + kBatchSize - 1) / kBatchSize, kValidations = (kValidated + kBatchSize - 1) / kBatchSize;
        constexpr std::int64_t kQuestions = kBatches + 1 + kValidations; // of an epoch: one more, after which no batch is left
        QCOMPARE(std::ssize(watcher.counts), kEpochs * kQuestions);
        const auto taken = [&](std::int64_t from, std::int64_t to) {
            return watcher.counts[static_cast<std::size_t>(to)] - watcher.counts[static_cast<std::size_t>(from)];
        };
        for (std::int64_t first = kQuestions; first < kEpochs * kQuestions; first += kQuestions) {
            QCOMPARE(taken(first, first + kBatches), std::int64_t{0});
            QCOMPARE(taken(first + kBatches + 1, first + kQuestions - 1), std::int64_t{0});
        }
    }

    /// The trainer's queue: after it was drained there is room for as many facts as before.
    void queueKeepsItsRoom() {
        EventQueue<TrainEvent> queue;
        const auto fill = [&] {
            for (int n = 0; n < 100; ++n) queue.push(BatchDone{});
        };
        fill();
        QCOMPARE(queue.drain().size(), std::size_t{100});
        const std::int64_t before = allocations.load();
        fill();
        QCOMPARE(allocations.load(), before);
        QCOMPARE(queue.drain().size(), std::size_t{100});
    }
};

QTEST_APPLESS_MAIN(TrainingAllocationTest)
#include "training_allocation_test.moc"
