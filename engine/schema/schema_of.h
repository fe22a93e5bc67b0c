// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <array>
#include <cassert>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>

namespace strata {

/// How a C++ type stands in a ParamValue. An enumeration takes part by a function, found by its namespace,
/// `std::span<const std::string_view> choiceNames(E)`, whose n-th entry names the n-th enumerator.
template <class T>
struct ParamTraits;

template <>
struct ParamTraits<bool> {
    static constexpr ParamKind kind = ParamKind::Bool;
    static ParamValue to(bool v) { return v; }
    static bool from(const ParamValue& v) { return *v.asBool(); }
    static void describe(Param&) {}
};
template <>
struct ParamTraits<std::int64_t> {
    static constexpr ParamKind kind = ParamKind::Int;
    static ParamValue to(std::int64_t v) { return v; }
    static std::int64_t from(const ParamValue& v) { return *v.asInt(); }
    static void describe(Param&) {}
};
template <>
struct ParamTraits<double> {
    static constexpr ParamKind kind = ParamKind::Real;
    static ParamValue to(double v) { return v; }
    static double from(const ParamValue& v) { return *v.asReal(); }
    static void describe(Param&) {}
};
template <>
struct ParamTraits<std::string> {
    static constexpr ParamKind kind = ParamKind::Text;
    static ParamValue to(const std::string& v) { return v; }
    static std::string from(const ParamValue& v) { return *v.asText(); }
    static void describe(Param& p) {
        if (!p.choices.empty()) p.kind = ParamKind::Choice;
    }
};
template <>
struct ParamTraits<std::vector<std::int64_t>> {
    static constexpr ParamKind kind = ParamKind::IntTuple;
    static ParamValue to(const std::vector<std::int64_t>& v) { return v; }
    static std::vector<std::int64_t> from(const ParamValue& v) { return *v.asInts(); }
    static void describe(Param&) {}
};
template <std::size_t N>
struct ParamTraits<std::array<std::int64_t, N>> {
    static constexpr ParamKind kind = ParamKind::IntTuple;
    static ParamValue to(const std::array<std::int64_t, N>& v) {
        return ParamValue::IntList(v.begin(), v.end());
    }
    static std::array<std::int64_t, N> from(const ParamValue& v) {
        std::array<std::int64_t, N> out{};
        assert(v.asInts()->size() == N);
        for (std::size_t i = 0; i < N; ++i)
            out[i] = (*v.asInts())[i];
        return out;
    }
    static void describe(Param& p) { p.length = static_cast<int>(N); }
};
template <>
struct ParamTraits<std::vector<double>> {
    static constexpr ParamKind kind = ParamKind::RealList;
    static ParamValue to(const std::vector<double>& v) { return v; }
    static std::vector<double> from(const ParamValue& v) { return *v.asReals(); }
    static void describe(Param&) {}
};
template <>
struct ParamTraits<TypedParams> {
    static constexpr ParamKind kind = ParamKind::Object;
    static ParamValue to(const TypedParams& v) { return v; }
    static TypedParams from(const ParamValue& v) { return *v.asObject(); }
    static void describe(Param& p) {
        assert(p.family != nullptr);
        (void)p;
    }
};
template <class E>
requires std::is_enum_v<E>
struct ParamTraits<E> {
    static constexpr ParamKind kind = ParamKind::Choice;
    static ParamValue to(E v) { return std::string(choiceNames(v)[static_cast<std::size_t>(v)]); }
    static E from(const ParamValue& v) {
        const std::span<const std::string_view> names = choiceNames(E{});
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i] == *v.asText()) return static_cast<E>(i);
        }
        assert(false);
        return E{};
    }
    static void describe(Param& p) {
        for (const std::string_view name : choiceNames(E{}))
            p.choices.emplace_back(name);
    }
};
template <class T>
struct ParamTraits<std::optional<T>> {
    static constexpr ParamKind kind = ParamTraits<T>::kind;
    static ParamValue to(const std::optional<T>& v) { return v ? ParamTraits<T>::to(*v) : ParamValue(); }
    static std::optional<T> from(const ParamValue& v) {
        if (v.isNull()) return std::nullopt;
        return ParamTraits<T>::from(v);
    }
    static void describe(Param& p) {
        ParamTraits<T>::describe(p);
        p.optional = true;
    }
};

/// Builds a Schema from the members of a plain struct, whose default member initialisers are the defaults:
///     SchemaOf<Params> schema({.id = "Dropout", ...});
///     schema.field(&Params::rate, {.key = "rate", .label = "Rate", .doc = "...", .min = 0, .max = 1});
/// and binds a checked ParamMap back to such a struct.
template <class P>
class SchemaOf {
public:
    explicit SchemaOf(Schema head)
        : m_schema(std::move(head)) {}

    /// The member may be one of a base of P.
    template <class T, class Owner>
    requires std::is_base_of_v<Owner, P> SchemaOf& field(T Owner::*member, Param param) {
        param.kind = ParamTraits<T>::kind;
        ParamTraits<T>::describe(param);
        param.defaultValue = ParamTraits<T>::to(P{}.*member);
        m_setters.push_back([member](P& p, const ParamValue& v) { p.*member = ParamTraits<T>::from(v); });
        m_schema.params.push_back(std::move(param));
        return *this;
    }
    const Schema& schema() const { return m_schema; }

    /// requires: `checked` came out of schema().check()
    P bind(const ParamMap& checked) const {
        P p{};
        for (std::size_t i = 0; i < m_setters.size(); ++i)
            m_setters[i](p, checked.at(m_schema.params[i].key));
        return p;
    }

private:
    Schema m_schema;
    std::vector<std::function<void(P&, const ParamValue&)>> m_setters;
};

} // namespace strata
