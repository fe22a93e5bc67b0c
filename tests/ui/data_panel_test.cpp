// SPDX-License-Identifier: GPL-3.0-or-later
// The Data tab, by real mouse and keys: what a run would learn from, class by class and image by image.
#include "app/studio.h"
#include "engine/data/split.h"
#include "file_main.h"
#include "training_support.h"
#include "ui/document/background.h"
#include "ui/document/number_text.h"
#include "ui/editor/editor_scene.h"
#include "ui/inspect/class_counts.h"
#include "ui/inspect/data_panel.h"
#include "ui/inspect/feature_maps.h"
#include "ui/inspect/test_images.h"
#include "ui/window/main_window.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QScopeGuard>
#include <QTabBar>
#include <QTemporaryDir>
#include <QThread>
#include <QThreadPool>

#include <algorithm>
#include <atomic>

namespace strata::ui {

class DataPanelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }
    void theCountsAreThoseOfARun();
    void aClassIsChosenByMouseAndKeys();
    void itsPartsAreShown();
    void anImageIsFollowedThroughTheNetwork();
    void dataWithoutATestPartArePinnedAsTestImages();
    void anImageOfTheOldSplitIsPinnedAsItself();
    void theMarkOutlivesOtherData();
    void whatComesWithStrataLiesInNoFolder();
    void nothingIsCountedWhileTheTabIsHidden();
    void imagesThatDoNotFitAreFitted();
    void unevenClassesAreTold();
    void aSplitThatLeavesNothingIsTold();
    void missingDataLeadToOthers();
    void onlyWhatIsSeenIsReadAndNotByTheWindow();
    void layoutsOfBeforeAreRestored();
};

using test::kPatience;

namespace {

struct Studio {
    GraphDocument document;
    MainWindow window{document};
    TrainingSession* session;
    DataPanel* panel;

    Studio() {
        furnish(window);
        session = window.findChild<TrainingSession*>();
        panel = window.findChild<DataPanel*>();
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        document.reset(test::digitsState(1));
        window.findChild<QAction*>(QStringLiteral("page:DataPanel"))->trigger();
    }
    ~Studio() { document.undoStack().setClean(); }

    template <class T>
    T& part(const char* name) const {
        return *window.findChild<T*>(QLatin1String(name));
    }
    ClassCountsView& classes() const { return part<ClassCountsView>("classCounts"); }
    QListView& list() const { return part<QListView>("dataImages"); }
    QComboBox& parts() const { return part<QComboBox>("dataPart"); }

    bool shows(std::int64_t images) const {
        return QTest::qWaitFor([&] { return panel->images().rowCount() == images; }, kPatience);
    }
    bool ready() {
        return QTest::qWaitFor([this] { return session->whyNot().isEmpty(); }, kPatience) && shows(session->data().trainCount());
    }
    void clickRow(QListView& view, int row) const {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.visualRect(view.model()->index(row, 0)).center());
    }
    /// Every image that is shown is of this class.
    bool showsOnly(const QString& name) const {
        const DataImages& images = panel->images();
        for (int row = 0; row < images.rowCount(); ++row) {
            if (images.index(row).data().toString() != name) return false;
        }
        return images.rowCount() > 0;
    }
    QString pinned() const { return window.scene().strip(document.report().inputs.front())->strip().title; }
    std::int64_t marked() const { return qobject_cast<TestImageDelegate*>(list().itemDelegate())->pinned(); }
    QString says(const char* name) const { return part<QLabel>(name).text(); }
    bool figuresSay(const QString& value) const {
        const auto labels = part<QWidget>("dataFigures").findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text() == value; });
    }
};

/// A folder with a folder a class: so many pictures each.
void writeFolder(const QString& folder, const std::vector<std::pair<QString, int>>& classes) {
    int shade = 0;
    for (const auto& [name, count] : classes) {
        QVERIFY(QDir(folder).mkpath(name));
        for (int i = 0; i < count; ++i) {
            QImage picture(20, 20, QImage::Format_Grayscale8);
            picture.fill(++shade);
            QVERIFY(picture.save(QStringLiteral("%1/%2/%3.png").arg(folder, name).arg(i)));
        }
    }
}

