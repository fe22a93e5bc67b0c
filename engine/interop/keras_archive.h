// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/interop/document_state.h"

#include <filesystem>

namespace strata {

/// Which Keras version our config.json is written for.
inline constexpr const char* kKerasVersion = "3.16.0";

struct OpenedDocument {
    DocumentState state;
    bool writtenByStrata = false;     ///< it had a strata.json that was used
    bool compiled = false;            ///< it had a compile_config (optimiser and loss come from there)
    bool recovered = false;           ///< the file is damaged or has layers that Strata lacks, and this is what is left: not to be saved over it unasked
    bool weightsLost = false;         ///< it had weights, and none of them are left
    std::vector<std::string> remarks; ///< what was not taken over and why, a sentence each
};

/// Opens a `.keras` archive (Strata's or Keras's), a legacy `.h5`/`.hdf5` whole model, or a Keras `.json`
/// config. Foreign HDF5 is read behind the wall. A Keras file is laid out by itself. Of a damaged archive
/// with a drawing that is whole, the drawing is opened, with all weights that can be read.
Result<OpenedDocument> openDocument(const std::filesystem::path& path);

struct SaveReport {
    bool kerasCanOpen = true;
    std::string remark; ///< why not, for the person
};
/// A safety copy has no part for Keras: weights that nobody trained yet are not made for it.
enum class SaveFor { Everybody, Recovery };
/// Writes a `.keras` archive in one atomic step. Reproducible: the same state gives the same config.json and
/// model.weights.h5, and with SOURCE_DATE_EPOCH the same archive. A drawing whose untrained weights would not
/// fit into the archive is saved without them, and the report says so.
Result<SaveReport> saveDocument(const DocumentState& state, const std::filesystem::path& path,
                                SaveFor whom = SaveFor::Everybody);
/// Keras's `.weights.h5`: the network's weights alone, in one atomic step. Errors also: a drawing that Keras cannot open.
Result<> saveKerasWeights(const DocumentState& state, const std::filesystem::path& path);

} // namespace strata
