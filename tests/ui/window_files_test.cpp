// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "engine/graph/templates.h"
#include "ui/document/document_writer.h"
#include "ui/editor/text_overlay.h"
#include "ui/inspector/inspector.h"
#include "ui/look/widgets.h"
#include "ui/window/recent_files.h"
#include "ui/window/sample_pictures.h"
#include "window_rig.h"

#include <QDir>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace strata::ui {

using test::answer;
using test::whenAsked;
using test::Window;

/// What becomes of documents and their files: opened, saved, asked for, remembered.
class WindowFilesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void templatesOpenFromTheStartPage();
    void tilesShowTheirData();
    void dataThatCannotBeReadAreMissing();
    void whatIsSavedIsOpened();
    void aDamagedFileLeavesTheDocument();
    void aRecoveredFileSaysWhatIsLost();
    void unsavedChangesAreAskedFor_data();
    void unsavedChangesAreAskedFor();
    void typingIsFinishedFirst_data();
    void typingIsFinishedFirst();
    void theProjectPageKnowsTheFile();
    void aNewDocumentTakesTheData();
    void recentFilesForgetWhatIsGone();
    void recentFilesComeBackWithTheirDisk();
};

void WindowFilesTest::templatesOpenFromTheStartPage() {
    Window w;
    w.window.showStartPage();
    QVERIFY(w.window.onStartPage());
    QSignalSpy opened(&w.window, &MainWindow::templateOpened);
    const QString id = QString::fromStdString(templates().front().id);
    auto* tile = w.window.findChild<QAbstractButton*>(QStringLiteral("template:") + id);
    QVERIFY(tile != nullptr);
    QTest::mouseClick(tile, Qt::LeftButton);
    QVERIFY(!w.window.onStartPage());
    QCOMPARE(opened.count(), 1);
    QVERIFY(w.document.graph().nodes().size() > 3);
    QVERIFY(!w.document.isModified());
    QVERIFY(!w.document.report().hasErrors());
    QCOMPARE(w.document.state().data.source, templates().front().data);
}

void WindowFilesTest::tilesShowTheirData() {
    QDir(QStandardPaths::writableLocation(QStandardPaths::CacheLocation)).removeRecursively();
    for (int round = 0; round < 2; ++round) { // read, then from the cache
        SamplePictures samples;
        QSignalSpy found(&samples, &SamplePictures::found);
        samples.ask("digits");
        QSignalSpy missing(&samples, &SamplePictures::missing);
        samples.ask("no such data");
        QTRY_COMPARE_WITH_TIMEOUT(found.count(), 1, test::kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(missing.count(), 1, test::kPatience);
        QCOMPARE(missing.front().front().toString(), QStringLiteral("no such data"));
        const auto pictures = found.front().at(1).value<QList<QImage>>();
        QCOMPARE(pictures.size(), qsizetype{3});
        QCOMPARE(pictures.front().size(), QSize(20, 20));
        QVERIFY(pictures[0] != pictures[1]);
    }
}

/// They are there by their name and first bytes; and are read when they are whole at last.
void WindowFilesTest::dataThatCannotBeReadAreMissing() {
    QDir(QStandardPaths::writableLocation(QStandardPaths::CacheLocation)).removeRecursively();
    QTemporaryDir folder;
    const QDir broken(folder.filePath(QStringLiteral("mnist")));
    QVERIFY(QDir().mkpath(broken.path()));
    const auto write = [&](const char* name, const QByteArray& bytes) {
        QFile file(broken.filePath(QLatin1String(name)));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    };
    const QByteArray images = QByteArray::fromHex("00000803000000040000000200000002"), labels = QByteArray::fromHex("0000080100000004");
    QVERIFY(write("train-images-idx3-ubyte", images) && write("train-labels-idx1-ubyte", labels));
    const bool set = qEnvironmentVariableIsSet("STRATA_DATA_PATH");
    const QByteArray before = qgetenv("STRATA_DATA_PATH");
    const auto restore = qScopeGuard([&] { set ? qputenv("STRATA_DATA_PATH", before) : qunsetenv("STRATA_DATA_PATH"); });
    qputenv("STRATA_DATA_PATH", folder.path().toUtf8());

    SamplePictures samples;
    QSignalSpy found(&samples, &SamplePictures::found), missing(&samples, &SamplePictures::missing);
    samples.ask("mnist");
    QTRY_COMPARE_WITH_TIMEOUT(missing.count(), 1, test::kPatience);
    QVERIFY(write("train-images-idx3-ubyte", images + QByteArray(16, 'x')) && write("train-labels-idx1-ubyte", labels + QByteArray::fromHex("00010203")));
    samples.ask("mnist");
    QTRY_COMPARE_WITH_TIMEOUT(found.count(), 1, test::kPatience);
    QCOMPARE(missing.count(), 1);
}

void WindowFilesTest::whatIsSavedIsOpened() {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("net.keras"));
    Window w;
    w.build();
    QVERIFY(w.window.isWindowModified());
    QVERIFY(w.document.save(path));
    QVERIFY(!w.window.isWindowModified());
    const ModelGraph before = w.document.graph();
    QVERIFY(w.window.newDocument());
    QVERIFY(w.document.graph().empty());
    QVERIFY(w.window.openFile(path));
    QVERIFY(w.document.graph() == before);
    QVERIFY(w.window.windowTitle().startsWith(QStringLiteral("net.keras")));
    QVERIFY(!w.document.undoStack().canUndo());
}

