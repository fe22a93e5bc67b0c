// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/cli.h"
#include "engine/interop/data_choice.h"
#include "engine/interop/keras_archive.h"

#include <CLI/CLI.hpp>

namespace strata::cli {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
/// Of `strata verify`: other weights; other instruction set, so nothing can be said; other data.
inline constexpr int kDifferent = 3, kOtherArithmetic = 4, kOtherData = 5;
inline constexpr int kInterrupted = 130;

/// What a subcommand adds to the program: its words and help, and what it does when it is chosen.
struct Context {
    CLI::App& app;
    int& exitCode;
    const CurvePainter& paintCurves;
    const DrawingPainter& paintDrawing;
};
void addSummary(const Context& context);
void addCode(const Context& context);
void addDraw(const Context& context);
void addTrain(const Context& context);
void addCrossValidate(const Context& context);
void addEvaluate(const Context& context);
void addPredict(const Context& context);
void addRate(const Context& context);
void addLayers(const Context& context);
void addOptions(const Context& context);
void addDatasets(const Context& context);
void addBench(const Context& context);
void addRuns(const Context& context);
void addVerify(const Context& context);

/// What a sentence of the engine says, which knows no options, and the option that is its remedy here.
std::string inWords(const Error& error);
/// Says it on standard error, as "strata: ...". Returns kFailed.
int fail(const Error& error);
/// A remark on standard error; not an error.
void remark(const std::string& text);
/// A line on standard error. Never throws, also where that is closed or full.
void tell(const std::string& text);

/// A `.keras` (or other model) file, or the name of a template.
struct Model {
    DocumentState state;
    bool isTemplate = false;
    bool knowsTraining = false; ///< its settings come from a template, a strata.json or a compile_config
    bool weightsLost = false;   ///< of a damaged file
};
Result<Model> openModel(const std::string& fileOrTemplate);
/// Error: it has no weights, because it was never trained or because its file has lost them. `name`: what it was opened by.
Result<> checkTrained(const Model& model, const std::string& name);

/// The words that say which data and how it is made to fit; the same for train, evaluate and predict.
struct DataWords {
    std::string data;
    std::string resize; ///< "28x28"
    std::string colour; ///< "grey", "rgb"
    std::string scale;  ///< "unit", "none"
};
void addDataWords(CLI::App& command, DataWords& words);
/// The option is the name of a data set, a folder or a file: an empty one is refused.
void asDataName(CLI::Option& option);
/// Those of them that pictures need which belong to no data set: size and scale.
void addPictureWords(CLI::App& command, DataWords& words);
/// Lets --resize, --colour and --scale win over what the document remembers.
Result<DataChoice> fitted(DataChoice remembered, const DataWords& words);
/// The same with --data. Errors also: nobody says which data.
Result<DataChoice> chooseData(const DataWords& words, const DataChoice& remembered);
/// Opens it with a progress bar; says what was found on standard error.
Result<DataSource> openWithProgress(const DataChoice& choice);

/// True once Ctrl+C was pressed. The first call installs the handler.
bool interrupted();

} // namespace strata::cli
