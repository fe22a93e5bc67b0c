// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/document_writer.h"

#include "engine/interop/hdf5_wall.h"
#include "ui/document/background.h"

#include <QFile>
#include <QThreadPool>

namespace strata::ui {
namespace {

/// One that was told to stop may still be at work when the next begins.
QThreadPool& readerThreads() {
    static QThreadPool pool;
    return pool;
}

QThreadPool& writerThread() {
    static QThreadPool pool;
    pool.setMaxThreadCount(1);
    return pool;
}

std::filesystem::path filePath(const QString& path) {
    return {QFile::encodeName(path).toStdString()};
}

} // namespace

void DocumentWriter::write(DocumentState state, const QString& path, QObject* context, Done done,
                           SaveFor whom, Before before) {
    const auto work = [state = std::move(state), path, whom, before = std::move(before)] {
        if (before) before();
        return saveDocument(state, filePath(path), whom);
    };
    onThread(writerThread(), context, work, std::move(done));
}

void DocumentWriter::waitForAll() {
    writerThread().waitForDone();
}

Result<OpenedDocument> readDocument(const QString& path) {
    DocumentWriter::waitForAll();
    return openDocument(filePath(path));
}

void readDocument(const QString& path, std::stop_token stop, QObject* context, std::function<void(Result<OpenedDocument>)> done) {
    const auto work = [path, stop = std::move(stop)] {
        const H5WallStop stops(stop);
        return readDocument(path);
    };
    onThread(readerThreads(), context, work, std::move(done));
}

} // namespace strata::ui
