// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/text_overlay.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/problems_panel.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"
#include "engine/graph/templates.h"
#include "engine/interop/run_record.h"
#include "ui/window/application.h"
#include "ui/document/document_writer.h"
#include "ui/window/main_window.h"
#include "ui/window/recent_files.h"
#include "ui/window/sample_pictures.h"
#include "ui/window/theme_choice.h"
#include "ui/window/totals_bar.h"
#include "ui_support.h"

#include <QDir>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

namespace strata::ui {

class WindowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void templatesOpenFromTheStartPage();
    void tilesShowTheirData();
    void whatIsSavedIsOpened();
    void aDamagedFileLeavesTheDocument();
    void aRecoveredFileSaysWhatIsLost();
    void aMessageIsReadWhole();
    void aMessageHasItsOwnTime();
    void aboutSaysTheVersion();
    void theStartPageCoversAllDocks();
    void theMenuHasWhatWasBroughtIn();
    void unsavedChangesAreAskedFor_data();
    void unsavedChangesAreAskedFor();
    void enterGoesToTheFirstField();
    void undoKeysWorkEverywhere();
    void undoKeysReachTheDocumentFromAField_data();
    void undoKeysReachTheDocumentFromAField();
    void typingIsFinishedFirst_data();
    void typingIsFinishedFirst();
    void theProjectPageKnowsTheFile();
    void aNewDocumentTakesTheData();
    void aProblemLeadsToItsCard();
    void recentFilesForgetWhatIsGone();
    void recentFilesComeBackWithTheirDisk();
    void narrowWindowsAreCompact();
    void theThemeChangesAtOnce();
    void theLayoutIsRemembered();
    void docksMoveFloatAndComeBack();
    void largerWordsHaveLargerCards();
    void keysChangeTheSizeOfText();
};

namespace {

struct Window {
    GraphDocument document;
    MainWindow window{document};

    Window() {
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window);
    }
    void build() {
        document.edit(QStringLiteral("Build"), [](DocumentState& state) { state.graph = test::smallNet(); });
    }
};

/// Does something with the next message box, whenever it comes.
void whenAsked(std::function<void(QMessageBox&)> then) {
    QTimer::singleShot(10, qApp, [then = std::move(then)] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (box == nullptr) whenAsked(then);
        else then(*box);
    });
}

/// Presses a button of the next message box.
void answer(QMessageBox::StandardButton button, bool* asked = nullptr) {
    whenAsked([button, asked](QMessageBox& box) {
        if (asked != nullptr) *asked = true;
        if (QAbstractButton* found = box.button(button)) found->click();
        else box.close();
    });
}

} // namespace

