// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/curve_csv.h"

#include "engine/interop/run_record.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

namespace strata::cli {

Result<> writeCurveCsv(const std::vector<HistoryPoint>& history, const std::string& path) {
    std::ofstream file(path);
    file << curveCsv(history);
    file.close();
    if (!file) return failure("csv.write", fmt::format("{}: the learning curves cannot be written: {}", path, std::strerror(errno)));
    return {};
}

} // namespace strata::cli
