// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/layout.h"
#include "engine/graph/templates.h"
#include "tests/support/graph_dsl.h"
#include "ui/document/number_text.h"
#include "ui/editor/heat_legend.h"
#include "ui/inspector/formula_view.h"
#include "ui/inspector/layer_help.h"
#include "ui/inspector/why_card.h"
#include "ui/inspector/window_drawing.h"
#include "ui/window/main_window.h"
#include "ui/window/totals_bar.h"
#include "ui_support.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>

namespace strata::ui {

/// What explains the drawing: the why card, the heat of the cards, the totals.
class InsightTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aClickOnTheBadgeSaysWhy();
    void whatCannotBeReadIsNotAsked();
    void theWhyCardLeavesItsNeighboursInSight_data();
    void theWhyCardLeavesItsNeighboursInSight();
    void theWhyCardFollowsEditsAndMends();
    void theWhyCardGoesAlong();
    void whatKeepsAllShowsWhatItWouldDo();
    void everyTemplateExplainsEveryCard();
    void windowsEndInTheGap();
    void heatIsABarAndANumber();
    void totalsAreLive();
    void helpWritesNumbersOut();
};

namespace {

struct Asked : test::Canvas {
    WhyCard why{document, &view, [this](NodeId id) { return WhyCard::Place{view.placeOf(id), view.placeWithNeighbours(id)}; }};
    explicit Asked(const char* graph) : Asked(graphFrom(graph)) {}
    explicit Asked(const ModelGraph& graph) : test::Canvas(layOut(graph)) {
        QObject::connect(&view, &EditorView::whyRequested, &why, &WhyCard::open);
    }
    /// The middle of a card's shape badge, in the view.
    QPoint badge(NodeId id) const {
        const QRectF card = scene.card(id)->cardRect();
        return at(scene.card(id)->pos() + QPointF(card.right() - 30, 14));
    }
    QString words() const {
        QStringList all;
        for (const QLabel* l : why.findChildren<QLabel*>()) {
            if (l->isVisibleTo(&why)) all << l->text();
        }
        return all.join(QLatin1Char('\n')).replace(QChar::Nbsp, QLatin1Char(' '));
    }
};

} // namespace

void InsightTest::aClickOnTheBadgeSaysWhy() {
    Asked canvas("Input 14x14x16 > Conv2D filters=32 strides=2 name=c > Flatten > Dense units=10");
    const NodeId c = canvas.document.graph().findByName("c")->id;
    canvas.view.viewport()->grab(); // cards prepare their words when they are painted
    canvas.click(canvas.card(c));
    QVERIFY(!canvas.why.isVisible()); // only the numbers are asked
    canvas.click(canvas.badge(c));
    QVERIFY(canvas.why.isVisible());
    QCOMPARE(canvas.why.node(), c);
    QVERIFY(canvas.words().contains(QStringLiteral("Why 6 × 6 × 32?")));
    QVERIFY(canvas.words().contains(QStringLiteral("11 ÷ 2 = 5.5, rounded down")));
    QVERIFY(canvas.words().contains(QStringLiteral("sees 3 × 3 cells")));
    QVERIFY(canvas.why.findChild<WindowDrawing*>() != nullptr);
    QCOMPARE(canvas.why.findChildren<FormulaView*>().size(), qsizetype{3}); // size, parameters, work
    QVERIFY(canvas.view.rect().contains(canvas.why.geometry()));
    QCOMPARE(canvas.document.undoStack().count(), 0);
    QTest::keyClick(&canvas.why, Qt::Key_Escape);
    QVERIFY(!canvas.why.isVisible());
    canvas.click(canvas.badge(c));
    QVERIFY(canvas.why.isVisible());
    canvas.click(QPoint(canvas.view.width() - 20, 20)); // elsewhere
    QVERIFY(!canvas.why.isVisible());
    canvas.click(canvas.badge(c));
    QTest::mouseClick(canvas.why.findChild<QToolButton*>(QStringLiteral("keepOpen")), Qt::LeftButton);
    canvas.click(QPoint(canvas.view.width() - 20, 20));
    QVERIFY(canvas.why.isVisible());
    QTest::mouseClick(canvas.why.findChild<QToolButton*>(QStringLiteral("closeWhy")), Qt::LeftButton);
    QVERIFY(!canvas.why.isVisible());
}

void InsightTest::whatCannotBeReadIsNotAsked() {
    Asked canvas("Input 14x14x16 > Conv2D filters=32 strides=2 name=c > Flatten > Dense units=10");
    const NodeId c = canvas.document.graph().findByName("c")->id;
    canvas.view.setZoom(0.5, {});
    canvas.view.viewport()->grab();
    canvas.click(canvas.badge(c));
    QVERIFY(!canvas.why.isVisible());
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{c});
}

