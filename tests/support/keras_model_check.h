// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_archive.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace strata::test {

/// How a model file compares with what real Keras says of it.
struct ModelCheck {
    enum class Kind { Same, Different, Unsupported } kind = Kind::Same;
    std::string why; ///< what differs and by how much, or which layer or option Strata lacks
};

struct ModelTolerance {
    double relative = 0, absolute = 1e-5; ///< of the largest magnitude of the expected array
};

/// Opens the file and compares layers, shapes, numbers of parameters and, where the case has inputs,
/// predictions. A file with weights alone must be refused with the sentence for it.
ModelCheck checkModelFile(const std::filesystem::path& file, const nlohmann::json& expected,
                          ModelTolerance tolerance);

/// The network's answers for `samples` inputs, one behind the other. The error is the engine's.
Result<std::vector<float>> predict(const DocumentState& state, std::span<const float> inputs,
                                   std::int64_t samples);

} // namespace strata::test
