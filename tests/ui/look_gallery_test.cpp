// SPDX-License-Identifier: GPL-3.0-or-later
// Renders all shared widgets, icons and charts in both themes to <build>/tests/pictures, for a person to look
// at, and checks what a program can: nothing blank, nothing cut off.
#include "ui/charts/curve_chart.h"
#include "ui/look/colormap.h"
#include "ui/look/widgets.h"

#include <QtMath>

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMainWindow>
#include <QMenu>
#include <QPainter>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QRandomGenerator>
#include <QSpinBox>
#include <QStatusBar>
#include <QTableWidget>
#include <QTextBrowser>
#include <QToolBar>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>
#include <QVBoxLayout>

using namespace strata::ui;

namespace {

void fillLearning(CurveChart& chart, bool loss, int epochs, int batches, int planned) {
    QRandomGenerator random(7);
    chart.setPlannedEpochs(planned);
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        for (int b = 1; b <= batches; ++b) {
            const double x = epoch - 1 + static_cast<double>(b) / batches;
            const double base = 0.02 + 2.2 * qExp(-2.6 * x) + 0.18 * qExp(-0.22 * x);
            const double noisy = base * (0.7 + 0.6 * random.generateDouble());
            chart.appendBatch(x, loss ? noisy : 1 - 0.33 * noisy);
        }
        const double validation = 0.09 + 0.45 * qExp(-0.6 * epoch) + 0.02 * random.generateDouble();
        const double train = 0.02 + 0.18 * qExp(-0.22 * epoch);
        chart.appendEpoch(epoch, loss ? train : 1 - 0.33 * train, loss ? validation : 1 - 0.25 * validation);
    }
}

QWidget* titled(const QString& title, QWidget* content) {
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(label(title, TextRole::Body, QFont::DemiBold));
    layout->addWidget(content);
    layout->addStretch();
    return box;
}

QWidget* row(const QList<QWidget*>& widgets) {
    auto* box = new QWidget;
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget* widget : widgets)
        layout->addWidget(widget);
    layout->addStretch();
    return box;
}

QWidget* column(const QList<QWidget*>& widgets) {
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget* widget : widgets)
        layout->addWidget(widget);
    return box;
}

template <class W>
W* disabled(W* widget) {
    widget->setEnabled(false);
    return widget;
}

QWidget* buttons() {
    auto* withMenu = plainButton("MNIST digits", "data");
    withMenu->setMenu(new QMenu(withMenu));
    withMenu->setStyleSheet("padding-right: 26px");
    return column({row({primaryButton("Pause", "pause"), plainButton("Stop", "stop"),
                        disabled(plainButton("Step", "step")), disabled(primaryButton("Train", "play"))}),
                   row({withMenu, linkButton("Show 21 that do not fit"), iconButton("menu", "Menu"),
                        iconButton("new", "New"), disabled(iconButton("redo", "Redo"))})});
}

QWidget* fields() {
    auto* name = new QLineEdit("conv2d_3");
    auto* search = new QLineEdit;
    search->setPlaceholderText("Search layers");
    search->addAction(icon("search", IconTone::Secondary), QLineEdit::LeadingPosition);
    auto* filters = new QSpinBox;
    filters->setRange(1, 999);
    filters->setValue(16);
    auto* rate = new QDoubleSpinBox;
    rate->setDecimals(4);
    rate->setValue(0.0010);
    auto* padding = new QComboBox;
    padding->addItems({"same", "valid"});
    auto* off = disabled(new QComboBox);
    off->addItem("None");
    auto* invalid = new QLineEdit("17 x");
    invalid->setProperty("invalid", true);
    auto* checked = new QCheckBox("Use bias");
    checked->setChecked(true);
    auto* unchecked = new QCheckBox("Logarithmic");
    auto* greyed = disabled(new QCheckBox("Keep best"));
    greyed->setChecked(true);
    auto* radio = new QRadioButton("Continue");
    radio->setChecked(true);
    return column({row({name, search}), row({filters, rate, padding, off}),
                   row({invalid, disabled(new QLineEdit("locked"))}),
                   row({checked, unchecked, greyed, radio, new QRadioButton("Begin anew")})});
}

