// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio.h"

#include "engine/data/image_file.h"
#include "ui/editor/editor_scene.h"
#include "ui/editor/editor_view.h"
#include "ui/inspect/data_panel.h"
#include "ui/inspect/feature_maps.h"
#include "ui/inspect/maps_page.h"
#include "ui/inspect/test_panel.h"
#include "ui/inspect/weights_page.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/project_page.h"
#include "ui/training/data_banner.h"
#include "ui/training/epoch_clock.h"
#include "ui/training/memory_forecast.h"
#include "ui/training/run_banner.h"
#include "ui/training/run_text.h"
#include "ui/training/settings_page.h"
#include "ui/training/train_bar.h"
#include "ui/training/training_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/totals_bar.h"

#include <QEvent>
#include <QFile>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

namespace strata {
namespace {

using namespace ui;

/// Tells the strips when the window has another theme.
class ThemeWatch : public QObject {
public:
    ThemeWatch(FeatureMaps& maps, QObject* parent) : QObject(parent), m_maps(maps) {}

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::PaletteChange) QMetaObject::invokeMethod(&m_maps, &FeatureMaps::lookChanged, Qt::QueuedConnection);
        return QObject::eventFilter(watched, event);
    }

private:
    FeatureMaps& m_maps;
};

bool isPicture(const QString& path) {
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly)) return false;
    const QByteArray first = file.read(32);
    return looksLikeImage({reinterpret_cast<const std::uint8_t*>(first.constData()), static_cast<std::size_t>(first.size())});
}

/// The question before a document with a running training goes: true lets it go, with what was learned in it.
bool mayLeave(TrainingSession& session, QWidget& window) {
    if (!session.isBusy()) return true;
    QMessageBox box(QMessageBox::Question, QObject::tr("Strata"), QObject::tr("A training is running."), QMessageBox::NoButton, &window);
    box.setObjectName(QStringLiteral("runningQuestion"));
    box.setInformativeText(QObject::tr("If you go on, it stops after this batch. The network keeps what it has learned, and can go on from there another time."));
    QPushButton* end = box.addButton(QObject::tr("Stop the training"), QMessageBox::AcceptRole);
    QPushButton* stay = box.addButton(QObject::tr("Keep training"), QMessageBox::RejectRole);
    box.setDefaultButton(stay);
    box.exec();
    if (box.clickedButton() != end) return false;
    session.stopAndKeep();
    return true;
}

void connectLooking(MainWindow& window, TrainingSession& session, TestPanel& test, DataPanel& images) {
    auto* maps = new FeatureMaps(session, window.scene(), &window);
    maps->setPixelRatio(window.devicePixelRatioF());
    maps->setDensity(window.density());
    auto* mapsPage = new MapsPage;
    auto* weightsPage = new WeightsPage(session);
    Inspector& inspector = window.inspector();
    inspector.addTab(weightsPage, MainWindow::tr("Weights"));
    inspector.addTab(mapsPage, MainWindow::tr("Maps"));
    const auto follow = [maps, mapsPage, weightsPage](NodeId node) {
        mapsPage->setNode(node);
        weightsPage->setNode(node);
        maps->setDetail(node);
    };
    QObject::connect(&inspector, &Inspector::nodeShown, maps, follow);
    follow(inspector.node());
    QObject::connect(&window.scene(), &EditorScene::mapsRequested, maps, [&window, &inspector, mapsPage](NodeId node) {
        window.selectAlone(node);
        inspector.showTab(mapsPage);
    });
    QObject::connect(maps, &FeatureMaps::answered, mapsPage, &MapsPage::show);
    QObject::connect(maps, &FeatureMaps::pinnedChanged, &test, &TestPanel::setPinned);
    QObject::connect(&test, &TestPanel::pinTest, maps, &FeatureMaps::pinTest);
    QObject::connect(&test, &TestPanel::pinPicture, maps, &FeatureMaps::pinPicture);
    QObject::connect(maps, &FeatureMaps::pinnedChanged, &images, &DataPanel::setPinned);
    QObject::connect(&images, &DataPanel::pinTest, maps, &FeatureMaps::pinTest);
    QObject::connect(&images, &DataPanel::pinPicture, maps, &FeatureMaps::pinPicture);
    QObject::connect(&window, &MainWindow::densityChanged, maps, &FeatureMaps::setDensity);
    test.setPinned(maps->pinned());
    images.setPinned(maps->pinned());
    window.installEventFilter(new ThemeWatch(*maps, &window));
}

/// What trains and looks, in its places in the window.
struct Parts {
    TrainingSession& session;
    TrainingPanel& panel;
    SettingsPage& settings;
    TestPanel& test;
    DataPanel& images;
    DataButton& data;
    TrainBar& bar;
    ProgressStrip& progress;
};

void placeTabs(MainWindow& window, const Parts& parts) {
    // From the left: Training, Settings, Test, what the window itself has, and Data.
    window.addBottomTab(&parts.images, MainWindow::tr("Data"));
    window.addBottomTab(&parts.test, MainWindow::tr("Test"), true);
    window.addBottomTab(&parts.settings, MainWindow::tr("Settings"), true);
    window.addBottomTab(&parts.panel, MainWindow::tr("Training"), true);
    window.setTabCorner(&parts.panel, parts.panel.corner());
    SettingsPage* settings = &parts.settings;
    QObject::connect(&parts.images, &DataPanel::settingsWanted, &window, [&window, settings] { window.showBottomTab(settings); });
}

