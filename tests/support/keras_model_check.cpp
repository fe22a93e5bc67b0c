// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/keras_model_check.h"

#include "engine/graph/analysis.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_h5.h"
#include "engine/interop/keras_objects.h"
#include "engine/interop/zip_archive.h"
#include "engine/network/network.h"
#include "tests/support/keras_drawing_check.h"
#include "tests/support/keras_files.h"
#include "tests/support/keras_training_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace strata::test {
namespace {

using Json = nlohmann::json;
using Kind = ModelCheck::Kind;

ModelCheck differs(std::string why) {
    return {Kind::Different, std::move(why)};
}

bool isLacking(const Error& error) {
    return error.id == "keras.unknown_layer" || error.id == "keras.option" ||
           error.id == "keras.shared_layer" || error.id == "keras.call_argument";
}

double realOf(const Json& value) {
    if (value.is_number()) return value.get<double>();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return value == "Infinity" ? infinity : value == "-Infinity" ? -infinity : std::nan("");
}

/// A field that none of these names is a failure: it may say something that nobody compares.
const std::set<std::string> kFields{
    "class_name", "layers", "total_params", "trainable_params", "non_trainable_params", "compiled", "has_training_config",
    "training_config", "input_names", "inputs", "outputs",
    // Which case it is and where it comes from.
    "id", "file", "files", "origin", "keras_version", "outputs_from", "sha256",
    // Of a training whose targets the case does not hold: names and lengths are compared; the file is what it left.
    "fit_history_float32",
    // What Keras itself makes of a file that another program wrote.
    "keras_3_16_load"};
const std::set<std::string> kLayerFields{"name", "class_name", "output_shape", "params", "trainable_params", "weights"};
const std::set<std::string> kWeightFields{"name", "path", "shape"};

std::string notCompared(const Json& object, const std::set<std::string>& known) {
    for (const auto& [key, value] : object.items()) {
        if (!known.contains(key)) return "field " + key + " is not compared";
    }
    return {};
}

std::string fieldsNotCompared(const Json& expected) {
    std::string why = notCompared(expected, kFields);
    for (const Json& layer : expected.at("layers")) {
        if (why.empty()) why = notCompared(layer, kLayerFields);
        for (const Json& weight : layer.value("weights", Json::array())) {
            if (why.empty()) why = notCompared(weight, kWeightFields);
        }
    }
    return why;
}

/// The file once more, as Keras's layers before they became cards.
Result<KerasModel> modelIn(const std::filesystem::path& path) {
    if (path.extension() == ".json") return graphFromKeras(fileText(path));
    if (path.extension() == ".keras") {
        const Result<ZipMembers> zip = readZip(path);
        if (!zip) return zip.error();
        const std::vector<std::byte>& config = zip->find("config.json")->bytes;
        return graphFromKeras({reinterpret_cast<const char*>(config.data()), config.size()});
    }
    const Result<std::vector<std::byte>> bytes = readWholeFile(path);
    if (!bytes) return bytes.error();
    const Result<H5Tree> tree = readHdf5(*bytes);
    if (!tree) return tree.error();
    Result<KerasH5> read = modelFromKerasH5(*tree);
    if (!read) return read.error();
    return std::move(read->model);
}

/// What Strata has no layers for is opened with cards of no known type: there is nothing to compare.
Result<KerasModel> wholeModelIn(const std::filesystem::path& path) {
    Result<KerasModel> model = modelIn(path);
    if (model && !model->foreign.empty()) return failure("keras.unknown_layer", model->foreign.front());
    return model;
}

std::string outputsDiffer(const DocumentState& state, const Json& expected, ModelTolerance tolerance) {
    const Json& input = expected.at("inputs").at(0);
    std::vector<float> values;
    for (const Json& v : input.at("data"))
        values.push_back(static_cast<float>(realOf(v)));
    const std::int64_t samples = input.at("shape").at(0);
    const Result<std::vector<float>> ours = predict(state, values, samples);
    if (!ours) return ours.error().message;
    const GraphReport report = analyse(state.graph);
    Json shape = keras::shapeToKeras(report.find(report.outputs.front())->plan.output);
    shape[0] = samples;
    if (shape != expected.at("outputs").at(0).at("shape"))
        return fmt::format("the output is {}, not {}", shape.dump(), expected["outputs"][0]["shape"].dump());
    const Json& theirs = expected.at("outputs").at(0).at("data");
    if (ours->size() != theirs.size()) return fmt::format("{} outputs, not {}", ours->size(), theirs.size());
    double largest = 0;
    for (const Json& v : theirs)
        largest = std::max(largest, std::abs(realOf(v)));
    double worst = 0;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
        const double d = std::abs(static_cast<double>((*ours)[i]) - realOf(theirs[i]));
        worst = std::isnan(d) ? d : std::max(worst, d);
        if (std::isnan(d)) break;
    }
    const double allowed = tolerance.relative * largest + tolerance.absolute;
    return worst <= allowed ? std::string()
                            : fmt::format("outputs differ by {:.3g}, allowed are {:.3g}", worst, allowed);
}

} // namespace

