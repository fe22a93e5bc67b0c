// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "ui/document/autosave.h"
#include "ui_support.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <csignal>

#include <sys/stat.h>

namespace strata::ui {

class AutosaveTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void editsAreKeptAndASaveTakesTheCopyAway();
    void whatIsEditedDuringASaveIsKept();
    void anOrderlyEndLeavesNothing();
    void aRunningSessionIsNotOffered();
    void theNoteIsWrittenOnceForAPath();
    void killsLoseNothing();
};

void AutosaveTest::editsAreKeptAndASaveTakesTheCopyAway() {
    QTemporaryDir folder;
    GraphDocument document;
    Autosave autosave(document, folder.path());
    autosave.setDelay(0);
    QSignalSpy written(&autosave, &Autosave::written);
    document.edit(QStringLiteral("Build"), [](DocumentState& state) { state.graph = test::smallNet(); });
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, test::kPatience);
    const QString copy = autosave.sessionFolder() + QStringLiteral("/document.keras");
    const Result<OpenedDocument> opened = readDocument(copy);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QVERIFY(opened->state.graph == document.graph());
    QVERIFY(document.save(folder.filePath(QStringLiteral("net.keras"))));
    QVERIFY(!QFile::exists(copy));
    QVERIFY(!document.isModified());
}

void AutosaveTest::whatIsEditedDuringASaveIsKept() {
    QTemporaryDir folder;
    GraphDocument document;
    Autosave autosave(document, folder.path());
    autosave.setDelay(0);
    document.edit(
        QStringLiteral("Note"), [](DocumentState& state) { state.notes = "before"; },
        QStringLiteral("notes"));
    // Comes while the writer is at work, as the end of a training may; of the same series as the edit before.
    const auto edit = [&] {
        document.edit(
            QStringLiteral("Note"), [](DocumentState& state) { state.notes = "during"; },
            QStringLiteral("notes"));
    };
    QMetaObject::invokeMethod(&document, edit, Qt::QueuedConnection);
    const QString file = folder.filePath(QStringLiteral("net.keras"));
    QVERIFY(document.save(file));
    QCOMPARE(readDocument(file)->state.notes, std::string("before"));
    QCOMPARE(document.state().notes, std::string("during"));
    QVERIFY(document.isModified());
    const auto kept = [&] {
        const Result<OpenedDocument> copy =
            readDocument(autosave.sessionFolder() + QStringLiteral("/document.keras"));
        return copy ? copy->state.notes : std::string();
    };
    QTRY_COMPARE_WITH_TIMEOUT(kept(), std::string("during"), test::kPatience);
}

void AutosaveTest::anOrderlyEndLeavesNothing() {
    QTemporaryDir folder;
    GraphDocument document;
    {
        Autosave autosave(document, folder.path());
        autosave.setDelay(0);
        QSignalSpy written(&autosave, &Autosave::written);
        document.edit(QStringLiteral("Build"), [](DocumentState& state) { state.graph = test::smallNet(); });
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, test::kPatience);
    }
    QVERIFY(abandonedSessions(folder.path()).isEmpty());
    QVERIFY(QDir(folder.path()).isEmpty());
}

void AutosaveTest::aRunningSessionIsNotOffered() {
    QTemporaryDir folder;
    GraphDocument document;
    Autosave autosave(document, folder.path());
    autosave.setDelay(0);
    QSignalSpy written(&autosave, &Autosave::written);
    document.edit(QStringLiteral("Build"), [](DocumentState& state) { state.graph = test::smallNet(); });
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, test::kPatience);
    QVERIFY(abandonedSessions(folder.path()).isEmpty());
}

/// Of fifty; about 37 are usual, and with fewer the test says nothing about saves that are cut short.
constexpr int kLeastInsideSave = 10;

