// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window takes for a frame, an edit and a file, with problems and outline open, on Qt's software renderer;
// and how much of that its thread was at work, which counts on a machine that does other things, too:
//     QT_QPA_PLATFORM=offscreen ./build/tests/canvas_benchmark
#include "engine/graph/layout.h"
#include "ui/editor/editor_view.h"
#include "ui/inspector/problems_panel.h"
#include "ui/look/theme.h"
#include "ui/outline/outline_panel.h"
#include "ui/window/main_window.h"

#include <fmt/format.h>
#include <QApplication>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>

using namespace strata;
using namespace strata::ui;

namespace {

/// Residual blocks one after the other: convolutions, additions, skips.
ModelGraph drawing(int cards) {
    ModelGraph graph;
    const auto add = [&](const char* type, ParamMap params, std::initializer_list<NodeId> from) {
        const NodeId id = graph.add({.type = type, .params = std::move(params)});
        for (const NodeId source : from) (void)graph.connect(source, id);
        return id;
    };
    const ParamMap conv{{"filters", 8}, {"padding", "same"}};
    NodeId last = add("Input", {{"shape", ParamValue::IntList{28, 28, 1}}}, {});
    last = add("Conv2D", conv, {last});
    while (static_cast<int>(graph.nodes().size()) + 6 < cards) {
        const NodeId a = add("Conv2D", conv, {last});
        const NodeId b = add("BatchNormalization", {}, {a});
        const NodeId c = add("Conv2D", conv, {b});
        last = add("Add", {}, {c, last});
    }
    add("Dense", {{"units", 10}, {"activation", "softmax"}}, {add("Flatten", {}, {last})});
    return layOut(graph);
}

struct Stage {
    GraphDocument document;
    MainWindow window{document};
    EditorScene& scene = window.scene();
    EditorView& view = window.canvas();

    Stage() {
        applyTheme(*qApp, Theme::light());
        window.resize(1280, 720);
        window.show();
        window.showCanvas();
        window.showBottomTab(&window.problems());
        auto* outline = window.findChild<QDockWidget*>(QStringLiteral("outlineDock"));
        outline->show();
        outline->raise();
        QCoreApplication::processEvents();
        fmt::print("canvas {} x {}, outline {}, problems {}\n", view.width(), view.height(), window.outline().isVisible() ? "open" : "closed",
                   window.problems().isVisible() ? "open" : "closed");
    }
    void load(int cards) {
        DocumentState state;
        state.graph = drawing(cards);
        document.reset(std::move(state));
        view.showFirst();
        QCoreApplication::processEvents();
    }
};

struct Took {
    double ms, workMs;
};

double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

void print(const char* what, const std::vector<Took>& times) {
    const auto all = [&](double Took::*which) {
        std::vector<double> ms;
        for (const Took& took : times) ms.push_back(took.*which);
        std::ranges::sort(ms);
        const auto at = [&](double share) { return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))]; };
        return fmt::format("median {:6.2f}, 99th percentile {:6.2f}, worst {:6.2f}", at(0.5), at(0.99), ms.back());
    };
    fmt::print("{:<32} {} ms   at work {} ms\n", what, all(&Took::ms), all(&Took::workMs));
}

/// What the window does until the next frame is on the screen.
Took frame(const std::function<void()>& change) {
    QElapsedTimer timer;
    timer.start();
    const double before = threadMs();
    change();
    QCoreApplication::processEvents();
    return {static_cast<double>(timer.nsecsElapsed()) * 1e-6, threadMs() - before};
}

void panAndZoom(Stage& stage) {
    for (const double zoom : {1.0, 0.5, 0.3, 0.1}) {
        stage.view.setZoom(zoom, stage.view.viewport()->rect().center());
        const QRectF content = stage.scene.contentRect();
        std::vector<Took> times;
        for (int i = 0; i < 300; ++i) {
            const QPointF place(content.left() + 200, content.top() + content.height() * i / 300);
            times.push_back(frame([&] { stage.view.centerOn(place); }));
        }
        print(fmt::format("pan, 500 cards at {:.0f} %", zoom * 100).c_str(), times);
    }
    std::vector<Took> times;
    stage.view.centerOn(stage.scene.contentRect().center());
    for (int i = 0; i < 300; ++i) {
        const double zoom = 0.1 * std::pow(40.0, 0.5 - 0.5 * std::cos(i * 0.1));
        times.push_back(frame([&] { stage.view.setZoom(zoom, stage.view.viewport()->rect().center()); }));
    }
    print("zoom 10 % to 400 %, 500 cards", times);
    times.clear();
    stage.view.setZoom(1.0, {});
    for (int i = 0; i < 200; ++i) {
        const NodeId id = stage.scene.cardIds()[static_cast<std::size_t>(i)];
        const QPointF place = stage.scene.restingPlace(id) + QPointF(i % 7, 0);
        times.push_back(frame([&] { stage.scene.previewMove({{id, place}}); }));
        stage.scene.endPreview();
    }
    print("a card in the hand, 500 cards", times);
}

/// Convolutions with a kernel larger than what they get, beside the trunk.
void addMistakes(DocumentState& state, int mistakes) {
    for (int i = 1; i <= mistakes; ++i) {
        const auto& nodes = state.graph.nodes();
        const NodeId above = nodes[nodes.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(mistakes + 2)]->id;
        const NodeId id = state.graph.add({.type = "Conv2D", .params = {{"filters", 8}, {"kernel_size", ParamValue::IntList{99, 99}}}});
        (void)state.graph.connect(above, id);
    }
}

void change(Stage& stage, int cards, int mistakes) {
    stage.load(cards);
    stage.document.edit(QStringLiteral("Mistakes"), [&](DocumentState& state) { addMistakes(state, mistakes); });
    std::vector<Took> times;
    const NodeId early = stage.document.graph().nodes()[1]->id;
    for (int i = 0; i < 60; ++i) {
        times.push_back(frame([&] {
            stage.document.edit(QStringLiteral("Filters"), [&](DocumentState& state) {
                Node node = *state.graph.find(early);
                node.params["filters"] = 8;
                node.params["kernel_size"] = ParamValue::IntList{3 + 2 * (i % 2), 3};
                node.params["strides"] = ParamValue::IntList{1 + i % 2, 1 + i % 2};
                state.graph.replace(std::move(node));
            });
        }));
    }
    print(fmt::format("an edit, {} cards, {} mistakes", cards, mistakes).c_str(), times);
}

void open(Stage& stage) {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("large.keras"));
    const Result<SaveReport> saved = saveDocument(stage.document.state(), path.toStdString());
    if (!saved) fmt::print("not saved: {}\n", saved.error().message);
    std::vector<Took> times;
    for (int i = 0; i < 5; ++i) {
        times.push_back(frame([&] {
            if (const Result<OpenedDocument> opened = stage.document.open(path); !opened) fmt::print("not opened: {}\n", opened.error().message);
            stage.view.showFirst();
        }));
    }
    print("open a file, 500 cards", times);
}

} // namespace

int main(int argc, char** argv) {
    QTemporaryDir settings; // nobody's own
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    QApplication app(argc, argv);
    Stage stage;
    stage.load(500);
    panAndZoom(stage);
    open(stage);
    for (const int mistakes : {0, 5}) {
        change(stage, 200, mistakes);
        change(stage, 500, mistakes);
    }
    return 0;
}
