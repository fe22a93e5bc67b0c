// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/run_record.h"

#include "engine/core/said.h"
#include "engine/core/atomic_file.h"
#include "engine/core/user_folder.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/history_json.h"
#include "engine/interop/keras_archive.h"
#include "engine/interop/strata_json.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

namespace strata {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::uint64_t kMaxRecord = std::uint64_t{64} << 20;
constexpr const char* kStart = "start.keras";
constexpr const char* kCurves = "curves.csv";

std::string nowText(const char* format) {
    const std::tm utc = fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
    return fmt::format(fmt::runtime(fmt::format("{{:{}}}", format)), utc);
}

/// A name that is safe in every file system.
std::string plainName(const std::string& name) {
    std::string out = fs::path(name).stem().string();
    for (char& c : out) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!plain) c = '_';
    }
    return out.empty() ? "network" : out.substr(0, 40);
}

/// A folder that was not there before: two runs may end in the same second.
Result<fs::path> newFolder(const fs::path& folder, const std::string& name) {
    std::error_code error;
    fs::create_directories(folder, error);
    for (int n = 1; !error && n < 1000; ++n) {
        fs::path made = folder / (n == 1 ? name : fmt::format("{}_{}", name, n));
        if (fs::create_directory(made, error)) return made;
    }
    return failure("run.folder", said("{}: the record of the run cannot be written there ({}); choose another "
                                      "folder.",
                                      folder.string(), error ? error.message() : said("too many runs a second")));
}

StrataMember memberOfRecord(const RunRecord& record) {
    StrataMember m{.state = record.document, .configHash = {}, .trained = false, .rest = {}, .inKeras = {}, .stopped = {}};
    m.state.trained = nullptr;
    return m;
}

Ordered ratesJson(const std::vector<RateChange>& rates) {
    Ordered out = Ordered::array();
    for (const RateChange& r : rates) out.push_back({r.epoch, r.batches, r.rate});
    return out;
}

std::string recordJson(const RunRecord& r) {
    const char* start = r.resumed ? "stopped" : r.document.trained ? "weights" : "anew";
    return jsonText({{"strata_run", kVersion},
                     {"name", r.name},
                     {"date", r.date},
                     {"version", r.version},
                     {"instruction_set", r.arithmetic.instructionSet},
                     {"blas", r.arithmetic.blas},
                     {"convolution", r.arithmetic.convolution},
                     {"threads", r.threads},
                     {"seed", r.document.training.seed},
                     {"data_fingerprint", hashText(r.dataFingerprint)},
                     {"limit", r.limit},
                     {"start", start},
                     {"outcome", r.outcome},
                     {"end", {r.endEpoch, r.endBatches}},
                     {"learning_rates", ratesJson(r.rates)},
                     {"seconds", r.seconds},
                     {"test_accuracy", r.testAccuracy},
                     {"weights_hash", hashText(r.weightsHash)},
                     {"history", historyJson(r.history)},
                     {"document", Ordered::parse(strataJson(memberOfRecord(r)))}});
}

std::uint64_t hashFrom(const std::string& text) {
    std::uint64_t hash = 0;
    std::from_chars(text.data(), text.data() + text.size(), hash, 16);
    return hash;
}

/// Without them the run would be repeated as another: what cannot be read is no record. Records of before there were such
/// changes have none.
std::optional<std::vector<RateChange>> ratesFrom(const Json& json) {
    std::vector<RateChange> out;
    if (json.is_null()) return out;
    if (!json.is_array()) return {};
    for (const Json& r : json) {
        if (!r.is_array() || r.size() != 3 || !r[0].is_number_integer() || !r[1].is_number_integer() || !r[2].is_number()) return {};
        out.push_back({r[0].get<std::int64_t>(), r[1].get<std::int64_t>(), r[2].get<double>()});
    }
    return out;
}

/// Without start.keras.
Result<RunRecord> readFacts(const fs::path& file, std::string& start) {
    const Result<std::vector<std::byte>> bytes = readWholeFile(file, kMaxRecord);
    if (!bytes) return bytes.error();
    const std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    const Result<Json> json = parseForeignJson(text, file.string());
    if (!json) return json.error();
    const auto damaged = [&](std::string_view what) {
        return failure("run.damaged", said("{}: this is no record of a run that can be read: {}", file.string(), what));
    };
    const std::int64_t version = intOf(*json, "strata_run", 0);
    if (version < 1) return damaged(said("it has no version."));
    if (version > kVersion) return damaged(said("its version is {}, this program reads {}; read it with a newer Strata.", version, kVersion));
    RunRecord r;
    r.id = fs::absolute(file).parent_path().filename().string();
    r.name = textOf(*json, "name");
    r.date = textOf(*json, "date");
    r.version = textOf(*json, "version");
    r.arithmetic = {textOf(*json, "instruction_set"), textOf(*json, "blas"), textOf(*json, "convolution")};
    r.threads = static_cast<int>(std::clamp<std::int64_t>(intOf(*json, "threads", 0), 0, 4096));
    r.dataFingerprint = hashFrom(textOf(*json, "data_fingerprint"));
    r.limit = std::max<std::int64_t>(0, intOf(*json, "limit", 0));
    r.outcome = textOf(*json, "outcome");
    if (const Json& end = memberOf(*json, "end"); end.is_array() && end.size() == 2) {
        if (end[0].is_number_integer()) r.endEpoch = end[0].get<std::int64_t>();
        if (end[1].is_number_integer()) r.endBatches = end[1].get<std::int64_t>();
    }
    std::optional<std::vector<RateChange>> rates = ratesFrom(memberOf(*json, "learning_rates"));
    if (!rates) return damaged(said("its learning_rates are not lists of epoch, batches and rate."));
    r.rates = std::move(*rates);
    r.seconds = realOf(*json, "seconds", 0);
    r.testAccuracy = realOf(*json, "test_accuracy", -1);
    r.weightsHash = hashFrom(textOf(*json, "weights_hash"));
    r.history = historyFrom(memberOf(*json, "history"));
    start = textOf(*json, "start");
    r.resumed = start == "stopped";
    std::vector<std::string> remarks;
    Result<StrataMember> member = strataFromJson(memberOf(*json, "document").dump(), remarks, CallbackFiles::Anywhere);
    if (!member) return damaged(member.error().message);
    if (!remarks.empty()) return damaged(remarks.front());
    r.document = std::move(member->state);
    return r;
}

} // namespace

