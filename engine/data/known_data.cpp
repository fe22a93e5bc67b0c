// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/known_data.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

#include "engine/core/closest_word.h"
#include "engine/core/lower_case.h"
#include "engine/core/said.h"
#include "engine/core/user_folder.h"
#include "engine/data/data_places.h"
#include "engine/data/formats/cifar.h"
#include "engine/data/formats/idx.h"
#include "engine/data/formats/image_folder.h"
#include "engine/data/open_data.h"

namespace strata {

namespace {

namespace fs = std::filesystem;

struct WellKnown {
    const char* name;
    const char* title;
    const char* origin;
    const char* description;
    const char* files;
    std::vector<std::string> folders; // as plainName() writes them
};

const std::vector<WellKnown>& wellKnown() {
    static const std::vector<WellKnown> sets{
        {"mnist",
         "MNIST",
         "ossci-datasets.s3.amazonaws.com/mnist",
         toSay("Handwritten digits, 60,000 + 10,000 of 28 x 28 grey."),
         "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, "
         "t10k-labels-idx1-ubyte.gz",
         {"mnist"}},
        {"fashion-mnist",
         "Fashion-MNIST",
         "github.com/zalandoresearch/fashion-mnist",
         toSay("Pictures of clothes, 60,000 + 10,000 of 28 x 28 grey."),
         "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, "
         "t10k-labels-idx1-ubyte.gz",
         {"fashionmnist"}},
        {"cifar-10",
         "CIFAR-10",
         "www.cs.toronto.edu/~kriz/cifar.html",
         toSay("Photographs of ten kinds of things, 50,000 + 10,000 of 32 x 32 colour."),
         "data_batch_1.bin ... data_batch_5.bin, test_batch.bin, batches.meta.txt",
         {"cifar10", "cifar10batchesbin", "cifar10binary"}},
    };
    return sets;
}

/// "CIFAR-10" and "cifar_10" are one name.
std::string plainName(const std::string& name) {
    std::string plain;
    for (const char c : lowerCase(name)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
    }
    return plain;
}

/// Folders and archives directly inside `folder`, by name.
std::vector<fs::path> entriesOf(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code problem;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem))
        if (it->path().filename().string().front() != '.') entries.push_back(it->path());
    std::sort(entries.begin(), entries.end());
    return entries;
}

Result<RecognisedData> recogniseFolder(const fs::path& folder, int depth) {
    const std::string path = folder.string();
    if (hasIdxFiles(path)) return RecognisedData{DataFormat::Idx, path};
    if (hasCifarFiles(path)) return RecognisedData{DataFormat::Cifar, path};
    if (hasClassFolders(path)) return RecognisedData{DataFormat::ImageFolder, path};
    std::vector<fs::path> folders;
    for (const fs::path& entry : entriesOf(folder)) {
        std::error_code ignored;
        if (fs::is_directory(entry, ignored)) folders.push_back(entry);
    }
    constexpr int kDeepest = 3;
    if (folders.size() == 1 && depth < kDeepest) return recogniseFolder(folders.front(), depth + 1);
    return failure(
        "data.unrecognised",
        said("Folder \"{}\" holds no data that is known: neither IDX files (train-images-idx3-ubyte) "
             "nor CIFAR-10 batches (data_batch_1.bin) nor a folder of images per class "
             "(cats/1.png, dogs/1.png).",
             path));
}

/// Pictures without class folders are recognised, so that opening them can say what is missing; nothing learns from them.
bool isLoosePictures(const RecognisedData& data) {
    std::error_code ignored;
    return data.format == DataFormat::ImageFolder &&
           std::ranges::none_of(entriesOf(data.path), [&](const fs::path& entry) { return fs::is_directory(entry, ignored); });
}

std::string whereToPut(const WellKnown& set) {
    const std::vector<std::string> folders = dataFolders();
    return said("put {} into \"{}\", or into a folder \"{}\" under one that STRATA_DATA_PATH names",
                set.files, (fs::path(folders.back()) / set.name).string(), set.name);
}

} // namespace

std::string dataTitle(const std::string& name) {
    const auto known = std::ranges::find_if(wellKnown(), [&](const WellKnown& set) { return name == set.name; });
    return known == wellKnown().end() ? name : known->title;
}

