// SPDX-License-Identifier: GPL-3.0-or-later
// A file that takes long is read while the window lives on, and can be stopped: here the child that reads the weights of a
// file sleeps until it is told.
#include "file_main.h"
#include "tests/support/trained_document.h"
#include "ui/document/autosave.h"
#include "ui/window/recent_files.h"
#include "ui/window/totals_bar.h"
#include "window_rig.h"

#include <QFile>
#include <QProgressDialog>
#include <QTemporaryDir>

#include <unistd.h>

namespace strata::ui {
namespace {

constexpr const char* kSlow = "STRATA_TEST_SLOW_READER"; ///< to the child: sleep until this file is there
constexpr const char* kGo = "STRATA_TEST_READ_NOW";

/// Does something as soon as the window says that it is opening a file.
void whenTold(MainWindow& window, std::function<void(QProgressDialog&)> then) {
    auto* watch = new QTimer(&window);
    watch->callOnTimeout([&window, watch, then = std::move(then)] {
        auto* notice = window.findChild<QProgressDialog*>(QStringLiteral("openingNotice"));
        if (notice == nullptr || !notice->isVisible()) return;
        watch->deleteLater();
        watch->stop();
        then(*notice);
    });
    watch->start(10);
}

void stop(QProgressDialog& notice) {
    QTest::mouseClick(notice.findChild<QPushButton*>(), Qt::LeftButton);
}

} // namespace

class OpeningTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void cleanup() {
        qunsetenv(kSlow);
        QFile::remove(m_go);
    }
    void itIsToldAndStopped();
    void oneAtATime();
    void whatChangedMeanwhileIsAskedFor_data();
    void whatChangedMeanwhileIsAskedFor();
    void damagedFilesTakeNothingAway();
    void closingEndsIt();
    void quittingEndsIt();
    void recoveriesAreStopped();

private:
    QTemporaryDir m_folder;
    QString m_file, m_go;
};

void OpeningTest::initTestCase() {
    m_file = m_folder.filePath(QStringLiteral("trained.keras"));
    m_go = m_folder.filePath(QStringLiteral("go"));
    qputenv(kGo, m_go.toLocal8Bit());
    GraphDocument document;
    document.reset(strata::test::trainedState(strata::test::smallNetwork()));
    QVERIFY(document.state().trained != nullptr);
    QVERIFY(document.save(m_file).ok());
}

void OpeningTest::itIsToldAndStopped() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    RecentFiles().add(m_file);
    QStringList told;
    int beats = 0;
    QTimer heart;
    heart.callOnTimeout([&beats] { ++beats; });
    heart.start(10);
    whenTold(window, [&](QProgressDialog& notice) {
        told << notice.labelText();
        QVERIFY(beats > 0); // the window was alive all the time
        QCOMPARE(QApplication::activeModalWidget(), &notice); // no hand reaches the document meanwhile
        stop(notice);
    });
    qputenv(kSlow, "1");
    QVERIFY(!window.openFile(m_file));
    QCOMPARE(told.size(), qsizetype{1});
    QVERIFY2(told.front().contains(QStringLiteral("trained.keras")), qPrintable(told.front()));
    QVERIFY(document.graph().empty() && document.path().isEmpty());
    QVERIFY(window.findChild<TotalsBar*>()->message().contains(QStringLiteral("stopped")));
    QVERIFY(RecentFiles().paths().contains(m_file)); // nothing is wrong with it
    QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QProgressDialog*>() == nullptr, test::kPatience);

    qunsetenv(kSlow);
    QVERIFY(window.openFile(m_file)); // does not wait for the one that was stopped
    QVERIFY(document.state().trained != nullptr);
    QCOMPARE(document.path(), m_file);
}

void OpeningTest::oneAtATime() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    RecentFiles().add(m_file);
    std::string id;
    bool another = true, fresh = true, fromTemplate = true;
    QString said;
    whenTold(window, [&](QProgressDialog& notice) {
        id = document.open(m_file).error().id;
        another = window.openFile(m_file);
        said = window.totals().message();
        fresh = window.newDocument();
        fromTemplate = window.openTemplate(QStringLiteral("lenet"));
        stop(notice);
    });
    qputenv(kSlow, "1");
    QVERIFY(!window.openFile(m_file));
    QCOMPARE(id, std::string("file.opening"));
    QVERIFY(!another && !fresh && !fromTemplate);
    QVERIFY2(said.contains(QStringLiteral("just being opened")), qPrintable(said));
    QVERIFY(RecentFiles().paths().contains(m_file));
    QVERIFY(document.graph().empty());
}

