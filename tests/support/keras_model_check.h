// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_archive.h"
#include "engine/interop/keras_config.h"

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

/// A model file, opened once to be compared as often as wanted.
class ModelFile {
public:
    explicit ModelFile(std::filesystem::path path);
    /// Compares layers, shapes, numbers of parameters, how it was compiled and, where the case has inputs, predictions;
    /// a field of the case that is none of these is a difference. A file with weights alone must have been refused
    /// with the sentence for it.
    ModelCheck compare(const nlohmann::json& expected, ModelTolerance tolerance) const;
    bool isWeightsAlone() const;
    /// Is what this field of a case says to be found in such a file? A text has neither weights nor a training.
    bool holds(std::string_view field) const;

private:
    std::string compilingDiffers(const nlohmann::json& expected) const;

    std::filesystem::path m_path;
    Result<OpenedDocument> m_opened;
    Result<KerasModel> m_model;
};

/// The network's answers for `samples` inputs, one behind the other. The error is the engine's.
Result<std::vector<float>> predict(const DocumentState& state, std::span<const float> inputs,
                                   std::int64_t samples);

} // namespace strata::test
