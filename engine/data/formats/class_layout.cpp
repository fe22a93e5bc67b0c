// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/class_layout.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/core/lower_case.h"
#include "engine/core/number_text.h"
#include "engine/core/said.h"

namespace strata {

namespace {

struct Picture {
    std::size_t file = 0;
    std::vector<std::string> steps; // folders, then the file's name
};

/// The pictures, without what hides: ".git/x.png", "__MACOSX/x.png", "./".
std::vector<Picture> picturesIn(const std::vector<std::string>& files) {
    std::vector<Picture> pictures;
    for (std::size_t file = 0; file < files.size(); ++file) {
        Picture picture{file, {}};
        bool hidden = false;
        std::string step;
        for (const char c : files[file] + "/") {
            if (c != '/') {
                step += c;
                continue;
            }
            if (!step.empty() && step != ".") {
                hidden = hidden || step.front() == '.' || step == "__MACOSX";
                picture.steps.push_back(step);
            }
            step.clear();
        }
        if (!hidden && !picture.steps.empty() && isPictureName(picture.steps.back()))
            pictures.push_back(std::move(picture));
    }
    return pictures;
}

enum Part { Train, Test, Validation, kParts };

std::optional<Part> partNamed(const std::string& folder) {
    const std::string name = lowerCase(folder);
    if (name == "train" || name == "training") return Train;
    if (name == "test" || name == "testing") return Test;
    if (name == "val" || name == "valid" || name == "validation") return Validation;
    return std::nullopt;
}

bool allInFolders(const std::vector<Picture>& pictures, std::size_t folders) {
    return std::all_of(pictures.begin(), pictures.end(),
                       [&](const Picture& picture) { return picture.steps.size() > folders; });
}

/// Takes away the folder that everything lies in, again and again, as long as class folders remain below it.
void dropCommonFolders(std::vector<Picture>& pictures) {
    while (!pictures.empty() && allInFolders(pictures, 2) &&
           std::all_of(pictures.begin(), pictures.end(), [&](const Picture& picture) {
               return picture.steps.front() == pictures.front().steps.front();
           }))
        for (Picture& picture : pictures)
            picture.steps.erase(picture.steps.begin());
}

using ByClass = std::map<std::string, std::vector<const Picture*>>;

ByClass byClass(const std::vector<Picture>& pictures) {
    ByClass classes;
    for (const Picture& picture : pictures)
        if (picture.steps.size() >= 2) classes[picture.steps.front()].push_back(&picture);
    for (auto& [name, members] : classes)
        std::sort(members.begin(), members.end(),
                  [](const Picture* a, const Picture* b) { return a->steps < b->steps; });
    return classes;
}

/// Sample k of a class of n stands at (k + 1/2) / n of the part; compared without rounding.
std::vector<ClassLayout::Sample> spread(const ByClass& classes, const std::vector<std::string>& names) {
    struct Place {
        std::uint64_t odd;   // 2k + 1
        std::uint64_t count; // n
        ClassLayout::Sample sample;
    };
    std::vector<Place> places;
    for (const auto& [name, members] : classes) {
        const auto label = std::lower_bound(names.begin(), names.end(), name) - names.begin();
        for (std::size_t k = 0; k < members.size(); ++k)
            places.push_back(
                {2 * k + 1, members.size(), {members[k]->file, static_cast<std::int32_t>(label)}});
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const Place& a, const Place& b) { return a.odd * b.count < b.odd * a.count; });
    std::vector<ClassLayout::Sample> samples;
    for (const Place& place : places)
        samples.push_back(place.sample);
    return samples;
}

} // namespace

bool isPictureName(const std::string& fileName) {
    if (fileName.empty() || fileName.front() == '.') return false;
    const std::string name = lowerCase(fileName);
    for (const char* ending :
         {".png", ".jpg", ".jpeg", ".jpe", ".bmp", ".webp", ".pgm", ".ppm", ".pbm", ".pnm"})
        if (name.ends_with(ending)) return true;
    return false;
}

Result<ClassLayout> classLayout(const std::vector<std::string>& files, const std::string& place) {
    std::vector<Picture> pictures = picturesIn(files);
    if (pictures.empty())
        return failure("folder.empty",
                       said("{} holds no pictures (.png, .jpg, .bmp, .webp, .pgm); put them into "
                            "folders named after their classes.",
                            place));
    const std::size_t count = pictures.size();
    dropCommonFolders(pictures);

    std::array<std::vector<Picture>, kParts> parts;
    const bool inParts = allInFolders(pictures, 2) &&
                         std::all_of(pictures.begin(), pictures.end(),
                                     [](const auto& p) { return partNamed(p.steps.front()).has_value(); });
    if (inParts) {
        for (Picture& picture : pictures) {
            const Part part = *partNamed(picture.steps.front());
            picture.steps.erase(picture.steps.begin());
            parts[part].push_back(std::move(picture));
        }
    } else {
        parts[Train] = std::move(pictures);
    }

    ClassLayout layout;
    if (parts[Test].empty()) {
        std::swap(parts[Test], parts[Validation]);
    } else if (!parts[Validation].empty()) {
        layout.note = said(" (its validation part of {} images is not used)",
                           grouped(static_cast<std::int64_t>(parts[Validation].size())));
    }
    if (parts[Train].empty()) std::swap(parts[Train], parts[Test]);

    const ByClass train = byClass(parts[Train]);
    const ByClass test = byClass(parts[Test]);
    if (train.empty())
        return failure("folder.no_classes",
                       said("{} holds {} pictures but no class folders; move each class's "
                            "pictures into a folder with its name (cats/1.png, "
                            "dogs/1.png).",
                            place, grouped(static_cast<std::int64_t>(count))));
    for (const auto& [name, members] : train)
        layout.classNames.push_back(name);
    if (layout.classNames.size() < 2)
        return failure("folder.one_class",
                       said("{} has a single class folder, \"{}\"; to tell classes apart "
                            "there must be at least two.",
                            place, layout.classNames.front()));
    for (const auto& [name, members] : test)
        if (!train.contains(name))
            return failure("folder.test_class",
                           said("{}: the test part has a class \"{}\" that the training "
                                "part has not; rename or remove that folder.",
                                place, name));
    layout.parts[0] = spread(train, layout.classNames);
    layout.parts[1] = spread(test, layout.classNames);
    return layout;
}

} // namespace strata
