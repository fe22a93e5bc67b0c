// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui_support.h"

#include <QPainter>
#include <QScrollBar>
#include <QSettings>
#include <QStyleOptionGraphicsItem>

namespace strata::ui {

using test::Canvas;

/// What a card paints, near and far, and what is ready before it does.
class CardPaintTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void farAwayCardsTellTheirShape();
    void anEditIsSeenWhereverItIsPainted();
    void wordsAreThereBeforeACardIsPainted();
};

/// Below 40 % a long title gives way, the shape does not.
void CardPaintTest::farAwayCardsTellTheirShape() {
    const CanvasLook look;
    const QSizeF size(look.metrics.card.width, look.metrics.card.height);
    const auto painted = [&](const QString& title, const QString& shape, double zoom) {
        CardFace face;
        face.title = title;
        face.shape = shape;
        face.category = QStringLiteral("convolution");
        CardItem card(1, look);
        card.setFace(face);
        QImage image((size * zoom).toSize(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.scale(zoom, zoom);
        painter.translate(-card.cardRect().left(), 0);
        QStyleOptionGraphicsItem option;
        card.makeReady();
        card.paint(&painter, &option, nullptr);
        return image;
    };
    const QString brief = QStringLiteral("Add"), lengthy = QStringLiteral("AdaptiveAveragePooling2D");
    const QString shape = QStringLiteral("28 × 28 × 64");
    for (const double zoom : {0.39, 0.3, 0.25}) {
        const QImage plain = painted(brief, shape, zoom), crowded = painted(lengthy, shape, zoom), bare = painted(brief, {}, zoom);
        // At the right end stands the shape, and no letter of the title.
        const QRect end(plain.width() - 60, 0, 60, plain.height());
        QVERIFY2(crowded.copy(end) == plain.copy(end), qPrintable(QString::number(zoom)));
        QVERIFY2(plain.copy(end) != bare.copy(end), qPrintable(QString::number(zoom)));
    }
    // The title is still told where there is room for its beginning.
    QVERIFY(painted(lengthy, shape, 0.39) != painted({}, shape, 0.39));
    QVERIFY(painted(lengthy, shape, 0.39).copy(0, 0, 20, 20) == painted(QStringLiteral("Ad"), shape, 0.39).copy(0, 0, 20, 20));
    // Where the shape alone has no room the title has it all.
    QVERIFY(painted(brief, shape, 0.19) == painted(brief, {}, 0.19));
}

/// Words are laid out before a card is painted, not by that: in the window, and in a picture that nobody saw before.
void CardPaintTest::anEditIsSeenWhereverItIsPainted() {
    const auto picture = [](EditorScene& scene) {
        QImage image(700, 500, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        scene.render(&painter, QRectF(), scene.contentRect());
        return image;
    };
    ModelGraph graph = test::smallNet();
    Canvas canvas(graph);
    for (const bool asPicture : {true, false}) {
        const QImage before = canvas.view.viewport()->grab().toImage();
        test::setParam(graph, 2, "filters", asPicture ? 7 : 9);
        canvas.document.edit(QStringLiteral("Filters"), [&](DocumentState& state) { state.graph = graph; });
        const QImage taken = asPicture ? picture(canvas.scene) : QImage();
        const QImage after = canvas.view.viewport()->grab().toImage();
        QVERIFY(after != before);
        Canvas fresh(graph);
        if (asPicture) QVERIFY(taken == picture(fresh.scene));
        QVERIFY(after == fresh.view.viewport()->grab().toImage());
    }
}

/// A card is painted already where its soft edge comes into sight: up to a few pixels outside of the view. Far outside nothing is laid out.
void CardPaintTest::wordsAreThereBeforeACardIsPainted() {
    Canvas canvas;
    for (const double zoom : {0.3, 1.0, 2.0}) {
        canvas.view.setZoom(zoom, {});
        for (const int outside : {-3, 0, 1, 2, 3, 60}) { // pixels of the screen
            const CardItem& last = *canvas.scene.card(5);
            QGraphicsView& view = canvas.view;
            view.setSceneRect(last.pos().x() - 4000, last.pos().y() - 4000, 8000, 8000);
            const int top = view.mapFromScene(last.sceneBoundingRect().topLeft()).y();
            view.verticalScrollBar()->setValue(view.verticalScrollBar()->value() + top - view.viewport()->height() - outside);
            view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->value() + view.mapFromScene(last.pos()).x() - view.viewport()->width() / 2);
            (void)view.viewport()->grab();
            QCOMPARE(view.mapFromScene(last.sceneBoundingRect().topLeft()).y() - view.viewport()->height(), outside);
            canvas.document.edit(QStringLiteral("Units"), [&](DocumentState& state) {
                test::setParam(state.graph, 5, "units", ParamValue(std::int64_t{100 + 10 * canvas.document.undoStack().count()}));
            });
            QVERIFY(!last.isReady());
            (void)view.viewport()->grab();
            QVERIFY2(last.isReady() == (outside < 60), qPrintable(QStringLiteral("zoom %1, %2 outside").arg(zoom).arg(outside)));
        }
    }
}

} // namespace strata::ui

QTEST_MAIN(strata::ui::CardPaintTest)
#include "card_paint_test.moc"