void tellOfData(const Parts& parts) {
    const auto tell = [settings = &parts.settings, session = &parts.session] {
        const DataSource* source = session->data().source();
        settings->setData(source == nullptr ? nullptr : source->train);
    };
    QObject::connect(&parts.session.data(), &ChosenData::changed, &parts.settings, tell);
    tell();
}

void placeBars(MainWindow& window, const Parts& parts) {
    window.setDataWidget(&parts.data);
    window.addTrainWidget(&parts.bar);
    window.setProgressWidget(&parts.progress);
    window.addCanvasBanner(new RunBanner(parts.session));
    auto* noData = new DataBanner(parts.session.data());
    window.addCanvasBanner(noData);
    QObject::connect(noData, &DataBanner::otherDataWanted, &parts.data, &QPushButton::click);
    window.trainMenu()->addActions(parts.bar.actions());
    window.addActions(parts.bar.actions());
    DataButton* data = &parts.data;
    for (QMenu* menu : {window.dataMenu(), parts.images.dataMenu()}) QObject::connect(menu, &QMenu::aboutToShow, data, [data, menu] { data->fill(*menu); });
}

/// Room for words: how dense the window is, and whether its tool bar is tight.
void followRoom(MainWindow& window, const Parts& parts) {
    const auto follow = [parts](Density density) {
        parts.panel.setDensity(density);
        parts.data.setDensity(density);
        parts.bar.setDensity(density);
        parts.progress.setDensity(density);
        parts.test.setDensity(density);
        parts.images.setDensity(density);
    };
    QObject::connect(&window, &MainWindow::densityChanged, &parts.panel, follow);
    follow(window.density());
    QObject::connect(&window, &MainWindow::tightChanged, &parts.bar, &TrainBar::setTight);
    QObject::connect(&window, &MainWindow::tightChanged, &parts.progress, &ProgressStrip::setTight);
    parts.bar.setTight(window.isTight());
    parts.progress.setTight(window.isTight());
}

/// What a run does is seen in the whole window.
void followRun(MainWindow& window, const Parts& parts) {
    TrainingSession* session = &parts.session;
    TrainingPanel* panel = &parts.panel;
    QObject::connect(session, &TrainingSession::stateChanged, panel, [&window, panel](TrainingSession::State state) {
        const bool busy = state != TrainingSession::State::Idle;
        window.inspector().setTraining(busy);
        if (state == TrainingSession::State::Running) window.showBottomTab(panel);
    });
    QObject::connect(session, &TrainingSession::stepped, &window, [&window](const std::map<NodeId, double>& lastStep) {
        std::map<NodeId, QString> chips;
        for (const auto& [node, step] : lastStep) chips[node] = MainWindow::tr("update %1").arg(rateText(step));
        window.scene().setTrainingChips(std::move(chips));
    });
    QObject::connect(session, &TrainingSession::ended, &window, [&window](RunOutcome, const QString& message) {
        window.scene().setTrainingChips({});
        if (!message.isEmpty()) window.say(message);
    });
    QObject::connect(session, &TrainingSession::recorded, &window, [&window](const QString&, const QString& problem) {
        if (!problem.isEmpty()) window.say(problem);
    });
    window.addLeaveQuestion([session, &window] { return mayLeave(*session, window); });
}

/// A picture is shown to the network; anything else is taken for data.
void takeDrops(MainWindow& window, const Parts& parts) {
    QObject::connect(&window, &MainWindow::filesDropped, &parts.test, [&window, session = &parts.session, test = &parts.test](const QStringList& paths) {
        if (isPicture(paths.front())) {
            window.showBottomTab(test);
            test->showPicture(paths.front());
        } else {
            session->data().choose(paths.front());
        }
    });
}

void foretell(MainWindow& window, TrainingSession& session) {
    auto* memory = new MemoryForecast(session, &window);
    QObject::connect(memory, &MemoryForecast::told, &window.totals(), &TotalsBar::setMemory);
    QObject::connect(memory, &MemoryForecast::told, &window.inspector().projectPage(), &ProjectPage::setMemory);
    auto* clock = new EpochClock(session, &window);
    QObject::connect(clock, &EpochClock::told, &window.totals(), &TotalsBar::setEpochTime);
    QObject::connect(clock, &EpochClock::told, &window.inspector().projectPage(), &ProjectPage::setEpochTime);
    QObject::connect(clock, &EpochClock::layersTimed, &window.scene(), &EditorScene::setLayerSeconds);
    QObject::connect(clock, &EpochClock::layersTimed, &window.inspector(), &Inspector::setLayerSeconds);
}

} // namespace

TrainingSession& furnish(MainWindow& window) {
    auto* session = new TrainingSession(window.document(), &window);
    const Parts parts{*session,
                      *new TrainingPanel(*session),
                      *new SettingsPage(window.document()),
                      *new TestPanel(*session),
                      *new DataPanel(window.document(), session->data()),
                      *new DataButton(session->data()),
                      *new TrainBar(*session),
                      *new ProgressStrip(*session)};
    tellOfData(parts);
    parts.settings.follow(*session);
    placeTabs(window, parts);
    placeBars(window, parts);
    followRun(window, parts);
    takeDrops(window, parts);
    foretell(window, *session);
    connectLooking(window, *session, parts.test, parts.images);
    followRoom(window, parts);
    return *session;
}

} // namespace strata