QWidget* smallThings() {
    auto* tabs = new TabStrip;
    for (const char* word : {"Training", "Problems", "Data"})
        tabs->addTab(word);
    tabs->setCount(1, 0);
    auto* head = new SectionHeader("Conv2D");
    head->setLeading(categoryIcon("convolution"), currentTheme().category(u"convolution").tint);
    head->setDetail("conv2d_3");
    head->addButton("more", "More");
    auto* accent = new Badge("4,640");
    accent->setTone(Badge::Tone::Accent);
    auto* error = new Badge("no shape");
    error->setTone(Badge::Tone::Error);
    auto* progress = new ThinProgress;
    progress->setValue(88);
    auto* figures = new FigureList;
    figures->setValue(figures->addRow("Elapsed"), "0:38");
    figures->setValue(figures->addRow("Images/s"), "6,940");
    figures->setValue(figures->addRow("Best validation loss"), "0.089");
    figures->setFixedWidth(220);
    auto* warning = new Notice(Notice::Kind::Warning, "The last row and column are lost.");
    warning->addButton("Pad: same, gives 7 × 7", "repair");
    return column({head, tabs,
                   row({new Badge("14 × 14 × 16"), new Badge("784"), accent, error, new KeyCap("Enter"),
                        new KeyCap("Esc")}),
                   new Notice(Notice::Kind::Hint, "Edits take effect at the next run."), warning,
                   new Notice(Notice::Kind::Error, "The 5×5 window does not fit into 3 × 3 values."),
                   new Notice(Notice::Kind::Running, "Training: batch 63 of 156."), progress, figures});
}

QWidget* list() {
    auto* view = new QListWidget;
    for (const QString& id : categoryIds())
        view->addItem(new QListWidgetItem(categoryIcon(id), id));
    view->setIconSize({18, 18});
    view->setCurrentRow(1);
    view->setFixedHeight(250);
    view->ensurePolished();
    auto* menu = new QMenu;
    menu->addAction(icon("copy"), "Copy")->setShortcut(QKeySequence::Copy);
    menu->addAction(icon("paste"), "Paste")->setShortcut(QKeySequence::Paste);
    menu->addSeparator();
    auto* check = menu->addAction("Snap to the grid");
    check->setCheckable(true);
    check->setChecked(true);
    menu->addAction(icon("trash"), "Delete")->setEnabled(false);
    menu->addMenu("Add layer")->addAction("Conv2D");
    menu->setActiveAction(menu->actions().at(0));
    menu->ensurePolished();
    menu->resize(menu->sizeHint());
    auto* shown = new QLabel;
    shown->setPixmap(menu->grab());
    delete menu;
    return row({view, shown});
}

class IconSheet : public QWidget {
public:
    IconSheet() { setFixedSize(13 * 100, 5 * 60); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const Theme& theme = currentTheme();
        const QStringList names = iconNames();
        for (int i = 0; i < names.size(); ++i) {
            const int x = i % 13 * 100, y = i / 13 * 60;
            painter.drawPixmap(x + 8, y + 8,
                               iconPixmap(names[i], 24, theme.text.primary, devicePixelRatioF()));
            painter.drawPixmap(x + 40, y + 11,
                               iconPixmap(names[i], 18, theme.text.primary, devicePixelRatioF()));
            painter.drawPixmap(x + 66, y + 12,
                               iconPixmap(names[i], 16, theme.text.secondary, devicePixelRatioF()));
            painter.setFont(theme.font(TextRole::Caption));
            painter.setPen(theme.text.secondary);
            painter.drawText(QRect(x, y + 36, 98, 20), Qt::AlignHCenter, names[i]);
        }
    }
};

