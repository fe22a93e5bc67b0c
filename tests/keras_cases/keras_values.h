// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"
#include "engine/schema/schema.h"
#include "tests/keras_cases/case_runner.h"

#include <span>

namespace strata::keras_cases {

struct Array {
    std::vector<std::int64_t> shape;
    std::vector<double> data;
};
/// How many values an array of this shape has. Throws where that is none or too many to hold.
std::int64_t countOf(const std::vector<std::int64_t>& shape);
/// {"shape": [...], "data": [...]}; "Infinity", "-Infinity" and "NaN" are texts there. Throws (and so the case fails)
/// where the data do not fill the shape.
Array arrayFrom(const Json& json);
std::vector<float> floats(const Array& array);

/// Empty when equal within relative * (largest expected magnitude) + absolute; NaN and infinities must be the
/// same.
std::string difference(const std::string& what, std::span<const float> got, const Array& expected,
                       double relative, double absolute);
std::string difference(const std::string& what, std::span<const double> got, const Array& expected,
                       double relative, double absolute);
inline constexpr double kOutputRelative = 1e-4, kOutputAbsolute = 1e-5;
inline constexpr double kGradRelative = 1e-3, kGradAbsolute = 1e-4;

/// Keras's constructor arguments or config as our parameters.
struct Converted {
    ParamMap params;
    std::string
        lacking; ///< an option that the schema does not have, with a value that is not its neutral one
    std::string refused; ///< the value cannot be what Keras has there
};
Converted convert(const Schema& schema, const Json& config);
/// {"class_name", "config"} or a name such as "glorot_uniform". Null id when unknown.
TypedParams typedFrom(const SchemaFamily& family, const Json& json, std::string& lacking);

/// Shape of one sample, from a shape with the batch first; null = unknown.
Shape sampleShape(const Json& withBatch);

} // namespace strata::keras_cases