/// A million images that count who reads them.
class Million final : public Dataset {
public:
    std::int64_t size() const override { return 1'000'000; }
    Shape sampleShape() const override { return {4, 4, 1}; }
    std::vector<std::string> classNames() const override { return {"even", "odd"}; }
    int label(std::int64_t index) const override { return static_cast<int>(index % 2); }
    void read(std::int64_t, std::span<float> out) const override {
        ++read_;
        if (QThread::currentThread() == qApp->thread()) ++readByWindow;
        std::ranges::fill(out, 100.0f);
    }
    std::string name() const override { return "million"; }
    std::string description() const override { return "many"; }

    mutable std::atomic<int> read_ = 0, readByWindow = 0;
};

} // namespace

/// Also after the share was changed, and together they are all.
void DataPanelTest::theCountsAreThoseOfARun() {
    Studio studio;
    QVERIFY(studio.ready());
    const auto run = [&] { return *studio.session->plannedJob(); };
    QCOMPARE(static_cast<std::int64_t>(studio.panel->images().rowCount()), run().train->size());
    QVERIFY(studio.figuresSay(countText(run().train->size())));
    QVERIFY(studio.figuresSay(countText(run().validation->size())));
    QVERIFY(studio.figuresSay(countText(studio.session->data().source()->test->size())));
    QVERIFY(studio.figuresSay(QStringLiteral("20 × 20 × 1, grey, 0 to 1")));
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0.25; });
    QCOMPARE(run().train->size(), std::int64_t{3000});
    QVERIFY(studio.shows(3000));
    QVERIFY(studio.figuresSay(QStringLiteral("3,000")) && studio.figuresSay(QStringLiteral("1,000")));
    const auto& counts = *static_cast<ClassCounts*>(studio.classes().model());
    std::int64_t sum = 0;
    for (int label = 0; label < counts.rowCount(); ++label) sum += counts.count(label);
    QCOMPARE(sum, std::int64_t{3000});
}

void DataPanelTest::aClassIsChosenByMouseAndKeys() {
    Studio studio;
    QVERIFY(studio.ready());
    const QAbstractItemModelTester images(&studio.panel->images(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester counts(studio.classes().model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const int all = studio.panel->images().rowCount();
    studio.clickRow(studio.classes(), 3);
    QVERIFY(studio.showsOnly(QStringLiteral("3")));
    QTest::keyClick(&studio.classes(), Qt::Key_Down);
    QVERIFY(studio.showsOnly(QStringLiteral("4")));
    QTest::keyClick(&studio.classes(), Qt::Key_Escape);
    QCOMPARE(studio.panel->images().rowCount(), all);
    studio.clickRow(studio.classes(), 2);
    QVERIFY(studio.showsOnly(QStringLiteral("2")));
    studio.clickRow(studio.classes(), 2);
    QCOMPARE(studio.panel->images().rowCount(), all);
    studio.clickRow(studio.classes(), 1);
    QTest::mouseClick(&studio.part<QPushButton>("dataShowAll"), Qt::LeftButton);
    QCOMPARE(studio.panel->images().rowCount(), all);
    QVERIFY(!studio.part<QPushButton>("dataShowAll").isVisible());
}

/// The chosen class stays chosen.
void DataPanelTest::itsPartsAreShown() {
    Studio studio;
    QVERIFY(studio.ready());
    studio.clickRow(studio.classes(), 5);
    QTest::keyClick(&studio.parts(), Qt::Key_Down);
    QCOMPARE(studio.parts().currentText(), QStringLiteral("Validation images"));
    QTRY_VERIFY_WITH_TIMEOUT(studio.panel->images().images() && studio.panel->images().images()->size() == studio.session->data().validationCount(), kPatience);
    QVERIFY(studio.showsOnly(QStringLiteral("5")));
    QTest::keyClick(&studio.parts(), Qt::Key_Down);
    QTRY_VERIFY_WITH_TIMEOUT(studio.panel->images().images() == studio.session->data().source()->test, kPatience);
    QVERIFY(studio.showsOnly(QStringLiteral("5")));
    // Nothing validates: there is no such part to choose.
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0; });
    QCOMPARE(studio.parts().count(), 2);
    QVERIFY(studio.figuresSay(QStringLiteral("none")));
}

void DataPanelTest::anImageIsFollowedThroughTheNetwork() {
    Studio studio;
    QVERIFY(studio.ready());
    studio.list().setFocus();
    QTest::keyClick(&studio.list(), Qt::Key_Right);
    const QModelIndex current = studio.list().currentIndex();
    QCOMPARE(current.row(), 1);
    QTest::keyClick(&studio.list(), Qt::Key_Return);
    QCOMPARE(studio.pinned(), QStringLiteral("Pinned: training image 1, class %1").arg(current.data().toString()));
    // One of those that validate comes behind all that train.
    studio.parts().setCurrentIndex(1);
    QVERIFY(studio.shows(studio.session->data().validationCount()));
    studio.clickRow(studio.list(), 2);
    QVERIFY2(studio.pinned().startsWith(QStringLiteral("Pinned: validation image 2, ")), qPrintable(studio.pinned()));
    const Dataset& all = *studio.session->data().source()->train;
    QVERIFY(studio.pinned().endsWith(QString::number(all.label(studio.session->data().trainCount() + 2))));
    // A test image is the one that the Test tab has.
    studio.parts().setCurrentIndex(2);
    QVERIFY(studio.shows(studio.session->data().source()->test->size()));
    studio.clickRow(studio.list(), 3);
    QCOMPARE(studio.window.findChild<FeatureMaps*>()->pinned(), std::int64_t{3});
}

void DataPanelTest::dataWithoutATestPartArePinnedAsTestImages() {
    Studio studio;
    QTemporaryDir folder;
    writeFolder(folder.path(), {{QStringLiteral("cat"), 4}, {QStringLiteral("dog"), 4}});
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0.25; });
    studio.session->data().choose(folder.path());
    QVERIFY(studio.shows(6));
    QCOMPARE(studio.parts().count(), 2);
    studio.parts().setCurrentIndex(1);
    QVERIFY(studio.shows(2));
    studio.clickRow(studio.list(), 1);
    QCOMPARE(studio.window.findChild<FeatureMaps*>()->pinned(), std::int64_t{7});
}

