// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/training/callback.h"
#include "engine/training/typed_parts.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace strata::callbacks {
namespace {

struct Params {
    std::string filename = "training.csv";
    std::string separator = ",";
    bool append = false;
};

/// Every line is on the disk before the next epoch begins.
class CsvLogger final : public Callback {
public:
    explicit CsvLogger(const Params& p)
        : m_params(p) {}

    void epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run) override {
        std::error_code error;
        const bool fresh = !m_begun && !m_params.append;
        const bool heading = fresh || std::filesystem::file_size(m_params.filename, error) == 0 || error;
        std::ofstream file(m_params.filename, fresh ? std::ios::trunc : std::ios::app);
        if (m_columns.empty()) {
            for (const auto& [name, value] : logs)
                m_columns.push_back(name);
        }
        if (heading) file << "epoch" << m_params.separator << fmt::format("{}", fmt::join(m_columns, m_params.separator)) << '\n';
        // An epoch may lack a figure (one that is not a number): its place stays empty.
        file << epoch;
        for (const std::string& name : m_columns) {
            const auto value = logs.find(name);
            file << m_params.separator << (value == logs.end() ? std::string() : fmt::format("{}", value->second));
        }
        file << std::endl;
        if (!file) run.remark(said("CSVLogger: {} cannot be written; choose another place.", m_params.filename));
        m_begun = true;
    }
    std::vector<double> state() const override { return {m_begun ? 1.0 : 0.0}; }
    void setState(std::span<const double> state) override { m_begun = !state.empty() && state[0] != 0; }

private:
    Params m_params;
    std::vector<std::string> m_columns; ///< of the first epoch
    bool m_begun = false;
};

} // namespace

CallbackType csv_logger() {
    SchemaOf<Params> s({.id = "CSVLogger",
                        .category = "callback",
                        .label = "Write a CSV file",
                        .doc = "Writes each epoch's figures as a line of a table.",
                        .reference = "https://keras.io/api/callbacks/csv_logger/"});
    s.field(&Params::filename, {.key = "filename", .label = "File", .doc = "Where the table is written."});
    s.field(&Params::separator, {.key = "separator", .label = "Separator", .doc = "What stands between two figures."});
    s.field(&Params::append, {.key = "append", .label = "Append", .doc = "Goes on with a file that is there."});
    CallbackType type = typeOf<CallbackType, CsvLogger>(std::move(s));
    type.writesFiles = true;
    return type;
}

} // namespace strata::callbacks