void WindowFilesTest::aDamagedFileLeavesTheDocument() {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("broken.keras"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("PK\x03\x04 and then nothing");
    file.close();
    Window w;
    w.build();
    QVERIFY(w.document.save(folder.filePath(QStringLiteral("good.keras"))));
    bool told = false;
    answer(QMessageBox::Ok, &told);
    QVERIFY(!w.window.openFile(path));
    QVERIFY(told);
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{5});
}

void WindowFilesTest::aRecoveredFileSaysWhatIsLost() {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("half.keras"));
    Window w;
    QVERIFY(w.window.openTemplate(QStringLiteral("lenet")));
    QVERIFY(w.document.save(path));
    const std::size_t cards = w.document.graph().nodes().size();
    QFile file(path);
    QVERIFY(file.resize(file.size() * 3 / 5));
    QVERIFY(w.window.newDocument());
    QString said, detail;
    whenAsked([&](QMessageBox& box) {
        said = box.text();
        detail = box.informativeText();
        box.button(QMessageBox::Ok)->click();
    });
    QVERIFY(w.window.openFile(path));
    QVERIFY2(said.contains(QStringLiteral("half.keras")) && said.contains(QStringLiteral("recovered")), qPrintable(said));
    QVERIFY2(detail.contains(QStringLiteral("model.weights.h5")), qPrintable(detail)); // what is lost
    QCOMPARE(w.document.graph().nodes().size(), cards);
    QVERIFY(w.window.isWindowModified());
    QVERIFY(w.document.path().isEmpty()); // the damaged file is not written over
}

void WindowFilesTest::unsavedChangesAreAskedFor_data() {
    QTest::addColumn<int>("button");
    QTest::addColumn<bool>("goes");
    QTest::newRow("discard") << static_cast<int>(QMessageBox::Discard) << true;
    QTest::newRow("cancel") << static_cast<int>(QMessageBox::Cancel) << false;
    QTest::newRow("save") << static_cast<int>(QMessageBox::Save) << true;
}

void WindowFilesTest::unsavedChangesAreAskedFor() {
    QFETCH(int, button);
    QFETCH(bool, goes);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("net.keras"));
    Window w;
    QVERIFY(w.document.save(path));
    w.build();
    bool asked = false;
    answer(static_cast<QMessageBox::StandardButton>(button), &asked);
    QCOMPARE(w.window.close(), goes);
    QVERIFY(asked);
    if (button == QMessageBox::Save) {
        const Result<OpenedDocument> opened = readDocument(path);
        QVERIFY(opened);
        QCOMPARE(opened->state.graph.nodes().size(), std::size_t{5});
    }
    w.document.undoStack().setClean();
}

/// Saving, closing and opening take what is still being typed for done.
void WindowFilesTest::typingIsFinishedFirst_data() {
    QTest::addColumn<bool>("note");
    QTest::newRow("note") << true;
    QTest::newRow("field") << false;
}

