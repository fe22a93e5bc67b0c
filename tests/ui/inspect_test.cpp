// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "training_support.h"
#include "ui/editor/editor_scene.h"
#include "ui/editor/edits.h"
#include "ui/inspect/class_bars.h"
#include "ui/inspect/digit_frame.h"
#include "ui/inspect/draw_pad.h"
#include "ui/inspect/feature_maps.h"
#include "ui/inspect/maps_page.h"
#include "ui/inspect/tile_grid.h"
#include "ui/inspect/weight_array_view.h"
#include "ui/inspect/weights_page.h"
#include "ui/inspect/own_picture.h"
#include "ui/inspect/test_images.h"
#include "ui/inspect/test_panel.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QToolButton>

#include <algorithm>
#include <numeric>

namespace strata::ui {

class InspectTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void stripsStandBesideTheCards();
    void anUntrainedNetworkShowsOnlyItsInput();
    void stripsGoWithTheWeights();
    void olderWeightsAreSaidToBe();
    void aRunIsLookedIntoWithItsScaling();
    void mapsOfTheSelectedCard();
    void kernelsByInputChannel();
    void theAnswerIsTheOneOfTheTest();
    void theModelFiltersAndSorts();
    void aClickPins();
    void aDrawingIsAnswered();
    void aDigitDrawnIsRecognised();
    void aDrawingIsBroughtToTheDataSetsFrame();
    void aPictureIsFitted();
    void whatIsNoPictureIsRefused();

private:
    DocumentState m_trained; ///< of the template, once for all
};

using test::kPatience;
using test::Rig;