void InsightTest::theWhyCardLeavesItsNeighboursInSight_data() {
    QTest::addColumn<QRect>("canvas");
    QTest::addColumn<bool>("leftToRight");
    QTest::addColumn<bool>("whole"); // nothing of it is left to scroll to
    QTest::newRow("1280 x 720, between the docks") << QRect(200, 42, 812, 450) << false << true;
    QTest::newRow("1280 x 720, left to right") << QRect(200, 42, 812, 450) << true << false;
    QTest::newRow("a narrow canvas") << QRect(230, 80, 660, 400) << false << false;
    QTest::newRow("the docks are closed") << QRect(0, 42, 1280, 650) << false << true;
}

void InsightTest::theWhyCardLeavesItsNeighboursInSight() {
    QFETCH(QRect, canvas);
    QFETCH(bool, leftToRight);
    QFETCH(bool, whole);
    QWidget window;
    window.resize(1280, 720);
    Asked asked("Input 14x14x16 > Conv2D filters=32 strides=2 name=c > Flatten name=f > Dense units=10");
    asked.view.setParent(&window);
    asked.view.setGeometry(canvas);
    window.show();
    asked.view.show();
    QVERIFY(QTest::qWaitForWindowActive(&window, test::kPatience));
    asked.scene.setDensity(Density::Compact);
    asked.scene.setLeftToRight(leftToRight);
    asked.view.showFirst();
    const NodeId c = asked.document.graph().findByName("c")->id;
    asked.view.askWhy(c);
    QVERIFY(asked.why.isVisible());
    QVERIFY(window.rect().contains(asked.why.geometry()));
    for (const Node* node : {asked.document.graph().find(1), asked.document.graph().findByName("c"), asked.document.graph().findByName("f")}) {
        const CardItem& card = *asked.scene.card(node->id);
        const QRect seen = asked.view.mapFromScene(card.cardRect().translated(card.pos())).boundingRect().translated(canvas.topLeft());
        QVERIFY2(!asked.why.geometry().intersects(seen), node->name.c_str());
    }
    const auto* area = asked.why.findChild<QScrollArea*>();
    const QString heights = QStringLiteral("%1 in %2").arg(area->widget()->height()).arg(area->viewport()->height());
    QVERIFY2(!whole || area->widget()->height() <= area->viewport()->height(), qPrintable(heights));
    // Escape closes it wherever the canvas has the focus again.
    asked.view.setFocus();
    asked.key(Qt::Key_Escape);
    QVERIFY(!asked.why.isVisible());
}

void InsightTest::theWhyCardFollowsEditsAndMends() {
    Asked canvas("Input 14x14x16 > Conv2D filters=32 strides=2 name=c > Flatten > Dense units=10");
    const NodeId c = canvas.document.graph().findByName("c")->id;
    canvas.view.askWhy(c);
    auto* mend = canvas.why.findChild<QPushButton*>(QStringLiteral("keepAll"));
    QVERIFY(mend != nullptr);
    QTest::mouseClick(mend, Qt::LeftButton);
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(canvas.words().contains(QStringLiteral("Why 7 × 7 × 32?")));
    canvas.document.undoStack().undo();
    QVERIFY(canvas.words().contains(QStringLiteral("Why 6 × 6 × 32?")));
    canvas.document.edit(QStringLiteral("Remove"), [c](DocumentState& state) { state.graph.remove(c); });
    QVERIFY(!canvas.why.isVisible());
}

