// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/document_writer.h"

#include "engine/interop/hdf5_wall.h"

#include <QFile>
#include <QPointer>
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

/// Carries a result over to the thread of its context and dies with it.
class Delivery : public QObject {
public:
    explicit Delivery(QObject* context)
        : QObject(nullptr) {
        moveToThread(context->thread());
    }
};

std::filesystem::path filePath(const QString& path) {
    return {QFile::encodeName(path).toStdString()};
}

/// Runs `work` in the pool and `done` with what it returns in the context's thread, while the context is there.
template <class Work, class Done>
void onThread(QThreadPool& pool, QObject* context, Work work, Done done) {
    const QPointer<QObject> guard(context);
    auto* courier = new Delivery(context);
    pool.start([work = std::move(work), done = std::move(done), guard, courier] {
        QMetaObject::invokeMethod(
            courier,
            [result = work(), guard, courier, done] {
                if (guard) done(result);
                courier->deleteLater();
            },
            Qt::QueuedConnection);
    });
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