namespace {

double sumOf(const std::vector<float>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

NodeId lastNode(const GraphDocument& document) {
    return document.report().outputs.front();
}

/// A 1 as a hand draws it.
void drawOne(DrawPad& pad) {
    pad.stroke({140, 60}, {140, 220});
}

} // namespace

void InspectTest::initTestCase() {
    Rig rig(4);
    rig.document.edit(QStringLiteral("More"), [](DocumentState& state) { state.training.validationSplit = 0.2; });
    QVERIFY(rig.ready());
    rig.session.start(true);
    QVERIFY(rig.idle());
    m_trained = rig.document.state();
    QVERIFY(m_trained.trained->testAccuracy > 0.8);
}

void InspectTest::stripsStandBesideTheCards() {
    Rig rig;
    EditorScene scene(rig.document);
    FeatureMaps maps(rig.session, scene);
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    QTRY_VERIFY_WITH_TIMEOUT(scene.strip(lastNode(rig.document)) != nullptr, kPatience);
    for (const auto& node : rig.document.graph().nodes()) {
        const StripItem* strip = scene.strip(node->id);
        QVERIFY2(strip != nullptr && !strip->strip().image.isNull(), node->name.c_str());
    }
    const Strip& input = scene.strip(rig.document.report().inputs.front())->strip();
    QVERIFY(input.pinned);
    QVERIFY(input.title.contains(QLatin1Char('0')));
    // At most 12 tiles, and the rest as a number.
    for (const auto& [id, report] : rig.document.report().nodes) {
        if (report.plan.output.rank() != 3 || rig.document.graph().inputsOf(id).empty()) continue;
        const auto channels = report.plan.output[2];
        QCOMPARE(scene.strip(id)->more(), channels > 12 ? QStringLiteral("+%1").arg(channels - 12) : QString());
    }
}

void InspectTest::anUntrainedNetworkShowsOnlyItsInput() {
    Rig rig;
    EditorScene scene(rig.document);
    FeatureMaps maps(rig.session, scene);
    QVERIFY(rig.ready());
    const NodeId input = rig.document.report().inputs.front();
    QTRY_VERIFY_WITH_TIMEOUT(scene.strip(input) != nullptr && !scene.strip(input)->strip().image.isNull(), kPatience);
    QVERIFY(scene.strip(lastNode(rig.document)) == nullptr || scene.strip(lastNode(rig.document))->strip().image.isNull());
}

void InspectTest::stripsGoWithTheWeights() {
    Rig rig;
    EditorScene scene(rig.document);
    FeatureMaps maps(rig.session, scene);
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    const NodeId last = lastNode(rig.document);
    QTRY_VERIFY_WITH_TIMEOUT(scene.strip(last) != nullptr, kPatience);
    rig.session.resetWeights();
    QTRY_VERIFY_WITH_TIMEOUT(scene.strip(last)->strip().image.isNull(), kPatience);
    rig.document.undoStack().undo();
    QTRY_VERIFY_WITH_TIMEOUT(!scene.strip(last)->strip().image.isNull(), kPatience);
}

/// After an edit that leaves all shapes as they are, nothing else tells.
void InspectTest::olderWeightsAreSaidToBe() {
    Rig rig;
    EditorScene scene(rig.document);
    FeatureMaps maps(rig.session, scene);
    WeightsPage page(rig.session);
    page.show();
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    const NodeId last = lastNode(rig.document), input = rig.document.report().inputs.front();
    const auto& nodes = rig.document.graph().nodes();
    const auto conv = std::ranges::find_if(nodes, [](const auto& node) { return node->params.contains("filters"); });
    QVERIFY(conv != nodes.end());
    const NodeId id = (*conv)->id;
    page.setNode(id);
    const auto* hint = page.findChild<QLabel*>(QStringLiteral("weightsHint"));
    const auto says = [](const QString& text) { return text.contains(QStringLiteral("before the last edit")); };
    QTRY_VERIFY_WITH_TIMEOUT(scene.strip(last) != nullptr && !scene.strip(last)->strip().image.isNull(), kPatience);
    QVERIFY(hint->isHidden() && !says(scene.strip(input)->strip().detail) && scene.strip(last)->toolTip().isEmpty());
    rig.document.edit(QStringLiteral("Other activation"), [&](DocumentState& state) {
        Node other = *state.graph.find(id);
        other.params["activation"] = ParamValue(std::string("tanh"));
        state.graph.replace(std::move(other));
    });
    QTRY_VERIFY_WITH_TIMEOUT(says(scene.strip(last)->toolTip()), kPatience);
    QVERIFY(says(scene.strip(input)->strip().detail));
    QVERIFY(!hint->isHidden());
    QVERIFY2(says(hint->text()), qPrintable(hint->text()));
    rig.document.undoStack().undo();
    QTRY_VERIFY_WITH_TIMEOUT(scene.strip(last)->toolTip().isEmpty(), kPatience);
    QVERIFY(!says(scene.strip(input)->strip().detail));
    QVERIFY(hint->isHidden());
    page.setNode(0); // several are chosen: that the network is untrained would not be true
    QVERIFY(!hint->isHidden());
    QVERIFY2(hint->text().contains(QStringLiteral("Choose one")), qPrintable(hint->text()));
}

/// The drawing that scales the images itself is not the network that is being trained.
void InspectTest::aRunIsLookedIntoWithItsScaling() {
    Rig rig;
    EditorScene scene(rig.document);
    FeatureMaps maps(rig.session, scene);
    TestPanel panel(rig.session);
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    QSignalSpy answers(&maps, &FeatureMaps::answered);
    const NodeId last = lastNode(rig.document);
    rig.session.step();
    QTRY_COMPARE_WITH_TIMEOUT(rig.session.progress().batch, 1, kPatience);
    const auto strip = [&] { return scene.strip(last) == nullptr ? QImage() : scene.strip(last)->strip().image; };
    const auto probabilities = [&] {
        panel.pad().clear();
        drawOne(panel.pad());
        const bool answered = QTest::qWaitFor([&] { return !panel.bars().probabilities().empty(); }, kPatience);
        return answered ? panel.bars().probabilities() : std::vector<float>();
    };
    QTRY_VERIFY_WITH_TIMEOUT(answers.count() > 0 && !strip().isNull(), kPatience);
    maps.lookChanged(); // with the weights as they stand still now
    answers.clear();
    QTRY_VERIFY_WITH_TIMEOUT(answers.count() > 0, kPatience);
    const QImage before = strip();
    const std::vector<float> said = probabilities();
    QVERIFY(!said.empty());
    answers.clear();
    rig.document.edit(QStringLiteral("Rescale"), [](DocumentState& state) {
        edits::addAfter(state.graph, "Rescaling", state.graph.nodes().front()->id);
    });
    QTRY_VERIFY_WITH_TIMEOUT(answers.count() > 0, kPatience);
    QVERIFY(strip() == before);
    QVERIFY(probabilities() == said);
    rig.session.stop();
    QVERIFY(rig.idle());
}

void InspectTest::mapsOfTheSelectedCard() {
    Rig rig;
    EditorScene scene(rig.document);
    FeatureMaps maps(rig.session, scene);
    MapsPage page;
    connect(&maps, &FeatureMaps::answered, &page, &MapsPage::show);
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    const GraphReport& report = rig.document.report();
    for (const NodeId id : report.order) {
        if (rig.document.graph().inputsOf(id).empty()) continue;
        page.setNode(id);
        maps.setDetail(id);
        const Shape shape = report.find(id)->plan.output;
        const int expected = shape.rank() == 3 ? static_cast<int>(shape[2]) : 1;
        QTRY_COMPARE_WITH_TIMEOUT(page.grid().tileCount(), expected, kPatience);
    }
    WeightsPage weights(rig.session);
    weights.show();
    for (const NodeId id : report.order) weights.setNode(id);
    QVERIFY(weights.findChild<TileGrid*>() != nullptr);
}

void InspectTest::kernelsByInputChannel() {
    WeightArray kernel{"kernel", {2, 2, 3, 4}, std::vector<float>(48)};
    for (std::size_t i = 0; i < kernel.values.size(); ++i) kernel.values[i] = static_cast<float>(i) - 24;
    QThreadPool pool;
    const auto sharedOf = [](const WeightArray& array) { return std::make_shared<const WeightArray>(array); };
    WeightArrayView view(sharedOf(kernel), pool);
    auto* grid = view.findChild<TileGrid*>();
    auto* channel = view.findChild<QSpinBox*>();
    QVERIFY(channel != nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(grid->tileCount(), 4, kPatience);
    QCOMPARE(channel->maximum(), 2);
    view.resize(260, 300);
    const QImage first = view.grab().toImage();
    channel->setValue(2);
    QTRY_VERIFY_WITH_TIMEOUT(view.grab().toImage() != first, kPatience);
    kernel.values[0] = 5;
    QVERIFY(view.fits(kernel));
    view.show(sharedOf(kernel));
    QCOMPARE(channel->value(), 2); // new values leave the choice alone
    QVERIFY(WeightArrayView(sharedOf({"kernel", {3, 3, 5, 1}, std::vector<float>(45)}), pool).findChild<QSpinBox*>() == nullptr);
}

void InspectTest::theAnswerIsTheOneOfTheTest() {
    Rig rig;
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.tested() != nullptr, kPatience);
    const std::shared_ptr<const Dataset> data = rig.session.data().testPart();
    Looker looker;
    std::optional<LookAnswer> answer;
    connect(&looker, &Looker::answered, this, [&](const LookAnswer& given) { answer = given; });
    for (const std::int64_t index : {0, 17, 500}) {
        LookJob job;
        job.graph = m_trained.graph;
        job.weights = rig.session.weights();
        job.imageShape = data->sampleShape();
        job.image.resize(static_cast<std::size_t>(job.imageShape.count()));
        data->read(index, job.image);
        applyScaling(rig.session.data().scaling(), job.image);
        answer.reset();
        looker.ask(job);
        QTRY_VERIFY_WITH_TIMEOUT(answer.has_value(), kPatience);
        const auto best = std::ranges::max_element(answer->probabilities) - answer->probabilities.begin();
        QCOMPARE(static_cast<int>(best), rig.session.tested()->predicted[static_cast<std::size_t>(index)]);
        QVERIFY(std::abs(answer->probabilities[static_cast<std::size_t>(best)] - rig.session.tested()->confidence[static_cast<std::size_t>(index)]) < 1e-4f);
    }
}

void InspectTest::theModelFiltersAndSorts() {
    Rig rig;
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    QTRY_VERIFY_WITH_TIMEOUT(rig.session.tested() != nullptr, kPatience);
    TestImages model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const std::shared_ptr<const Dataset> data = rig.session.data().testPart();
    model.setData(data, rig.session.tested());
    QCOMPARE(model.rowCount(), 1000);
    model.setMistakesOnly(true);
    const int wrong = model.rowCount();
    QCOMPARE(wrong, qRound(1000 * (1 - rig.session.tested()->accuracy)));
    for (int row = 0; row < wrong; ++row) {
        const QModelIndex index = model.index(row);
        QVERIFY(index.data(TestImages::WrongRole).toBool());
        QVERIFY(index.data(TestImages::TrueRole) != index.data(TestImages::PredictedRole));
    }
    model.setMistakesOnly(false);
    model.setOrder(TestImages::Order::LeastSure);
    for (int row = 1; row < model.rowCount(); ++row) {
        QVERIFY(model.index(row - 1).data(TestImages::ConfidenceRole).toDouble() <= model.index(row).data(TestImages::ConfidenceRole).toDouble());
    }
    model.setData(data, nullptr);
    QCOMPARE(model.rowCount(), 1000);
    QVERIFY(!model.index(0).data(TestImages::PredictedRole).toString().size());
}

void InspectTest::aClickPins() {
    Rig rig;
    EditorScene scene(rig.document);
    FeatureMaps maps(rig.session, scene);
    TestPanel panel(rig.session);
    connect(&panel, &TestPanel::pinTest, &maps, &FeatureMaps::pinTest);
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    panel.resize(1000, 300);
    panel.show();
    auto* list = panel.findChild<QListView*>(QStringLiteral("testImages"));
    QTRY_VERIFY_WITH_TIMEOUT(!list->visualRect(panel.images().index(3)).isEmpty(), kPatience);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(panel.images().index(3)).center());
    QCOMPARE(maps.pinned(), 3);
    const NodeId input = rig.document.report().inputs.front();
    QVERIFY(scene.strip(input)->strip().title.contains(QLatin1Char('3')));
}

