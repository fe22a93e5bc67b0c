// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/open_data.h"

#include <filesystem>
#include <new>

#include "engine/core/said.h"
#include "engine/data/convert.h"
#include "engine/data/formats/cifar.h"
#include "engine/data/formats/digit_sheet.h"
#include "engine/data/formats/idx.h"
#include "engine/data/formats/image_folder.h"
#include "engine/data/known_data.h"

namespace strata {

namespace {

Result<DataSource> openRecognised(const RecognisedData& data, const DataOptions& options) {
    switch (data.format) {
    case DataFormat::Idx:
        return openIdx(data.path, options);
    case DataFormat::Cifar:
        return openCifar(data.path, options);
    case DataFormat::ImageFolder:
    case DataFormat::ImageArchive:
        break;
    }
    return openImageFolder(data.path, options);
}

Result<DataSource> open(const std::string& pathOrName, const DataOptions& options) {
    if (options.resize) {
        constexpr std::int64_t kLargest = 16384;
        const auto [height, width] = *options.resize;
        if (height < 1 || width < 1 || height > kLargest || width > kLargest)
            return failure("data.resize",
                           said("Resizing to {} x {} is not possible; give a height and a width "
                                "from 1 to {}.",
                                height, width, kLargest));
    }
    if (pathOrName == "digits") {
        Result<DataSource> digits = openDigits();
        return digits ? converted(std::move(*digits), options) : digits;
    }
    if (pathOrName.empty())
        return failure("data.no_name", said("No data set is named; give a path or a name such as \"digits\"."));

    std::string path = pathOrName;
    std::error_code ignored;
    // A name has no slash; what has one is a path, and recogniseData says when it is not there.
    if (!std::filesystem::exists(path, ignored) && path.find('/') == std::string::npos) {
        Result<std::string> found = findNamedData(pathOrName);
        if (!found) return found.error();
        path = *found;
    }
    const Result<RecognisedData> data = recogniseData(path);
    if (!data) return data.error();
    Result<DataSource> source = openRecognised(*data, options);
    if (!source) return source;
    source->pathOrName = pathOrName;
    source->path = std::filesystem::absolute(path).string();
    return converted(std::move(*source), options);
}

} // namespace

Result<DataSource> openData(const std::string& pathOrName, const DataOptions& options) {
    try {
        return open(pathOrName, options);
    } catch (const std::bad_alloc&) {
        return failure("data.memory",
                       said("\"{}\" does not fit into the memory of this computer; resize its images to "
                            "smaller ones, or use fewer.",
                            pathOrName));
    } catch (const std::exception& problem) {
        return failure("data.failed",
                       said("\"{}\" cannot be opened: {}.", pathOrName, problem.what()));
    }
}

} // namespace strata
