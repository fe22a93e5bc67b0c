// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/number_words.h"
#include "app/cli/train_report.h"

#include "engine/interop/run_record.h"
#include "engine/interop/run_verify.h"

#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace strata::cli {
namespace {

namespace fs = std::filesystem;

fs::path folderOf(const std::string& word) {
    return word.empty() ? defaultRunsFolder() : fs::path(word);
}

nlohmann::ordered_json lineOf(const RunRecord& r) {
    nlohmann::ordered_json line{{"run", r.id},
                                {"date", r.date},
                                {"network", r.name},
                                {"data", r.document.data.source},
                                {"outcome", r.outcome},
                                {"epochs", r.history.size()},
                                {"seconds", r.seconds},
                                {"weights_hash", hashText(r.weightsHash)}};
    if (!r.history.empty()) line["loss"] = r.history.back().loss;
    if (!r.history.empty() && r.history.back().validationLoss) line["val_loss"] = *r.history.back().validationLoss;
    if (r.testAccuracy >= 0) line["test_accuracy"] = r.testAccuracy;
    return line;
}

void printTable(const std::vector<RunRecord>& runs) {
    std::size_t width = 3;
    for (const RunRecord& r : runs)
        width = std::max(width, r.id.size());
    fmt::print("{:<{}}  {:<9} {:>6} {:>13} {:>15} {:>8}  {:<16}  {}\n", "Run", width, "Outcome", "Epochs", "Training loss", "Validation loss",
               "Test", "Weights", "Data");
    const auto lossText = [](std::optional<double> loss) { return loss ? fmt::format("{:.4f}", *loss) : std::string("-"); };
    for (const RunRecord& r : runs) {
        const HistoryPoint last = r.history.empty() ? HistoryPoint{} : r.history.back();
        fmt::print("{:<{}}  {:<9} {:>6} {:>13} {:>15} {:>8}  {:<16}  {}\n", r.id, width, r.outcome, r.history.size(),
                   lossText(r.history.empty() ? std::nullopt : std::optional(last.loss)), lossText(last.validationLoss),
                   r.testAccuracy < 0 ? std::string("-") : fmt::format("{:.2f} %", 100 * r.testAccuracy), hashText(r.weightsHash),
                   r.document.data.source);
    }
}

int runs(const std::string& folder, bool json) {
    std::vector<std::string> remarks;
    const std::vector<RunRecord> found = listRunRecords(folderOf(folder), remarks);
    for (const std::string& text : remarks)
        remark(text);
    if (json) {
        for (const RunRecord& r : found)
            fmt::print("{}\n", lineOf(r).dump());
    } else if (found.empty() && !remarks.empty()) {
        fmt::print("No record in {} can be read.\n", folderOf(folder).string());
    } else if (found.empty()) {
        fmt::print("No runs in {} yet: every training leaves its record there.\n", folderOf(folder).string());
    } else {
        printTable(found);
    }
    return kOk;
}

struct VerifyWords {
    std::string run, folder, data;
    int threads = 0;
    bool json = false;
};

/// Shows how far the repetition is; Ctrl+C ends it.
class VerifyWatch final : public RunObserver {
public:
    void event(TrainEvent e) override {
        if (const auto* run = std::get_if<RunStarted>(&e)) m_run = *run;
        if (const auto* batch = std::get_if<BatchDone>(&e)) {
            const std::int64_t done = (batch->epoch - m_run.firstEpoch) * m_run.batchesPerEpoch + batch->batch + 1;
            m_bar.show("Repeating the run", done, m_run.epochs * m_run.batchesPerEpoch, fmt::format("epoch {}", batch->epoch + 1));
        }
    }
    bool mayGoOn() override { return !interrupted(); }
    bool weightsWanted() override { return false; }
    void weights(LiveWeights) override {}
    void clear() { m_bar.clear(); }

private:
    RunStarted m_run;
    ProgressBar m_bar;
};

int codeOf(Verdict verdict) {
    switch (verdict) {
    case Verdict::Same: return kOk;
    case Verdict::Different: return kDifferent;
    case Verdict::OtherArithmetic: return kOtherArithmetic;
    case Verdict::OtherData: return kOtherData;
    }
    return kFailed;
}

const char* nameOf(Verdict verdict) {
    switch (verdict) {
    case Verdict::Same: return "same";
    case Verdict::Different: return "different";
    case Verdict::OtherArithmetic: return "other_arithmetic";
    case Verdict::OtherData: return "other_data";
    }
    return "";
}

int verify(const VerifyWords& words) {
    fs::path where = words.run;
    if (!fs::exists(where)) where = folderOf(words.folder) / words.run;
    if (!fs::exists(where)) {
        return fail({fmt::format("{}: there is no such run; 'strata runs' lists those in {}.", words.run, folderOf(words.folder).string()),
                     "run.not_found"});
    }
    Result<RunRecord> record = readRunRecord(where);
    if (!record) return fail(record.error());
    if (!words.data.empty()) record->document.data = movedTo(record->document.data, words.data);
    Result<DataSource> source = openWithProgress(record->document.data);
    if (!source) return fail(source.error());
    VerifyWatch watch;
    const Result<Verification> result = verifyRun(*record, *source, words.threads, watch);
    watch.clear();
    if (!result) {
        fail(result.error());
        return interrupted() ? kInterrupted : kFailed;
    }
    if (words.json) {
        const nlohmann::ordered_json line{{"run", record->id},
                                          {"result", nameOf(result->verdict)},
                                          {"recorded", hashText(record->weightsHash)},
                                          {"now", hashText(result->weightsHash)}};
        fmt::print("{}\n", line.dump());
    } else if (result->verdict == Verdict::Same) {
        fmt::print("{}\n", result->text);
    }
    if (result->verdict != Verdict::Same) fail({result->text, result->verdict == Verdict::OtherData ? "run.other_data" : "run.verify"});
    return codeOf(result->verdict);
}

} // namespace

void addRuns(const Context& context) {
    CLI::App* c = context.app.add_subcommand("runs", "List the runs that left a record");
    auto folder = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    c->add_option("--runs", *folder, "Folder of the records (without it: the user's data folder)")->type_name("DIR");
    c->add_flag("--json", *json, "One JSON line a run");
    c->callback([folder, json, &code = context.exitCode] { code = runs(*folder, *json); });
}

void addVerify(const Context& context) {
    CLI::App* c = context.app.add_subcommand("verify", "Repeat a recorded run and compare its weights");
    c->footer("Exit code 0: the same to the bit; 3: other weights; 4: other weights by another instruction set, which says nothing;\n"
              "5: the data has changed; 1: the run cannot be repeated.");
    auto w = std::make_shared<VerifyWords>();
    c->add_option("run", w->run, "A name that 'strata runs' lists, or a run's folder")->required()->type_name("RUN");
    c->add_option("--runs", w->folder, "Folder of the records (without it: the user's data folder)")->type_name("DIR");
    c->add_option("--data", w->data, "Where the data is now")->type_name("PATH|NAME");
    c->add_option("--threads", w->threads, "0: one per processor; the result is the same")->check(wholeNumber(0, 256));
    c->add_flag("--json", w->json, "One JSON line");
    c->callback([w, &code = context.exitCode] { code = verify(*w); });
}

} // namespace strata::cli
