// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/number_words.h"
#include "app/cli/progress_bar.h"
#include "app/cli/typed_word.h"

#include "engine/core/number_text.h"
#include "engine/core/atomic_file.h"
#include "engine/training/evaluate.h"
#include "engine/training/metric.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {
namespace {

struct Words {
    std::string model;
    DataWords data;
    int threads = 0;
    std::vector<std::string> metrics;
    std::string confusion;
    bool json = false;
};

/// Those that were asked for, else those that the network was trained with.
Result<std::vector<TypedParams>> wantedMetrics(const Words& words, const TrainingSettings& settings) {
    std::vector<TypedParams> out;
    if (words.metrics.empty()) {
        for (const TypedParams& metric : settings.metrics) {
            const Result<TypedParams> checked = checkMetric(metric);
            if (!checked) return checked.error();
            out.push_back(*checked);
        }
        return out;
    }
    for (const std::string& word : words.metrics) {
        const Result<TypedParams> metric = typedWord<MetricType>(word, findMetricType, checkMetric, metricFamily());
        if (!metric) return metric.error();
        out.push_back(*checkMetric(*metric));
    }
    return out;
}

/// RFC 4180: folders may be called anything.
std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

/// A row a true class, a column a predicted one, how many images.
Result<> writeConfusion(const std::string& path, const Dataset& data, const Evaluation& result) {
    const std::vector<std::string>& names = data.classNames();
    const std::vector<std::int64_t> counts = confusionMatrix(data, result.predicted);
    const auto columns = counts.size() / std::max<std::size_t>(names.size(), 1);
    std::string text = "true \\ predicted";
    for (std::size_t c = 0; c < columns; ++c) text += ',' + (c < names.size() ? csvField(names[c]) : std::to_string(c));
    for (std::size_t r = 0; r < names.size(); ++r) {
        text += '\n' + csvField(names[r]);
        for (std::size_t c = 0; c < columns; ++c) text += fmt::format(",{}", counts[r * columns + c]);
    }
    if (Result<> written = writeFileAtomically(path, text + '\n'); !written) return written;
    tell(fmt::format("wrote {}", path));
    return {};
}

void print(const Words& words, const Evaluation& result, const std::string& source) {
    if (words.json) {
        nlohmann::ordered_json line{{"loss", result.loss}, {"accuracy", result.accuracy}};
        for (const auto& [name, value] : result.metrics) line[name] = value;
        fmt::print("{}\n", line.dump());
        return;
    }
    fmt::print("Loss {:.4f}, accuracy {:.2f} % on {} images of {}\n", result.loss, 100 * result.accuracy, grouped(result.samples), source);
    for (const auto& [name, value] : result.metrics) fmt::print("{} {:.4f}\n", name, value);
}

int evaluateModel(const Words& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    const DocumentState& state = model->state;
    if (const Result<> trained = checkTrained(*model, words.model); !trained) return fail(trained.error());
    Result<DataChoice> choice = chooseData(words.data, state.data);
    if (!choice) return fail(choice.error());
    Result<DataSource> source = openWithProgress(*choice);
    if (!source) return fail(source.error());
    if (!source->test) remark(fmt::format("{} has no test part; all its {} images are used.", source->name, source->train->size()));
    const Dataset& data = source->test ? *source->test : *source->train;

    const Result<std::vector<TypedParams>> metrics = wantedMetrics(words, state.training);
    if (!metrics) return fail(metrics.error());

    Workers workers(words.threads);
    ProgressBar bar;
    Result<Evaluation> result =
        evaluate(state.graph, state.trained->weights, data, scalingOf(*choice, state.graph), state.training.loss, workers,
                 [&](std::int64_t done, std::int64_t total) {
                     bar.show("Evaluating", done, total, fmt::format("{} of {}", grouped(done), grouped(total)));
                     return !interrupted();
                 },
                 *metrics);
    bar.clear();
    if (!result) return result.error().id == "stopped" ? kInterrupted : fail(result.error());
    print(words, *result, source->name);
    if (words.confusion.empty()) return kOk;
    const Result<> written = writeConfusion(words.confusion, data, *result);
    return written ? kOk : fail(written.error());
}

} // namespace

void addEvaluate(const Context& context) {
    CLI::App* c = context.app.add_subcommand("evaluate", "Loss and accuracy of a trained network on the test part of a data set");
    auto w = std::make_shared<Words>();
    c->add_option("model", w->model, "A .keras or .h5 file")->required()->type_name("MODEL");
    addDataWords(*c, w->data);
    c->add_option("--threads", w->threads, "0: one per processor")->check(wholeNumber(0, 256));
    c->add_option("--metric", w->metrics, "Measured too: auc, precision, top_k_categorical_accuracy:k=3 (without it: those of the training)")
        ->type_name("NAME[:KEY=VALUE,...]")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    c->add_option("--confusion-matrix", w->confusion, "Save which classes were taken for which")->type_name("FILE.csv");
    c->add_flag("--json", w->json, "Print {\"loss\": ..., \"accuracy\": ...}, and the metrics");
    c->callback([w, &code = context.exitCode] { code = evaluateModel(*w); });
}

} // namespace strata::cli
