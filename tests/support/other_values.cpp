// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/other_values.h"

#include <cmath>

namespace strata::test {
namespace {

void offerTuples(const Param& p, const ParamValue& now, std::vector<ParamValue>& out) {
    const ParamValue::IntList* list = now.asInts();
    const auto length = static_cast<std::size_t>(p.length > 0 ? p.length : 1);
    const ParamValue::IntList base = list != nullptr ? *list : ParamValue::IntList(length, 1);
    for (const std::int64_t change : {1, 2, -1}) {
        ParamValue::IntList all = base;
        for (std::int64_t& v : all)
            v += change;
        out.emplace_back(all);
        if (base.size() < 2) continue;
        ParamValue::IntList one = base;
        one.front() += change;
        out.emplace_back(one);
    }
    if (p.length == 0 && !base.empty()) {
        // One more, or one less, where the number is free.
        ParamValue::IntList longer = base;
        longer.insert(longer.begin(), base.front() - 1);
        out.emplace_back(longer);
        out.emplace_back(ParamValue::IntList(base.begin() + 1, base.end()));
    }
    ParamValue::IntList turned(base.rbegin(), base.rend());
    out.emplace_back(turned);
}

} // namespace

std::vector<ParamValue> otherValues(const Param& param, const ParamValue& now) {
    std::vector<ParamValue> raw;
    if (param.optional) raw.emplace_back();
    switch (param.kind) {
    case ParamKind::Bool:
        raw.emplace_back(!(now.asBool() != nullptr && *now.asBool()));
        break;
    case ParamKind::Int:
        for (const std::int64_t v : {-2, -1, 0, 1, 2, 3, 4, 11})
            raw.emplace_back(v);
        break;
    case ParamKind::Real:
        for (const double v : {0.0, 0.3, 0.75, 1.0, 2.0, -0.5})
            raw.emplace_back(v);
        break;
    case ParamKind::Text:
        raw.emplace_back("other");
        break;
    case ParamKind::Choice:
        for (const std::string& c : param.choices)
            raw.emplace_back(c);
        break;
    case ParamKind::IntTuple:
        offerTuples(param, now, raw);
        break;
    case ParamKind::RealList:
        raw.emplace_back(ParamValue::RealList{0.25});
        if (now.asReals() != nullptr && now.asReals()->size() == 2) raw.emplace_back(ParamValue::RealList{0.2, 0.6});
        break;
    case ParamKind::Object:
        for (const Schema* s : param.family().members)
            raw.emplace_back(TypedParams{s->id, s->defaults()});
        break;
    }
    std::vector<ParamValue> out;
    for (const ParamValue& v : raw) {
        const Result<ParamValue> checked = checkParam("test", param, v);
        if (checked && !(*checked == now)) out.push_back(*checked);
    }
    return out;
}

} // namespace strata::test
