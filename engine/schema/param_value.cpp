// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/schema/param_value.h"

#include <fmt/format.h>

namespace strata {
namespace {

struct Text {
    std::string operator()(std::monostate) const { return "None"; }
    std::string operator()(bool v) const { return v ? "True" : "False"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const ParamValue::IntList& v) const {
        std::string out;
        for (const std::int64_t i : v) {
            if (!out.empty()) out += " \u00d7 ";
            out += i < 0 ? std::string("?") : std::to_string(i);
        }
        return out.empty() ? "()" : out;
    }
    std::string operator()(const ParamValue::RealList& v) const {
        return fmt::format("[{}]", fmt::join(v, ", "));
    }
    std::string operator()(const std::shared_ptr<const TypedParams>& v) const { return v->id; }
};

/// Without numbers nobody can tell which kind of numbers they would be; a file cannot either.
bool isEmptyList(const ParamValue& value) {
    if (const auto* ints = value.asInts()) return ints->empty();
    const auto* reals = value.asReals();
    return reals != nullptr && reals->empty();
}

} // namespace

bool TypedParams::operator==(const TypedParams& other) const {
    return id == other.id && params == other.params;
}

bool ParamValue::operator==(const ParamValue& other) const {
    const TypedParams* a = asObject();
    const TypedParams* b = other.asObject();
    if (a != nullptr && b != nullptr) return *a == *b;
    if (isEmptyList(*this) && isEmptyList(other)) return true;
    return m_value == other.m_value;
}

std::string ParamValue::text() const {
    return std::visit(Text{}, m_value);
}

} // namespace strata