Result<std::vector<float>> predict(const DocumentState& state, std::span<const float> inputs,
                                   std::int64_t samples) {
    Workers workers(1);
    Result<std::unique_ptr<Network>> network = Network::compile(state.graph, {.batch = samples}, workers);
    if (!network) return network.error();
    if (state.trained != nullptr) (*network)->load(state.trained->weights);
    if ((*network)->inputShape().count() * samples != static_cast<std::int64_t>(inputs.size())) {
        return failure("test.inputs", fmt::format("{} inputs for {} samples of {}", inputs.size(), samples,
                                                  (*network)->inputShape().text()));
    }
    std::ranges::copy(inputs, (*network)->input().begin());
    (*network)->forward(samples, false);
    const std::span<const float> out = (*network)->output();
    return std::vector<float>(out.begin(), out.end());
}

ModelFile::ModelFile(std::filesystem::path path)
    : m_path(std::move(path))
    , m_opened(openDocument(m_path))
    , m_model(wholeModelIn(m_path)) {}

bool ModelFile::isWeightsAlone() const {
    return m_path.filename().string().ends_with(".weights.h5");
}

bool ModelFile::holds(std::string_view field) const {
    constexpr std::array<std::string_view, 6> beyondText{"compiled", "has_training_config", "training_config", "fit_history_float32", "inputs", "outputs"};
    return m_path.extension() != ".json" || std::ranges::find(beyondText, field) == beyondText.end();
}

ModelCheck ModelFile::compare(const Json& expected, ModelTolerance tolerance) const {
    const std::string name = m_path.filename().string();
    if (isWeightsAlone()) {
        if (!m_opened && m_opened.error().id == "keras.weights_only") return {};
        return differs(name + ": weights alone were taken for a model");
    }
    if (!m_opened)
        return {isLacking(m_opened.error()) ? Kind::Unsupported : Kind::Different, m_opened.error().message};
    if (!m_model && isLacking(m_model.error())) return {Kind::Unsupported, m_model.error().message};
    std::string why = fieldsNotCompared(expected);
    if (why.empty() && !m_model) why = m_model.error().message;
    if (why.empty() && m_model->graph != m_opened->state.graph) why = "it is drawn otherwise";
    if (why.empty()) why = drawingDiffers(*m_model, expected);
    if (why.empty()) why = compilingDiffers(expected);
    if (why.empty() && holds("fit_history_float32")) why = historyDiffers(*m_opened, expected.value("fit_history_float32", Json()));
    if (why.empty() && holds("outputs") && expected.contains("outputs")) {
        if (expected["inputs"].size() != 1 || expected["outputs"].size() != 1)
            return {Kind::Unsupported, "Network with several inputs or outputs"};
        if (m_opened->state.trained->weights.count() != expected.at("total_params"))
            why = fmt::format("{} weights were read", m_opened->state.trained->weights.count());
        else why = outputsDiffer(m_opened->state, expected, tolerance);
    }
    return why.empty() ? ModelCheck{} : differs(name + ": " + why);
}

std::string ModelFile::compilingDiffers(const Json& expected) const {
    for (const char* key : {"compiled", "has_training_config"}) {
        if (holds(key) && expected.contains(key) && expected[key] != m_opened->compiled) return "compiled or not";
    }
    if (!holds("training_config") || !expected.contains("training_config")) return {};
    const Json& config = expected["training_config"];
    if (config.is_null() == m_opened->compiled) return "compiled or not";
    return config.is_null() ? std::string() : trainingDiffers(*m_opened, config);
}

} // namespace strata::test
