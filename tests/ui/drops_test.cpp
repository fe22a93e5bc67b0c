// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio.h"
#include "file_main.h"
#include "training_support.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/palette_panel.h"
#include "ui/inspect/draw_pad.h"
#include "ui/inspect/test_panel.h"
#include "ui/window/main_window.h"

#include <QDrag>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTimer>
#include <QTreeWidget>
#include <QWindow>

#include <algorithm>

namespace strata::ui {

/// What hands carry over the window: pictures and folders from elsewhere, layers from its own palette.
class DropsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }
    void aPictureIsShownToTheNetwork_data();
    void aPictureIsShownToTheNetwork();
    void aDamagedPictureIsRefusedWithASentence();
    void aFolderIsTakenForData();
    void aDragFromThePaletteCarriesItsLayer();
};

namespace {

struct Studio {
    GraphDocument document;
    MainWindow window{document};
    TestPanel* test;
    QTemporaryDir folder;

    Studio() {
        furnish(window);
        test = window.findChild<TestPanel*>();
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        document.reset(test::digitsState(1));
        window.showCanvas();
    }

    /// As the desktop tells it: the window has to find out who under the hand wants it.
    bool drop(const QString& path, const QWidget& on) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        const QPoint at = on.mapTo(&window, on.rect().center());
        QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(window.windowHandle(), &enter);
        QDragMoveEvent move(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(window.windowHandle(), &move);
        QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(window.windowHandle(), &event);
        return event.isAccepted();
    }

    bool says(const QString& part) const {
        const auto labels = test->findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* label) { return label->isVisible() && label->text().contains(part); });
    }
};

} // namespace

void DropsTest::aPictureIsShownToTheNetwork_data() {
    QTest::addColumn<bool>("onPanel");
    QTest::newRow("on the canvas") << false;
    QTest::newRow("on the test panel") << true;
}

void DropsTest::aPictureIsShownToTheNetwork() {
    QFETCH(bool, onPanel);
    Studio studio;
    QImage picture(48, 36, QImage::Format_Grayscale8);
    picture.fill(0);
    for (int y = 8; y < 28; ++y) picture.setPixel(24, y, qRgb(255, 255, 255));
    const QString path = studio.folder.filePath(QStringLiteral("one.png"));
    QVERIFY(picture.save(path));
    if (onPanel) studio.window.showBottomTab(studio.test);
    QTRY_COMPARE_WITH_TIMEOUT(studio.test->isVisible(), onPanel, test::kPatience);
    const ModelGraph before = studio.document.graph();
    const QImage empty = studio.test->pad().grab().toImage();
    QVERIFY(studio.drop(path, onPanel ? static_cast<QWidget&>(*studio.test) : studio.window.canvas()));
    QTRY_VERIFY_WITH_TIMEOUT(studio.test->isVisible(), test::kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(studio.says(QStringLiteral("one.png: 36 × 48")), test::kPatience);
    QVERIFY(studio.test->pad().grab().toImage() != empty);
    QVERIFY(studio.document.graph() == before);
}

void DropsTest::aDamagedPictureIsRefusedWithASentence() {
    Studio studio;
    const QString path = studio.folder.filePath(QStringLiteral("broken.png"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\x89PNG\r\n\x1a\n and then nothing", 25);
    file.close();
    QVERIFY(studio.drop(path, studio.window.canvas()));
    QTRY_VERIFY_WITH_TIMEOUT(studio.says(QStringLiteral("broken.png")), test::kPatience);
    QVERIFY(studio.document.state().data.source == "digits");
}

void DropsTest::aFolderIsTakenForData() {
    Studio studio;
    QVERIFY(studio.drop(studio.folder.path(), studio.window.canvas()));
    QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(studio.document.state().data.source), studio.folder.path(), test::kPatience);
    QVERIFY(studio.document.undoStack().canUndo());
}

void DropsTest::aDragFromThePaletteCarriesItsLayer() {
    PalettePanel palette;
    palette.resize(240, 700);
    palette.show();
    QVERIFY(QTest::qWaitForWindowExposed(&palette, test::kPatience));
    QTreeWidget& tree = *palette.tree();
    QTreeWidgetItem* leaf = tree.topLevelItem(0)->child(0);
    const QString layer = leaf->text(0);
    QStringList carried;
    QByteArray type;
    const auto look = [&] {
        const auto* drag = tree.findChild<QDrag*>();
        if (drag == nullptr || !carried.isEmpty()) return;
        carried = drag->mimeData()->formats();
        type = drag->mimeData()->data(QLatin1String(EditorView::kLayerMime));
        QDrag::cancel();
    };
    // Where a desktop carries it on the drag has a loop of its own; offscreen it is over at once, and not yet deleted.
    QTimer meanwhile;
    QObject::connect(&meanwhile, &QTimer::timeout, &palette, look);
    meanwhile.start(0);
    const QPoint from = tree.visualItemRect(leaf).center();
    QTest::mousePress(tree.viewport(), Qt::LeftButton, {}, from);
    for (int step = 1; step <= 3; ++step) {
        const QPoint at = from + QPoint(step * QApplication::startDragDistance(), 0);
        QMouseEvent move(QEvent::MouseMove, at, tree.viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(tree.viewport(), &move);
        look();
    }
    QTest::mouseRelease(tree.viewport(), Qt::LeftButton, {}, from);
    QCOMPARE(carried, QStringList{QLatin1String(EditorView::kLayerMime)});
    QCOMPARE(QString::fromUtf8(type), layer);
}

} // namespace strata::ui

using strata::ui::DropsTest;
STRATA_FILE_TEST_MAIN(DropsTest)
#include "drops_test.moc"
