// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/initializers.h"

#include "engine/layers/orthogonal.h"
#include "engine/schema/schema_of.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <deque>

namespace strata {
namespace {

struct Target {
    std::span<const std::int64_t> dims;
    RngKey key;
    std::span<float> out;
};
using Fill = std::function<void(const ParamMap&, const Target&)>;
struct Kind {
    Schema schema;
    Fill fill;
};

void fillUniform(const Target& t, double low, double high) {
    Rng rng(t.key);
    for (float& v : t.out)
        v = static_cast<float>(low + (high - low) * static_cast<double>(rng.uniform()));
}
void fillNormal(const Target& t, double mean, double stddev) {
    Rng rng(t.key);
    for (float& v : t.out)
        v = static_cast<float>(mean + stddev * rng.normal());
}
/// Draws again what falls beyond two standard deviations.
void fillTruncated(const Target& t, double mean, double stddev) {
    Rng rng(t.key);
    for (float& v : t.out) {
        double z = rng.normal();
        while (std::abs(z) > 2)
            z = rng.normal();
        v = static_cast<float>(mean + stddev * z);
    }
}

enum class FanMode { In, Out, Average };
std::span<const std::string_view> choiceNames(FanMode) {
    static constexpr std::array<std::string_view, 3> names{"fan_in", "fan_out", "fan_avg"};
    return names;
}
enum class Spread { TruncatedNormal, UntruncatedNormal, Uniform };
std::span<const std::string_view> choiceNames(Spread) {
    static constexpr std::array<std::string_view, 3> names{"truncated_normal", "untruncated_normal",
                                                           "uniform"};
    return names;
}

/// Variance scale / fan, as in Keras's VarianceScaling. A normal distribution cut off at two standard
/// deviations has 0.8796... of its spread left, which is made good for.
void fillScaled(const Target& t, double scale, FanMode mode, Spread spread) {
    const Fans fans = fansOf(t.dims);
    const double fan = mode == FanMode::In    ? fans.in
                       : mode == FanMode::Out ? fans.out
                                              : (fans.in + fans.out) / 2;
    const double variance = scale / std::max(1.0, fan);
    switch (spread) {
    case Spread::TruncatedNormal:
        return fillTruncated(t, 0, std::sqrt(variance) / 0.87962566103423978);
    case Spread::UntruncatedNormal:
        return fillNormal(t, 0, std::sqrt(variance));
    case Spread::Uniform:
        return fillUniform(t, -std::sqrt(3 * variance), std::sqrt(3 * variance));
    }
}

struct Seeded {
    std::optional<std::int64_t> seed;
};
struct Scaling : Seeded {
    double scale = 1;
    FanMode mode = FanMode::In;
    Spread distribution = Spread::TruncatedNormal;
};
struct Normal : Seeded {
    double mean = 0, stddev = 0.05;
};
struct Uniform : Seeded {
    double minval = -0.05, maxval = 0.05;
};
struct Gain {
    double gain = 1;
};
struct SeededGain : Seeded {
    double gain = 1;
};
struct Value {
    double value = 0;
};
struct Nothing {};

const char* const kReference = "https://keras.io/api/layers/initializers/";

template <class P>
void addSeed(SchemaOf<P>& s) {
    s.field(&P::seed, {.key = "seed",
                       .label = "Seed",
                       .doc = "Makes this initialiser's numbers independent of the training seed. None: they "
                              "follow the training seed.",
                       .min = 0,
                       .max = 4294967295.0,
                       .advanced = true});
}

/// Binds, gives a seed of its own to `key`, and calls f(params, target).
template <class P, class F>
Kind kind(SchemaOf<P> schema, F f) {
    const Schema plain = schema.schema();
    return {plain, [bound = std::move(schema), f](const ParamMap& map, const Target& target) {
                const P p = bound.bind(map);
                Target t = target;
                if constexpr (std::is_base_of_v<Seeded, P>) {
                    if (p.seed) t.key = {.seed = static_cast<std::uint64_t>(*p.seed)};
                }
                f(p, t);
            }};
}

Kind scaled(const char* id, const char* doc, double scale, FanMode mode, Spread spread) {
    SchemaOf<Seeded> s({.id = id, .category = "initializer", .doc = doc, .reference = kReference});
    addSeed(s);
    return kind(std::move(s), [=](const Seeded&, const Target& t) { fillScaled(t, scale, mode, spread); });
}

Kind varianceScaling() {
    SchemaOf<Scaling> s({.id = "VarianceScaling",
                         .category = "initializer",
                         .doc = "Numbers whose variance is scale divided by the number of inputs, outputs or "
                                "their mean. The Glorot, He "
                                "and LeCun initialisers are special cases of it.",
                         .reference = kReference});
    s.field(&Scaling::scale, {.key = "scale",
                              .label = "Scale",
                              .doc = "The variance before it is divided.",
                              .min = 0,
                              .exclusiveMin = true});
    s.field(
        &Scaling::mode,
        {.key = "mode", .label = "Divide by", .doc = "Which fan divides: inputs, outputs, or their mean."});
    s.field(&Scaling::distribution,
            {.key = "distribution", .label = "Distribution", .doc = "The shape of the distribution."});
    addSeed(s);
    return kind(std::move(s),
                [](const Scaling& p, const Target& t) { fillScaled(t, p.scale, p.mode, p.distribution); });
}

Kind normal(const char* id, const char* doc, void (*fill)(const Target&, double, double)) {
    SchemaOf<Normal> s({.id = id, .category = "initializer", .doc = doc, .reference = kReference});
    s.field(&Normal::mean, {.key = "mean", .label = "Mean", .doc = "The centre of the distribution."});
    s.field(&Normal::stddev,
            {.key = "stddev", .label = "Standard deviation", .doc = "How wide the values spread.", .min = 0});
    addSeed(s);
    return kind(std::move(s), [fill](const Normal& p, const Target& t) { fill(t, p.mean, p.stddev); });
}

Kind uniform() {
    SchemaOf<Uniform> s({.id = "RandomUniform",
                         .category = "initializer",
                         .doc = "Every value between two limits is equally likely.",
                         .reference = kReference});
    s.field(&Uniform::minval, {.key = "minval", .label = "Lowest", .doc = "The lower limit."});
    s.field(&Uniform::maxval, {.key = "maxval", .label = "Highest", .doc = "The upper limit."});
    addSeed(s);
    return kind(std::move(s), [](const Uniform& p, const Target& t) { fillUniform(t, p.minval, p.maxval); });
}

Kind constant() {
    SchemaOf<Value> s({.id = "Constant",
                       .category = "initializer",
                       .doc = "The same value everywhere.",
                       .reference = kReference});
    s.field(&Value::value, {.key = "value", .label = "Value", .doc = "The value of every weight."});
    return kind(std::move(s), [](const Value& p, const Target& t) {
        std::ranges::fill(t.out, static_cast<float>(p.value));
    });
}

Kind fixed(const char* id, const char* doc, float value) {
    SchemaOf<Nothing> s({.id = id, .category = "initializer", .doc = doc, .reference = kReference});
    return kind(std::move(s), [value](const Nothing&, const Target& t) { std::ranges::fill(t.out, value); });
}

Kind orthogonal() {
    SchemaOf<SeededGain> s(
        {.id = "Orthogonal",
         .category = "initializer",
         .doc =
             "Rows or columns at right angles to each other, so that signals keep their length through deep "
             "networks (Saxe et al., 2014). The weights are taken as a matrix whose columns are the last "
             "axis.",
         .reference = kReference,
         .synonyms = {"OrthogonalInitializer"}});
    s.field(&SeededGain::gain,
            {.key = "gain", .label = "Gain", .doc = "Every weight is multiplied by this."});
    addSeed(s);
    return kind(std::move(s), [](const SeededGain& p, const Target& t) {
        const std::int64_t columns = t.dims.empty() ? 1 : t.dims.back();
        Rng rng(t.key);
        fillOrthogonal(static_cast<std::int64_t>(t.out.size()) / std::max<std::int64_t>(columns, 1), columns,
                       p.gain, rng, t.out);
    });
}

Kind identity() {
    SchemaOf<Gain> s({.id = "Identity",
                      .category = "initializer",
                      .doc = "Ones on the diagonal of a matrix, zeros elsewhere: the layer begins by passing "
                             "its input on. Only for "
                             "weights with two axes.",
                      .reference = kReference,
                      .synonyms = {"IdentityInitializer"}});
    s.field(&Gain::gain, {.key = "gain", .label = "Gain", .doc = "The value on the diagonal."});
    return kind(std::move(s), [](const Gain& p, const Target& t) {
        std::ranges::fill(t.out, 0.0F);
        const std::int64_t columns = t.dims.empty() ? 1 : t.dims.back();
        const std::int64_t rows =
            static_cast<std::int64_t>(t.out.size()) / std::max<std::int64_t>(columns, 1);
        for (std::int64_t i = 0; i < std::min(rows, columns); ++i) {
            t.out[static_cast<std::size_t>(i * columns + i)] = static_cast<float>(p.gain);
        }
    });
}

const std::deque<Kind>& kinds() {
    static const std::deque<Kind> list{
        scaled("GlorotUniform",
               "Uniform numbers whose spread is balanced between inputs and outputs, so that neither signals "
               "nor gradients fade "
               "(Glorot, Bengio, 2010). Keras's default for kernels.",
               1, FanMode::Average, Spread::Uniform),
        scaled("GlorotNormal", "As GlorotUniform, normally distributed.", 1, FanMode::Average,
               Spread::TruncatedNormal),
        scaled("HeUniform",
               "Uniform numbers with twice the variance of LeCun's, made for relu (He et al., 2015).", 2,
               FanMode::In, Spread::Uniform),
        scaled("HeNormal", "As HeUniform, normally distributed: a good choice before relu.", 2, FanMode::In,
               Spread::TruncatedNormal),
        scaled("LecunUniform", "Uniform numbers of variance 1 / inputs (LeCun et al., 1998).", 1, FanMode::In,
               Spread::Uniform),
        scaled("LecunNormal", "As LecunUniform, normally distributed; goes with selu.", 1, FanMode::In,
               Spread::TruncatedNormal),
        varianceScaling(),
        normal("RandomNormal", "Normally distributed numbers.", fillNormal),
        normal("TruncatedNormal",
               "Normally distributed numbers; those beyond two standard deviations are drawn again.",
               fillTruncated),
        uniform(),
        orthogonal(),
        identity(),
        fixed("Zeros", "All zero: the usual start of a bias.", 0),
        fixed("Ones", "All one: the usual start of a scale.", 1),
        constant(),
    };
    return list;
}

} // namespace

Fans fansOf(std::span<const std::int64_t> dims) {
    const std::size_t n = dims.size();
    if (n == 0) return {};
    if (n == 1) return {static_cast<double>(dims[0]), static_cast<double>(dims[0])};
    double field = 1;
    for (std::size_t i = 0; i + 2 < n; ++i)
        field *= static_cast<double>(dims[i]);
    return {field * static_cast<double>(dims[n - 2]), field * static_cast<double>(dims[n - 1])};
}

const SchemaFamily& initializerFamily() {
    static const SchemaFamily family = [] {
        SchemaFamily f{"initializer", {}};
        for (const Kind& k : kinds())
            f.members.push_back(&k.schema);
        return f;
    }();
    return family;
}

TypedParams initializer(const char* id) {
    const Schema* schema = initializerFamily().find(id);
    assert(schema != nullptr);
    return {schema->id, schema->defaults()};
}

void initialise(const TypedParams& which, std::span<const std::int64_t> dims, const RngKey& key,
                std::span<float> out) {
    const auto it = std::ranges::find_if(kinds(), [&](const Kind& k) { return k.schema.id == which.id; });
    assert(it != kinds().end());
    it->fill(which.params, {dims, key, out});
}

} // namespace strata
