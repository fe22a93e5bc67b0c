// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/palette_panel.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/problems_panel.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"
#include "ui/outline/outline_panel.h"
#include "ui/window/commands.h"
#include "ui/window/finder.h"
#include "ui/window/recent_files.h"
#include "ui/window/start_page.h"
#include "ui/window/totals_bar.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QGuiApplication>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

/// Room for all of it, but never beyond the screen: its frame and title bar need some, too.
QSize firstSize() {
    const QSize frame(4, 36);
    return QSize(1600, 1000).boundedTo(QGuiApplication::primaryScreen()->availableSize() - frame);
}

constexpr int kTight = 1010; ///< the tool bar with all its words needs so much
constexpr int kLayoutVersion = 2; ///< another number forgets the docks of older versions

bool isDocument(const QString& path) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    return suffix == QLatin1String("keras") || suffix == QLatin1String("h5") || suffix == QLatin1String("hdf5") ||
           suffix == QLatin1String("json");
}

} // namespace

MainWindow::MainWindow(GraphDocument& document) : m_document(document) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockNestingEnabled(false);
    setAnimated(false);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);

    m_commands = new Commands(this);
    m_recent = new RecentFiles(this);
    m_scene = new EditorScene(document, this);
    m_scene->setTheme(currentTheme());
    m_view = new EditorView(*m_scene);
    m_start = new StartPage(*m_recent, this);
    m_start->hide();
    m_centre = new QWidget;
    auto* centre = new QVBoxLayout(m_centre);
    centre->setContentsMargins(0, 0, 0, 0);
    centre->setSpacing(0);
    centre->addWidget(m_view, 1);
    setCentralWidget(m_centre);
    buildDocks();
    buildMenus();
    buildToolBar();
    m_totals = new TotalsBar(document);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(m_totals, 1);

    connect(m_scene, &QGraphicsScene::selectionChanged, this, [this] { m_inspector->setSelection(m_scene->selectedNodes()); });
    connect(m_view, &EditorView::fieldsRequested, this, [this](NodeId id) {
        selectAlone(id);
        m_inspectorDock->show();
        m_inspector->focusFirstField();
    });
    connect(m_outline, &OutlinePanel::foldedCardChosen, this, &MainWindow::selectAlone);
    connect(m_view, &EditorView::templatesRequested, this, &MainWindow::showStartPage);
    connect(m_palette, &PalettePanel::layerChosen, m_view, &EditorView::addLayer);
    connect(m_palette, &PalettePanel::canvasKeyPressed, m_view, [this](QKeyCombination key) { m_view->actions().triggerKey(key); });
    connect(m_problems, &ProblemsPanel::nodeActivated, this, &MainWindow::reach);
    m_finder = new Finder(this);
    connect(m_finder, &Finder::chosen, this, &MainWindow::goTo);
    connect(&m_view->actions(), &EditorActions::message, this, &MainWindow::say);
    connect(&document, &GraphDocument::refused, this, &MainWindow::say);
    connect(&document, &GraphDocument::titleChanged, this, &MainWindow::refreshTitle);
    connect(&document, &GraphDocument::openingTakesLong, this, &MainWindow::tellOpening);
    connect(m_start, &StartPage::newRequested, this, &MainWindow::newDocument);
    connect(m_start, &StartPage::openRequested, this, &MainWindow::chooseFile);
    connect(m_start, &StartPage::fileChosen, this, &MainWindow::openFile);
    connect(m_start, &StartPage::templateChosen, this, &MainWindow::openTemplate);

    resize(firstSize());
    restoreLayout();
    m_ready = true;
    applyDensity(densityFor(size() / wordScale()));
    refreshTitle();
    m_view->setFocus();
}

MainWindow::~MainWindow() {
    // The view first, whose items are in the scene, then the scene, whose last signals nobody wants.
    m_scene->disconnect(this);
    delete m_view;
    m_scene->disconnect();
    delete m_scene;
}

void MainWindow::addBottomTab(QWidget* panel, const QString& title, bool first) {
    const int index = first ? 0 : m_tabs->count();
    m_tabPages->insertWidget(index, panel);
    m_tabCorners->insertWidget(index, new QWidget);
    m_tabs->insertTab(index, title);
    auto* page = new QAction(tr("Show %1").arg(title), this);
    page->setObjectName(QStringLiteral("page:") + QString::fromLatin1(panel->metaObject()->className()).section(QLatin1Char(':'), -1));
    connect(page, &QAction::triggered, this, [this, panel] { showBottomTab(panel); });
    if (m_restoreDocks != nullptr) m_viewMenu->insertAction(m_restoreDocks, page);
    addAction(page);
    if (first) m_tabs->setCurrentIndex(0);
    if (m_problems != nullptr && m_tabPages->indexOf(m_problems) >= 0) {
        for (int i = 0; i < m_tabs->count(); ++i) m_tabs->setCount(i, m_tabPages->widget(i) == m_problems ? m_problems->count() : -1);
    }
}

