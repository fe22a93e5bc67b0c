// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/palette_panel.h"
#include "ui/editor/search_palette.h"
#include "ui_support.h"

#include <QLineEdit>
#include <QMimeData>
#include <QSettings>

namespace strata::ui {

using test::Canvas;

/// The palette: what it shows, and what is dragged or chosen from it.
class PaletteTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void aLayerDraggedFromThePaletteLands();
    void aLayerDraggedOntoAWireGoesIntoIt();
    void aLayerDroppedUnderAFreeOutputIsFed_data();
    void aLayerDroppedUnderAFreeOutputIsFed();
    void thePaletteShowsTheUsualFirst();
    void thePaletteAddsAfterTheSelected();
    void theListLeavesTheCanvasItsKeys();
};

namespace {

void drop(Canvas& canvas, const char* type, QPoint at, Qt::KeyboardModifiers keys = Qt::NoModifier) {
    QMimeData data;
    data.setData(QLatin1String(EditorView::kLayerMime), type);
    canvas.drop(data, at, keys);
}

} // namespace

void PaletteTest::aLayerDraggedFromThePaletteLands() {
    Canvas canvas;
    drop(canvas, "Dropout", canvas.empty());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{6});
    const NodeId added = canvas.scene.selectedNodes().front();
    const QRectF card = canvas.scene.card(added)->cardRect().translated(canvas.scene.card(added)->pos());
    QVERIFY(card.contains(canvas.view.mapToScene(canvas.empty())));
    drop(canvas, "NoSuchLayer", canvas.empty());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{6});
}

void PaletteTest::aLayerDraggedOntoAWireGoesIntoIt() {
    Canvas canvas;
    drop(canvas, "Dropout", canvas.at(canvas.scene.wire({3, 4, 0})->path().pointAtPercent(0.5)));
    const NodeId added = canvas.scene.selectedNodes().front();
    QCOMPARE(canvas.document.graph().inputsOf(4).front().from, added);
    QCOMPARE(canvas.document.graph().inputsOf(added).front().from, NodeId{3});
}

void PaletteTest::aLayerDroppedUnderAFreeOutputIsFed_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QPointF>("off"); // of the hand from the middle of the card's lower edge
    QTest::addColumn<bool>("held"); // Shift
    QTest::addColumn<bool>("fed");
    const QByteArray conv("Conv2D");
    QTest::newRow("right under it") << conv << QPointF(10, 40) << false << true;
    QTest::newRow("touching it") << conv << QPointF(-30, 8) << false << true;
    QTest::newRow("to the right") << conv << QPointF(300, 60) << false << true;
    QTest::newRow("with Shift") << conv << QPointF(10, 40) << true << false;
    QTest::newRow("far below") << conv << QPointF(0, 300) << false << false;
    QTest::newRow("far to the right") << conv << QPointF(560, 60) << false << false;
    QTest::newRow("takes no input") << QByteArray("Input") << QPointF(10, 40) << false << false;
}

void PaletteTest::aLayerDroppedUnderAFreeOutputIsFed() {
    QFETCH(QByteArray, type);
    QFETCH(QPointF, off);
    QFETCH(bool, held);
    QFETCH(bool, fed);
    ModelGraph graph = test::chain({"Input"});
    test::setParam(graph, 1, "shape", ParamValue::IntList{28, 28, 1});
    Canvas canvas(graph);
    const CardItem* card = canvas.scene.card(1);
    const QPointF hand = card->pos() + QPointF(0, card->cardRect().bottom()) + off;
    drop(canvas, type.constData(), canvas.at(hand), held ? Qt::ShiftModifier : Qt::NoModifier);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{2});
    const NodeId added = canvas.document.graph().nodes().back()->id;
    QCOMPARE(canvas.document.graph().inputsOf(added).size(), std::size_t{fed});
    QCOMPARE(canvas.document.undoStack().count(), 1);
    QVERIFY(!test::cardsOverlap(canvas.document.graph()));
    if (fed && off.x() < 100) QCOMPARE(canvas.document.graph().find(added)->position.x, graph.find(1)->position.x);
    QVERIFY(canvas.mirrorsDocument());
}