/// Pinned, while the drawing is moved below it, changed, or the window becomes another.
void InsightTest::theWhyCardGoesAlong() {
    GraphDocument document;
    MainWindow window(document);
    document.reset(test::stateWith(layOut(graphFrom("Input 14x14x16 > Conv2D filters=32 strides=2 name=c > Flatten > Dense units=10"))));
    window.resize(1500, 950);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window, test::kPatience));
    EditorView& view = window.canvas();
    view.showFirst();
    const NodeId c = document.graph().findByName("c")->id;
    view.askWhy(c);
    auto* why = window.findChild<WhyCard*>(QStringLiteral("whyCard"));
    QVERIFY(why != nullptr && why->isVisible());
    QTest::mouseClick(why->findChild<QToolButton*>(QStringLiteral("keepOpen")), Qt::LeftButton);
    const auto card = [&] { return view.placeOf(c).translated(view.mapTo(&window, QPoint())); };
    const auto beside = [&] {
        const QRect at = card(), is = why->geometry();
        const int apart = std::max({is.left() - at.right(), at.left() - is.right(), is.top() - at.bottom(), at.top() - is.bottom()});
        return apart > 0 && apart < 12;
    };
    QVERIFY(beside());
    view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->value() - 160);
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() - 60);
    QTRY_VERIFY_WITH_TIMEOUT(beside(), test::kPatience);
    view.setZoom(0.8, view.rect().center());
    QTRY_VERIFY_WITH_TIMEOUT(beside(), test::kPatience);
    const QRect card1 = card();
    document.edit(QStringLiteral("Move"), [c](DocumentState& state) { edits::moveBy(state.graph, std::array{c}, 90, 40); });
    QVERIFY(card() != card1);
    QTRY_VERIFY_WITH_TIMEOUT(beside(), test::kPatience);
    document.edit(QStringLiteral("Move and set"), [c](DocumentState& state) {
        edits::moveBy(state.graph, std::array{c}, -90, 30);
        test::setParam(state.graph, c, "filters", 7);
    });
    QTRY_VERIFY_WITH_TIMEOUT(beside(), test::kPatience);
    window.resize(1300, 800);
    QTRY_VERIFY_WITH_TIMEOUT(beside(), test::kPatience);
    // Out of sight there is nothing to be beside of.
    const QRect last = why->geometry();
    view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->value() + 5000);
    document.edit(QStringLiteral("Filters"), [c](DocumentState& state) { test::setParam(state.graph, c, "filters", 9); });
    QCoreApplication::processEvents();
    QVERIFY(why->isVisible());
    QCOMPARE(why->geometry(), last);
}

void InsightTest::whatKeepsAllShowsWhatItWouldDo() {
    Asked canvas("Input 14x14x16 > Conv2D filters=32 strides=2 name=c > Flatten > Dense units=10");
    const NodeId c = canvas.document.graph().findByName("c")->id;
    canvas.view.askWhy(c);
    auto* mend = canvas.why.findChild<QPushButton*>(QStringLiteral("keepAll"));
    QVERIFY(mend != nullptr);
    QVERIFY2(mend->toolTip().startsWith(QStringLiteral("output 6 × 6 × 32 → 7 × 7 × 32, +4,160 parameters")), qPrintable(mend->toolTip()));
    QCOMPARE(mend->accessibleDescription(), mend->toolTip());
    const auto previewed = [&] { return canvas.document.previewed() ? shapeText(canvas.document.previewed()->find(c)->plan.output) : QString(); };
    QEnterEvent enter(QPointF(4, 4), QPointF(4, 4), QPointF(4, 4));
    QApplication::sendEvent(mend, &enter);
    QCOMPARE(previewed(), QStringLiteral("7 × 7 × 32"));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(mend, &leave);
    QCOMPARE(previewed(), QString());
    mend->setFocus(Qt::TabFocusReason);
    QCOMPARE(previewed(), QStringLiteral("7 × 7 × 32"));
    QTest::keyClick(mend, Qt::Key_Escape);
    QVERIFY(!canvas.why.isVisible());
    QCOMPARE(previewed(), QString());
}

/// No card of any shape makes it fall over, also where the drawing must leave out the middle of a large input.
void InsightTest::everyTemplateExplainsEveryCard() {
    std::vector<ModelGraph> graphs;
    for (const Template& each : templates()) graphs.push_back(each.make());
    QVERIFY(graphs.size() > 5);
    for (const char* text : {"Input 224x224x3 > Conv2D filters=8 kernel_size=7 strides=2 padding=same > MaxPooling2D pool_size=3 strides=2 > "
                             "DepthwiseConv2D > SeparableConv2D > BatchNormalization > UpSampling2D > GlobalAveragePooling2D > Dense",
                             "Input 1000x4 > Conv1D kernel_size=9 dilation_rate=4 > MaxPooling1D > Flatten > Dense",
                             "Input 8x8x8x2 > Conv3D > Conv3DTranspose > Flatten > Dense", "Input 1x1x1 > Conv2D kernel_size=1 > Flatten > Dense",
                             "Input 9x9x2 > Conv2D data_format=channels_first kernel_size=1 > Flatten > Dense"}) {
        graphs.push_back(graphFrom(text));
    }
    for (const ModelGraph& graph : graphs) {
        Asked canvas(graph);
        for (const auto& node : graph.nodes()) {
            const NodeReport& report = *canvas.document.report().find(node->id);
            canvas.view.askWhy(node->id);
            QVERIFY2(canvas.why.isVisible(), node->name.c_str());
            const QString words = canvas.words();
            QVERIFY2(words.contains(QStringLiteral("Why %1?").arg(shapeText(report.plan.output))), qPrintable(words));
            for (const char* part : {"Parameters", "Work", "Memory", "Receptive field"}) QVERIFY2(words.contains(QLatin1String(part)), part);
            QVERIFY(!canvas.why.grab().isNull());
        }
    }
}

