// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/number_words.h"

#include "engine/data/image_file.h"
#include "engine/data/npy.h"
#include "engine/training/evaluate.h"
#include "engine/training/loss_meter.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::cli {
namespace {

struct Words {
    std::string model, out;
    std::vector<std::string> inputs;
    DataWords data;
    int threads = 0;
    bool json = false;
};

/// Images of one input, ready for the network, and what to call each.
struct Ready {
    std::vector<float> values;        // (N, H, W, C)
    std::vector<std::int64_t> leading; ///< the batch axes of a .npy, to come back in the answer
    std::vector<std::string> names;
};

bool isNpy(const std::string& path) {
    return path.size() > 4 && path.substr(path.size() - 4) == ".npy";
}

/// A .npy of whole numbers holds pixels, which are scaled like those of a data set; one of floats holds what the
/// network is to get, and is left alone unless --scale says otherwise.
Result<Ready> fromNpy(const std::string& path, const Shape& wanted, const Words& words, Scaling usual) {
    Result<NpyArray> array = readNpy(path);
    if (!array) return array.error();
    const auto rank = static_cast<std::size_t>(wanted.rank());
    const auto& dims = array->dims;
    if (dims.size() < rank || !std::ranges::equal(dims.end() - static_cast<std::ptrdiff_t>(rank), dims.end(), wanted.dims().begin(),
                                                  wanted.dims().end())) {
        return failure("predict.shape", fmt::format("{}: its shape is ({}), the network takes (N, {}); give it that shape.", path,
                                                    fmt::join(dims, ", "), fmt::join(wanted.dims(), ", ")));
    }
    const auto odd = std::ranges::find_if(array->values, [](float v) { return !std::isfinite(v); });
    if (odd != array->values.end()) {
        const auto at = odd - array->values.begin();
        return failure("predict.not_a_number",
                       fmt::format("{}: value {} (in image {}, both counted from 0) is {}; a network can only answer to numbers, replace it.", path, at,
                                   at / std::max<std::int64_t>(1, wanted.count()), std::isnan(*odd) ? "not a number" : "infinite"));
    }
    Ready ready;
    ready.leading.assign(dims.begin(), dims.end() - static_cast<std::ptrdiff_t>(rank));
    ready.values = std::move(array->values);
    const Scaling scaling = !words.data.scale.empty() || array->isInteger() ? usual : Scaling::None;
    applyScaling(scaling, ready.values);
    if (scaling == Scaling::UnitRange) remark(fmt::format("{}: values were divided by 255", path));
    const std::int64_t count = static_cast<std::int64_t>(ready.values.size()) / std::max<std::int64_t>(1, wanted.count());
    for (std::int64_t n = 0; n < count; ++n) ready.names.push_back(count == 1 ? path : fmt::format("{}[{}]", path, n));
    return ready;
}

Result<Ready> fromImage(const std::string& path, const Shape& wanted, const DataChoice& choice, Scaling scaling) {
    ColourMode colour = wanted.rank() == 3 && wanted[2] == 1 ? ColourMode::Grey : ColourMode::Colour;
    Result<Image> image = readImageFile(path, colour);
    if (!image) return image.error();
    Image fitted = std::move(*image);
    if (choice.resizeHeight > 0) fitted = resized(fitted, {choice.resizeHeight, choice.resizeWidth});
    const Shape have{fitted.height, fitted.width, fitted.channels};
    if (!(have == wanted)) return wrongImageShape(path, have, wanted);
    Ready ready;
    ready.values = imageValues(fitted);
    applyScaling(scaling, ready.values);
    ready.names.push_back(path);
    return ready;
}

/// False: there was one without an answer.
bool printAnswers(const Words& words, const Ready& ready, const Predictor& predictor, std::span<const float> outputs,
                  const std::vector<std::string>& classNames) {
    const auto columns = static_cast<std::size_t>(predictor.network().outputShape().count());
    bool spoiled = false;
    for (std::size_t n = 0; n < ready.names.size(); ++n) {
        const std::vector<float> p = predictor.probabilities(outputs.subspan(n * columns, columns));
        const auto best = static_cast<std::size_t>(argmax(p));
        if (!std::isfinite(p[best])) {
            remark(fmt::format("{}: no answer, what the network gives is not a number; its weights may be spoiled", ready.names[n]));
            spoiled = true;
            continue;
        }
        const std::string name = best < classNames.size() ? classNames[best] : std::to_string(best);
        if (words.json) {
            fmt::print("{}\n", nlohmann::ordered_json{{"input", ready.names[n]}, {"class", best}, {"name", name}, {"probabilities", p}}.dump(
                                   -1, ' ', false, nlohmann::json::error_handler_t::replace));
        } else {
            fmt::print("{}: {} ({:.1f} %)\n", ready.names[n], name, 100 * p[best]);
        }
    }
    return !spoiled;
}

Result<> writeAnswers(const std::string& path, const Ready& ready, const Shape& output, const std::vector<float>& values) {
    std::vector<std::int64_t> dims = ready.leading;
    dims.insert(dims.end(), output.dims().begin(), output.dims().end());
    return writeNpy(path, dims, values);
}

/// Brings all inputs into one: the images one after the other; a single .npy keeps its axes.
Result<Ready> gather(const Words& words, const Shape& wanted, const DataChoice& choice, Scaling scaling) {
    Ready all;
    for (const std::string& path : words.inputs) {
        Result<Ready> one = isNpy(path) ? fromNpy(path, wanted, words, scaling) : fromImage(path, wanted, choice, scaling);
        if (!one) return one.error();
        all.values.insert(all.values.end(), one->values.begin(), one->values.end());
        all.names.insert(all.names.end(), one->names.begin(), one->names.end());
        all.leading = words.inputs.size() == 1 && isNpy(path) ? one->leading
                                                              : std::vector{static_cast<std::int64_t>(all.names.size())};
    }
    return all;
}

int predict(const Words& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    const DocumentState& state = model->state;
    if (const Result<> trained = checkTrained(*model, words.model); !trained) return fail(trained.error());
    Result<DataChoice> choice = fitted(state.data, words.data);
    if (!choice) return fail(choice.error());
    Workers workers(words.threads);
    Result<Predictor> predictor = Predictor::create(state.graph, state.trained->weights, workers);
    if (!predictor) return fail(predictor.error());
    const Network& network = predictor->network();
    Result<Ready> ready = gather(words, network.inputShape(), *choice, scalingOf(*choice, state.graph));
    if (!ready) return fail(ready.error());
    std::vector<float> outputs(ready->names.size() * static_cast<std::size_t>(network.outputShape().count()));
    predictor->predict(ready->values, outputs);
    if (words.out.empty()) {
        return printAnswers(words, *ready, *predictor, outputs, state.trained->classNames) ? kOk : kFailed;
    }
    if (Result<> written = writeAnswers(words.out, *ready, network.outputShape(), outputs); !written) return fail(written.error());
    tell(fmt::format("wrote {}", words.out));
    return kOk;
}

} // namespace

void addPredict(const Context& context) {
    CLI::App* c = context.app.add_subcommand("predict", "What a trained network says to images");
    auto w = std::make_shared<Words>();
    c->add_option("model", w->model, "A .keras or .h5 file")->required()->type_name("MODEL");
    c->add_option("inputs", w->inputs, "Images, or a .npy array (N, H, W, C); more axes before these come back in the answer. "
                                       "A .npy of floats is given to the network as it is, one of whole numbers is scaled like images")
        ->required()
        ->type_name("IMAGE|NPY...");
    addPictureWords(*c, w->data);
    c->add_option("--out", w->out, "Write the network's outputs here instead of printing classes")->type_name("FILE.npy");
    c->add_option("--threads", w->threads, "0: one per processor")->check(wholeNumber(0, 256));
    c->add_flag("--json", w->json, "One JSON line an image, with all probabilities");
    c->callback([w, &code = context.exitCode] { code = predict(*w); });
}

} // namespace strata::cli
