// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "tests/support/data_files.h"
#include "training_support.h"
#include "ui/inspect/confusion_model.h"
#include "ui/inspect/confusion_view.h"
#include "ui/inspect/test_answers.h"
#include "ui/inspect/test_images.h"
#include "ui/look/widgets.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <map>

namespace strata::ui {

using test::kPatience;
using test::Rig;

/// Which classes were taken for which, and the way from there to the images.
class ConfusionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void countsAndShares();
    void moreAnswersThanClasses();
    void itIsTheTestsOwn();
    void aCellShowsItsImages();
    void keysChooseACell();
    void theChoiceOutlivesATest();
    void itCanBeHidden();
    void aNarrowPageHasItsChoicesInAMenu();
    void testsAreStoppedAndRepeated();
    void answersGoWithTheirImages();
    void whatIsUndoneIsTestedAnew();
    void wordsAreReadableOnEveryCell_data();
    void wordsAreReadableOnEveryCell();

private:
    DocumentState m_trained; ///< of the template, once for all: few epochs, so that there are mistakes
};

namespace {

struct Page {
    Rig rig;
    TestAnswers answers{rig.session};
    ConfusionView* matrix = answers.findChild<ConfusionView*>();
    QPushButton* act = answers.findChild<QPushButton*>(QStringLiteral("testAct"));
    ElidedLabel* words = answers.findChild<ElidedLabel*>(QStringLiteral("testHead"));

    explicit Page(const DocumentState& trained) {
        answers.resize(900, 320);
        answers.show();
        rig.document.reset(trained);
    }
    bool counted() {
        return rig.ready() && QTest::qWaitFor([&] { return rig.session.tested() && matrix->isVisible() && matrix->model()->rowCount() == 10; }, kPatience);
    }
    QModelIndex cell(int row, int column) const { return matrix->model()->index(row, column); }
    /// A mistake that was made: its place in the matrix.
    QModelIndex mistake() const {
        for (int row = 0; row < 10; ++row) {
            for (int column = 0; column < 10; ++column) {
                if (row != column && cell(row, column).data(ConfusionModel::CountRole).toInt() > 0) return cell(row, column);
            }
        }
        return {};
    }
    void click(const QModelIndex& index) { QTest::mouseClick(matrix->viewport(), Qt::LeftButton, {}, matrix->visualRect(index).center()); }
};

double luminance(const QColor& colour) {
    const auto part = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF());
}

} // namespace

void ConfusionTest::initTestCase() {
    Rig rig(1);
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    m_trained = rig.document.state();
    QVERIFY(m_trained.trained->testAccuracy > 0.5 && m_trained.trained->testAccuracy < 1);
}

void ConfusionTest::countsAndShares() {
    ConfusionModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setCounts({3, 1, 0, 0}, {QStringLiteral("cat"), QStringLiteral("dog")});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.columnCount(), 2);
    QCOMPARE(model.share(0, 1), 0.25);
    QCOMPARE(model.share(1, 1), 0.0); // no dog was there
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("3"));
    QCOMPARE(model.index(1, 0).data().toString(), QString());
    QCOMPARE(model.index(0, 1).data(Qt::AccessibleTextRole).toString(), QStringLiteral("Class cat, answered dog: 1 image, 25.0 % of its class"));
    QCOMPARE(model.headerData(0, Qt::Vertical, Qt::ToolTipRole).toString(), QStringLiteral("Class cat: 4 images, 75.0 % of them answered right"));
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::ToolTipRole).toString(), QStringLiteral("Answered dog: 1 image, 0.0 % of them rightly"));
}

void ConfusionTest::moreAnswersThanClasses() {
    ConfusionModel model;
    model.setCounts({1, 0, 2, 0, 4, 0}, {QStringLiteral("a"), QStringLiteral("b")});
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("2"));
    QVERIFY(model.headerData(2, Qt::Horizontal, Qt::ToolTipRole).toString().contains(QStringLiteral("0.0 %")));
}

void ConfusionTest::itIsTheTestsOwn() {
    Page page(m_trained);
    QVERIFY(page.counted());
    const std::shared_ptr<const Dataset> data = page.rig.session.data().testPart();
    std::map<std::pair<int, int>, int> counts;
    for (std::int64_t i = 0; i < data->size(); ++i) ++counts[{data->label(i), page.rig.session.tested()->predicted[static_cast<std::size_t>(i)]}];
    int right = 0;
    for (int row = 0; row < 10; ++row) {
        for (int column = 0; column < 10; ++column) {
            const int count = page.cell(row, column).data(ConfusionModel::CountRole).toInt();
            const int expected = counts[{row, column}];
            QCOMPARE(count, expected);
            if (row == column) right += count;
        }
    }
    QCOMPARE(right, qRound(page.rig.session.tested()->accuracy * static_cast<double>(data->size())));
}

