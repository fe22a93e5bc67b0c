// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/graph_json.h"
#include "monkey.h"
#include "ui/document/clipboard.h"
#include "ui/editor/editor_actions.h"
#include "window_monkey.h"

#include <QClipboard>
#include <QDockWidget>
#include <QFile>
#include <QSettings>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace strata::ui {

using test::Canvas;
using test::Hands;
using test::Monkey;
using test::WindowMonkey;

namespace {

constexpr double kLeastChanging = 0.6;

/// How often the monkey acts for a seed; STRATA_MONKEY=1000 makes 10,000 actions of the ten seeds.
int actionsPerSeed() {
    const int wanted = qEnvironmentVariableIntValue("STRATA_MONKEY");
    return wanted > 0 ? wanted : 120;
}

/// In MiB; 0 where the system does not say.
double peakMemory() {
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) return 0;
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:")) return line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

/// Plays, and looks at everything after each action; then all of it is undone.
void playAndUndo(Hands& canvas, const std::function<QString()>& act) {
    const ModelGraph start = canvas.document.graph();
    std::map<QString, int> without;
    int changed = 0;
    const int actions = actionsPerSeed();
    for (int i = 0; i < actions; ++i) {
        const ModelGraph before = canvas.document.graph();
        const QString what = act();
        const ModelGraph& graph = canvas.document.graph();
        if (!(graph == before)) ++changed;
        else ++without[what];
        const QString where = QStringLiteral("action %1: %2").arg(i).arg(what);
        QVERIFY2(QTest::qWaitFor([&] { return canvas.mirrorsDocument(); }, test::kPatience), qPrintable(where));
        QVERIFY2(canvas.document.report().nodes.size() == graph.nodes().size(), qPrintable(where));
        const Result<ModelGraph> read = graphFromJson(toJson(graph));
        QVERIFY2(read && *read == graph, qPrintable(where + QLatin1String(read ? "" : read.error().message.c_str())));
    }
    const double share = static_cast<double>(changed) / actions;
    qInfo("%d of %d actions changed the drawing, %zu cards, peak memory %.0f MiB", changed, actions, canvas.document.graph().nodes().size(), peakMemory());
    QString idle;
    for (const auto& [what, times] : without) idle += QStringLiteral("%1 %2; ").arg(times).arg(what);
    QVERIFY2(share >= kLeastChanging, qPrintable(QStringLiteral("%1; without a change: %2").arg(share).arg(idle)));
    QUndoStack& stack = canvas.document.undoStack();
    while (stack.canRedo()) stack.redo();
    const ModelGraph end = canvas.document.graph();
    while (stack.canUndo()) stack.undo();
    QVERIFY(canvas.document.graph() == start);
    QVERIFY(QTest::qWaitFor([&] { return canvas.mirrorsDocument(); }, test::kPatience));
    while (stack.canRedo()) stack.redo();
    QVERIFY(canvas.document.graph() == end);
    canvas.view.grab();
}

} // namespace

/// Anything that hands can do, in any order: the canvas always shows the drawing, the drawing can always be written and
/// read, and undoing everything leads back to the beginning.
class MonkeyTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QSettings().clear(); }

    void anythingCanBeUndone_data() {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 10; ++seed) QTest::addRow("seed %u", seed) << seed;
    }

    void anythingCanBeUndone() {
        QFETCH(quint32, seed);
        GraphDocument document;
        MainWindow window(document);
        document.reset(test::stateWith(test::smallNet()));
        window.resize(1500, 950);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window, test::kPatience));
        window.showCanvas();
        // Beside the palette, not behind it: both have visible rows.
        auto* outline = window.findChild<QDockWidget*>(QStringLiteral("outlineDock"));
        window.addDockWidget(Qt::RightDockWidgetArea, outline);
        outline->show();
        window.canvas().setFocus();
        Hands hands{document, window.scene(), window.canvas()};
        Monkey onCanvas(hands, seed);
        WindowMonkey around(window, hands, seed + 1000);
        int action = 0;
        playAndUndo(hands, [&] {
            const QString what = action++ % 3 < 2 ? onCanvas.act() : around.act();
            around.comeBack();
            return what;
        });
        QVERIFY(around.dragged() > 0);
    }

    void clipboardsOfAnybody_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << QString();
        QTest::newRow("words") << QStringLiteral("hello");
        QTest::newRow("other json") << QStringLiteral("{\"nodes\": []}");
        QTest::newRow("broken fragment") << QStringLiteral("{\"strata.fragment\": 1, \"graph\": {\"nodes\": [{\"id\": 1}], \"edges\": []}}");
        QTest::newRow("loop") << QStringLiteral("{\"strata.fragment\": 1, \"graph\": {\"nodes\": [{\"id\": 1, \"type\": \"Add\", \"name\": \"a\"}], \"edges\": [[1, 1, 0]]}}");
        QTest::newRow("deep") << QString(100'000, QLatin1Char('['));
        QTest::newRow("huge") << QString(70 << 20, QLatin1Char('x'));
    }

    void clipboardsOfAnybody() {
        QFETCH(QString, text);
        Canvas canvas;
        QGuiApplication::clipboard()->setText(text);
        int said = 0;
        connect(&canvas.view.actions(), &EditorActions::message, &canvas.view, [&](const QString& sentence) { said += sentence.isEmpty() ? 0 : 1; });
        canvas.key(Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(said, 1);
        QCOMPARE(canvas.document.undoStack().count(), 0);
    }
};

} // namespace strata::ui

QTEST_MAIN(strata::ui::MonkeyTest)
#include "monkey_test.moc"
