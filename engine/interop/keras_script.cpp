// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_script.h"

#include "engine/core/said.h"
#include "engine/interop/data_choice.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_tables.h"
#include "engine/interop/python_data.h"
#include "engine/interop/python_text.h"
#include "engine/layers/layer.h"
#include "engine/training/callback.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace strata {
namespace {

/// The lines of build_model(): a card a line. What only the next line reads is called x, as people write it.
class ModelWriter {
public:
    explicit ModelWriter(const KerasPart& part) : m_part(part) {}

    std::string function(const std::string& name) {
        std::string body = "def build_model():\n";
        for (std::size_t i = 0; i < m_part.order.size(); ++i)
            body += "    " + line(i) + "\n";
        return body + fmt::format("    return keras.Model({}, {}, name={})\n", ends(m_part.inputs), ends(m_part.outputs), python::quoted(name));
    }

private:
    std::string line(std::size_t at) {
        const Node& node = *m_part.graph.find(m_part.order[at]);
        const Schema& schema = findLayerType(node.type)->schema;
        std::vector<std::string> given = python::arguments(schema, schema.check(node.params).value());
        const bool isInput = node.type == keras::kInputCard;
        if (!node.trainable && keras::hasTrainable(node.type)) given.push_back("trainable=False");
        given.push_back("name=" + python::quoted(node.name));
        // An argument of the call needs the names of before, so they are looked up first.
        std::vector<std::string> sources;
        for (const Edge& e : m_part.graph.inputsOf(node.id))
            sources.push_back(m_names.at(e.from));
        const std::string name = nameOf(at);
        const std::string head = fmt::format("{} = {}", name, isInput ? "keras.Input" : "layers." + node.type);
        const std::string made = python::callText(head, given, 4);
        if (isInput) return made;
        const bool merges = findLayerType(node.type)->maxInputs != 1;
        return made + (merges ? fmt::format("([{}])", fmt::join(sources, ", ")) : fmt::format("({})", sources.front()));
    }

    const std::string& nameOf(std::size_t at) {
        const NodeId id = m_part.order[at];
        const std::vector<Edge> readers = m_part.graph.outputsOf(id);
        const bool passing = readers.size() == 1 && at + 1 < m_part.order.size() && readers.front().to == m_part.order[at + 1] &&
                             m_part.graph.find(id)->type != keras::kInputCard;
        const auto isOnly = [id](const std::vector<NodeId>& ends) { return ends.size() == 1 && ends.front() == id; };
        std::string name = passing ? "x" : "";
        if (isOnly(m_part.inputs)) name = "inputs";
        else if (isOnly(m_part.outputs)) name = "outputs";
        return m_names[id] = name.empty() ? m_python.make(m_part.graph.find(id)->name) : name;
    }

    std::string ends(const std::vector<NodeId>& ids) const {
        std::vector<std::string> names;
        for (const NodeId id : ids)
            names.push_back(m_names.at(id));
        return ids.size() == 1 ? names.front() : fmt::format("[{}]", fmt::join(names, ", "));
    }

    const KerasPart& m_part;
    std::map<NodeId, std::string> m_names;
    python::Names m_python{{"x", "inputs", "outputs", "input", "keras", "layers", "np"}};
};

/// A schedule of ours that Keras lacks, as steps that are as near as a hundred of them get.
std::string scheduleByValues(const TypedParams& which) {
    std::int64_t steps = 0;
    for (const auto& [key, value] : which.params) {
        if (value.asInt() != nullptr) steps = std::max(steps, *value.asInt());
    }
    const std::unique_ptr<Schedule> schedule = createSchedule(which);
    std::vector<std::int64_t> boundaries;
    std::vector<std::string> values;
    constexpr std::int64_t kPieces = 100;
    for (std::int64_t i = 0; i < kPieces; ++i) {
        if (i > 0) boundaries.push_back(i * steps / kPieces);
        values.push_back(fmt::format("{:.6g}", schedule->at((2 * i + 1) * steps / (2 * kPieces))));
    }
    return fmt::format("keras.optimizers.schedules.PiecewiseConstantDecay(\n                [{}],\n                [{}],\n            )",
                       fmt::join(boundaries, ", "), fmt::join(values, ", "));
}

std::string optimizerText(const TrainingSettings& settings) {
    const OptimizerType* type = findOptimizerType(settings.optimizer.id);
    std::vector<std::string> rate;
    if (settings.schedule) {
        if (const Result<TypedParams> schedule = checkSchedule(*settings.schedule)) {
            const Schema& schema = findScheduleType(schedule->id)->schema;
            const bool kerasHasIt = schema.reference.starts_with("https://keras.io/");
            rate.push_back("learning_rate=" + (kerasHasIt ? python::call("keras.optimizers.schedules", schema, schedule->params)
                                                          : scheduleByValues(*schedule)));
        }
    }
    const std::set<std::string> instead = rate.empty() ? std::set<std::string>{} : std::set<std::string>{"learning_rate"};
    return python::call("keras.optimizers", type->schema, settings.optimizer.params, rate, instead);
}

/// Metrics look at targets of one form; where the loss takes the other one, they are given theirs.
constexpr const char* kOtherTargets = R"py(class OtherTargets(keras.metrics.Metric):
    """A metric whose targets are {0}, with targets that are {1}."""

