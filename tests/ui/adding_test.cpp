// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/layer_search.h"
#include "ui/editor/search_palette.h"
#include "ui_support.h"

#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTimer>

namespace strata::ui {

using test::Canvas;

/// How cards come onto the canvas: the search at the hand, a wire dropped on nothing, a card on a wire.
class AddingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void theSearchPaletteAdds_data();
    void theSearchPaletteAdds();
    void aNameComesBeforeWhatFits_data();
    void aNameComesBeforeWhatFits();
    void theMenuSearchesWhereItWasOpened();
    void tabSearchesBySetting();
    void theSearchFollowsTheSelectedCard_data();
    void theSearchFollowsTheSelectedCard();
    void aNewCardCoversNoOther_data();
    void aNewCardCoversNoOther();
    void whereDataBeginStandsAlone();
    void theShapeIsThatOfTheData();
    void theEmptyCanvasSaysHowToBegin();
    void theHintLiesOnNoCard();
    void aLowCanvasSearchesOverItsNeighbours();
    void aWireDroppedOnEmptyOffersWhatFits();
    void anInputsWireDroppedOnEmptyOffersWhatFits();
    void aCardDroppedOnAWireGoesIntoIt();
    void neighboursMakeRoomForACardInAWire();
};

namespace {

void choose(Canvas& canvas, const char* words) {
    QLineEdit* field = canvas.view.search().field();
    QTRY_VERIFY_WITH_TIMEOUT(canvas.view.search().isVisible(), test::kPatience);
    QTest::keyClicks(field, QLatin1String(words));
    QTest::keyClick(field, Qt::Key_Return);
}

enum How { Key, Tab, DoubleClick };

void open(Canvas& canvas, int how) {
    if (how == Tab && !canvas.view.settings().tabAdds) canvas.view.actions().tabAdds->trigger();
    if (how == Key) canvas.key(Qt::Key_A, Qt::ShiftModifier);
    else if (how == Tab) canvas.key(Qt::Key_Tab);
    else {
        canvas.click(canvas.empty()); // a double click begins with a click
        QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, canvas.empty());
    }
}

} // namespace

void AddingTest::theSearchPaletteAdds_data() {
    QTest::addColumn<int>("how");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("type");
    QTest::newRow("double click, title") << 0 << QStringLiteral("dropout") << QStringLiteral("Dropout");
    QTest::newRow("key, initials") << 1 << QStringLiteral("gap") << QStringLiteral("GlobalAveragePooling2D");
    QTest::newRow("key, synonym") << 1 << QStringLiteral("fully conn") << QStringLiteral("Dense");
    QTest::newRow("key, Keras's name") << 1 << QStringLiteral("max_pool") << QStringLiteral("MaxPooling2D");
    QTest::newRow("whole name") << 1 << QStringLiteral("add") << QStringLiteral("Add");
    QTest::newRow("beginning") << 1 << QStringLiteral("maxp") << QStringLiteral("MaxPooling2D");
}

void AddingTest::theSearchPaletteAdds() {
    QFETCH(int, how);
    QFETCH(QString, typed);
    QFETCH(QString, type);
    Canvas canvas;
    if (how == 0) QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, canvas.empty());
    else canvas.key(Qt::Key_A, Qt::ShiftModifier);
    QVERIFY(canvas.view.search().isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(canvas.view.search().field()->hasFocus(), test::kPatience);
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Escape);
    QVERIFY(!canvas.view.search().isVisible());
    QVERIFY(canvas.view.hasFocus());
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    QTest::keyClicks(canvas.view.search().field(), typed);
    QCOMPARE(canvas.view.search().offered().value(0), type);
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Return);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{6});
    QCOMPARE(canvas.document.graph().nodes().back()->type, type.toStdString());
}

/// After a row of numbers no pooling of pictures fits: a name is a name nevertheless.
void AddingTest::aNameComesBeforeWhatFits() {
    QFETCH(QString, typed);
    Canvas canvas;
    canvas.click(canvas.card(4)); // Flatten
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    QLineEdit* field = canvas.view.search().field();
    QTRY_VERIFY_WITH_TIMEOUT(field->hasFocus(), test::kPatience);
    QVERIFY(!canvas.view.search().offered().contains(QStringLiteral("MaxPooling2D")));
    QTest::keyClicks(field, typed);
    QCOMPARE(canvas.view.search().offered().value(0), QStringLiteral("MaxPooling2D"));
    QTest::keyClick(field, Qt::Key_Return);
    const std::vector<NodeId> added = canvas.scene.selectedNodes();
    QCOMPARE(canvas.document.graph().find(added.front())->type, std::string("MaxPooling2D"));
    QCOMPARE(canvas.document.graph().inputsOf(added.front()).front().from, NodeId{4});
}

