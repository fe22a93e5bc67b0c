// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/log_file_name.h"

#include "engine/core/said.h"

#include <fmt/args.h>
#include <fmt/format.h>

namespace strata {

Result<std::string> logFileName(const std::string& pattern, std::int64_t epoch, const EpochLogs& logs) {
    fmt::dynamic_format_arg_store<fmt::format_context> values;
    values.push_back(fmt::arg("epoch", epoch + 1));
    for (const auto& [name, value] : logs)
        values.push_back(fmt::arg(name.c_str(), value));
    try {
        return fmt::vformat(pattern, values);
    } catch (const fmt::format_error&) {
        std::string known = "epoch";
        for (const auto& [name, value] : logs)
            known += ", " + name;
        return failure("log.file_name", said("The file name \"{}\" cannot be filled in; in braces may stand {}, "
                                             "with a format such as {{epoch:02d}} or {{loss:.3f}}.",
                                             pattern, known));
    }
}

} // namespace strata