void ConfusionTest::aCellShowsItsImages() {
    Page page(m_trained);
    QVERIFY(page.counted());
    TestImages& images = page.answers.images();
    const int all = images.rowCount();
    const QModelIndex mistake = page.mistake();
    QVERIFY(mistake.isValid());
    page.click(mistake);
    QCOMPARE(images.rowCount(), mistake.data(ConfusionModel::CountRole).toInt());
    for (int row = 0; row < images.rowCount(); ++row) {
        QCOMPARE(images.index(row).data(TestImages::TrueRole).toString(), QString::number(mistake.row()));
        QCOMPARE(images.index(row).data(TestImages::PredictedRole).toString(), QString::number(mistake.column()));
    }
    QVERIFY(!page.answers.findChild<QCheckBox*>(QStringLiteral("mistakesOnly"))->isEnabled());
    QVERIFY2(page.act->isVisible() && page.words->text().contains(QStringLiteral("answered %1").arg(mistake.column())), qPrintable(page.words->text()));
    page.click(mistake); // once more: all again
    QCOMPARE(images.rowCount(), all);
    QVERIFY(!page.act->isVisible());
    QVERIFY2(page.words->text().endsWith(QStringLiteral(" of 1,000 test images right")), qPrintable(page.words->text()));
    page.click(mistake);
    QTest::mouseClick(page.act, Qt::LeftButton);
    QCOMPARE(images.rowCount(), all);
}

void ConfusionTest::keysChooseACell() {
    Page page(m_trained);
    QVERIFY(page.counted());
    page.click(page.cell(3, 3));
    QTest::keyClick(page.matrix, Qt::Key_Down);
    QTest::keyClick(page.matrix, Qt::Key_Right);
    QVERIFY(page.matrix->chosen() == ConfusionView::Cell(4, 4));
    QCOMPARE(page.answers.images().rowCount(), page.cell(4, 4).data(ConfusionModel::CountRole).toInt());
    QTest::keyClick(page.matrix, Qt::Key_Escape);
    QVERIFY(!page.matrix->chosen());
    QCOMPARE(page.answers.images().rowCount(), 1000);
}

