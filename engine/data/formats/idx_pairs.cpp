// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/idx_pairs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "engine/core/lower_case.h"
#include "engine/core/said.h"
#include "engine/data/formats/idx.h"

namespace strata {

namespace {

namespace fs = std::filesystem;

enum class Role { Train, Test, Unsaid };

/// What a file's name says once compression, "images"/"labels" and "train"/"t10k" are taken out of it.
struct NameParts {
    std::string set;
    Role role = Role::Unsaid;
};

bool cut(std::string& text, std::string_view word) {
    const std::size_t at = text.find(word);
    if (at == std::string::npos) return false;
    text.erase(at, word.size());
    return true;
}

NameParts nameParts(const fs::path& path) {
    std::string text = lowerCase(path.filename().string());
    for (const char* suffix : {".gz", ".bz2", ".xz", ".zst"})
        if (text.ends_with(suffix)) text.resize(text.size() - std::string_view(suffix).size());
    NameParts parts;
    if (cut(text, "train")) {
        parts.role = Role::Train;
    } else if (cut(text, "t10k") || cut(text, "test")) {
        parts.role = Role::Test;
    }
    for (const char* word : {"images", "image", "labels", "label", "idx1", "idx3", "idx4", "ubyte", "idx"})
        cut(text, word);
    const auto isPunctuation = [](unsigned char c) { return !std::isalnum(c); };
    for (const char c : text) {
        if (!isPunctuation(static_cast<unsigned char>(c)))
            parts.set += c;
        else if (!parts.set.empty() && parts.set.back() != '-')
            parts.set += '-';
    }
    while (!parts.set.empty() && parts.set.back() == '-')
        parts.set.pop_back();
    return parts;
}

using Pairs = std::map<Role, IdxPair>;

/// All sets of a folder by name, each with its parts.
Result<std::map<std::string, Pairs>> scan(const fs::path& folder) {
    constexpr int kMostFiles = 1000;
    std::vector<fs::path> files;
    std::error_code problem;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        std::error_code ignored;
        if (it->is_regular_file(ignored)) files.push_back(it->path());
        if (files.size() >= kMostFiles) break;
    }
    if (problem)
        return failure("data.unreadable",
                       said("Folder \"{}\" cannot be read ({}); check its permissions.",
                            folder.string(), problem.message()));
    std::sort(files.begin(), files.end());
    std::map<std::string, Pairs> sets;
    for (const fs::path& file : files) {
        const std::optional<int> rank = idxRank(file.string());
        if (!rank) continue;
        const NameParts parts = nameParts(file);
        IdxPair& pair = sets[parts.set][parts.role];
        std::string& slot = *rank == 1 ? pair.labels : pair.images;
        // Sorted, so that a plain file comes before its compressed twin and is taken.
        if (slot.empty()) slot = file.string();
    }
    return sets;
}

std::optional<IdxFiles> choose(const Pairs& pairs) {
    const auto find = [&](Role role) -> const IdxPair* {
        const auto at = pairs.find(role);
        return at == pairs.end() ? nullptr : &at->second;
    };
    const IdxPair* train = find(Role::Train);
    const IdxPair* test = find(Role::Test);
    if (!train) train = find(Role::Unsaid);
    IdxFiles files;
    if (!train) {
        if (!test) return std::nullopt;
        files.train = *test;
        return files;
    }
    files.train = *train;
    // Labels or images alone on the other side are no reason to refuse this one.
    if (test && !(test->images.empty() || test->labels.empty())) files.test = *test;
    return files;
}

} // namespace

bool hasIdxFiles(const std::string& folder) {
    const Result<std::map<std::string, Pairs>> sets = scan(folder);
    if (!sets) return false;
    for (const auto& [name, pairs] : *sets)
        for (const auto& [role, pair] : pairs)
            if (!pair.images.empty()) return true;
    return false;
}

Result<IdxFiles> findIdxFiles(const std::string& path) {
    std::error_code ignored;
    const bool isFolder = fs::is_directory(path, ignored);
    fs::path folder = isFolder ? fs::path(path) : fs::path(path).parent_path();
    if (folder.empty()) folder = ".";
    Result<std::map<std::string, Pairs>> sets = scan(folder);
    if (!sets) return sets.error();

    std::string wanted;
    if (!isFolder) {
        wanted = nameParts(path).set;
    } else {
        std::erase_if(*sets, [](const auto& entry) {
            return std::all_of(entry.second.begin(), entry.second.end(),
                               [](const auto& part) { return part.second.images.empty(); });
        });
        if (sets->empty())
            return failure("idx.none",
                           said("Folder \"{}\" holds no IDX file of images; MNIST's are named like "
                                "train-images-idx3-ubyte.gz.",
                                path));
        if (sets->size() > 1) {
            std::string names;
            for (const auto& [name, pairs] : *sets)
                names +=
                    fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name.empty() ? said("(no name)") : name);
            return failure("idx.several",
                           said("Folder \"{}\" holds several IDX sets ({}); name one of their "
                                "image files instead.",
                                path, names));
        }
        wanted = sets->begin()->first;
    }
    std::optional<IdxFiles> files = choose((*sets)[wanted]);
    if (!files)
        return failure("idx.none",
                       said("\"{}\" is not an IDX file of images or labels; name one such as "
                            "train-images-idx3-ubyte.gz.",
                            path));
    files->folder = folder.string();
    files->name =
        wanted.empty() ? fs::absolute(folder, ignored).lexically_normal().filename().string() : wanted;
    if (files->name.empty()) files->name = fs::absolute(folder, ignored).parent_path().filename().string();
    return std::move(*files);
}

} // namespace strata
