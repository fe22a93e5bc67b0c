// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <filesystem>
#include <fmt/format.h>

namespace strata::cli {
namespace {

struct Words {
    std::string model, out;
    bool plain = false;
};

int draw(const Words& words, const DrawingPainter& paint) {
    if (!paint) {
        return fail({"draw: this build has no window (STRATA_GUI=OFF), and so cannot paint; export the drawing where Strata has its window.",
                     "draw.no_window"});
    }
    const Result<Model> model = openModel(words.model);
    if (!model) return fail(model.error());
    const Result<> painted = paint(model->state, std::filesystem::path(words.model).stem().string(), words.out, !words.plain);
    if (!painted) return fail(painted.error());
    tell(fmt::format("wrote {}", words.out));
    return kOk;
}

} // namespace

void addDraw(const Context& context) {
    CLI::App* command = context.app.add_subcommand("draw", "Draw a network into a picture for a paper");
    auto words = std::make_shared<Words>();
    command->add_option("model", words->model, "A .keras or .h5 file, or the name of a template")->required()->type_name("MODEL");
    command->add_option("--out", words->out, "The picture; its ending says which kind")->required()->type_name("FILE.svg|pdf|png");
    command->add_flag("--plain", words->plain, "Without title, totals and legend");
    command->callback([words, &paint = context.paintDrawing, &code = context.exitCode] { code = draw(*words, paint); });
}

} // namespace strata::cli
