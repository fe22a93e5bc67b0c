// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_places.h"

#include "engine/core/atomic_file.h"
#include "engine/core/user_folder.h"

#include <mutex>
#include <sstream>

namespace strata {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMost = 12; // each is looked into whenever data sets are listed
constexpr std::uint64_t kLargest = 1 << 20;

fs::path placesFile() {
    return userFolder() / "data-places.txt";
}

} // namespace

std::vector<std::string> dataPlaces() {
    std::vector<std::string> places;
    const Result<std::vector<std::byte>> bytes = readWholeFile(placesFile(), kLargest);
    if (!bytes) return places;
    std::istringstream lines(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
    for (std::string line; places.size() < kMost && std::getline(lines, line);) {
        if (line.starts_with('/')) places.push_back(line);
    }
    return places;
}

void rememberDataPlace(const std::string& path) {
    if (path.find('\n') != std::string::npos) return;
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    std::vector<std::string> places = dataPlaces();
    if (!places.empty() && places.front() == path) return;
    std::erase(places, path);
    places.insert(places.begin(), path);
    if (places.size() > kMost) places.resize(kMost);
    std::string text;
    for (const std::string& place : places) text += place + '\n';
    std::error_code ignored;
    fs::create_directories(userFolder(), ignored);
    (void)writeFileAtomically(placesFile(), text);
}

} // namespace strata