/// Until the images of another share are counted, those of the share before are seen, and may be clicked.
void DataPanelTest::anImageOfTheOldSplitIsPinnedAsItself() {
    Studio studio;
    QTemporaryDir folder;
    writeFolder(folder.path(), {{QStringLiteral("cat"), 4}, {QStringLiteral("dog"), 4}});
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0.25; });
    studio.session->data().choose(folder.path());
    QVERIFY(studio.shows(6));
    studio.parts().setCurrentIndex(1);
    QVERIFY(studio.shows(2));
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0.5; });
    QCOMPARE(studio.panel->images().rowCount(), 2);
    studio.clickRow(studio.list(), 1);
    QCOMPARE(studio.window.findChild<FeatureMaps*>()->pinned(), std::int64_t{7});
    QCOMPARE(studio.marked(), std::int64_t{1});
    QVERIFY(studio.shows(4));
    QCOMPARE(studio.marked(), std::int64_t{3});
}

/// The image that is followed then is the one that is marked, also where the other data have fewer.
void DataPanelTest::theMarkOutlivesOtherData() {
    Studio studio;
    QVERIFY(studio.ready());
    const ChosenData& data = studio.session->data();
    const auto& maps = *studio.window.findChild<FeatureMaps*>();
    studio.parts().setCurrentIndex(2);
    QVERIFY(studio.shows(data.source()->test->size()));
    studio.clickRow(studio.list(), 5);
    QCOMPARE(studio.marked(), std::int64_t{5});
    studio.document.edit(QStringLiteral("Fit"), [](DocumentState& state) { state.data.resizeHeight = state.data.resizeWidth = 24; });
    QTRY_VERIFY_WITH_TIMEOUT(data.source() != nullptr && studio.panel->images().images() == data.source()->test, kPatience);
    QCOMPARE(maps.pinned(), std::int64_t{5});
    QCOMPARE(studio.marked(), std::int64_t{5});
    QTemporaryDir folder;
    writeFolder(folder.path(), {{QStringLiteral("cat"), 2}, {QStringLiteral("dog"), 2}});
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0; });
    studio.session->data().choose(folder.path());
    QVERIFY(studio.shows(4));
    QCOMPARE(maps.pinned(), std::int64_t{3});
    QCOMPARE(studio.marked(), std::int64_t{3});
}

/// Not even where the program was started in a folder that has one of that name.
void DataPanelTest::whatComesWithStrataLiesInNoFolder() {
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("digits")));
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(folder.path()));
    const auto back = qScopeGuard([&] { QDir::setCurrent(before); });
    Studio studio;
    QVERIFY(studio.ready());
    QCOMPARE(studio.part<QWidget>("dataPlace").property("accessibleName").toString(), QStringLiteral("Comes with Strata"));
}