    def __init__(self, metric):
        super().__init__(name=metric.name)
        self.metric = metric

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = {2}
        self.metric.update_state(y_true, y_pred, sample_weight)

    def result(self):
        return self.metric.result()

    def reset_state(self):
        self.metric.reset_state()


)py";

constexpr const char* kBalanced = R"py(def balanced(labels, classes):
    """Class weights by which every class counts the same."""
    labels = labels.argmax(axis=-1) if labels.ndim > 1 and labels.shape[-1] > 1 else labels.ravel()
    counts = np.bincount(labels.astype(int), minlength=classes)
    return {c: len(labels) / (len(counts) * n) if n else 1.0 for c, n in enumerate(counts.tolist())}


)py";

class TrainingWriter {
public:
    TrainingWriter(const DocumentState& state, bool takesLabels) : m_settings(state.training), m_takesLabels(takesLabels) {}

    std::string helper() const {
        const std::string balance = m_settings.balanceClasses ? kBalanced : "";
        if (!m_needsOther) return balance;
        const std::string other =
            m_takesLabels ? fmt::format(kOtherTargets, "one-hot", "class numbers",
                                        "keras.ops.one_hot(keras.ops.cast(keras.ops.ravel(y_true), \"int32\"), y_pred.shape[-1])")
                          : fmt::format(kOtherTargets, "class numbers", "one-hot", "keras.ops.argmax(y_true, axis=-1)");
        return balance + other;
    }

    std::string compile() {
        std::vector<std::string> metrics{"\"accuracy\""};
        for (const TypedParams& each : m_settings.metrics) {
            const Result<TypedParams> checked = checkMetric(each);
            if (!checked) continue;
            const MetricType& type = *findMetricType(checked->id);
            const std::string made = python::call("keras.metrics", type.schema, checked->params);
            const bool other = m_takesLabels ? type.target == MetricTarget::OneHot : type.target == MetricTarget::ClassNumbers;
            m_needsOther = m_needsOther || other;
            metrics.push_back(other ? fmt::format("OtherTargets({})", made) : made);
        }
        const LossType* loss = findLossType(m_settings.loss.id);
        return "    " + python::callText("model.compile",
                                         {"optimizer=" + optimizerText(m_settings),
                                          "loss=" + python::call("keras.losses", loss->schema, m_settings.loss.params),
                                          fmt::format("metrics=[{}]", fmt::join(metrics, ", "))},
                                         4) + "\n";
    }