void AddingTest::aNameComesBeforeWhatFits_data() {
    QTest::addColumn<QString>("typed");
    QTest::newRow("whole") << QStringLiteral("MaxPooling2D");
    QTest::newRow("lower case") << QStringLiteral("maxpooling2d");
    QTest::newRow("Keras's") << QStringLiteral("max_pooling2d");
    QTest::newRow("beginning") << QStringLiteral("maxp");
}

void AddingTest::theMenuSearchesWhereItWasOpened() {
    Canvas canvas;
    QTimer::singleShot(0, &canvas.view, [] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) return;
        for (QAction* action : menu->actions()) {
            if (action->objectName() == QStringLiteral("addLayer")) QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
        }
        menu->close();
    });
    const QPoint at = canvas.empty() - QPoint(60, 300);
    canvas.press(at, Qt::RightButton);
    canvas.release(at, Qt::RightButton);
    QTRY_VERIFY_WITH_TIMEOUT(canvas.view.search().isVisible(), test::kPatience);
    QVERIFY(canvas.view.search().geometry().adjusted(-30, -30, 30, 30).contains(at));
    choose(canvas, "dropout");
    const NodeId added = canvas.scene.selectedNodes().front();
    const CardItem& card = *canvas.scene.card(added);
    // Under the hand; only the panel of a mistake above may push it down.
    const QRectF rect = card.cardRect().translated(card.pos());
    const QPointF hand = canvas.view.mapToScene(at);
    QVERIFY(std::abs(rect.center().x() - hand.x()) < 2);
    QVERIFY(rect.bottom() > hand.y());
}

void AddingTest::tabSearchesBySetting() {
    Canvas canvas;
    canvas.view.actions().tabAdds->trigger();
    canvas.key(Qt::Key_Tab);
    QVERIFY(canvas.view.search().isVisible());
}

void AddingTest::theSearchFollowsTheSelectedCard_data() {
    QTest::addColumn<int>("how");
    QTest::addColumn<int>("selected");
    for (const int selected : {1, 3, 5}) {
        QTest::addRow("Shift+A, card %d", selected) << static_cast<int>(Key) << selected;
        QTest::addRow("Tab, card %d", selected) << static_cast<int>(Tab) << selected;
        QTest::addRow("double click, card %d", selected) << static_cast<int>(DoubleClick) << selected;
    }
}