void PaletteTest::thePaletteShowsTheUsualFirst() {
    PalettePanel palette;
    const auto shown = [&] {
        QStringList names;
        for (int g = 0; g < palette.tree()->topLevelItemCount(); ++g) {
            const QTreeWidgetItem* group = palette.tree()->topLevelItem(g);
            for (int i = 0; i < group->childCount(); ++i) {
                if (!group->isHidden() && !group->child(i)->isHidden()) names << group->child(i)->text(0);
            }
        }
        return names;
    };
    const QStringList before = shown();
    palette.field()->setText(QStringLiteral("pool"));
    const QStringList found = shown();
    QCOMPARE(found.front(), QStringLiteral("MaxPooling2D"));
    QCOMPARE(palette.tree()->currentItem()->text(0), QStringLiteral("MaxPooling2D"));
    const auto place = [&](const char* name) { return found.indexOf(QLatin1String(name)); };
    QVERIFY(place("AveragePooling2D") < place("AdaptiveAveragePooling2D"));
    QVERIFY(place("GlobalAveragePooling2D") < place("AdaptiveAveragePooling2D"));
    QVERIFY(palette.tree()->currentItem()->toolTip(0).startsWith(QStringLiteral("MaxPooling2D")));
    // A whole name stands above all, and letters in their order are no match beside it.
    palette.field()->setText(QStringLiteral("add"));
    QCOMPARE(shown().front(), QStringLiteral("Add"));
    QCOMPARE(palette.tree()->currentItem()->text(0), QStringLiteral("Add"));
    QVERIFY(!shown().contains(QStringLiteral("AdaptiveMaxPooling1D")));
    palette.field()->clear();
    QCOMPARE(shown(), before);
}

void PaletteTest::thePaletteAddsAfterTheSelected() {
    Canvas canvas;
    PalettePanel palette;
    connect(&palette, &PalettePanel::layerChosen, &canvas.view, &EditorView::addLayer);
    palette.show();
    canvas.click(canvas.card(2));
    palette.activateWindow(); // or Return would be the canvas's
    QVERIFY(QTest::qWaitForWindowActive(&palette, test::kPatience));
    palette.field()->setFocus();
    QTest::keyClicks(palette.field(), QStringLiteral("dropout"));
    QTest::keyClick(palette.field(), Qt::Key_Return);
    const NodeId added = canvas.scene.selectedNodes().front();
    QCOMPARE(canvas.document.graph().inputsOf(added).front().from, NodeId{2});
    QCOMPARE(canvas.document.graph().inputsOf(3).front().from, added);
    QTreeWidget* tree = palette.tree();
    const QRect row = tree->visualItemRect(tree->currentItem());
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, row.center());
    QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{7});
    QVERIFY(canvas.mirrorsDocument());
}

void PaletteTest::theListLeavesTheCanvasItsKeys() {
    QWidget window;
    window.resize(1200, 700);
    Canvas canvas;
    PalettePanel palette;
    palette.setParent(&window);
    canvas.view.setParent(&window);
    palette.setGeometry(0, 0, 250, 700);
    canvas.view.setGeometry(250, 0, 950, 700);
    window.show();
    palette.show();
    canvas.view.show();
    QVERIFY(QTest::qWaitForWindowActive(&window, test::kPatience));
    connect(&palette, &PalettePanel::layerChosen, &canvas.view, &EditorView::addLayer);
    connect(&palette, &PalettePanel::canvasKeyPressed, &canvas.view, [&](QKeyCombination key) { canvas.view.actions().triggerKey(key); });
    QTreeWidget* tree = palette.tree();
    const auto dense = tree->findItems(QStringLiteral("Dense"), Qt::MatchExactly | Qt::MatchRecursive).front();
    tree->scrollToItem(dense);
    const QPoint row = tree->visualItemRect(dense).center();
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, row);
    QTRY_VERIFY_WITH_TIMEOUT(tree->hasFocus(), test::kPatience);
    QTest::keyClick(tree, Qt::Key_A, Qt::ShiftModifier);
    QCOMPARE(tree->currentItem(), dense);
    QVERIFY(canvas.view.search().isVisible());
    QTest::keyClick(canvas.view.search().field(), Qt::Key_Escape);
    tree->setFocus();
    canvas.view.setZoom(3, {});
    QTest::keyClick(tree, Qt::Key_Home);
    QVERIFY(canvas.view.zoom() < 2);
    tree->setFocus();
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, row);
    QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, row);
    QTRY_VERIFY_WITH_TIMEOUT(canvas.view.hasFocus(), test::kPatience);
    QCOMPARE(canvas.document.graph().nodes().size(), std::size_t{6});
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::PaletteTest)
#include "palette_test.moc"
