// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/document_writer.h"

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QTimer>

namespace strata::ui {

class GraphDocument;

/// Keeps the unsaved document in a folder of this session's own, so that a kill or a power cut costs seconds. Every
/// session locks its folder with its process number; a folder whose process is gone is offered at the next start.
/// The copy goes when the document is saved or the session ends in order.
class Autosave : public QObject {
    Q_OBJECT
public:
    explicit Autosave(GraphDocument& document, const QString& folder = defaultFolder(), QObject* parent = nullptr);
    ~Autosave() override;

    static QString defaultFolder();
    /// How long after an edit the copy is written; later edits do not put it off.
    void setDelay(int milliseconds) { m_timer.setInterval(milliseconds); }
    /// Where this session keeps its copy.
    QString sessionFolder() const { return m_session; }

Q_SIGNALS:
    void written();
    void failed(const QString& message);

private:
    void edited();
    void write();
    void discard();

    GraphDocument& m_document;
    QString m_session;
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_timer;
    bool m_writing = false;
    std::optional<QString> m_noted; ///< the document's path in the note that is there; none: there is no note
};

/// What a session that did not end in order has left.
struct Recovery {
    QString folder;       ///< of the session
    QString file;         ///< a .keras archive, whole
    QString originalPath; ///< empty: it had no file yet
    QDateTime when;
};

/// The sessions that nobody holds any more, newest first; empty ones are swept away.
QList<Recovery> abandonedSessions(const QString& folder = Autosave::defaultFolder());
void discard(const Recovery& recovery);

} // namespace strata::ui
