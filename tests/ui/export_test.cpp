// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_main.h"
#include "engine/graph/templates.h"
#include "ui/export/drawing_picture.h"
#include "ui/window/main_window.h"
#include "ui_support.h"

#include <QClipboard>
#include <QMessageBox>
#include <QSettings>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTimer>

namespace strata::ui {

class ExportTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void everyKindIsWritten_data();
    void everyKindIsWritten();
    void vectorsHaveTheWords();
    void stripsHaveThePicturesColours();
    void theLegendNamesWhatIsThere();
    void farCardsMakeNoHugePicture();
    void whatCannotBeWrittenIsSaid_data();
    void whatCannotBeWrittenIsSaid();
    void theClipboardGetsPictureAndCode();
    void templatesAreInsertedAsBlocks();
    void insertingWithoutSelectionStandsAlone();

private:
    QTemporaryDir m_folder;
    QByteArray written(const QString& name, const PictureOptions& options = {}) {
        const QString path = m_folder.filePath(name);
        if (!exportDrawing(test::stateWith(findTemplate("resnet_small")->make()), QStringLiteral("Blocks"), path, options)) return {};
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

void ExportTest::everyKindIsWritten_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("begins");
    QTest::newRow("svg") << "net.svg" << QByteArray("<?xml");
    QTest::newRow("pdf") << "net.pdf" << QByteArray("%PDF");
    QTest::newRow("png") << "net.png" << QByteArray("\x89PNG");
    QTest::newRow("capitals") << "net.PNG" << QByteArray("\x89PNG");
}

void ExportTest::everyKindIsWritten() {
    QFETCH(QString, name);
    QFETCH(QByteArray, begins);
    QVERIFY(written(name).startsWith(begins));
}

void ExportTest::vectorsHaveTheWords() {
    const QByteArray svg = written(QStringLiteral("words.svg"));
    for (const char* word : {"Blocks", "Conv2D", "batch_normalization", "28 × 28 × 16"}) QVERIFY2(svg.contains(word), word);
    QSvgRenderer renderer(svg);
    QVERIFY(renderer.isValid());
    const QImage image = drawingImage(test::stateWith(findTemplate("resnet_small")->make()), QStringLiteral("Blocks"), {}, 1);
    QCOMPARE(renderer.viewBox().size(), image.size()); // its size in millimetres counts 96 points an inch
    // What the vectors paint is what the points show.
    QImage painted(image.size(), QImage::Format_RGB32);
    painted.fill(Qt::white);
    QPainter painter(&painted);
    renderer.render(&painter);
    painter.end();
    qint64 differing = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) differing += std::abs(qGray(image.pixel(x, y)) - qGray(painted.pixel(x, y))) > 64;
    }
    QVERIFY2(differing < image.width() * image.height() / 50, qPrintable(QString::number(differing)));
}

/// Neither side nor area of a picture grows without limit.
void ExportTest::farCardsMakeNoHugePicture() {
    ModelGraph graph = test::smallNet();
    Node far = *graph.find(5);
    far.position = {30'000, 30'000};
    graph.replace(std::move(far));
    const QImage image = drawingImage(test::stateWith(graph), QStringLiteral("Far"));
    QVERIFY(!image.isNull());
    QVERIFY(image.width() > 4000 && image.height() > 4000);
    QVERIFY2(image.width() * qint64{image.height()} < 65'000'000, qPrintable(QStringLiteral("%1 x %2").arg(image.width()).arg(image.height())));
}

/// What stands beside the cards was painted for the window, which may be dark.
void ExportTest::stripsHaveThePicturesColours() {
    const ModelGraph graph = test::smallNet();
    const auto paint = [](const Theme& theme) {
        QImage image(120, 40, QImage::Format_ARGB32_Premultiplied);
        image.fill(theme.text.primary);
        return image;
    };
    PictureOptions options;
    options.legend = false;
    options.strips[5].image = paint(Theme::dark());
    options.strips[5].repaint = paint;
    const auto points = [](const QImage& image, const QColor& color) {
        qint64 found = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) found += QColor(image.pixel(x, y)) == color;
        }
        return found;
    };
    const QImage light = drawingImage(test::stateWith(graph), QStringLiteral("Light"), options, 1);
    QVERIFY(points(light, Theme::light().text.primary) >= 120 * 40 * 9 / 10);
    QVERIFY(points(light, Theme::dark().text.primary) < 120 * 40 / 10);
}

