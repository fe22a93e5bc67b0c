// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/formula.h"

#include "engine/core/number_text.h"

namespace strata {
namespace {

constexpr int kSum = 1, kProduct = 2;

} // namespace

Expression Expression::number(std::int64_t value, std::string label, std::string text) {
    Expression e;
    e.m_value = value;
    e.m_label = std::move(label);
    e.m_text = text.empty() ? grouped(value) : std::move(text);
    return e;
}

Expression::Expression(Kind kind, Expression a, Expression b)
    : m_kind(kind) {
    m_parts.push_back(std::move(a));
    m_parts.push_back(std::move(b));
}

Expression operator+(Expression a, Expression b) {
    return {Expression::Kind::Sum, std::move(a), std::move(b)};
}
Expression operator-(Expression a, Expression b) {
    return {Expression::Kind::Difference, std::move(a), std::move(b)};
}
Expression operator*(Expression a, Expression b) {
    return {Expression::Kind::Product, std::move(a), std::move(b)};
}
Expression operator/(Expression a, Expression b) {
    return {Expression::Kind::Quotient, std::move(a), std::move(b)};
}

std::int64_t Expression::evaluate() const {
    if (m_kind == Kind::Number) return m_value;
    const std::int64_t a = m_parts[0].evaluate();
    const std::int64_t b = m_parts[1].evaluate();
    switch (m_kind) {
    case Kind::Sum:
        return a + b;
    case Kind::Difference:
        return a - b;
    case Kind::Product:
        return a * b;
    case Kind::Quotient:
        return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
    case Kind::Number:
        break;
    }
    return 0;
}

void Expression::write(std::vector<FormulaTerm>& out, int outer, bool right) const {
    const auto sign = [&out](const char* text) { out.push_back({FormulaTerm::Kind::Sign, text, {}}); };
    if (m_kind == Kind::Number) {
        out.push_back({FormulaTerm::Kind::Number, m_text, m_label});
        return;
    }
    const bool isQuotient = m_kind == Kind::Quotient;
    const int own = m_kind == Kind::Product || isQuotient ? kProduct : kSum;
    const bool brackets = !isQuotient && (own < outer || (own == outer && right));
    if (brackets) sign("(");
    if (isQuotient) sign("⌊");
    m_parts[0].write(out, own, false);
    sign(m_kind == Kind::Sum ? "+" : m_kind == Kind::Difference ? "−" : m_kind == Kind::Product ? "×" : "÷");
    m_parts[1].write(out, own, m_kind != Kind::Sum && m_kind != Kind::Product);
    if (isQuotient) sign("⌋");
    if (brackets) sign(")");
}

std::vector<FormulaTerm> Expression::terms() const {
    std::vector<FormulaTerm> out;
    write(out, 0, false);
    return out;
}

std::vector<FormulaTerm> Formula::terms() const {
    if (plain) return {};
    std::vector<FormulaTerm> out = expression.terms();
    out.push_back({FormulaTerm::Kind::Sign, "=", {}});
    out.push_back({FormulaTerm::Kind::Result, grouped(result()), resultLabel});
    return out;
}

} // namespace strata
