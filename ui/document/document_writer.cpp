// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/document_writer.h"

#include <QFile>
#include <QPointer>
#include <QThreadPool>

namespace strata::ui {
namespace {

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

} // namespace

void DocumentWriter::write(DocumentState state, const QString& path, QObject* context, Done done,
                           SaveFor whom) {
    const QPointer<QObject> guard(context);
    auto* courier = new Delivery(context);
    writerThread().start([state = std::move(state), path, guard, courier, done = std::move(done), whom] {
        Result<SaveReport> result = saveDocument(state, filePath(path), whom);
        QMetaObject::invokeMethod(
            courier,
            [result = std::move(result), guard, courier, done] {
                if (guard) done(result);
                courier->deleteLater();
            },
            Qt::QueuedConnection);
    });
}

void DocumentWriter::waitForAll() {
    writerThread().waitForDone();
}

Result<OpenedDocument> readDocument(const QString& path) {
    DocumentWriter::waitForAll();
    return openDocument(filePath(path));
}

} // namespace strata::ui