void MainWindow::showBottomTab(const QWidget* panel) {
    m_bottomDock->show();
    for (int i = 0; i < m_tabPages->count(); ++i) {
        if (m_tabPages->widget(i) == panel) m_tabs->setCurrentIndex(i);
    }
}

void MainWindow::setTabCorner(QWidget* panel, QWidget* corner) {
    const int index = m_tabPages->indexOf(panel);
    if (index < 0) return;
    QWidget* old = m_tabCorners->widget(index);
    m_tabCorners->insertWidget(index, corner);
    m_tabCorners->removeWidget(old);
    old->deleteLater();
    m_tabCorners->setCurrentIndex(m_tabs->currentIndex());
}

void MainWindow::addCanvasBanner(QWidget* banner) {
    static_cast<QVBoxLayout*>(m_centre->layout())->insertWidget(m_centre->layout()->count() - 1, banner);
}

void MainWindow::restoreLayout() {
    QSettings settings;
    const QByteArray geometry = settings.value(QStringLiteral("window/geometry")).toByteArray();
    if (!geometry.isEmpty()) restoreGeometry(geometry);
    const QByteArray state = settings.value(QStringLiteral("window/docks")).toByteArray();
    m_layoutRestored = !state.isEmpty() && restoreState(state, kLayoutVersion);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!maySave()) {
        event->ignore();
        return;
    }
    m_document.stopOpening();
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/docks"), saveState(kLayoutVersion));
    event->accept();
    Q_EMIT closed();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    m_start->setGeometry(rect());
    if (m_ready) applyDensity(densityFor(size() / wordScale()));
}

void MainWindow::applyDensity(Density density) {
    // Below this the layers close to their button, and the search palette remains; who opens the dock then gets it.
    const bool narrow = width() < 1100 * wordScale();
    m_palettePlace->setVisible(narrow);
    if (narrow && !m_paletteDock->property("closedByWidth").toBool()) {
        m_paletteDock->setProperty("closedByWidth", m_paletteDock->isVisibleTo(this));
        m_paletteDock->hide();
    } else if (!narrow && m_paletteDock->property("closedByWidth").toBool()) {
        m_paletteDock->setProperty("closedByWidth", false);
        m_paletteDock->show();
    }
    if (const bool tight = width() < kTight * currentTheme().fontScale; tight != m_tight) {
        m_tight = tight;
        showFileActions(!tight); // they stay in the menu beside them
        Q_EMIT tightChanged(tight);
    }
    const auto sizes = metricsFor(density, currentTheme()).window;
    // The canvas has these lengths already: neither the window nor its words have become others.
    if (density == m_density && m_scene->look().metrics.window.toolBar == sizes.toolBar) return;
    const bool keepsDocks = !m_density && m_layoutRestored;
    m_density = density;
    m_scene->setDensity(density);
    m_palette->setRowHeight(sizes.paletteRow);
    m_inspector->setDensity(density);
    m_toolBar->setFixedHeight(sizes.toolBar);
    statusBar()->setFixedHeight(sizes.statusBar);
    if (!keepsDocks) {
        resizeDocks({m_paletteDock, m_inspectorDock}, {sizes.paletteWidth, sizes.inspectorWidth}, Qt::Horizontal);
        resizeDocks({m_bottomDock}, {sizes.trainingHeight}, Qt::Vertical);
    }
    Q_EMIT densityChanged(density);
    QTimer::singleShot(0, m_view, &EditorView::showFirst);
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    // Words of another size leave the palette as it is.
    const bool look = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange;
    if (look && m_ready) themeChanged();
}

void MainWindow::themeChanged() {
    if (m_scene->look().theme.isDark == currentTheme().isDark && m_scene->look().theme.fontScale == currentTheme().fontScale) return;
    m_scene->setTheme(currentTheme());
    applyDensity(densityFor(size() / wordScale()));
    m_inspector->showAgain(); // not what the canvas selects: of a folded block it may show a single card
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList others;
    for (const QUrl& url : event->mimeData()->urls()) {
        const QString path = url.toLocalFile();
        if (path.isEmpty()) continue;
        if (isDocument(path)) {
            event->acceptProposedAction();
            // Whom it was dragged from waits for the end of the drop.
            QMetaObject::invokeMethod(this, [this, path] { openFile(path); }, Qt::QueuedConnection);
            return;
        }
        others << path;
    }
    if (!others.isEmpty()) Q_EMIT filesDropped(others);
    event->acceptProposedAction();
}

void MainWindow::refreshTitle() {
    setWindowTitle(tr("%1[*] - Strata").arg(m_document.title()));
    setWindowModified(m_document.isModified());
    setWindowFilePath(m_document.path());
}

void MainWindow::say(const QString& text) {
    m_totals->setMessage(text);
}

} // namespace strata::ui
