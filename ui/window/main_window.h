// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"
#include "ui/look/metrics.h"

#include <QMainWindow>

#include <functional>
#include <optional>

class QLabel;
class QStackedWidget;
class QToolBar;
class QToolButton;

namespace strata::ui {

class Commands;
class EditorScene;
class EditorView;
class Finder;
struct Finding;
struct PictureOptions;
class Inspector;
class OutlinePanel;
class PalettePanel;
class ProblemsPanel;
class RecentFiles;
class StartPage;
class TabStrip;
class TotalsBar;

/// The window: canvas in the middle, palette, inspector and the tabs below as docks, one tool bar, totals in the
/// status bar. It knows no training: what trains is handed in as widgets and actions.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(GraphDocument& document);
    ~MainWindow() override;

    GraphDocument& document() const { return m_document; }
    EditorScene& scene() const { return *m_scene; }
    EditorView& canvas() const { return *m_view; }
    Inspector& inspector() const { return *m_inspector; }
    ProblemsPanel& problems() const { return *m_problems; }
    OutlinePanel& outline() const { return *m_outline; }
    Commands& commands() const { return *m_commands; }
    Finder& finder() const { return *m_finder; }
    TotalsBar& totals() const { return *m_totals; }

    /// Places for what other rooms bring. The widgets become the window's.
    void addBottomTab(QWidget* panel, const QString& title, bool first = false);
    void showBottomTab(const QWidget* panel);
    /// A widget at the right end of the tabs' row while this tab is shown.
    void setTabCorner(QWidget* panel, QWidget* corner);
    /// A widget over the whole width of the canvas, above it.
    void addCanvasBanner(QWidget* banner);
    void setDataWidget(QWidget* widget);
    void addTrainWidget(QWidget* widget);
    void setProgressWidget(QWidget* widget);
    QMenu* trainMenu() const { return m_trainMenu; }
    QMenu* dataMenu() const { return m_dataMenu; }
    /// Asked before the document goes (new, open, quit): false keeps it. Several may ask.
    void addLeaveQuestion(std::function<bool()> question) { m_leaveQuestions.push_back(std::move(question)); }

    /// File commands; each asks about unsaved changes where they would be lost. False: nothing happened.
    bool newDocument();
    bool openFile(const QString& path);
    bool openTemplate(const QString& id);
    /// Puts a template's cards, without its inputs, behind the selected card or at the cursor: one undo step.
    bool insertTemplate(const QString& id);
    bool save();
    bool saveAs();
    /// A picture (.svg, .pdf, .png) or a script of the drawing; what was wrong is told.
    bool exportDrawingTo(const QString& path);
    bool exportCodeTo(const QString& path);
    void showStartPage();
    void showCanvas();
    /// Selects one card. Of a folded block the canvas can only select all of it; the inspector has the one card by itself.
    void selectAlone(NodeId node);
    bool onStartPage() const;
    /// A sentence in the status bar.
    void say(const QString& text);

    bool isTight() const { return m_tight; }
    Density density() const { return m_density.value_or(Density::Regular); }

Q_SIGNALS:
    void densityChanged(strata::ui::Density density);
    /// The window is so narrow that the tool bar keeps to its icons, or no longer.
    void tightChanged(bool tight);
    /// A template was opened: the data set that goes with it.
    void templateOpened(const QString& id);
    /// Something was dropped on the window that is no document: a folder of images, a picture.
    void filesDropped(const QStringList& paths);
    void closed();

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void actionEvent(QActionEvent* event) override;

private:
    QDockWidget* makeDock(const QString& name, const QString& title, QWidget* content, QWidget* head);
    QToolButton* dockButton(QDockWidget& dock);
    void buildDocks();
    void buildBottomDock();
    void placeDocks();
    void restoreDocks();
    void buildToolBar();
    void showFileActions(bool shown);
    void buildMenus();
    QAction* makeAction(const QString& name, const QString& text, const QString& iconName, const QList<QKeySequence>& keys);
    void buildFileActions();
    void buildUndoActions();
    void fillFileMenu(QMenu& menu);
    void fillEditMenu(QMenu& menu);
    void fillViewMenu(QMenu& menu);
    void fillThemeMenu(QMenu& menu);
    void fillTextSizeMenu(QMenu& menu);
    void fillHelpMenu(QMenu& menu);
    void refreshTitle();
    QList<QWidget*> coveredByStartPage() const;
    QList<QDockWidget*> docks() const;
    void applyDensity(Density density);
    /// Asks what is to become of a training and of unsaved changes: false keeps the document.
    bool maySave();
    /// The same before another document comes; while one is on its way, no second one may.
    bool mayReplace();
    /// What is still being typed, on the canvas or in a field, counts as done.
    void finishTyping();
    bool saveTo(const QString& path);
    void tellOpening(const QString& path);
    void afterReplacement();
    void addInsight(QMenu& view);
    void fillRecentMenu();
    void restoreLayout();
    void chooseFile();
    void themeChanged();
    void showKeys();
    void collectCommands();
    void buildInsertMenu(QMenu& menu);
    void buildExportMenu(QMenu& file, QMenu& edit);
    PictureOptions pictureOptions() const;
    void exportDrawing();
    void exportCode();
    void copyPicture();
    void copyCode();
    void search();
    void showPalette();
    void goTo(const Finding& finding);
    void reach(NodeId node);
    void helpOnSelection();
    void about();

    GraphDocument& m_document;
    EditorScene* m_scene;
    EditorView* m_view;
    PalettePanel* m_palette;
    OutlinePanel* m_outline;
    Inspector* m_inspector;
    ProblemsPanel* m_problems;
    StartPage* m_start;
    QWidget* m_centre; ///< the canvas under its banners
    TabStrip* m_tabs;
    QStackedWidget* m_tabPages;
    QStackedWidget* m_tabCorners;
    QDockWidget *m_paletteDock, *m_outlineDock, *m_historyDock, *m_inspectorDock, *m_bottomDock;
    QToolBar* m_toolBar;
    QToolButton* m_menuButton;
    QAction *m_new, *m_open, *m_save, *m_saveAs, *m_undo, *m_redo, *m_startAction, *m_quit, *m_legend, *m_maps;
    QAction *m_dataPlace, *m_trainPlace, *m_progressPlace;
    QAction* m_palettePlace; ///< of the button that opens the layers in a narrow window
    QMenu *m_recentMenu, *m_trainMenu, *m_dataMenu, *m_viewMenu;
    QAction* m_restoreDocks = nullptr; ///< the pages below the canvas stand before it
    TotalsBar* m_totals;
    Commands* m_commands;
    Finder* m_finder;
    RecentFiles* m_recent;
    std::optional<Density> m_density; ///< none until the first layout
    std::vector<std::function<bool()>> m_leaveQuestions;
    bool m_ready = false, m_layoutRestored = false, m_tight = false;
};

} // namespace strata::ui
