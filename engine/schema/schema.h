// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/schema/param_value.h"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

struct Schema;

/// The members among which a parameter of kind Object chooses, e.g. all initialisers.
struct SchemaFamily {
    std::string name; ///< "initializer"
    std::vector<const Schema*> members;
    const Schema* find(std::string_view id) const;
};

enum class ParamKind { Bool, Int, Real, Text, Choice, IntTuple, RealList, Object };

/// One parameter: what a form, a file, a help page, the command line and the tests need to know of it.
struct Param {
    std::string key{};                ///< Keras's name: "kernel_size"
    std::string label{};              ///< for people: "Kernel size"
    std::string doc{};                ///< one to three sentences: what it does, in which unit
    ParamKind kind = ParamKind::Text; ///< set by field() from the member's type
    ParamValue defaultValue{};        ///< set by field() from the default of the member
    double min = -std::numeric_limits<double>::infinity();
    double max = std::numeric_limits<double>::infinity();
    bool exclusiveMin = false; ///< min itself is not allowed (a learning rate > 0)
    bool exclusiveMax = false;
    std::vector<std::string> choices{}; ///< kind Choice
    int length = 0;                     ///< kind IntTuple: how many (0 = any number up to Shape::kMaxRank)
    int groupsOf = 0; ///< kind IntTuple: written in Keras as tuples of so many: ((1, 1), (2, 2)) has 2
    bool allowUnknown = false;                 ///< kind IntTuple: a member may be unknown (None, -1 here)
    bool optional = false;                     ///< may be None
    bool advanced = false;                     ///< folded away at first
    const SchemaFamily& (*family)() = nullptr; ///< kind Object
};

/// The one declaration of an extensible thing (layer, initialiser, optimiser, loss ...). Palette, form, file
/// format, help page, command line and generic tests read it; none of them knows the thing itself.
struct Schema {
    std::string id{};                    ///< Keras's class name: "Conv2D"
    std::string category{};              ///< "convolution"; a key of the theme's category colours for layers
    std::string label{};                 ///< for people; the id where empty
    std::string doc{};                   ///< what it is and when one takes it, a short paragraph
    std::string reference{};             ///< paper or Keras page
    std::vector<std::string> synonyms{}; ///< other words under which people search
    std::vector<Param> params{};

    const Param* find(std::string_view key) const;
    ParamMap defaults() const;
    /// Fills in the defaults, brings numbers to the parameter's kind (3 -> (3, 3) for a tuple of two) and
    /// checks ranges. The error names schema, key, value, rule. ensures: a map with exactly the schema's keys
    Result<ParamMap> check(const ParamMap& given) const;
};

/// Checks one value against its parameter and brings it to the parameter's kind. `owner` is named in the
/// error.
Result<ParamValue> checkParam(std::string_view owner, const Param& param, const ParamValue& value);

} // namespace strata