/// The same work, begun later by another thread, is done by then.
void DataPanelTest::nothingIsCountedWhileTheTabIsHidden() {
    Studio studio;
    QVERIFY(studio.ready());
    studio.window.findChild<QAction*>(QStringLiteral("page:SettingsPage"))->trigger();
    QVERIFY(!studio.panel->isVisible());
    const int before = studio.panel->images().rowCount();
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0.25; });
    std::int64_t counted = 0;
    QObject here;
    QThreadPool pool;
    const auto work = [train = studio.session->data().source()->train] { return ClassIndex(*validationSplit(train, 0.25)->train).size(); };
    inBackground(pool, &here, work, [&counted](std::int64_t count) { counted = count; });
    QTRY_COMPARE_WITH_TIMEOUT(counted, std::int64_t{3000}, kPatience);
    QCOMPARE(studio.panel->images().rowCount(), before);
    studio.window.findChild<QAction*>(QStringLiteral("page:DataPanel"))->trigger();
    QVERIFY(studio.shows(3000));
}

/// What the drawing has against the data is told, and mended by one press; the pictures are then as the network gets them.
void DataPanelTest::imagesThatDoNotFitAreFitted() {
    Studio studio;
    QVERIFY(studio.ready());
    const auto& notice = studio.part<QWidget>("dataNotice");
    QVERIFY(!notice.isVisible());
    const auto picture = [&] { return studio.panel->images().index(0).data(Qt::DecorationRole).value<QImage>(); };
    QTRY_COMPARE_WITH_TIMEOUT(picture().size(), QSize(20, 20), kPatience);
    studio.document.edit(QStringLiteral("Input"), [&](DocumentState& state) {
        Node node = *state.graph.find(studio.document.report().inputs.front());
        node.params["shape"] = ParamValue::IntList{24, 16, 3};
        state.graph.replace(std::move(node));
    });
    QTRY_VERIFY_WITH_TIMEOUT(notice.isVisible(), kPatience);
    QVERIFY2(notice.accessibleName().contains(unbroken(QStringLiteral("but the data are 20 × 20 × 1"))), qPrintable(notice.accessibleName()));
    QVERIFY(studio.part<QPushButton>("dataNoticeAct").isVisible());
    QTest::mouseClick(&studio.part<QPushButton>("dataNoticeAct"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(studio.session->data().source() != nullptr && studio.session->data().source()->train->sampleShape() == Shape({24, 16, 3}), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(!notice.isVisible(), kPatience);
    QVERIFY(studio.figuresSay(QStringLiteral("24 × 16 × 3, colour, fitted, 0 to 1")));
    QVERIFY(studio.shows(studio.session->data().trainCount()));
    QTRY_COMPARE_WITH_TIMEOUT(picture().size(), QSize(16, 24), kPatience);
}

void DataPanelTest::unevenClassesAreTold() {
    Studio studio;
    QVERIFY(studio.ready());
    QVERIFY2(studio.says("dataBalance").startsWith(QStringLiteral("Even: ")), qPrintable(studio.says("dataBalance")));
    QTemporaryDir folder;
    writeFolder(folder.path(), {{QStringLiteral("cat"), 7}, {QStringLiteral("dog"), 3}});
    studio.document.edit(QStringLiteral("Share"), [](DocumentState& state) { state.training.validationSplit = 0; });
    studio.session->data().choose(folder.path());
    QVERIFY(studio.shows(10));
    QVERIFY2(studio.says("dataBalance").startsWith(QStringLiteral("Uneven: 7 images of class cat, 3 of class dog. Add images")), qPrintable(studio.says("dataBalance")));
    studio.document.edit(QStringLiteral("Balance"), [](DocumentState& state) { state.training.balanceClasses = true; });
    QVERIFY2(studio.says("dataBalance").endsWith(QStringLiteral("Every class counts the same in the loss, as Settings say.")), qPrintable(studio.says("dataBalance")));
    // Where the folder lies stands below its name.
    const auto& place = studio.part<QWidget>("dataPlace");
    QTRY_COMPARE_WITH_TIMEOUT(place.property("accessibleName").toString(), folder.path(), kPatience);
    QTest::mouseClick(&studio.part<QPushButton>("dataSettings"), Qt::LeftButton);
    const auto& tabs = studio.part<QTabBar>("bottomTabs");
    QCOMPARE(tabs.tabText(tabs.currentIndex()), QStringLiteral("Settings"));
}

void DataPanelTest::aSplitThatLeavesNothingIsTold() {
    Studio studio;
    QTemporaryDir folder;
    writeFolder(folder.path(), {{QStringLiteral("cat"), 2}, {QStringLiteral("dog"), 1}});
    studio.session->data().choose(folder.path());
    const auto& notice = studio.part<QWidget>("dataNotice");
    QTRY_VERIFY_WITH_TIMEOUT(notice.isVisible() && notice.accessibleName().startsWith(QStringLiteral("A validation share of 0.8 of 3 images leaves 0")), kPatience);
    QCOMPARE(notice.accessibleName(), QString::fromStdString(studio.session->plannedJob().error().message));
    QTest::mouseClick(&studio.part<QPushButton>("dataNoticeAct"), Qt::LeftButton);
    const auto& tabs = studio.part<QTabBar>("bottomTabs");
    QCOMPARE(tabs.tabText(tabs.currentIndex()), QStringLiteral("Settings"));
}

void DataPanelTest::missingDataLeadToOthers() {
    Studio studio;
    QVERIFY(studio.ready());
    studio.session->data().choose(QStringLiteral("/nowhere/at/all"));
    auto& sentence = studio.part<QLabel>("dataSentence");
    QTRY_VERIFY_WITH_TIMEOUT(sentence.isVisible() && !studio.session->data().problem().isEmpty(), kPatience);
    QCOMPARE(sentence.text(), studio.session->data().problem());
    QVERIFY(!studio.list().isVisible());
    const auto menu = [] { return qobject_cast<QMenu*>(QApplication::activePopupWidget()); };
    QTest::mouseClick(&studio.part<QPushButton>("chooseData"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(menu() != nullptr && menu()->actions().front()->text() == QLatin1String("Digits"), kPatience);
    QMenu* known = menu();
    QTest::mouseClick(known, Qt::LeftButton, {}, known->actionGeometry(known->actions().front()).center());
    QVERIFY(studio.ready());
    QVERIFY(!sentence.isVisible() && studio.list().isVisible());
}

/// There may be a million of them: pictures are made of those in sight, by another thread.
void DataPanelTest::onlyWhatIsSeenIsReadAndNotByTheWindow() {
    const auto data = std::make_shared<const Million>();
    DataImages images;
    images.show(DataPart::Training, data, std::make_shared<const ClassIndex>(*data));
    images.setClass(1);
    QCOMPARE(images.rowCount(), 500'000);
    QCOMPARE(images.index(7).data(TestImages::IndexRole).toLongLong(), 15);
    QListView view;
    view.setFlow(QListView::LeftToRight);
    view.setWrapping(true);
    view.setUniformItemSizes(true);
    view.setItemDelegate(new TestImageDelegate(&view));
    view.setModel(&images);
    connect(&images, &DataImages::pictured, view.viewport(), qOverload<>(&QWidget::update));
    view.resize(640, 300);
    view.show();
    const auto seen = [&] { return !images.index(0).data(Qt::DecorationRole).value<QImage>().isNull(); };
    QTRY_VERIFY_WITH_TIMEOUT(seen(), kPatience);
    QVERIFY(data->read_ > 0 && data->read_ < 1000);
    QCOMPARE(data->readByWindow.load(), 0);
}

/// A window that had no such tab has left where its docks were.
void DataPanelTest::layoutsOfBeforeAreRestored() {
    {
        GraphDocument document;
        MainWindow window(document);
        window.show();
        window.findChild<QDockWidget*>(QStringLiteral("paletteDock"))->hide();
        QVERIFY(window.close());
    }
    Studio studio;
    QVERIFY(!studio.part<QDockWidget>("paletteDock").isVisible());
    QVERIFY(studio.panel->isVisible());
    const auto& tabs = studio.part<QTabBar>("bottomTabs");
    QCOMPARE(tabs.tabText(tabs.count() - 1), QStringLiteral("Data"));
}

} // namespace strata::ui

using strata::ui::DataPanelTest;
STRATA_FILE_TEST_MAIN(DataPanelTest)
#include "data_panel_test.moc"