/// After an edit the same images are tested with other weights: who looks at a cell goes on looking at it.
void ConfusionTest::theChoiceOutlivesATest() {
    Page page(m_trained);
    QVERIFY(page.counted());
    page.click(page.cell(5, 5));
    const auto before = page.rig.session.tested();
    page.rig.session.testAgain();
    QTRY_VERIFY_WITH_TIMEOUT(page.rig.session.tested() && page.rig.session.tested() != before, kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(page.matrix->isVisible(), kPatience);
    QVERIFY(page.matrix->chosen() == ConfusionView::Cell(5, 5));
    QTRY_COMPARE_WITH_TIMEOUT(page.answers.images().rowCount(), page.cell(5, 5).data(ConfusionModel::CountRole).toInt(), kPatience);
    page.rig.session.resetWeights();
    QTRY_VERIFY_WITH_TIMEOUT(!page.matrix->isVisible(), kPatience);
    QCOMPARE(page.answers.images().rowCount(), 1000);
}

void ConfusionTest::itCanBeHidden() {
    {
        Page page(m_trained);
        QVERIFY(page.counted());
        page.click(page.cell(2, 2));
        auto* wanted = page.answers.findChild<QCheckBox*>(QStringLiteral("matrixWanted"));
        QVERIFY(wanted->isChecked());
        QTest::mouseClick(wanted, Qt::LeftButton, {}, QPoint(8, wanted->height() / 2));
        QVERIFY(!page.matrix->isVisible());
        QCOMPARE(page.answers.images().rowCount(), 1000);
    }
    Page again(m_trained);
    QVERIFY(!again.answers.findChild<QCheckBox*>(QStringLiteral("matrixWanted"))->isChecked());
    QVERIFY(again.rig.ready());
    QTRY_VERIFY_WITH_TIMEOUT(again.rig.session.tested() != nullptr, kPatience);
    QVERIFY(!again.matrix->isVisible());
}

/// In a window of 800 x 600: no choice covers another or the images, and none is out of reach.
void ConfusionTest::aNarrowPageHasItsChoicesInAMenu() {
    Page p(m_trained);
    QVERIFY(p.counted());
    auto* list = p.answers.findChild<QListView*>(QStringLiteral("testImages"));
    auto* choices = p.answers.findChild<QToolButton*>(QStringLiteral("testChoices"));
    QList<QWidget*> all;
    for (const char* name : {"matrixWanted", "mistakesOnly", "testOrder"}) all << p.answers.findChild<QWidget*>(QLatin1String(name));
    QVERIFY(!choices->isVisible() && std::ranges::all_of(all, [](const QWidget* each) { return each->isVisible(); }));
    p.answers.resize(420, 124);
    QTRY_VERIFY_WITH_TIMEOUT(choices->isVisible(), kPatience);
    QVERIFY(std::ranges::none_of(all, [](const QWidget* each) { return each->isVisible(); }));
    const QWidget* head = choices->parentWidget();
    for (const QWidget* part : head->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
        if (part->isVisible()) QVERIFY2(head->rect().contains(part->geometry()), qPrintable(part->objectName()));
    QVERIFY(list->height() >= 60);
    const auto entry = [&](const QString& text) {
        Q_EMIT choices->menu()->aboutToShow();
        const QList<QAction*> actions = choices->menu()->actions();
        const auto found = std::ranges::find(actions, text, &QAction::text);
        return found == actions.end() ? nullptr : *found;
    };
    const int images = p.answers.images().rowCount();
    entry(QStringLiteral("Mistakes only"))->trigger();
    QVERIFY(p.answers.images().rowCount() < images);
    QVERIFY(entry(QStringLiteral("Mistakes only"))->isChecked());
    const auto first = [&] { return p.answers.images().index(0).data(TestImages::IndexRole).toLongLong(); };
    const auto before = first();
    entry(QStringLiteral("Most sure first"))->trigger();
    QVERIFY(first() != before);
    QVERIFY(entry(QStringLiteral("Most sure first"))->isChecked());
    entry(QStringLiteral("Confusion matrix"))->trigger();
    QVERIFY(!p.matrix->isVisible());
}

void ConfusionTest::testsAreStoppedAndRepeated() {
    Page page(m_trained);
    auto hand = std::make_unique<QObject>();
    connect(&page.rig.session, &TrainingSession::testingChanged, hand.get(), [&page] {
        if (page.rig.session.testing()) page.rig.session.stopTesting();
    });
    QVERIFY(page.rig.ready());
    QTRY_COMPARE_WITH_TIMEOUT(page.words->text(), QStringLiteral("1,000 test images, not tested"), kPatience);
    QVERIFY(!page.rig.session.tested() && !page.matrix->isVisible());
    hand.reset();
    QTest::mouseClick(page.act, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(page.rig.session.tested() != nullptr, kPatience);
}

namespace {

/// As many images as in every other of these: dark ones and light ones, of class 0 and 1 or the other way round.
void writeImages(const QString& folder, bool turned) {
    const auto write = [&](const char* part, int pairs) {
        QByteArray images, labels;
        for (int i = 0; i < pairs; ++i) {
            images += QByteArray(4, '\x10') + QByteArray(4, '\xF0');
            labels += turned ? QByteArray("\1\0", 2) : QByteArray("\0\1", 2);
        }
        const auto count = static_cast<std::uint32_t>(2 * pairs);
        strata::test::writeFile(QStringLiteral("%1/%2-images-idx3-ubyte").arg(folder, QLatin1String(part)), strata::test::idxFile({count, 2, 2}, images));
        strata::test::writeFile(QStringLiteral("%1/%2-labels-idx1-ubyte").arg(folder, QLatin1String(part)), strata::test::idxFile({count}, labels));
    };
    write("train", 40);
    write("t10k", 5);
}

/// Dark or light: learned in a moment.
DocumentState darkOrLight(const QString& folder) {
    DocumentState state;
    const NodeId input = state.graph.add({.type = "Input", .params = {{"shape", ParamValue::IntList{2, 2, 1}}}});
    const NodeId row = state.graph.add({.type = "Flatten"}), dense = state.graph.add({.type = "Dense", .params = {{"units", 2}}});
    (void)state.graph.connect(input, row);
    (void)state.graph.connect(row, dense);
    state.training.loss = defaultLoss(state.graph);
    state.training.optimizer = {"Adam", {{"learning_rate", 0.1}}};
    state.training.epochs = 20;
    state.data.source = folder.toStdString();
    return state;
}

/// Of the images with the labels that they have now.
double shareRight(const TrainingSession& session) {
    const std::shared_ptr<const Dataset> data = session.data().testPart();
    double right = 0;
    for (std::int64_t i = 0; i < data->size(); ++i) right += session.tested()->predicted[static_cast<std::size_t>(i)] == data->label(i) ? 1 : 0;
    return right / static_cast<double>(data->size());
}

} // namespace

/// Another set of as many images is chosen while a run goes on: no answer to the first stands against the labels of the second.
void ConfusionTest::answersGoWithTheirImages() {
    QTemporaryDir folder;
    const QString one = folder.filePath(QStringLiteral("one")), other = folder.filePath(QStringLiteral("other"));
    writeImages(one, false);
    writeImages(other, true);
    Page page(darkOrLight(one));
    TrainingSession& session = page.rig.session;
    QVERIFY(page.rig.ready());
    session.start(true);
    QVERIFY(page.rig.idle());
    QVERIFY(session.tested() && page.answers.images().hasAnswers());
    QCOMPARE(session.tested()->accuracy, 1.0);
    QCOMPARE(page.rig.document.state().trained->testAccuracy, 1.0);

    page.rig.document.edit(QStringLiteral("longer"), [](DocumentState& state) { state.training.epochs = 1'000'000; });
    session.start(false);
    QVERIFY(session.isBusy());
    session.data().choose(other);
    QVERIFY(!session.tested() && !page.answers.images().hasAnswers()); // the first is closed at once
    QTRY_VERIFY_WITH_TIMEOUT(session.data().testPart() != nullptr, kPatience);
    QVERIFY(session.isBusy() && !session.tested() && !page.answers.images().hasAnswers());
    QCOMPARE(session.data().testPart()->size(), 10);

    QObject watch; // at every word that it says
    bool wrong = false;
    connect(&session, &TrainingSession::testedChanged, &watch,
            [&] { wrong = wrong || (session.tested() && std::abs(shareRight(session) - session.tested()->accuracy) > 1e-9); });
    session.stop();
    QVERIFY(page.rig.idle());
    QCOMPARE(page.rig.document.state().trained->testAccuracy, 1.0); // of the images that the run was begun with
    QTRY_VERIFY_WITH_TIMEOUT(session.tested() != nullptr, kPatience);
    QCOMPARE(session.tested()->accuracy, 0.0);
    QCOMPARE(shareRight(session), 0.0);
    QVERIFY(!wrong);
}

/// The answers of the weights that the document has, however it came to them.
void ConfusionTest::whatIsUndoneIsTestedAnew() {
    QTemporaryDir folder;
    writeImages(folder.path(), false);
    Page page(darkOrLight(folder.path()));
    TrainingSession& session = page.rig.session;
    QVERIFY(page.rig.ready());
    for (int run = 0; run < 2; ++run) {
        session.start(true);
        QVERIFY(page.rig.idle());
        QVERIFY(session.tested() != nullptr);
        page.rig.document.edit(QStringLiteral("the other way round"), [](DocumentState& state) { state.training.optimizer.params["learning_rate"] = 1e-12; });
    }
    const std::vector<std::int32_t> second = session.tested()->predicted;
    QUndoStack& steps = page.rig.document.undoStack();
    const auto undone = [&](auto step) {
        const auto before = page.rig.document.state().trained;
        while (page.rig.document.state().trained == before) step();
        return QTest::qWaitFor([&] { return !session.testIsDue() && session.tested() != nullptr; }, kPatience);
    };
    QVERIFY(undone([&] { steps.undo(); }));
    QCOMPARE(session.tested()->accuracy, 1.0);
    QVERIFY(undone([&] { steps.redo(); }));
    QVERIFY(session.tested()->predicted == second);
}

void ConfusionTest::wordsAreReadableOnEveryCell_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void ConfusionTest::wordsAreReadableOnEveryCell() {
    QFETCH(bool, dark);
    applyTheme(*qApp, dark ? Theme::dark() : Theme::light());
    ConfusionModel model;
    model.setCounts({1, 0, 0, 1}, {QStringLiteral("a"), QStringLiteral("b")});
    ConfusionView all(model);
    model.setCounts({100, 0, 100, 0}, {QStringLiteral("a"), QStringLiteral("b")}); // everything right, everything wrong
    all.resize(200, 160);
    all.show();
    const QImage picture = all.viewport()->grab().toImage();
    for (int row = 0; row < 2; ++row) {
        const QRect cell = all.visualRect(model.index(row, 0));
        const double ground = luminance(picture.pixelColor(cell.topLeft() + QPoint(3, 3))), ink = luminance(currentTheme().text.primary);
        QVERIFY((std::max(ground, ink) + 0.05) / (std::min(ground, ink) + 0.05) >= 4.5); // WCAG 2.1
    }
    applyTheme(*qApp, Theme::light());
}

} // namespace strata::ui

using strata::ui::ConfusionTest;
STRATA_FILE_TEST_MAIN(ConfusionTest)
#include "confusion_test.moc"