/// A window that reaches into the part that is left out is drawn up to there, not to the left of everything.
void InsightTest::windowsEndInTheGap() {
    const AxisPicture wide{.name = "steps", .input = 1000, .window = 32, .stride = 1, .places = 969};
    WindowDrawing drawing({wide});
    const QImage picture = drawing.grab().toImage();
    const double cell = 7;
    const auto inked = [&](double x) { // the frame of the first window along the top
        const QColor ink = currentTheme().accent.base, there = picture.pixelColor(QPoint(static_cast<int>(x), 1) * picture.devicePixelRatio());
        return std::abs(ink.red() - there.red()) + std::abs(ink.green() - there.green()) + std::abs(ink.blue() - there.blue()) < 90;
    };
    for (const double x : {5.0, 10.5, 20.5}) QVERIFY2(inked(x * cell), qPrintable(QString::number(x)));
    // Far apart, far spread, large: whatever it is, it takes no time and stays inside.
    for (const AxisPicture& axis : {AxisPicture{.name = "a", .input = 1'000'000'000, .window = 400'000'000, .dilation = 2, .stride = 1, .places = 200'000'001},
                                    AxisPicture{.name = "b", .input = 5000, .window = 16, .stride = 8, .places = 624},
                                    AxisPicture{.name = "c", .input = 5000, .window = 3, .dilation = 2000, .stride = 1, .places = 999}}) {
        QVERIFY(!WindowDrawing({axis}).grab().isNull());
        QVERIFY(!WindowDrawing({axis, axis}).grab().isNull());
    }
}

namespace {

void setTrainable(GraphDocument& document, const char* name, bool trainable) {
    document.edit(QStringLiteral("Freeze"), [&](DocumentState& state) {
        Node node = *state.graph.findByName(name);
        node.trainable = trainable;
        state.graph.replace(std::move(node));
    });
}

} // namespace

void InsightTest::heatIsABarAndANumber() {
    test::Canvas canvas(layOut(graphFrom("Input 28x28x1 > Conv2D filters=8 name=a > Flatten > Dense units=10 name=d")));
    HeatLegend legend(canvas.scene, &canvas.view);
    const auto face = [&](const char* name) { return canvas.scene.card(canvas.document.graph().findByName(name)->id)->face(); };
    const CardFace before = face("a");
    QVERIFY(before.heat < 0 && legend.isHidden());
    canvas.scene.setHeat(HeatKind::Parameters);
    QVERIFY(legend.isVisible());
    QCOMPARE(face("d").heat, 1.0);
    QVERIFY(face("a").heat > 0 && face("a").heat < 0.01);
    canvas.scene.setHeat(HeatKind::Macs);
    QCOMPARE(face("a").count, QStringLiteral("48,672"));
    QVERIFY(legend.accessibleName().contains(QStringLiteral("54,080")));
    canvas.scene.setHeat(HeatKind::ReceptiveField);
    QCOMPARE(face("a").count, QStringLiteral("3 × 3"));
    QVERIFY(legend.accessibleName().contains(QStringLiteral("3 × 3")));
    QCOMPARE(face("d").count, QStringLiteral("everything"));
    // What is trained, what a prediction holds, and what was measured.
    setTrainable(canvas.document, "a", false);
    canvas.scene.setHeat(HeatKind::Trainable);
    QCOMPARE(face("a").count, QStringLiteral("0"));
    QVERIFY(face("a").heat == 0 && face("d").heat == 1.0);
    setTrainable(canvas.document, "a", true);
    canvas.scene.setHeat(HeatKind::Inference);
    QCOMPARE(face("a").count, bytesText(4 * (28 * 28 + 26 * 26 * 8)));
    canvas.scene.setHeat(HeatKind::Time);
    QVERIFY(legend.accessibleName().contains(QStringLiteral("not measured yet")));
    QVERIFY(face("a").heat < 0 && face("a").count == QStringLiteral("–"));
    const NodeId a = canvas.document.graph().findByName("a")->id, d = canvas.document.graph().findByName("d")->id;
    canvas.scene.setLayerSeconds({{a, 8.4e-4}, {d, 2.1e-4}});
    QVERIFY(legend.accessibleName().contains(QStringLiteral("0.84 ms")));
    QVERIFY(face("a").heat == 1.0 && face("a").count == QStringLiteral("0.84 ms"));
    QVERIFY(std::abs(face("d").heat - 0.25) < 1e-6);
    QVERIFY(face("a").toolTip.contains(QStringLiteral("About 0.84 ms for one image in training")));
    setTrainable(canvas.document, "d", false); // another network takes other times
    QVERIFY(face("a").heat < 0 && !face("a").toolTip.contains(QStringLiteral("About")));
    canvas.document.undoStack().undo();
    canvas.scene.setHeat(HeatKind::ReceptiveField);
    const QImage with = canvas.view.grab().toImage();
    canvas.scene.setHeat(HeatKind::Off);
    QVERIFY(face("a") == before && legend.isHidden());
    QVERIFY(with != canvas.view.grab().toImage());
    // From the ground to the strongest: told apart without seeing hues.
    for (const Theme& theme : {Theme::light(), Theme::dark()}) {
        const int low = qGray(heatColor(theme, 0).rgb()), middle = qGray(heatColor(theme, 0.5).rgb()), high = qGray(heatColor(theme, 1).rgb());
        QVERIFY((low > middle && middle > high) || (low < middle && middle < high));
    }
}

void InsightTest::helpWritesNumbersOut() {
    const QString input = layerHelp(*findLayerType("Input"));
    QVERIFY2(input.contains(QStringLiteral("16,777,216")), qPrintable(input));
    for (const LayerType& type : layerTypes()) {
        const QString help = layerHelp(type);
        QVERIFY2(!help.contains(QStringLiteral("e+0")) && !help.contains(QStringLiteral("e+1")), qPrintable(help));
    }
}

void InsightTest::totalsAreLive() {
    GraphDocument document;
    document.reset(test::stateWith(graphFrom("Input 8x8x3 > Conv2D filters=4 trainable=False activation=relu > Flatten > Dense units=2")));
    TotalsBar bar(document);
    bar.resize(1500, 26);
    bar.show();
    const auto words = [&] {
        QStringList all;
        for (const QLabel* l : bar.findChildren<QLabel*>()) {
            if (l->isVisibleTo(&bar)) all << l->text();
        }
        return all.join(QLatin1Char(' '));
    };
    QVERIFY2(words().contains(QStringLiteral("Parameters 402 (112 not trained)")), qPrintable(words()));
    QVERIFY2(words().contains(QStringLiteral("Training, batch of 32")), qPrintable(words()));
    QVERIFY(words().contains(QStringLiteral("FLOPs 8,352")));
    document.edit(QStringLiteral("Batch"), [](DocumentState& state) { state.training.batchSize = 64; });
    QVERIFY(words().contains(QStringLiteral("Training, batch of 64")));
    bar.resize(600, 26);
    QVERIFY(!words().contains(QStringLiteral("FLOPs")) && words().contains(QStringLiteral("Parameters")));
    QVERIFY2(bar.toolTip().contains(QStringLiteral("FLOPs 8,352")), qPrintable(bar.toolTip()));

    // Of a drawing that does not work as a whole these are sums over the rest, and say so.
    bar.resize(2400, 26);
    QVERIFY(!words().contains(QStringLiteral("part that works")));
    document.edit(QStringLiteral("Break"), [](DocumentState& state) {
        Node node = *state.graph.findByName("conv2d");
        node.params["kernel_size"] = ParamValue(std::int64_t{99});
        state.graph.replace(std::move(node));
    });
    QVERIFY2(words().contains(QStringLiteral("Of the part that works: ")), qPrintable(words()));
    QVERIFY2(words().contains(QStringLiteral("Receptive field –")), qPrintable(words()));
    bar.resize(400, 26);
    QVERIFY2(words().contains(QStringLiteral("Of the part that works: ")) || !words().contains(QStringLiteral("Parameters")), qPrintable(words()));

    // Nor are those sums of all that is drawn that leave out a card beside a network that is whole without it.
    bar.resize(2400, 26);
    document.undoStack().undo();
    QVERIFY(!words().contains(QStringLiteral("unconnected")));
    document.edit(QStringLiteral("Cut"), [](DocumentState& state) { state.graph.disconnect(state.graph.edges().back()); });
    QVERIFY2(words().contains(QStringLiteral("Without 1 unconnected: ")), qPrintable(words()));
    QVERIFY2(words().contains(QStringLiteral("Parameters 112")), qPrintable(words()));
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::InsightTest)
#include "insight_test.moc"
