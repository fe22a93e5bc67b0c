// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's own slots take of the processor on its thread while a network trains at full speed, and while a
// drawing of 200 cards is edited beside it:
//     QT_QPA_PLATFORM=offscreen ./build/tests/ui_thread_benchmark [SECONDS]
#include "app/studio.h"
#include "engine/graph/layout.h"
#include "engine/graph/templates.h"
#include "ui/editor/editor_view.h"
#include "ui/look/theme.h"
#include "ui/training/training_session.h"
#include "ui/window/main_window.h"

#include <fmt/format.h>
#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>

using namespace strata;
using namespace strata::ui;

namespace {

constexpr int kBeat = 10; ///< ms
constexpr const char* kBeatName = "beat";

/// Of this thread's processor time, in milliseconds: what others do on the machine does not count.
double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// Times every event that the loop delivers: slots (timers, queued calls) apart from frames (layout and painting).
class TimedApplication : public QApplication {
public:
    struct Took {
        double ms;
        std::string what;
    };
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        if (m_deep || receiver->objectName() == QLatin1String(kBeatName)) return QApplication::notify(receiver, event);
        const QEvent::Type type = event->type();
        const bool called = type == QEvent::Timer || type == QEvent::MetaCall || type == QEvent::SockAct || type == QEvent::DeferredDelete;
        const bool slot = called && !receiver->inherits("QGraphicsScene"); // it paints its views by a queued call
        std::string what = fmt::format("{} {}", receiver->metaObject()->className(), static_cast<int>(type));
        m_deep = true;
        const double before = threadMs();
        const bool done = QApplication::notify(receiver, event);
        (slot ? m_slots : m_frames).push_back({threadMs() - before, std::move(what)});
        m_deep = false;
        return done;
    }
    std::vector<Took> takeSlots() { return std::exchange(m_slots, {}); }
    std::vector<Took> takeFrames() { return std::exchange(m_frames, {}); }

private:
    bool m_deep = false;
    std::vector<Took> m_slots, m_frames;
};

void print(const char* what, std::vector<TimedApplication::Took> all) {
    if (all.empty()) return;
    std::ranges::sort(all, {}, &TimedApplication::Took::ms);
    const auto at = [&](double share) { return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))].ms; };
    fmt::print("  {:<22} median {:6.2f} ms   99th percentile {:6.2f} ms   worst {:6.2f} ms ({})   ({} times)\n", what, at(0.5), at(0.99), all.back().ms, all.back().what,
               all.size());
}

/// The receivers whose dearest hundredth costs most.
void printDearest(const std::vector<TimedApplication::Took>& all) {
    std::map<std::string, std::vector<double>> of;
    for (const auto& took : all) of[took.what].push_back(took.ms);
    std::vector<std::pair<double, std::string>> dearest;
    for (auto& [what, ms] : of) {
        std::ranges::sort(ms);
        dearest.emplace_back(ms[(ms.size() - 1) * 99 / 100], fmt::format("{} ({} times, median {:.2f})", what, ms.size(), ms[ms.size() / 2]));
    }
    std::ranges::sort(dearest, std::greater());
    for (std::size_t i = 0; i < std::min<std::size_t>(4, dearest.size()); ++i) fmt::print("    {:6.2f} ms {}\n", dearest[i].first, dearest[i].second);
}

struct Stage {
    GraphDocument document;
    MainWindow window{document};
    TrainingSession* session;

    Stage() {
        applyTheme(*qApp, Theme::light());
        furnish(window);
        session = window.findChild<TrainingSession*>();
        window.resize(1600, 950);
        window.show();
        DocumentState state;
        state.graph = findTemplate("lenet")->make();
        state.data.source = "digits";
        state.training.optimizer = {"Adam", {{"learning_rate", 0.002}}};
        state.training.epochs = 10'000;
        document.reset(std::move(state));
        window.canvas().showFirst();
    }
};

/// Convolutions in a row, as wide as they came in.
ModelGraph drawing(int cards) {
    ModelGraph graph;
    const auto add = [&](const char* type, ParamMap params, NodeId from) {
        const NodeId id = graph.add({.type = type, .params = std::move(params)});
        if (from != 0) (void)graph.connect(from, id);
        return id;
    };
    NodeId last = add("Input", {{"shape", ParamValue::IntList{28, 28, 1}}}, 0);
    for (int i = 3; i < cards; ++i) last = add(i % 2 == 1 ? "Conv2D" : "BatchNormalization", i % 2 == 1 ? ParamMap{{"filters", 8}, {"padding", "same"}} : ParamMap{}, last);
    add("Dense", {{"units", 10}, {"activation", "softmax"}}, add("Flatten", {}, last));
    return layOut(graph);
}

/// Runs the event loop; every `every` ms (0: never) `act` is done, and its own cost noted.
void run(TimedApplication& app, const char* title, double seconds, int every, const std::function<void(int)>& act) {
    std::vector<TimedApplication::Took> acts, late;
    QElapsedTimer clock, sinceAct, sinceBeat;
    QTimer beat;
    beat.setObjectName(QLatin1String(kBeatName));
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&] {
        late.push_back({std::max(0.0, static_cast<double>(sinceBeat.nsecsElapsed()) * 1e-6 - kBeat), "beat"});
        sinceBeat.restart();
    });
    (void)app.takeSlots();
    (void)app.takeFrames();
    beat.start(kBeat);
    for (QElapsedTimer* timer : {&clock, &sinceAct, &sinceBeat}) timer->start();
    while (static_cast<double>(clock.elapsed()) < seconds * 1000) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (every == 0 || sinceAct.elapsed() < every) continue;
        sinceAct.restart();
        const double before = threadMs();
        act(static_cast<int>(acts.size()));
        acts.push_back({threadMs() - before, "edit"});
    }
    fmt::print("{}\n", title);
    const std::vector<TimedApplication::Took> ours = app.takeSlots();
    print("slots", ours);
    printDearest(ours);
    print("layout and frames", app.takeFrames());
    print("the edit itself", acts);
    print("the heart beats late by", late);
}

} // namespace

int main(int argc, char** argv) {
    QStandardPaths::setTestModeEnabled(true);
    QTemporaryDir home; // nobody's own settings and runs
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, home.path());
    qputenv("XDG_DATA_HOME", home.path().toUtf8());
    TimedApplication app(argc, argv);
    const double seconds = argc > 1 ? std::atof(argv[1]) : 15;
    Stage stage;
    while (!stage.session->whyNot().isEmpty()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    stage.session->start(true);
    while (stage.session->state() != TrainingSession::State::Running) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    run(app, "training LeNet-5 at full speed", seconds, 0, {});

    stage.document.edit(QStringLiteral("Draw"), [](DocumentState& state) { state.graph = drawing(200); });
    const NodeId early = stage.document.graph().nodes()[1]->id;
    run(app, "the same, and 200 cards are edited", seconds, 100, [&](int i) {
        stage.document.edit(QStringLiteral("Kernel"), [&](DocumentState& state) {
            Node node = *state.graph.find(early);
            node.params["strides"] = ParamValue::IntList{1 + i % 2, 1 + i % 2};
            state.graph.replace(std::move(node));
        });
    });
    fmt::print("{} images a second were learned beside it\n", static_cast<int>(stage.session->progress().imagesPerSecond));
    stage.session->stopAndKeep();
    return 0;
}
