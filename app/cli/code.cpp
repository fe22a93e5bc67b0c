// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "engine/core/atomic_file.h"
#include "engine/interop/keras_script.h"

#include <filesystem>
#include <fmt/format.h>

namespace strata::cli {
namespace {

struct Words {
    std::string model, out;
    DataWords data;
};

int writeCode(const Words& words) {
    Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    // A script may be written before there are data; it then says where to put them.
    if (Result<DataChoice> choice = chooseData(words.data, model->state.data)) model->state.data = std::move(*choice);
    else if (choice.error().id != "words.data") return fail(choice.error());
    const Result<std::string> script = kerasScript(model->state, std::filesystem::path(words.model).stem().string());
    if (!script) return fail(script.error());
    if (words.out.empty()) {
        fmt::print("{}", *script);
        return kOk;
    }
    if (const Result<> written = writeFileAtomically(words.out, *script); !written) return fail(written.error());
    tell(fmt::format("wrote {}", words.out));
    return kOk;
}

} // namespace

void addCode(const Context& context) {
    CLI::App* command = context.app.add_subcommand("code", "Write a Python script that builds and trains the same network with Keras");
    auto words = std::make_shared<Words>();
    command->add_option("model", words->model, "A .keras or .h5 file, or the name of a template")->required()->type_name("MODEL");
    command->add_option("--out", words->out, "Where to; without it the script is printed")->type_name("FILE.py");
    addDataWords(*command, words->data);
    command->callback([words, &code = context.exitCode] { code = writeCode(*words); });
}

} // namespace strata::cli
