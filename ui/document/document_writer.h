// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_archive.h"

#include <QObject>
#include <QString>

#include <functional>

namespace strata::ui {

/// Saves document states on another thread, one at a time for the whole program: the HDF5 library is not made
/// for two threads. The state is a value, so editing goes on meanwhile.
class DocumentWriter {
public:
    using Done = std::function<void(const Result<SaveReport>&)>;

    /// `done` runs in `context`'s thread, or never when `context` is gone by then.
    void write(DocumentState state, const QString& path, QObject* context, Done done,
               SaveFor whom = SaveFor::Everybody);
    /// Blocks until nothing is being written any more.
    static void waitForAll();
};

/// Opens a document, after any save that is under way.
Result<OpenedDocument> readDocument(const QString& path);

} // namespace strata::ui