void AddingTest::theSearchFollowsTheSelectedCard() {
    QFETCH(int, how);
    QFETCH(int, selected);
    Canvas canvas;
    const std::vector<Edge> after = canvas.document.graph().outputsOf(selected);
    canvas.click(canvas.card(selected));
    open(canvas, how);
    choose(canvas, "dropout");
    const ModelGraph& graph = canvas.document.graph();
    const NodeId added = graph.nodes().back()->id;
    QCOMPARE(canvas.scene.selectedNodes(), std::vector<NodeId>{added});
    QCOMPARE(graph.inputsOf(added).size(), std::size_t{1});
    QCOMPARE(graph.inputsOf(added).front().from, NodeId{selected});
    if (!after.empty()) QCOMPARE(graph.inputsOf(after.front().to).front().from, added);
    QCOMPARE(graph.find(added)->position.x, graph.find(selected)->position.x);
    QVERIFY(graph.find(added)->position.y > graph.find(selected)->position.y);
    QVERIFY(!test::cardsOverlap(graph));
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void AddingTest::aNewCardCoversNoOther_data() {
    QTest::addColumn<int>("selected");
    QTest::addColumn<QPointF>("stranger");
    const double pitch = edits::pitch();
    QTest::newRow("below the last") << 5 << QPointF(30, 5 * pitch + 10);
    QTest::newRow("in a wide gap") << 4 << QPointF(-20, 4 * pitch + 15);
    QTest::newRow("nothing selected, under the hand") << 0 << QPointF(400, 300);
}

void AddingTest::aNewCardCoversNoOther() {
    QFETCH(int, selected);
    QFETCH(QPointF, stranger);
    ModelGraph graph = test::smallNet();
    if (selected == 4) edits::moveBy(graph, std::array<NodeId, 1>{5}, 0, 2 * edits::pitch());
    const NodeId other = edits::addCard(graph, "Flatten", {stranger.x(), stranger.y()});
    Canvas canvas(graph);
    if (selected != 0) canvas.click(canvas.card(selected));
    else canvas.moveTo(canvas.card(other), Qt::NoButton);
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    choose(canvas, "dropout");
    QVERIFY(!test::cardsOverlap(canvas.document.graph()));
    const NodeId added = canvas.document.graph().nodes().back()->id;
    QCOMPARE(canvas.document.graph().inputsOf(added).size(), selected == 0 ? std::size_t{0} : std::size_t{1});
}

void AddingTest::whereDataBeginStandsAlone() {
    Canvas canvas;
    canvas.click(canvas.card(5));
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    choose(canvas, "input");
    const ModelGraph& graph = canvas.document.graph();
    QCOMPARE(graph.nodes().back()->type, std::string("Input"));
    QCOMPARE(graph.edges().size(), std::size_t{4});
    QVERIFY(!test::cardsOverlap(graph));
}

void AddingTest::theShapeIsThatOfTheData() {
    Canvas canvas{ModelGraph()};
    canvas.document.setDataInfo(Shape({20, 20, 1}), 10);
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    choose(canvas, "input");
    const ParamMap& params = canvas.document.graph().nodes().back()->params;
    QCOMPARE(*params.at("shape").asInts(), (ParamValue::IntList{20, 20, 1}));
    canvas.view.addLayer(QStringLiteral("Input"));
    QCOMPARE(*canvas.document.graph().nodes().back()->params.at("shape").asInts(), (ParamValue::IntList{20, 20, 1}));
}

void AddingTest::theEmptyCanvasSaysHowToBegin() {
    Canvas canvas{ModelGraph()};
    auto* hint = canvas.view.findChild<QWidget*>(QStringLiteral("emptyHint"));
    auto* link = canvas.view.findChild<QPushButton*>(QStringLiteral("emptyHintTemplates"));
    QVERIFY(hint->isVisible());
    QVERIFY(hint->accessibleName().contains(QStringLiteral("Shift+A")));
    QSignalSpy asked(&canvas.view, &EditorView::templatesRequested);
    QTest::mouseClick(link, Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    // Hands go through it.
    QTest::mouseDClick(canvas.view.viewport(), Qt::LeftButton, {}, hint->geometry().center());
    choose(canvas, "input");
    QVERIFY(hint->isVisible());
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    choose(canvas, "conv2d");
    QVERIFY(!hint->isVisible());
    QVERIFY(!link->isVisible());
    while (canvas.document.undoStack().canUndo()) canvas.document.undoStack().undo();
    QVERIFY(hint->isVisible());
}

void AddingTest::theHintLiesOnNoCard() {
    Canvas canvas(test::chain({"Input"}));
    const auto* hint = canvas.view.findChild<QWidget*>(QStringLiteral("emptyHint"));
    const auto* link = canvas.view.findChild<QWidget*>(QStringLiteral("emptyHintTemplates"));
    for (const QSize size : {QSize(1000, 760), QSize(390, 300), QSize(900, 180), QSize(300, 160)}) {
        canvas.view.resize(size);
        canvas.view.showFirst();
        const QRect card = canvas.view.mapFromScene(canvas.scene.card(1)->sceneBoundingRect()).boundingRect();
        QCOMPARE(hint->isVisible(), link->isVisible());
        QCOMPARE(hint->isVisible(), size.width() > 300);
        if (hint->isVisible()) QVERIFY(!hint->geometry().intersects(card) && !link->geometry().intersects(card));
    }
}

void AddingTest::aLowCanvasSearchesOverItsNeighbours() {
    QWidget window;
    window.resize(900, 600);
    Canvas canvas;
    canvas.view.setParent(&window);
    canvas.view.setGeometry(250, 50, 380, 230);
    window.show();
    canvas.view.show();
    QVERIFY(QTest::qWaitForWindowActive(&window, test::kPatience));
    canvas.view.setFocus();
    canvas.key(Qt::Key_A, Qt::ShiftModifier);
    const SearchPalette& search = canvas.view.search();
    QVERIFY(search.isVisible());
    QCOMPARE(search.parentWidget(), &window);
    QVERIFY(window.rect().contains(search.geometry()));
    QVERIFY(search.height() > canvas.view.height());
    const std::size_t before = canvas.document.graph().nodes().size();
    choose(canvas, "dropout");
    QCOMPARE(canvas.document.graph().nodes().size(), before + 1);
    QTRY_VERIFY_WITH_TIMEOUT(canvas.view.hasFocus(), test::kPatience);
}

void AddingTest::aWireDroppedOnEmptyOffersWhatFits() {
    Canvas canvas;
    canvas.drag(canvas.port(2, -1), canvas.port(2, -1) + QPoint(330, 60));
    QVERIFY(canvas.view.search().isVisible());
    const QStringList offered = canvas.view.search().offered();
    QCOMPARE(offered.mid(0, 3), QStringList({QStringLiteral("BatchNormalization"), QStringLiteral("Activation"), QStringLiteral("MaxPooling2D")}));
    QVERIFY(!offered.contains(QStringLiteral("Input")));
    // What would wait for a second wire comes behind all that this wire is enough for.
    const auto merges = [](const QString& type) { return findLayerType(type.toStdString())->minInputs > 1; };
    const auto firstMerge = std::ranges::find_if(offered, merges);
    QVERIFY(firstMerge != offered.end() && std::all_of(firstMerge, offered.end(), merges));
    QTest::keyClicks(canvas.view.search().field(), QStringLiteral("batchn"));
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Return);
    QVERIFY(!canvas.view.search().isVisible());
    const std::vector<NodeId> added = canvas.scene.selectedNodes();
    QCOMPARE(added.size(), std::size_t{1});
    QCOMPARE(canvas.document.graph().find(added[0])->type, std::string("BatchNormalization"));
    QCOMPARE(canvas.document.graph().inputsOf(added[0]).front().from, NodeId{2});
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void AddingTest::anInputsWireDroppedOnEmptyOffersWhatFits() {
    ModelGraph graph = test::smallNet();
    graph.disconnect({1, 2, 0});
    Canvas canvas(graph);
    canvas.drag(canvas.port(2, 0), canvas.port(2, 0) + QPoint(330, -20));
    QVERIFY(canvas.view.search().isVisible());
    const QStringList offered = canvas.view.search().offered();
    // A convolution takes pictures: no row of numbers, and nothing of one or of three dimensions.
    for (const char* type : {"Input", "Conv2D", "MaxPooling2D", "Dropout"}) QVERIFY2(offered.contains(QLatin1String(type)), type);
    for (const char* type : {"Flatten", "GlobalAveragePooling2D", "Conv1D", "MaxPooling3D"}) QVERIFY2(!offered.contains(QLatin1String(type)), type);
    const LayerMatch flatten = searchLayers(QStringLiteral("flatten"), {.reader = *graph.find(2)}).front();
    QCOMPARE(flatten.type->schema.id, std::string("Flatten"));
    QCOMPARE(flatten.reason, QStringLiteral("Axes of its output: 1; axes that conv2d takes: 3. A Reshape between them can change that."));
    QTest::keyClicks(canvas.view.search().field(), QStringLiteral("max_pooling2d"));
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Return);
    const std::vector<NodeId> added = canvas.scene.selectedNodes();
    QCOMPARE(added.size(), std::size_t{1});
    QCOMPARE(canvas.document.graph().find(added[0])->type, std::string("MaxPooling2D"));
    QCOMPARE(canvas.document.graph().inputsOf(2).front().from, added[0]);
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void AddingTest::aCardDroppedOnAWireGoesIntoIt() {
    ModelGraph graph = test::smallNet();
    const NodeId loose = edits::addCard(graph, "Dropout", {420, 40});
    Canvas canvas(graph);
    const double below = canvas.document.graph().find(3)->position.y;
    const QPoint wire = canvas.at(canvas.scene.wire({2, 3, 0})->path().pointAtPercent(0.5));
    // Taken 26 px below its top edge: held so that its middle is on the wire.
    canvas.drag(canvas.card(loose), wire + QPoint(40, 0));
    QCOMPARE(canvas.document.graph().inputsOf(loose).front().from, NodeId{2});
    QCOMPARE(canvas.document.graph().inputsOf(3).front().from, loose);
    QCOMPARE(canvas.document.graph().find(3)->position.y, below + edits::pitch());
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

void AddingTest::neighboursMakeRoomForACardInAWire() {
    ModelGraph graph = test::smallNet();
    const NodeId loose = edits::addCard(graph, "Dropout", {500, 0});
    Canvas canvas(graph);
    const Point four = graph.find(4)->position;
    canvas.drag(canvas.card(loose), canvas.at(canvas.scene.wire({3, 4, 0})->path().pointAtPercent(0.5)) - QPoint(-40, 0));
    QCOMPARE(canvas.document.graph().inputsOf(4).front().from, loose);
    QCOMPARE(canvas.document.graph().find(4)->position.y, four.y + edits::pitch());
    QCOMPARE(canvas.document.graph().find(loose)->position.x, four.x);
    QCOMPARE(canvas.document.undoStack().count(), 1);
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::AddingTest)
#include "adding_test.moc"
