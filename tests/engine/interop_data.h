// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/atomic_file.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <QString>
#include <string>
#include <string_view>
#include <vector>

/// Files that real Keras wrote, beside the project; empty when they are not there.
inline std::filesystem::path kerasCases() {
    const QString set = qEnvironmentVariable("STRATA_KERAS_CASES");
    const std::filesystem::path folder =
        set.isEmpty() ? STRATA_SOURCE_DIR "/../shared/keras_cases" : set.toStdString();
    return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

/// All files below `folder` that end so, sorted.
inline std::vector<std::filesystem::path> filesBelow(const std::filesystem::path& folder,
                                                     const std::vector<std::string>& endings) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        for (const std::string& ending : endings) {
            if (entry.is_regular_file() && entry.path().extension() == ending) found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

inline std::vector<std::byte> bytesOf(std::string_view text) {
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}