void InspectTest::aDrawingIsAnswered() {
    Rig rig;
    TestPanel panel(rig.session);
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    panel.resize(1000, 300);
    panel.show();
    const QPoint middle(panel.pad().height() / 2, panel.pad().height() / 2);
    QTest::mousePress(&panel.pad(), Qt::LeftButton, {}, middle - QPoint(0, 40));
    QMouseEvent move(QEvent::MouseMove, middle + QPoint(0, 40), panel.pad().mapToGlobal(middle + QPoint(0, 40)), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(&panel.pad(), &move);
    QTRY_COMPARE_WITH_TIMEOUT(panel.bars().probabilities().size(), std::size_t{10}, kPatience);
    QVERIFY(std::abs(sumOf(panel.bars().probabilities()) - 1) < 1e-4);
    QTest::mouseRelease(&panel.pad(), Qt::LeftButton, {}, middle + QPoint(0, 40));
    QVERIFY(!panel.pad().isEmpty());
    panel.findChild<QPushButton*>(QStringLiteral("clearPad"))->click();
    QVERIFY(panel.pad().isEmpty());
    QVERIFY(panel.bars().probabilities().empty());
}

void InspectTest::aDigitDrawnIsRecognised() {
    Rig rig;
    TestPanel panel(rig.session);
    rig.document.reset(m_trained);
    QVERIFY(rig.ready());
    drawOne(panel.pad());
    QTRY_COMPARE_WITH_TIMEOUT(panel.bars().probabilities().size(), std::size_t{10}, kPatience);
    const auto& p = panel.bars().probabilities();
    QCOMPARE(std::ranges::max_element(p) - p.begin(), 1);
}

void InspectTest::aDrawingIsBroughtToTheDataSetsFrame() {
    QImage drawing(280, 280, QImage::Format_RGB32);
    drawing.fill(Qt::black);
    {
        QPainter painter(&drawing);
        painter.fillRect(QRect(10, 20, 40, 80), Qt::white); // small, in a corner
    }
    DigitFrame frame;
    frame.share = 0.5;
    const Shape shape{20, 20, 1};
    const std::vector<float> image = framed(drawing, frame, shape);
    int top = 20, bottom = -1, left = 20, right = -1;
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 20; ++x) {
            if (image[static_cast<std::size_t>(y * 20 + x)] < 128) continue;
            top = std::min(top, y);
            bottom = std::max(bottom, y);
            left = std::min(left, x);
            right = std::max(right, x);
        }
    }
    QCOMPARE(bottom - top + 1, 10); // half of 20
    QCOMPARE(right - left + 1, 5);
    QVERIFY(std::abs((top + bottom + 1) / 2.0 - 10) <= 0.5);
    QVERIFY(std::abs((left + right + 1) / 2.0 - 10) <= 0.5);

    frame.darkOnLight = true;
    const std::vector<float> dark = framed(drawing, frame, Shape{20, 20, 3});
    QCOMPARE(dark.size(), std::size_t{1200});
    QCOMPARE(dark.front(), 255.0f);
    drawing.fill(Qt::black);
    for (const float value : framed(drawing, DigitFrame(), shape)) QCOMPARE(value, 0.0f);
}

void InspectTest::aPictureIsFitted() {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("photo.png"));
    QImage photo(64, 48, QImage::Format_RGB32);
    photo.fill(QColor(10, 200, 30));
    QVERIFY(photo.save(path));
    const Result<OwnPicture> own = ownPicture(path, Shape{28, 28, 1});
    QVERIFY(own.ok());
    QCOMPARE(own->values.size(), std::size_t{28 * 28});
    QVERIFY(own->sentence.contains(QStringLiteral("28")));
    const Result<OwnPicture> colour = ownPicture(path, Shape{48, 64, 3});
    QVERIFY(colour.ok());
    QCOMPARE(colour->values[1], 200.0f);
    QVERIFY(colour->sentence != own->sentence);
}

void InspectTest::whatIsNoPictureIsRefused() {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("words.png"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no picture at all");
    file.close();
    QVERIFY(!ownPicture(path, Shape{28, 28, 1}).ok());
    QVERIFY(!ownPicture(path, Shape{784}).ok());
}

} // namespace strata::ui

using strata::ui::InspectTest;
STRATA_FILE_TEST_MAIN(InspectTest)
#include "inspect_test.moc"