void AutosaveTest::theNoteIsWrittenOnceForAPath() {
    QTemporaryDir folder;
    GraphDocument document;
    Autosave autosave(document, folder.path());
    autosave.setDelay(0);
    QSignalSpy written(&autosave, &Autosave::written);
    const QString note = autosave.sessionFolder() + QStringLiteral("/session.json");
    const auto text = [&note] {
        QFile file(note);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const auto file = [&note] { // another one each time it is written
        struct stat found {};
        return ::stat(QFile::encodeName(note).constData(), &found) == 0 ? found.st_ino : 0;
    };
    document.edit(QStringLiteral("Build"), [](DocumentState& state) { state.graph = test::smallNet(); });
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, test::kPatience);
    const auto first = file();
    QVERIFY(first != 0);
    document.edit(QStringLiteral("Note"), [](DocumentState& state) { state.notes = "more"; });
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 2, test::kPatience);
    QCOMPARE(file(), first);
    const QString path = folder.filePath(QStringLiteral("net.keras"));
    QVERIFY(document.save(path));
    document.edit(QStringLiteral("Note"), [](DocumentState& state) { state.notes = "still more"; });
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 3, test::kPatience);
    QVERIFY2(text().contains(path.toUtf8()), text());
    QVERIFY(QFile::remove(note)); // somebody has tidied up
    document.edit(QStringLiteral("Note"), [](DocumentState& state) { state.notes = "and more"; });
    QTRY_COMPARE_WITH_TIMEOUT(written.count(), 4, test::kPatience);
    QVERIFY2(text().contains(path.toUtf8()), text());
}

/// Fifty kills at random times, half of them while a save is under way: what was said to be saved can be
/// read, and what was said to be autosaved is offered.
void AutosaveTest::killsLoseNothing() {
    const QString victim = QCoreApplication::applicationDirPath() + QStringLiteral("/autosave_victim");
    QRandomGenerator random(7);
    int insideSave = 0, offered = 0;
    for (int round = 0; round < 50; ++round) {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("net.keras"));
        const QString autosaves = folder.filePath(QStringLiteral("autosave"));
        QProcess process;
        process.start(victim, {file, autosaves});
        QVERIFY(process.waitForStarted(test::kPatience));
        const bool inside = round % 2 == 0;
        const int wanted = 1 + static_cast<int>(random.bounded(6));
        int saving = -1, saved = -1, autosaved = -1;
        const auto read = [&] {
            while (process.canReadLine()) {
                const QList<QByteArray> words = process.readLine().trimmed().split(' ');
                if (words.size() != 2) continue;
                int& number = words[0] == "saving" ? saving : words[0] == "saved" ? saved : autosaved;
                number = words[1].toInt();
            }
        };
        while (inside ? saving < wanted : autosaved < wanted) {
            QVERIFY2(process.waitForReadyRead(test::kPatience), process.readAllStandardError().constData());
            read();
        }
        // Up to two milliseconds later: the length of a save.
        QElapsedTimer moment;
        moment.start();
        const qint64 until = random.bounded(2'000'000);
        while (moment.nsecsElapsed() < until) {
        }
        ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
        QVERIFY(process.waitForFinished(test::kPatience));
        read();
        if (saving > saved) ++insideSave;

        if (saved >= 0) {
            const Result<OpenedDocument> opened = readDocument(file);
            QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
            QVERIFY(QString::fromStdString(opened->state.notes).toInt() >= saved);
        }
        // Edits that are newer than the file must be on offer, as far as they were told to be kept.
        const QList<Recovery> left = abandonedSessions(autosaves);
        if (autosaved > saved) {
            const int kept =
                left.isEmpty() ? -1
                               : QString::fromStdString(readDocument(left.front().file)->state.notes).toInt();
            const Result<OpenedDocument> opened =
                QFile::exists(file) ? readDocument(file) : Result<OpenedDocument>(OpenedDocument{});
            const int inFile = opened ? QString::fromStdString(opened->state.notes).toInt() : -1;
            QVERIFY2(
                std::max(kept, inFile) >= autosaved,
                qPrintable(QStringLiteral("kept %1, file %2, told %3").arg(kept).arg(inFile).arg(autosaved)));
        }
        if (!left.isEmpty()) ++offered;
        for (const Recovery& recovery : left)
            discard(recovery);
        QVERIFY(abandonedSessions(autosaves).isEmpty());
    }
    qInfo("killed inside a save %d times of 50; an autosave was offered %d times", insideSave, offered);
    QVERIFY(insideSave >= kLeastInsideSave && offered > 0);
}

} // namespace strata::ui

using strata::ui::AutosaveTest;
STRATA_FILE_TEST_MAIN(AutosaveTest)
#include "autosave_test.moc"