void OpeningTest::whatChangedMeanwhileIsAskedFor_data() {
    QTest::addColumn<int>("answer");
    QTest::newRow("keep it") << static_cast<int>(QMessageBox::Cancel);
    QTest::newRow("let it go") << static_cast<int>(QMessageBox::Discard);
}

/// No hand reaches the document while a file is read; the end of a training does.
void OpeningTest::whatChangedMeanwhileIsAskedFor() {
    QFETCH(int, answer);
    GraphDocument document;
    MainWindow window(document);
    window.show();
    connect(&document, &GraphDocument::openingTakesLong, &document, [&] {
        document.edit(QStringLiteral("Late"), [](DocumentState& state) { state.notes = "late"; });
        QFile go(m_go);
        QVERIFY(go.open(QIODevice::WriteOnly));
    });
    bool asked = false;
    test::answer(static_cast<QMessageBox::StandardButton>(answer), &asked);
    qputenv(kSlow, "1");
    const bool opened = window.openFile(m_file);
    QVERIFY(asked);
    QCOMPARE(opened, answer == QMessageBox::Discard);
    QCOMPARE(document.state().notes == "late", !opened);
    QCOMPARE(document.graph().empty(), !opened);
    QCOMPARE(document.isModified(), !opened);
    QVERIFY(!document.isOpening());
}

void OpeningTest::damagedFilesTakeNothingAway() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    document.edit(QStringLiteral("Mine"), [](DocumentState& state) { state.notes = "mine"; });
    document.undoStack().setClean();
    const QString damaged = m_folder.filePath(QStringLiteral("damaged.h5"));
    QFile file(damaged);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\x89HDF\r\n\x1a\n");
    file.write(QByteArray(16 << 20, '\x55'));
    file.close();
    QString told;
    test::whenAsked([&](QMessageBox& box) {
        told = box.text() + box.informativeText();
        box.button(QMessageBox::Ok)->click();
    });
    QVERIFY(!window.openFile(damaged));
    QVERIFY2(told.contains(QStringLiteral("damaged.h5")), qPrintable(told));
    QCOMPARE(document.state().notes, std::string("mine"));
    QVERIFY(document.undoStack().canUndo());
}

void OpeningTest::closingEndsIt() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    whenTold(window, [&](QProgressDialog&) { window.close(); });
    qputenv(kSlow, "1");
    QVERIFY(!window.openFile(m_file));
    QVERIFY(!window.isVisible());
    QVERIFY(document.graph().empty());
}

void OpeningTest::quittingEndsIt() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    bool returned = false;
    whenTold(window, [](QProgressDialog&) { QCoreApplication::quit(); });
    qputenv(kSlow, "1");
    QTimer::singleShot(0, &window, [&] {
        (void)window.openFile(m_file);
        returned = true;
    });
    QApplication::exec();
    QVERIFY(returned);
    QVERIFY(document.graph().empty());
}

void OpeningTest::recoveriesAreStopped() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    whenTold(window, [](QProgressDialog& notice) { stop(notice); });
    qputenv(kSlow, "1");
    const auto stopped = document.recover(m_file, QStringLiteral("/somewhere/mine.keras"));
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().id, std::string("file.opening_stopped"));
    QVERIFY(document.graph().empty());
    qunsetenv(kSlow);
    QVERIFY(document.recover(m_file, QStringLiteral("/somewhere/mine.keras")).ok());
    QCOMPARE(document.path(), QStringLiteral("/somewhere/mine.keras"));
    QVERIFY(document.isModified());
}

} // namespace strata::ui

int main(int argc, char** argv) {
    if (argc > 1 && qstrcmp(argv[1], "--read-hdf5") == 0 && qEnvironmentVariableIsSet(strata::ui::kSlow)) {
        while (!QFile::exists(qEnvironmentVariable(strata::ui::kGo))) ::usleep(10'000);
    }
    return strata::ui::test::runFileTest<strata::ui::OpeningTest>(argc, argv, "OpeningTest");
}
#include "opening_test.moc"