class MapSheet : public QWidget {
public:
    MapSheet() { setFixedSize(900, 130); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        std::vector<float> maps(static_cast<std::size_t>(14 * 14 * 16));
        for (int y = 0; y < 14; ++y)
            for (int x = 0; x < 14; ++x)
                for (int c = 0; c < 16; ++c)
                    maps[static_cast<std::size_t>((y * 14 + x) * 16 + c)] =
                        c == 4 ? 0.0f
                               : std::max(0.0f,
                                          static_cast<float>(std::sin(x * 0.3 + c) * std::cos(y * 0.4 - c)));
        StripLayout layout;
        layout.dpr = devicePixelRatioF();
        painter.drawImage(0, 0, featureStripImage(maps, 14, 14, 16, layout));
        painter.drawImage(0, 56, barcodeImage(std::span(maps).first(784), 596, 18, devicePixelRatioF()));
        std::vector<float> kernel(25);
        for (int i = 0; i < 25; ++i)
            kernel[static_cast<std::size_t>(i)] = static_cast<float>(i - 12) / 12;
        painter.drawImage(QRect(640, 0, 100, 100), kernelImage(kernel, 5, 5, 1.0f, currentTheme()));
        for (int x = 0; x < 596; ++x)
            painter.fillRect(x, 84, 1, 18, QColor(viridis(static_cast<float>(x) / 595)));
    }
};

QWidget* charts() {
    auto* box = new QWidget;
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(12);
    int cell = 0;
    const auto add = [&](CurveStyle style, int epochs, int planned, bool best) {
        auto* chart = new CurveChart(style);
        const bool loss = style.numbers == NumberStyle::Plain;
        fillLearning(*chart, loss, epochs, 60, planned);
        if (best) chart->setBestEpoch(epochs * 4 / 5);
        chart->setFixedSize(style.compact ? QSize(525, 125) : QSize(664, 186));
        grid->addWidget(chart, cell / 2, cell % 2);
        ++cell;
    };
    add({"Loss"}, 26, 30, true);
    add({"Accuracy", NumberStyle::Percent}, 26, 30, true);
    add({"Loss", NumberStyle::Plain, true}, 26, 30, true);
    add({"Accuracy", NumberStyle::Percent, true}, 26, 30, true);
    add({"Loss", NumberStyle::Plain, false, true}, 26, 30, false);
    add({"Loss"}, 1, 10, false);
    add({"Loss"}, 0, 10, false);
    add({"Accuracy", NumberStyle::Percent}, 3, 3, true);
    return box;
}

/// Tool bar, docks, tabs, tables and scroll bars as a window puts them together.
std::unique_ptr<QMainWindow> window() {
    auto main = std::make_unique<QMainWindow>();
    auto* bar = main->addToolBar("Main");
    bar->setFixedHeight(Metrics::regular().window.toolBar);
    bar->setIconSize({18, 18});
    bar->setMovable(false);
    bar->addAction(icon("menu"), "Menu");
    bar->addSeparator();
    for (const char* name : {"new", "open", "save"})
        bar->addAction(icon(name), name);
    bar->addSeparator();
    bar->addAction(icon("undo"), "Undo");
    bar->addAction(icon("redo"), "Redo")->setEnabled(false);
    bar->addSeparator();
    bar->addWidget(row({disabled(plainButton("Train", "play")), primaryButton("Pause", "pause"),
                        plainButton("Stop", "stop"), disabled(plainButton("Step", "step"))}));
    auto* canvas = new QWidget;
    canvas->setProperty("surface", "canvas");
    canvas->setAttribute(Qt::WA_StyledBackground);
    main->setCentralWidget(canvas);

    auto* tree = new QTreeWidget;
    tree->setHeaderHidden(true);
    tree->setIconSize({18, 18});
    tree->ensurePolished();
    for (const QString& id : categoryIds()) {
        auto* group = new QTreeWidgetItem(tree, {id});
        for (int i = 0; i < 3; ++i) {
            auto* item = new QTreeWidgetItem(group, {QString("Layer %1").arg(i + 1)});
            item->setIcon(0, categoryIcon(id));
        }
        group->setExpanded(true);
    }
    tree->setCurrentItem(tree->topLevelItem(1)->child(1));
    auto* layers = new QDockWidget("Layers");
    layers->setWidget(tree);
    main->addDockWidget(Qt::LeftDockWidgetArea, layers);

    auto* table = new QTableWidget(4, 3);
    table->setHorizontalHeaderLabels({"layer", "output", "parameters"});
    for (int i = 0; i < 12; ++i)
        table->setItem(i / 3, i % 3, new QTableWidgetItem(QString("value %1").arg(i)));
    table->setCurrentCell(1, 1);
    table->verticalHeader()->hide();
    auto* first = new QDockWidget("Training");
    first->setWidget(table);
    auto* second = new QDockWidget("Problems");
    second->setWidget(new QPlainTextEdit("a\nb"));
    main->addDockWidget(Qt::BottomDockWidgetArea, first);
    main->addDockWidget(Qt::BottomDockWidgetArea, second);
    main->tabifyDockWidget(first, second);
    first->raise();

    auto* tabs = new TabPages;
    auto* help = new QTextBrowser;
    help->setHtml("<h3>Conv2D</h3><p>Slides a <a href='x'>window</a> over the image.</p>");
    tabs->addTab(fields(), "Parameters");
    tabs->addTab(help, "Help");
    auto* inspector = new QDockWidget("Inspector");
    inspector->setWidget(tabs);
    main->addDockWidget(Qt::RightDockWidgetArea, inspector);
    main->statusBar()->addWidget(row({secondaryLabel("Layers"), label("9", TextRole::Small, QFont::Medium)}));
    main->resize(1400, 760);
    return main;
}