    std::string fit() const {
        std::vector<std::string> callbacks;
        for (const TypedParams& each : m_settings.callbacks) {
            const Result<TypedParams> checked = checkCallback(each);
            if (checked) callbacks.push_back(python::call("keras.callbacks", findCallbackType(checked->id)->schema, checked->params));
        }
        // At the end the weights of the best epoch, without ever stopping early.
        if (m_settings.keepBest && m_settings.validationSplit > 0) {
            callbacks.push_back(fmt::format("keras.callbacks.EarlyStopping(monitor=\"val_loss\", patience={}, restore_best_weights=True)",
                                            m_settings.epochs));
        }
        std::vector<std::string> given{"x_train", "y_train", fmt::format("batch_size={}", m_settings.batchSize),
                                       fmt::format("epochs={}", m_settings.epochs)};
        if (m_settings.validationSplit > 0) given.push_back(fmt::format("validation_split={}", m_settings.validationSplit));
        if (!m_settings.shuffle) given.push_back("shuffle=False");
        if (m_settings.balanceClasses) {
            const std::string images = m_settings.validationSplit > 0
                                           ? fmt::format("y_train[:int(len(y_train) * (1 - {}))]", m_settings.validationSplit)
                                           : std::string("y_train");
            given.push_back(fmt::format("class_weight=balanced({}, model.output_shape[-1])", images));
        } else if (!m_settings.classWeights.empty()) {
            std::vector<std::string> weights;
            for (std::size_t i = 0; i < m_settings.classWeights.size(); ++i)
                weights.push_back(fmt::format("{}: {}", i, m_settings.classWeights[i]));
            given.push_back(fmt::format("class_weight={{{}}}", fmt::join(weights, ", ")));
        }
        if (!callbacks.empty()) given.push_back(fmt::format("callbacks=[{}]", fmt::join(callbacks, ", ")));
        return "    " + python::callText("model.fit", given, 4) + "\n";
    }

private:
    const TrainingSettings& m_settings;
    bool m_takesLabels;
    bool m_needsOther = false;
};

std::string mainOf(const TrainingWriter& training, const std::string& compiled, const TrainingSettings& settings, bool takesLabels) {
    std::string text = fmt::format("def main():\n    keras.utils.set_random_seed({})\n"
                                   "    (x_train, y_train), (x_test, y_test) = load_data()\n",
                                   settings.seed);
    if (!takesLabels) {
        text += "    y_train = keras.utils.to_categorical(y_train)\n"
                "    if x_test is not None:\n        y_test = keras.utils.to_categorical(y_test)\n";
    }
    return text + "    model = build_model()\n    model.summary()\n" + compiled + training.fit() +
           "    if x_test is not None:\n        model.evaluate(x_test, y_test)\n    model.save(\"model.keras\")\n"
           "\n\nif __name__ == \"__main__\":\n    main()\n";
}

/// A file's name may hold anything; within a docstring it must neither end it nor be read as an escape.
std::string plainTitle(const std::string& title) {
    std::string out;
    for (const char c : title) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
        out += c == '"' ? '\'' : c == '\\' ? '/' : c;
    }
    return out;
}

} // namespace

namespace {

/// Of the pictures that the network takes; 0: it does not say. requires: one input
std::int64_t channelsOf(const ModelGraph& graph) {
    const GraphReport report = analyse(graph);
    const NodeReport* input = report.inputs.empty() ? nullptr : report.find(report.inputs.front());
    if (input == nullptr || input->plan.output.rank() != 3) return 0;
    return std::max<std::int64_t>(input->plan.output[2], 0);
}

} // namespace

Result<std::string> kerasScript(const DocumentState& state, const std::string& title) {
    const Result<KerasPart> part = kerasPart(state.graph);
    if (!part) return part.error();
    const LossType* loss = findLossType(state.training.loss.id);
    if (loss == nullptr || findOptimizerType(state.training.optimizer.id) == nullptr)
        return failure("code.training", said("The training settings name a loss or an optimizer that Strata does not have; choose others."));
    const std::string heading = fmt::format("\"\"\"{}: a network drawn with Strata, for Keras 3.\"\"\"\n\n", plainTitle(title));
    const std::string model = ModelWriter(*part).function("model");
    if (part->inputs.size() != 1 || part->outputs.size() != 1) {
        return heading + "import keras\nfrom keras import layers\n\n\n" + model +
               "\n\nif __name__ == \"__main__\":\n"
               "    # Several inputs or outputs: which arrays belong to which is yours to say in compile() and fit().\n"
               "    build_model().summary()\n";
    }
    const Result<ParamMap> lossParams = loss->schema.check(state.training.loss.params);
    if (!lossParams) return lossParams.error();
    const bool takesLabels = loss->create(*lossParams)->takesLabels();
    TrainingWriter training(state, takesLabels);
    const std::string compiled = training.compile();
    std::set<std::string> modules;
    const std::string data = python::dataLoader(state.data, channelsOf(state.graph), scalingOf(state.data, state.graph), modules);
    std::string imports;
    for (const std::string& module : modules)
        imports += "import " + module + "\n";
    if (!imports.empty()) imports += "\n";
    return heading + imports + "import keras\nimport numpy as np\nfrom keras import layers\n\n\n" + model + "\n\n" + training.helper() + data +
           "\n\n" + mainOf(training, compiled, state.training, takesLabels);
}

} // namespace strata
