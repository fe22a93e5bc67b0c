// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_archive.h"

#include <QObject>
#include <QString>

#include <functional>
#include <stop_token>

namespace strata::ui {

/// Saves document states on another thread, one at a time for the whole program: the HDF5 library is not made
/// for two threads. The state is a value, so editing goes on meanwhile.
class DocumentWriter {
public:
    using Done = std::function<void(const Result<SaveReport>&)>;
    using Before = std::function<void()>;

    /// `done` runs in `context`'s thread, or never when `context` is gone by then; `before` on the writer's, first.
    void write(DocumentState state, const QString& path, QObject* context, Done done,
               SaveFor whom = SaveFor::Everybody, Before before = {});
    /// Blocks until nothing is being written any more.
    static void waitForAll();
};

/// Opens a document, after any save that is under way.
Result<OpenedDocument> readDocument(const QString& path);

/// The same on another thread. `done` runs in `context`'s, or never when `context` is gone by then. A reading that is told
/// to stop gives up what can take long, and its result is of no use.
void readDocument(const QString& path, std::stop_token stop, QObject* context, std::function<void(Result<OpenedDocument>)> done);

} // namespace strata::ui