void WindowTest::templatesOpenFromTheStartPage() {
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

void WindowTest::tilesShowTheirData() {
    QDir(QStandardPaths::writableLocation(QStandardPaths::CacheLocation)).removeRecursively();
    for (int round = 0; round < 2; ++round) { // read, then from the cache
        SamplePictures samples;
        QSignalSpy found(&samples, &SamplePictures::found);
        samples.ask("digits");
        QSignalSpy missing(&samples, &SamplePictures::missing);
        samples.ask("no such data");
        QTRY_COMPARE(found.count(), 1);
        QTRY_COMPARE(missing.count(), 1);
        QCOMPARE(missing.front().front().toString(), QStringLiteral("no such data"));
        const auto pictures = found.front().at(1).value<QList<QImage>>();
        QCOMPARE(pictures.size(), qsizetype{3});
        QCOMPARE(pictures.front().size(), QSize(20, 20));
        QVERIFY(pictures[0] != pictures[1]);
    }
}

void WindowTest::whatIsSavedIsOpened() {
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

void WindowTest::aDamagedFileLeavesTheDocument() {
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

void WindowTest::aRecoveredFileSaysWhatIsLost() {
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

void WindowTest::aMessageIsReadWhole() {
    Window w;
    w.window.resize(1280, 720);
    w.build();
    auto* place = w.window.findChild<ElidedLabel*>(QStringLiteral("fileOrMessage"));
    const auto figures = [&] {
        QStringList shown;
        for (const QLabel* label : w.window.findChild<TotalsBar*>()->findChildren<QLabel*>()) {
            if (label->isVisible()) shown << label->text();
        }
        return shown;
    };
    const QStringList before = figures();
    QVERIFY(before.contains(QStringLiteral("Parameters")));
    const QString sentence = QStringLiteral("A sentence that is much longer than what the figures leave of the status bar, ").repeated(2);
    w.window.say(sentence);
    QTRY_VERIFY(place->width() >= place->sizeHint().width());
    QTRY_VERIFY(place->mapTo(&w.window, QPoint(place->width(), 0)).x() <= w.window.width());
    QVERIFY(figures().size() < before.size());
    w.window.say(sentence.repeated(3)); // longer than the window: its end is in the tool tip
    QTRY_VERIFY(place->toolTip().endsWith(sentence));
    QTRY_VERIFY(place->mapTo(&w.window, QPoint(place->width(), 0)).x() <= w.window.width());
    w.window.say({});
    QTRY_COMPARE(figures(), before);
}

void WindowTest::aMessageHasItsOwnTime() {
    Window w;
    auto* totals = w.window.findChild<TotalsBar*>();
    auto* end = totals->findChild<QTimer*>(QStringLiteral("messageEnd"));
    w.window.say(QStringLiteral("First"));
    const int whole = end->interval();
    end->start(1); // its time is all but over
    w.window.say(QStringLiteral("Second"));
    QCOMPARE(end->interval(), whole);
    QCOMPARE(w.window.findChildren<QTimer*>().count(end), 1);
    QCOMPARE(totals->message(), QStringLiteral("Second"));
    end->start(1);
    QTRY_VERIFY(totals->message() != QStringLiteral("Second"));
}

void WindowTest::aboutSaysTheVersion() {
    nameApplication();
    QCoreApplication::setOrganizationName(QStringLiteral("StrataTest")); // nobody's settings are touched
    Window w;
    QString text;
    QTimer::singleShot(0, &w.window, [&text] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (box == nullptr) return;
        text = box->text();
        box->close();
    });
    w.window.findChild<QAction*>(QStringLiteral("about"))->trigger();
    QVERIFY2(text.contains(QStringLiteral("<b>Strata %1</b>").arg(QString::fromStdString(programVersion()))), qPrintable(text));
}

/// What nobody sees takes no click and no focus.
void WindowTest::theStartPageCoversAllDocks() {
    Window w;
    const auto docks = w.window.findChildren<QDockWidget*>();
    QCOMPARE(docks.size(), qsizetype{5});
    w.window.showStartPage();
    for (const QDockWidget* dock : docks) QVERIFY2(!dock->isEnabled(), qPrintable(dock->objectName()));
    w.window.showCanvas();
    for (const QDockWidget* dock : docks) QVERIFY2(dock->isEnabled(), qPrintable(dock->objectName()));
}

void WindowTest::theMenuHasWhatWasBroughtIn() {
    Window w;
    QVERIFY(!w.window.trainMenu()->menuAction()->isVisible() && !w.window.dataMenu()->menuAction()->isVisible());
    w.window.addTrainWidget(new QWidget);
    w.window.setDataWidget(new QWidget);
    QVERIFY(w.window.trainMenu()->menuAction()->isVisible() && w.window.dataMenu()->menuAction()->isVisible());
}

void WindowTest::unsavedChangesAreAskedFor_data() {
    QTest::addColumn<int>("button");
    QTest::addColumn<bool>("goes");
    QTest::newRow("discard") << static_cast<int>(QMessageBox::Discard) << true;
    QTest::newRow("cancel") << static_cast<int>(QMessageBox::Cancel) << false;
    QTest::newRow("save") << static_cast<int>(QMessageBox::Save) << true;
}

void WindowTest::unsavedChangesAreAskedFor() {
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

void WindowTest::enterGoesToTheFirstField() {
    Window w;
    w.build();
    w.window.canvas().setFocus();
    w.window.scene().selectOnly(std::array<NodeId, 1>{2});
    QTest::keyClick(&w.window.canvas(), Qt::Key_Return);
    auto* spin = qobject_cast<QSpinBox*>(QApplication::focusWidget());
    QVERIFY(spin != nullptr);
    QVERIFY(w.window.inspector().isAncestorOf(spin));
}

void WindowTest::undoKeysWorkEverywhere() {
    Window w;
    w.build();
    QTest::keyClick(&w.window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(w.document.graph().empty());
    QTest::keyClick(&w.window, Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(!w.document.graph().empty());
    QTest::keyClick(&w.window, Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(&w.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!w.document.graph().empty());
}

/// A field of the inspector has the focus: its typing is undone while it is typed, the document once it is taken over.
void WindowTest::undoKeysReachTheDocumentFromAField_data() {
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("typed");
    QTest::newRow("number") << QStringLiteral("Filters") << QStringLiteral("77");
    QTest::newRow("name") << QString() << QStringLiteral("eyes");
}

void WindowTest::undoKeysReachTheDocumentFromAField() {
    QFETCH(QString, field);
    QFETCH(QString, typed);
    Window w;
    w.build();
    w.window.scene().selectOnly(std::array<NodeId, 1>{2});
    QWidget* edit = nullptr;
    for (QWidget* each : w.window.inspector().findChildren<QWidget*>()) {
        const bool named = field.isEmpty() ? each->objectName() == QStringLiteral("nodeName")
                                           : each->accessibleName() == field && qobject_cast<QSpinBox*>(each) != nullptr;
        if (named) edit = each;
    }
    QVERIFY(edit != nullptr);
    edit->setFocus();
    QTRY_VERIFY(edit->hasFocus());
    const ModelGraph before = w.document.graph();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, typed);
    QVERIFY(w.document.graph() == before); // not yet
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(w.document.graph() == before);
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, typed);
    QTest::keyClick(edit, Qt::Key_Return);
    const ModelGraph after = w.document.graph();
    QVERIFY(!(after == before));
    QVERIFY(edit->hasFocus());
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(w.document.graph() == before);
    QTest::keyClick(edit, Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(w.document.graph() == after);
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(w.document.graph() == after);
}

/// Saving, closing and opening take what is still being typed for done.
void WindowTest::typingIsFinishedFirst_data() {
    QTest::addColumn<bool>("note");
    QTest::newRow("note") << true;
    QTest::newRow("field") << false;
}

void WindowTest::typingIsFinishedFirst() {
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

void WindowTest::theProjectPageKnowsTheFile() {
    QTemporaryDir folder;
    Window w;
    w.build();
    const auto* detail = w.window.inspector().header()->findChild<ElidedLabel*>();
    QCOMPARE(detail->text(), QStringLiteral("Untitled"));
    QVERIFY(w.document.save(folder.filePath(QStringLiteral("net.keras"))));
    QCOMPARE(detail->text(), QStringLiteral("net.keras"));
}

void WindowTest::aNewDocumentTakesTheData() {
    Window w;
    w.build();
    w.document.undoStack().setClean();
    w.document.setDataInfo(Shape({20, 20, 1}), 10);
    QVERIFY(w.window.newDocument());
    QCOMPARE(w.document.graph().nodes().size(), std::size_t{1});
    QCOMPARE(*w.document.graph().nodes().front()->params.at("shape").asInts(), (ParamValue::IntList{20, 20, 1}));
    QVERIFY(!w.document.isModified());
}

void WindowTest::aProblemLeadsToItsCard() {
    Window w;
    w.build();
    w.document.edit(QStringLiteral("Break"), [](DocumentState& state) {
        test::setParam(state.graph, 2, "kernel_size", ParamValue::IntList{31, 31});
    });
    Q_EMIT w.window.problems().nodeActivated(2);
    QCOMPARE(w.window.scene().selectedNodes(), std::vector<NodeId>{2});
    QCOMPARE(w.window.inspector().node(), NodeId{2});
}

void WindowTest::recentFilesForgetWhatIsGone() {
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

void WindowTest::recentFilesComeBackWithTheirDisk() {
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

void WindowTest::narrowWindowsAreCompact() {
    Window w;
    w.build();
    QCOMPARE(w.window.density(), Density::Regular);
    const double regular = w.window.scene().card(2)->cardRect().height();
    w.window.resize(1280, 720);
    QTRY_COMPARE(w.window.density(), Density::Compact);
    QVERIFY(w.window.scene().card(2)->cardRect().height() < regular);
    auto* palette = w.window.findChild<QDockWidget*>(QStringLiteral("paletteDock"));
    QVERIFY(palette->isVisible());
    w.window.resize(1050, 720);
    QTRY_VERIFY(!palette->isVisible());
    w.window.resize(1500, 950);
    QTRY_VERIFY(palette->isVisible());
    QCOMPARE(w.window.density(), Density::Regular);
}

void WindowTest::theThemeChangesAtOnce() {
    Window w;
    w.build();
    ThemeChoice::choose(QStringLiteral("dark"));
    QTRY_VERIFY(w.window.scene().look().theme.isDark);
    w.window.grab();
    ThemeChoice::choose(QStringLiteral("light"));
    QTRY_VERIFY(!w.window.scene().look().theme.isDark);
}

void WindowTest::theLayoutIsRemembered() {
    {
        Window w;
        w.window.findChild<QDockWidget*>(QStringLiteral("paletteDock"))->hide();
        QVERIFY(w.window.close());
    }
    Window again;
    QVERIFY(!again.window.findChild<QDockWidget*>(QStringLiteral("paletteDock"))->isVisible());
    QVERIFY(again.window.findChild<QDockWidget*>(QStringLiteral("inspectorDock"))->isVisible());
}

void WindowTest::docksMoveFloatAndComeBack() {
    Window w;
    auto* inspector = w.window.findChild<QDockWidget*>(QStringLiteral("inspectorDock"));
    auto* menu = w.window.findChild<QToolButton*>(QStringLiteral("dockMenu:inspectorDock"))->menu();
    QCOMPARE(w.window.dockWidgetArea(inspector), Qt::RightDockWidgetArea);
    menu->actions().at(0)->trigger();
    QCOMPARE(w.window.dockWidgetArea(inspector), Qt::LeftDockWidgetArea);
    menu->actions().at(3)->trigger();
    QVERIFY(inspector->isFloating());
    menu->actions().last()->trigger();
    QVERIFY(!inspector->isVisible());
    for (QDockWidget* dock : w.window.findChildren<QDockWidget*>()) dock->hide();
    w.window.findChild<QAction*>(QStringLiteral("restoreDocks"))->trigger();
    QCOMPARE(w.window.dockWidgetArea(inspector), Qt::RightDockWidgetArea);
    QVERIFY(inspector->isVisible() && !inspector->isFloating());
    QVERIFY(w.window.findChild<QDockWidget*>(QStringLiteral("bottomDock"))->isVisible());
    QVERIFY(!w.window.findChild<QDockWidget*>(QStringLiteral("outlineDock"))->isVisible());
}

/// What holds words grows with them: no number is cut, and no line lies on the next.
void WindowTest::largerWordsHaveLargerCards() {
    Window w;
    w.build();
    const Metrics before = w.window.scene().look().metrics;
    QCOMPARE(w.window.density(), Density::Regular);
    ThemeChoice::setTextPercent(150);
    // 1500 wide is with these words what 1000 is otherwise.
    QTRY_COMPARE(w.window.density(), Density::Compact);
    const Metrics& now = w.window.scene().look().metrics;
    QCOMPARE(now.card.height, qRound(1.5 * Metrics::compact().card.height));
    QCOMPARE(now.card.width, qRound(1.5 * Metrics::compact().card.width));
    QCOMPARE(w.window.scene().card(2)->cardRect().width(), static_cast<double>(now.card.width));
    QCOMPARE(w.window.findChild<QToolBar*>()->height(), now.window.toolBar);
    ThemeChoice::setTextPercent(100);
    QTRY_COMPARE(w.window.density(), Density::Regular);
    QCOMPARE(w.window.scene().look().metrics.card.height, before.card.height);
    QCOMPARE(w.window.findChild<QToolBar*>()->height(), before.window.toolBar);
}

void WindowTest::keysChangeTheSizeOfText() {
    Window w;
    w.build();
    const int canvasZoom = static_cast<int>(100 * w.window.canvas().zoom());
    w.window.findChild<QLineEdit*>(QStringLiteral("paletteField"))->setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Plus, Qt::ControlModifier);
    QCOMPARE(ThemeChoice::textPercent(), 115);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Minus, Qt::ControlModifier);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Minus, Qt::ControlModifier);
    QCOMPARE(ThemeChoice::textPercent(), 90);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(ThemeChoice::textPercent(), 100);
    QCOMPARE(static_cast<int>(100 * w.window.canvas().zoom()), canvasZoom);
}

} // namespace strata::ui

using strata::ui::WindowTest;
STRATA_FILE_TEST_MAIN(WindowTest)
#include "window_test.moc"
