// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace strata::keras_cases {

/// A place in the case of a model file that says something of it, for the self-test to make false.
struct ModelStatement {
    nlohmann::json::json_pointer at;
    bool whole = false; ///< that this layer is there: false without it
    std::string field() const; ///< of the case
};
std::vector<ModelStatement> modelStatements(const nlohmann::json& oneCase);

/// Makes one statement false for as long as it lives.
class MadeFalse {
public:
    MadeFalse(nlohmann::json& oneCase, const ModelStatement& statement);
    ~MadeFalse();
    MadeFalse(const MadeFalse&) = delete;
    MadeFalse& operator=(const MadeFalse&) = delete;

private:
    nlohmann::json& m_place;
    nlohmann::json m_before;
};

} // namespace strata::keras_cases
