// SPDX-License-Identifier: GPL-3.0-or-later
// A file that takes long is read while the window lives on, and can be stopped: here the child that reads the weights of a
// file sleeps for good.
#include "file_main.h"
#include "tests/support/trained_document.h"
#include "ui/document/autosave.h"
#include "ui/window/main_window.h"
#include "ui/window/recent_files.h"
#include "ui/window/totals_bar.h"

#include <QProgressDialog>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTimer>

#include <unistd.h>

namespace strata::ui {
namespace {

constexpr const char* kSlow = "STRATA_TEST_SLOW_READER";

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
    void cleanup() { qunsetenv(kSlow); }
    void itIsToldAndStopped();
    void oneAtATime();
    void quittingEndsIt();
    void recoveriesAreStopped();

private:
    QTemporaryDir m_folder;
    QString m_file;
};

void OpeningTest::initTestCase() {
    m_file = m_folder.filePath(QStringLiteral("trained.keras"));
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
        QVERIFY(beats > 5); // the window was alive all the time
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
    QTRY_VERIFY(window.findChild<QProgressDialog*>() == nullptr);

    qunsetenv(kSlow);
    QVERIFY(window.openFile(m_file)); // does not wait for the one that was stopped
    QVERIFY(document.state().trained != nullptr);
    QCOMPARE(document.path(), m_file);
}

void OpeningTest::oneAtATime() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    std::string id;
    whenTold(window, [&](QProgressDialog& notice) {
        id = document.open(m_file).error().id;
        stop(notice);
    });
    qputenv(kSlow, "1");
    QVERIFY(!window.openFile(m_file));
    QCOMPARE(id, std::string("file.opening"));
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
    if (argc > 1 && qstrcmp(argv[1], "--read-hdf5") == 0 && qEnvironmentVariableIsSet(strata::ui::kSlow)) ::pause();
    return strata::ui::test::runFileTest<strata::ui::OpeningTest>(argc, argv, "OpeningTest");
}
#include "opening_test.moc"