std::string programVersion() {
    return STRATA_VERSION;
}

std::string hashText(std::uint64_t hash) {
    return fmt::format("{:016x}", hash);
}

std::string curveCsv(const std::vector<HistoryPoint>& history) {
    std::set<std::string> metrics;
    for (const HistoryPoint& p : history) {
        for (const auto& [name, value] : p.metrics)
            metrics.insert(name);
    }
    const auto number = [](const std::optional<double>& v) { return v ? fmt::format("{}", *v) : std::string(); };
    std::string out = "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate";
    for (const std::string& name : metrics)
        out += "," + name;
    for (const HistoryPoint& p : history) {
        out += fmt::format("\n{},{},{},{},{},{}", p.epoch, p.loss, p.accuracy, number(p.validationLoss),
                           number(p.validationAccuracy),
                           p.learningRate < 0 ? std::string() : fmt::format("{}", p.learningRate));
        for (const std::string& name : metrics) {
            const auto value = p.metrics.find(name);
            out += value == p.metrics.end() ? "," : fmt::format(",{}", value->second);
        }
    }
    return out + "\n";
}

RunRecord recordOf(std::string name, const DocumentState& begun, bool resumed, const RunOrigin& origin,
                   const RunEnded& end, const TrainedState& trained) {
    RunRecord record;
    record.name = std::move(name);
    record.document = begun;
    // A path is to be found from anywhere.
    std::error_code ignored;
    if (const std::string& source = begun.data.source; fs::exists(source, ignored))
        record.document.data.source = fs::absolute(source, ignored).string();
    record.resumed = resumed;
    const int threads = begun.training.threads;
    record.threads = threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
    record.dataFingerprint = origin.dataFingerprint;
    record.limit = origin.limit;
    record.outcome = end.outcome == RunOutcome::Stopped    ? "stopped"
                     : end.outcome == RunOutcome::Diverged ? "diverged"
                                                           : "finished";
    if (end.state) {
        record.endEpoch = end.state->epoch;
        record.endBatches = end.state->batches;
    }
    record.rates = end.rates;
    record.history = trained.history;
    record.testAccuracy = trained.testAccuracy;
    record.weightsHash = end.weights->fingerprint();
    return record;
}

fs::path defaultRunsFolder() {
    return userFolder() / "runs";
}

Result<fs::path> writeRunRecord(const fs::path& folder, RunRecord record) {
    if (record.date.empty()) record.date = nowText("%Y-%m-%d %H:%M:%S");
    std::string day = record.date;
    std::erase_if(day, [](char c) { return c == '-' || c == ':'; });
    std::ranges::replace(day, ' ', '-');
    Result<fs::path> made = newFolder(folder, day + "-" + plainName(record.name));
    if (!made) return made;
    if (Result<> r = writeFileAtomically(*made / kCurves, curveCsv(record.history)); !r) return r.error();
    if (record.document.trained) {
        const Result<SaveReport> saved = saveDocument(record.document, *made / kStart, SaveFor::Recovery);
        if (!saved) return saved.error();
    }
    // The record itself comes last: a folder that has one is whole.
    if (Result<> r = writeFileAtomically(*made / "run.json", recordJson(record)); !r) return r.error();
    return made;
}

Result<RunRecord> readRunRecord(const fs::path& where) {
    std::error_code ignored;
    const fs::path file = fs::is_directory(where, ignored) ? where / "run.json" : where;
    std::string start;
    Result<RunRecord> record = readFacts(file, start);
    if (!record || start == "anew") return record;
    Result<OpenedDocument> begun = openDocument(file.parent_path() / kStart);
    if (!begun) return begun.error();
    record->document.trained = begun->state.trained;
    const bool fits = record->document.trained && (!record->resumed || record->document.trained->stopped);
    if (!fits)
        return failure("run.damaged",
                       said("{}: {} does not hold what the run began with.", file.parent_path().string(), kStart));
    return record;
}

std::vector<RunRecord> listRunRecords(const fs::path& folder, std::vector<std::string>& remarks) {
    std::vector<RunRecord> out;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const fs::path file = entry.path() / "run.json";
        if (!fs::exists(file, error)) {
            if (fs::exists(entry.path() / kCurves, error))
                remarks.push_back(said("{}: its run.json is missing; the run was ended while its record was written.", entry.path().string()));
            continue;
        }
        std::string start;
        Result<RunRecord> record = readFacts(file, start);
        if (record)
            out.push_back(std::move(*record));
        else
            remarks.push_back(record.error().message);
    }
    std::ranges::sort(out, [](const RunRecord& a, const RunRecord& b) {
        return std::pair(a.date, a.id) < std::pair(b.date, b.id);
    });
    return out;
}

} // namespace strata
