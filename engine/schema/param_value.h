// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace strata {

class ParamValue;
using ParamMap = std::map<std::string, ParamValue>;

/// Something chosen from a family with parameters of its own: an initialiser, an optimiser, a loss.
struct TypedParams {
    std::string id{}; ///< the schema's id, Keras's class name: "GlorotUniform", "Adam"
    ParamMap params{};
    bool operator==(const TypedParams& other) const;
};

/// The value of one parameter as it stands in a graph, a form or a file. A value: compared and copied deeply.
class ParamValue {
public:
    using IntList = std::vector<std::int64_t>;
    using RealList = std::vector<double>;

    ParamValue() = default; ///< null: Keras's None
    ParamValue(bool v)
        : m_value(v) {}
    ParamValue(int v)
        : m_value(std::int64_t{v}) {}
    ParamValue(std::int64_t v)
        : m_value(v) {}
    ParamValue(double v)
        : m_value(v) {}
    ParamValue(std::string v)
        : m_value(std::move(v)) {}
    ParamValue(const char* v)
        : m_value(std::string(v)) {}
    ParamValue(IntList v)
        : m_value(std::move(v)) {}
    ParamValue(RealList v)
        : m_value(std::move(v)) {}
    ParamValue(TypedParams v)
        : m_value(std::make_shared<const TypedParams>(std::move(v))) {}

    bool isNull() const { return std::holds_alternative<std::monostate>(m_value); }
    const bool* asBool() const { return std::get_if<bool>(&m_value); }
    const std::int64_t* asInt() const { return std::get_if<std::int64_t>(&m_value); }
    const double* asReal() const { return std::get_if<double>(&m_value); }
    const std::string* asText() const { return std::get_if<std::string>(&m_value); }
    const IntList* asInts() const { return std::get_if<IntList>(&m_value); }
    const RealList* asReals() const { return std::get_if<RealList>(&m_value); }
    const TypedParams* asObject() const {
        const auto* p = std::get_if<Object>(&m_value);
        return p != nullptr ? p->get() : nullptr;
    }

    bool operator==(const ParamValue& other) const;
    /// As a person reads it: "3 × 3", "same", "None", "0.001", "HeNormal".
    std::string text() const;

private:
    using Object = std::shared_ptr<const TypedParams>;
    std::variant<std::monostate, bool, std::int64_t, double, std::string, IntList, RealList, Object> m_value;
};

} // namespace strata