void WindowFilesTest::typingIsFinishedFirst() {
    QFETCH(bool, note);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("net.keras"));
    Window w;
    w.build();
    QVERIFY(w.document.save(path));
    QVERIFY(w.window.openFile(path));
    w.window.canvas().setFocus();
    if (note) {
        QTest::keyClick(&w.window.canvas(), Qt::Key_N, Qt::ShiftModifier);
        QTest::keyClicks(&w.window.canvas().textOverlay(), QStringLiteral("Why so few?"));
    } else {
        w.window.scene().selectOnly(std::array<NodeId, 1>{2});
        QTest::keyClick(&w.window.canvas(), Qt::Key_Return);
        auto* spin = qobject_cast<QSpinBox*>(QApplication::focusWidget());
        QVERIFY(spin != nullptr);
        QTest::keyClick(spin, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(spin, QStringLiteral("77"));
    }
    QVERIFY(!w.document.isModified());
    QVERIFY(w.window.save());
    const Result<OpenedDocument> opened = readDocument(path);
    QVERIFY(opened);
    if (note) QCOMPARE(opened->state.graph.notes().front().text, std::string("Why so few?"));
    else QCOMPARE(*opened->state.graph.find(2)->params.at("filters").asInt(), std::int64_t{77});
    QVERIFY(!w.document.isModified());
    if (!note) return;
    // What is typed in one document is no words of the next.
    w.window.canvas().setFocus();
    QTest::keyClick(&w.window.canvas(), Qt::Key_N, Qt::ShiftModifier);
    QTest::keyClicks(&w.window.canvas().textOverlay(), QStringLiteral("lost"));
    w.document.reset({});
    QVERIFY(!w.window.canvas().textOverlay().isVisible());
    QVERIFY(w.document.graph().notes().empty());
}

void WindowFilesTest::theProjectPageKnowsTheFile() {
    QTemporaryDir folder;
    Window w;
    w.build();
    const auto* detail = w.window.inspector().header()->findChild<ElidedLabel*>();
    QCOMPARE(detail->text(), QStringLiteral("Untitled"));
    QVERIFY(w.document.save(folder.filePath(QStringLiteral("net.keras"))));
    QCOMPARE(detail->text(), QStringLiteral("net.keras"));
}

void WindowFilesTest::aNewDocumentTakesTheData() {
    Window w;
    w.build();
    w.document.undoStack().setClean();
    w.document.setDataInfo(Shape({20, 20, 1}), 10);
    QVERIFY(w.window.newDocument());
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{1});
    QCOMPARE(*w.document.graph().nodes().front()->params.at("shape").asInts(), (ParamValue::IntList{20, 20, 1}));
    QVERIFY(!w.document.isModified());
}

void WindowFilesTest::recentFilesForgetWhatIsGone() {
    QTemporaryDir folder;
    RecentFiles recent;
    QStringList files;
    for (int i = 0; i < 12; ++i) {
        files << folder.filePath(QStringLiteral("%1.keras").arg(i));
        QFile file(files.back());
        QVERIFY(file.open(QIODevice::WriteOnly));
        recent.add(files.back());
    }
    QCOMPARE(recent.paths().size(), qsizetype{RecentFiles::kMost});
    QCOMPARE(recent.paths().front(), files.back());
    QFile::remove(files.back());
    QVERIFY(!recent.paths().contains(files.back()));
}

void WindowFilesTest::recentFilesComeBackWithTheirDisk() {
    QTemporaryDir folder;
    const auto make = [&](const QString& name) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::WriteOnly) ? QFileInfo(file).absoluteFilePath() : QString();
    };
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("disk")));
    const QString away = make(QStringLiteral("disk/away.keras")), here = make(QStringLiteral("here.keras"));
    RecentFiles recent;
    recent.add(away);
    QVERIFY(QDir(folder.path()).rename(QStringLiteral("disk"), QStringLiteral("unmounted")));
    QCOMPARE(recent.paths(), QStringList());
    recent.add(here);
    QVERIFY(QDir(folder.path()).rename(QStringLiteral("unmounted"), QStringLiteral("disk")));
    QCOMPARE(recent.paths(), (QStringList{here, away}));
    recent.remove(QDir::current().relativeFilePath(away)); // could not be opened
    QCOMPARE(recent.paths(), QStringList{here});
}

} // namespace strata::ui

using strata::ui::WindowFilesTest;
STRATA_FILE_TEST_MAIN(WindowFilesTest)
#include "window_files_test.moc"