std::vector<std::string> dataFolders() {
    std::vector<std::string> folders;
    if (const char* listed = std::getenv("STRATA_DATA_PATH")) {
        std::string folder;
        for (const char* at = listed;; ++at) {
            if (*at != ':' && *at != '\0') {
                folder += *at;
                continue;
            }
            if (!folder.empty()) folders.push_back(folder);
            folder.clear();
            if (*at == '\0') break;
        }
    }
    folders.push_back((userFolder() / "datasets").string());
    return folders;
}

Result<RecognisedData> recogniseData(const std::string& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return recogniseFolder(path, 0);
    if (!fs::exists(path, ignored))
        return failure("data.not_found", said("\"{}\" does not exist; check the path.", path));
    if (idxRank(path)) return RecognisedData{DataFormat::Idx, path};
    if (isImageArchive(path)) return RecognisedData{DataFormat::ImageArchive, path};
    if (isCifarFile(path)) return RecognisedData{DataFormat::Cifar, path};
    return failure(
        "data.unrecognised",
        said("\"{}\" is no data that is known: it begins like neither an IDX file nor a CIFAR-10 "
             "batch nor an archive (.tar.gz, .zip) of images in class folders.",
             path));
}

Result<std::string> findNamedData(const std::string& name) {
    const std::string plain = plainName(name);
    std::vector<std::string> wanted{plain};
    const WellKnown* known = nullptr;
    for (const WellKnown& set : wellKnown()) {
        if (plainName(set.name) != plain) continue;
        known = &set;
        wanted = set.folders;
    }
    const auto matches = [&](const fs::path& path) {
        const std::string entry = plainName(path.filename().string());
        return std::find(wanted.begin(), wanted.end(), entry) != wanted.end();
    };
    std::string looked;
    for (const std::string& folder : dataFolders()) {
        looked += fmt::format("{}\"{}\"", looked.empty() ? "" : ", ", folder);
        if (matches(fs::path(folder)) && recogniseData(folder)) return folder;
        for (const fs::path& entry : entriesOf(folder))
            if (matches(entry) && recogniseData(entry.string())) return entry.string();
    }
    for (const std::string& place : dataPlaces()) {
        const fs::path path(place);
        if ((matches(path) || matches(path.parent_path())) && recogniseData(place)) return place;
    }
    if (known)
        return failure("data.not_installed",
                       said("The data set \"{}\" is not on this computer (looked in {}); "
                            "{}.",
                            known->name, looked, whereToPut(*known)));
    std::vector<std::string> names{"digits"};
    for (const WellKnown& set : wellKnown()) names.push_back(set.name);
    for (const std::string& folder : dataFolders())
        for (const fs::path& entry : entriesOf(folder)) names.push_back(entry.filename().string());
    return failure("data.not_found",
                   said("\"{}\" is neither a path nor the name of a data set (looked in {}); "
                        "\"strata datasets\" lists the names.{}",
                        name, looked, didYouMean(name, names)));
}

std::vector<KnownData> listDatasets() {
    std::vector<KnownData> list;
    list.push_back(
        {"digits", toSay("Built in: 5,000 handwritten digits of 20 x 20 grey, 4,000 for training."), "", true, "", "Digits"});
    std::vector<std::string> taken;
    for (const WellKnown& set : wellKnown()) {
        const Result<std::string> path = findNamedData(set.name);
        list.push_back(
            {set.name, set.description, path ? *path : "", path.ok(), path ? "" : whereToPut(set), set.title, set.origin});
        if (path) taken.push_back(*path);
    }
    const auto add = [&](const fs::path& entry, bool byName) {
        const std::string path = entry.string();
        if (std::find(taken.begin(), taken.end(), path) != taken.end()) return;
        const Result<RecognisedData> data = recogniseData(path);
        if (!data || isLoosePictures(*data)) return;
        const char* what = data->format == DataFormat::Idx     ? toSay("IDX files")
                           : data->format == DataFormat::Cifar ? toSay("CIFAR-10 batches")
                                                               : toSay("images in class folders");
        list.push_back({byName ? entry.filename().string() : path, what, path, true, "", entry.filename().string()});
        taken.push_back(path);
    };
    for (const std::string& folder : dataFolders()) {
        // A folder goes by its name, a file only by its path.
        for (const fs::path& entry : entriesOf(folder)) {
            std::error_code ignored;
            add(entry, fs::is_directory(entry, ignored));
        }
    }
    for (const std::string& place : dataPlaces()) add(place, false);
    return list;
}

} // namespace strata