QImage drawn(QWidget& widget, qreal scale) {
    widget.setAttribute(Qt::WA_DontShowOnScreen);
    widget.show();
    QCoreApplication::processEvents();
    for (auto* chart : widget.findChildren<CurveChart*>())
        chart->flush();
    QImage image(widget.size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    widget.render(&image);
    return image;
}

} // namespace

class LookGalleryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gallery_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<double>("fontScale");
        QTest::newRow("light") << false << 1.0;
        QTest::newRow("dark") << true << 1.0;
        QTest::newRow("light-large") << false << 1.4;
    }

    void gallery() {
        QFETCH(bool, dark);
        QFETCH(double, fontScale);
        Theme theme = dark ? Theme::dark() : Theme::light();
        theme.fontFamily = preferredFontFamily();
        theme.fontScale = fontScale;
        applyTheme(*qApp, theme);

        QWidget page;
        page.setProperty("surface", "panel");
        page.setAttribute(Qt::WA_StyledBackground);
        auto* layout = new QGridLayout(&page);
        layout->setContentsMargins(24, 24, 24, 24);
        layout->setSpacing(24);
        auto* left = column(
            {titled("Buttons", buttons()), titled("Fields", fields()), titled("Lists and menus", list())});
        layout->addWidget(left, 0, 0);
        layout->addWidget(titled("Small things", smallThings()), 0, 1);
        layout->addWidget(titled("Maps", new MapSheet), 1, 0, 1, 2);
        layout->addWidget(titled("Icons", new IconSheet), 2, 0, 1, 2);
        page.resize(1390, page.sizeHint().height());
        save(drawn(page, 1.0), QTest::currentDataTag());

        std::unique_ptr<QWidget> curves(charts());
        curves->setProperty("surface", "panel");
        curves->setAttribute(Qt::WA_StyledBackground);
        curves->layout()->setContentsMargins(16, 16, 16, 16);
        save(drawn(*curves, 1.0), QString("charts-") + QTest::currentDataTag());

        const std::unique_ptr<QMainWindow> whole = window();
        save(drawn(*whole, 1.5), QString("window-") + QTest::currentDataTag());

        if (theme.fontFamily.isEmpty()) QSKIP("which words fit is measured with Inter (Debian: fonts-inter)");
        for (const QLabel* text : page.findChildren<QLabel*>()) {
            if (text->text().isEmpty() || !text->isVisibleTo(&page) || text->wordWrap()) continue;
            QVERIFY2(text->width() >= text->sizeHint().width() - 1, qPrintable(text->text()));
        }
        for (const QAbstractButton* button : page.findChildren<QAbstractButton*>())
            if (!button->text().isEmpty() && button->isVisibleTo(&page))
                QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(button->text()));
    }

private:
    void save(const QImage& image, const QString& name) {
        const QDir dir(QCoreApplication::applicationDirPath() + "/pictures");
        QVERIFY(dir.mkpath("."));
        QVERIFY(image.save(dir.filePath("look-" + name + ".png")));
        QSet<QRgb> colors;
        for (int y = 0; y < image.height(); y += 3)
            for (int x = 0; x < image.width(); x += 3)
                colors << image.pixel(x, y);
        QVERIFY2(colors.size() > 30, "the picture is (nearly) blank");
    }
};

QTEST_MAIN(LookGalleryTest)
#include "look_gallery_test.moc"