void ExportTest::theLegendNamesWhatIsThere() {
    const QByteArray with = written(QStringLiteral("with.svg"));
    QVERIFY(with.contains("Convolution") && with.contains("Merging"));
    QVERIFY(!with.contains("Regularization")); // none in this drawing
    const QByteArray without = written(QStringLiteral("without.svg"), {.legend = false});
    QVERIFY(!without.contains("Merging") && !without.contains("MACs per image"));
}

void ExportTest::whatCannotBeWrittenIsSaid_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("id");
    QTest::newRow("an unknown ending") << "net.gif" << "draw.format";
    QTest::newRow("no such folder") << "nowhere/net.svg" << "draw.write";
}

void ExportTest::whatCannotBeWrittenIsSaid() {
    QFETCH(QString, name);
    QFETCH(QString, id);
    const Result<> result = exportDrawing(test::stateWith(test::smallNet()), {}, m_folder.filePath(name));
    QVERIFY(!result);
    QCOMPARE(QString::fromStdString(result.error().id), id);
    const Result<> empty = exportDrawing({}, {}, m_folder.filePath(QStringLiteral("empty.svg")));
    QVERIFY(!empty);
    QVERIFY(drawingImage({}, {}).isNull());
}

void ExportTest::theClipboardGetsPictureAndCode() {
    GraphDocument document;
    MainWindow window(document);
    document.reset(test::stateWith(test::smallNet()));
    window.findChild<QAction*>(QStringLiteral("copyCode"))->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("layers.Conv2D(filters=32, kernel_size=(3, 3)")));
    window.findChild<QAction*>(QStringLiteral("copyPicture"))->trigger();
    QVERIFY(!QGuiApplication::clipboard()->image().isNull());
    QVERIFY(window.exportCodeTo(m_folder.filePath(QStringLiteral("net.py"))));
    QVERIFY(window.exportDrawingTo(m_folder.filePath(QStringLiteral("net.pdf"))));
    // An unfinished drawing has no code; the reason is told.
    document.reset({});
    QString said;
    QTimer::singleShot(0, qApp, [&said] {
        if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            said = box->informativeText();
            box->accept();
        }
    });
    QVERIFY(!window.exportCodeTo(m_folder.filePath(QStringLiteral("empty.py"))));
    QVERIFY(!said.isEmpty());
    QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("empty.py"))));
}

void ExportTest::templatesAreInsertedAsBlocks() {
    GraphDocument document;
    MainWindow window(document);
    window.show();
    ModelGraph graph = test::chain({"Input"});
    test::setParam(graph, 1, "shape", ParamValue::IntList{28, 28, 1});
    document.reset(test::stateWith(graph));
    window.scene().selectOnly(std::array<NodeId, 1>{1});
    window.findChild<QAction*>(QStringLiteral("insertTemplate:lenet5"))->trigger();
    const ModelGraph whole = findTemplate("lenet5")->make();
    QCOMPARE(document.graph().nodes().size(), whole.nodes().size());
    QCOMPARE(document.graph().edges().size(), whole.edges().size());
    QCOMPARE(document.report().totals.parameters, std::int64_t{61'706});
    QCOMPARE(document.undoStack().count(), 1);
    QCOMPARE(document.graph().groups().size(), std::size_t{1});
    QVERIFY(document.graph().groups().front().block);
    QCOMPARE(window.scene().selectedNodes().size(), whole.nodes().size() - 1);
    document.undoStack().undo();
    QCOMPARE(document.graph().nodes().size(), std::size_t{1});
}

void ExportTest::insertingWithoutSelectionStandsAlone() {
    GraphDocument document;
    MainWindow window(document);
    document.reset(test::stateWith(test::smallNet()));
    QVERIFY(window.insertTemplate(QStringLiteral("lenet5")));
    const ModelGraph whole = findTemplate("lenet5")->make();
    QCOMPARE(document.graph().nodes().size(), whole.nodes().size() - 1 + 5);
    QCOMPARE(document.graph().edges().size(), whole.edges().size() - 1 + 4);
    QVERIFY(!window.insertTemplate(QStringLiteral("no such")));
}

} // namespace strata::ui

using strata::ui::ExportTest;
STRATA_FILE_TEST_MAIN(ExportTest)
#include "export_test.moc"
