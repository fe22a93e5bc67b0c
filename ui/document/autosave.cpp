// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/autosave.h"

#include "engine/core/atomic_file.h"
#include "ui/document/graph_document.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QUuid>

namespace strata::ui {
namespace {

constexpr int kDelay = 3000;

QString documentFile(const QString& session) {
    return session + QStringLiteral("/document.keras");
}
QString noteFile(const QString& session) {
    return session + QStringLiteral("/session.json");
}
QString lockFile(const QString& session) {
    return session + QStringLiteral("/lock");
}

/// Without it the copy is offered as that of an unnamed document.
void writeNote(const QString& file, const QString& documentPath) {
    const QByteArray text = QJsonDocument(QJsonObject{{QStringLiteral("path"), documentPath}}).toJson();
    (void)writeFileAtomically(QFile::encodeName(file).toStdString(), std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
}

} // namespace

QString Autosave::defaultFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) +
           QStringLiteral("/autosave");
}

Autosave::Autosave(GraphDocument& document, const QString& folder, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_session(QStringLiteral("%1/%2-%3")
                    .arg(folder)
                    .arg(QCoreApplication::applicationPid())
                    .arg(QUuid::createUuid().toString(QUuid::Id128).left(8))) {
    QDir().mkpath(m_session);
    m_lock = std::make_unique<QLockFile>(lockFile(m_session));
    m_lock->setStaleLockTime(0);
    m_lock->tryLock(0);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDelay);
    connect(&m_timer, &QTimer::timeout, this, &Autosave::write);
    connect(&document, &GraphDocument::changed, this, &Autosave::edited);
    connect(&document, &GraphDocument::stateChanged, this, &Autosave::edited);
    connect(&document, &GraphDocument::saved, this, [this] {
        // What was edited while the file was written is not in it.
        if (m_document.isModified())
            edited();
        else
            discard();
    });
    connect(&document, &GraphDocument::replaced, this, &Autosave::discard);
}

Autosave::~Autosave() {
    DocumentWriter::waitForAll();
    m_lock->unlock();
    QDir(m_session).removeRecursively();
}

void Autosave::edited() {
    if (!m_timer.isActive()) m_timer.start();
}

void Autosave::write() {
    if (!m_document.isModified()) {
        discard();
        return;
    }
    if (m_writing) {
        m_timer.start();
        return;
    }
    QDir().mkpath(m_session); // in case somebody has tidied up
    // The note goes first: a copy without its note would not know whose it is.
    const QString file = noteFile(m_session);
    const bool noted = m_noted == m_document.path() && QFile::exists(file);
    m_noted = m_document.path();
    m_writing = true;
    DocumentWriter().write(
        m_document.state(), documentFile(m_session), this,
        [this](const Result<SaveReport>& result) {
            m_writing = false;
            if (!result)
                Q_EMIT failed(QString::fromStdString(result.error().message));
            else if (!m_document.isModified())
                discard();
            else
                Q_EMIT written();
        },
        SaveFor::Recovery, noted ? DocumentWriter::Before() : [file, path = m_document.path()] { writeNote(file, path); });
}

void Autosave::discard() {
    if (m_writing) return; // its end looks again whether the copy is still wanted
    m_timer.stop();
    QFile::remove(documentFile(m_session));
}

QList<Recovery> abandonedSessions(const QString& folder) {
    QList<Recovery> found;
    const auto sessions = QDir(folder).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QFileInfo& session : sessions) {
        const QString path = session.absoluteFilePath();
        QLockFile lock(lockFile(path));
        lock.setStaleLockTime(0);
        if (!lock.tryLock(0)) continue;
        const QFileInfo document(documentFile(path));
        lock.unlock();
        if (!document.exists()) {
            QDir(path).removeRecursively();
            continue;
        }
        QFile note(noteFile(path));
        const QByteArray text = note.open(QIODevice::ReadOnly) ? note.read(1 << 16) : QByteArray();
        const QString original =
            QJsonDocument::fromJson(text).object().value(QLatin1String("path")).toString();
        found.append({path, document.absoluteFilePath(), original, document.lastModified()});
    }
    std::ranges::sort(found, [](const Recovery& a, const Recovery& b) { return a.when > b.when; });
    return found;
}

void discard(const Recovery& recovery) {
    QDir(recovery.folder).removeRecursively();
}

} // namespace strata::ui
