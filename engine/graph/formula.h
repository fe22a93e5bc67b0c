// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace strata {

/// A piece of a formula as it is set: a sign, a number with the word that stands below it, or the result.
struct FormulaTerm {
    enum class Kind { Sign, Number, Result } kind = Kind::Sign;
    std::string text, label;
    bool operator==(const FormulaTerm&) const = default;
};

/// Whole-number arithmetic that can be shown and worked out: what is shown is what is computed.
class Expression {
public:
    /// `text`: what is shown, when it says more than the number ("3 × 3" for 9).
    static Expression number(std::int64_t value, std::string label = {}, std::string text = {});

    friend Expression operator+(Expression a, Expression b);
    friend Expression operator-(Expression a, Expression b);
    friend Expression operator*(Expression a, Expression b);
    /// Rounded down.
    friend Expression operator/(Expression a, Expression b);

    std::int64_t evaluate() const;
    std::vector<FormulaTerm> terms() const;

private:
    enum class Kind { Number, Sum, Difference, Product, Quotient };
    Expression(Kind kind, Expression a, Expression b);
    Expression() = default;
    void write(std::vector<FormulaTerm>& out, int outer, bool right) const;

    Kind m_kind = Kind::Number;
    std::int64_t m_value = 0;
    std::string m_label, m_text;
    std::vector<Expression> m_parts; ///< two, unless it is a number
};

/// "Height and width": an expression, what it gives, and a sentence about it. Where there is nothing to work
/// out, the sentence alone.
struct Formula {
    std::string heading;
    Expression expression = Expression::number(0);
    std::string resultLabel;
    std::string sentence;
    bool plain = false; ///< only the sentence is shown

    std::int64_t result() const { return expression.evaluate(); }
    /// The expression, an equals sign and the result; empty when plain.
    std::vector<FormulaTerm> terms() const;
};

} // namespace strata
