// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace strata {

/// Every English text that the window translates for the engine: the patterns of said() and the texts of toSay() as they
/// are written in the sources (`root`: the project's folder), and what the schemas of layers, optimizers, losses ...,
/// categories and templates say. Errors: std::runtime_error where said() is given something else than a literal.
std::set<std::string> engineTexts(const std::filesystem::path& root);

/// As a C++ source in which lupdate finds them, in the context "engine".
std::string sourceForLupdate(const std::set<std::string>& texts);

} // namespace strata
