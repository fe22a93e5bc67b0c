// SPDX-License-Identifier: GPL-3.0-or-later
// The plan of the house, checked: who may include whom, who may name a layer, what stands in every file.
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QString kRoot = STRATA_SOURCE_DIR;

/// What of the program shows windows or paints pictures.
const QStringList kWindowOfApp{"app/studio.cpp", "app/window.cpp"};

QStringList sources(const QString& folder) {
    QStringList out;
    QDirIterator it(kRoot + "/" + folder, {"*.cpp", "*.h", "*.inl"}, QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext()) out << it.next().mid(kRoot.size() + 1);
    out.sort();
    return out;
}

QString textOf(const QString& path) {
    QFile file(kRoot + "/" + path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("%s cannot be read", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

/// Whom each room of the engine may know, besides itself.
const QMap<QString, QStringList> kMayKnow{
    {"core", {}},
    {"math", {"core"}},
    {"schema", {"core"}},
    {"layers", {"core", "math", "schema"}},
    {"graph", {"core", "schema", "layers"}},
    {"network", {"core", "schema", "layers", "graph", "math"}},
    {"data", {"core", "schema"}},
    {"training", {"core", "math", "schema", "layers", "graph", "network", "data"}},
    {"interop", {"core", "schema", "layers", "graph", "network", "data", "training"}},
};

/// The same for the rooms of the window. Editor and inspector know the document, not each other; only the window and the
/// program, which put them together, know them all.
const QMap<QString, QStringList> kWindowMayKnow{
    {"look", {}},
    {"charts", {"look"}},
    {"document", {"look"}},
    {"forms", {"look", "document"}},
    {"editor", {"look", "document"}},
    {"export", {"look", "document", "editor"}},
    {"outline", {"look", "document", "editor"}},
    {"inspector", {"look", "document", "forms"}},
    {"training", {"look", "charts", "document", "forms"}},
    {"inspect", {"look", "document", "forms", "editor", "training"}},
    {"window", {"look", "document", "editor", "export", "outline", "inspector"}},
};

} // namespace

class HouseTest : public QObject {
    Q_OBJECT
private slots:
    void dependenciesGoOneWay() {
        static const QRegularExpression include("^\\s*#\\s*include\\s*\"((?:app|ui|engine|tests)/[^\"]+)\"", QRegularExpression::MultilineOption);
        QStringList wrong;
        for (const QString& path : sources("engine") + sources("ui") + sources("app")) {
            auto it = include.globalMatch(textOf(path));
            while (it.hasNext()) {
                const QString target = it.next().captured(1);
                const QString from = path.section('/', 0, 0), to = target.section('/', 0, 0);
                bool allowed = from == to || from == "app" || (from == "ui" && to == "engine");
                if (from == to && from != "app") {
                    const QMap<QString, QStringList>& mayKnow = from == "engine" ? kMayKnow : kWindowMayKnow;
                    const QString room = path.section('/', 1, 1), other = target.section('/', 1, 1);
                    QVERIFY2(mayKnow.contains(room), qPrintable("a room that the plan does not have: " + room));
                    allowed = room == other || mayKnow[room].contains(other);
                }
                if (!allowed || to == "tests") wrong << path + " includes " + target;
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }
    void theEngineKnowsNoQt() {
        static const QRegularExpression qt("#\\s*include\\s*[<\"]Q");
        for (const QString& path : sources("engine")) QVERIFY2(!textOf(path).contains(qt), qPrintable(path));
    }
    void oneFileIncludesCblas() {
        for (const QString& path : sources("engine")) {
            if (textOf(path).contains(QRegularExpression("#\\s*include\\s*[<\"][^>\"]*cblas"))) QCOMPARE(path, QString("engine/math/gemm.cpp"));
        }
    }
    void onlyTheTrainingSessionKnowsTheTrainer() {
        static const QRegularExpression trainer("engine/training/trainer\\.h|\\bTrainer\\b(?!:)");
        for (const QString& path : sources("ui") + kWindowOfApp) {
            if (path.startsWith("ui/training/training_session")) continue;
            QVERIFY2(!textOf(path).contains(trainer), qPrintable(path));
        }
    }
    void theWindowNamesNoLayer() {
        QStringList names;
        QDirIterator it(kRoot + "/engine/layers/types", {"*.cpp"}, QDir::Files);
        static const QRegularExpression id("\\.id = \"([A-Z][A-Za-z0-9]+)\"");
        while (it.hasNext()) names << id.match(textOf(it.next().mid(kRoot.size() + 1))).captured(1);
        names.removeAll(QString());
        QVERIFY(names.size() >= 12);
        for (const QString& path : sources("ui") + sources("app")) {
            const QString text = textOf(path);
            for (const QString& name : names) QVERIFY2(!text.contains("\"" + name + "\""), qPrintable(path + " names " + name));
        }
    }
    void everyFileSaysItsLicence() {
        QStringList all{"CMakeLists.txt", "run", "README.md", ".clang-format"};
        for (const char* folder : {"engine", "ui", "app", "tests", "cmake", "resources"}) {
            QDirIterator it(kRoot + "/" + folder, {"*.cpp", "*.h", "*.inl", "*.py", "*.sh", "*.cmake", "CMakeLists.txt", "*.md", "*.qss", "*.svg", "*.desktop", "*.xml"},
                            QDir::Files, QDirIterator::Subdirectories);
            while (it.hasNext()) all << it.next().mid(kRoot.size() + 1);
        }
        QVERIFY(all.size() > 900);
        for (const QString& path : all) { // first, but for what a script or XML must begin with
            const QString head = textOf(path).section('\n', 0, 1);
            QVERIFY2(head.contains("SPDX-License-Identifier: GPL-3.0-or-later"), qPrintable(path));
        }
    }
    /// Words that a person reads go through tr(): what a setter of text gets is not a literal.
    void textsCanBeTranslated() {
        static const QRegularExpression untranslated(
            "(?:set(?:Text|ToolTip|WindowTitle|PlaceholderText|AccessibleName|AccessibleDescription|StatusTip|InformativeText|Title|HeaderLabels|Suffix|"
            "SpecialValueText)|addAction|addMenu|addTab|[lL]abel|plainButton|primaryButton|linkButton|QCheckBox|QPushButton)"
            "\\(\\s*(?:QStringLiteral\\(|QLatin1String\\()?\"[^\"]*[A-Za-z]{3}|\\.heading = (?:QStringLiteral\\()?\"");
        QStringList wrong;
        for (const QString& path : sources("ui") + kWindowOfApp) {
            const QStringList lines = textOf(path).split('\n');
            for (int i = 0; i < lines.size(); ++i) {
                if (lines[i].contains(untranslated)) wrong << QString("%1:%2 %3").arg(path).arg(i + 1).arg(lines[i].trimmed());
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }
    /// Sentences of the engine go through said(), those of the window through that or tr(), so that they can be translated;
    /// what is no sentence for people (Python scripts, Keras's table, names of arithmetic) does not.
    void theEngineSaysItsSentences() {
        static const QStringList exempt{"engine/core/said.h",           "engine/graph/summary.cpp",       "engine/interop/keras_script.cpp",
                                        "engine/interop/python_data.cpp", "engine/training/arithmetic.cpp"};
        static const QRegularExpression literal("(?:fmt::format\\(|failure\\(\\s*\"[a-z0-9_.]*\",(?:\\s*std::string\\(|\\s*\\w+ \\+)?|\\w\\.\\w+ =)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
        static const QRegularExpression sentence("[A-Za-z]{2,}.? [A-Za-z{]|[}a-z] [a-z]{2,}|^[ ,;.(]+[a-z]{2,}");
        QStringList wrong;
        for (const QString& path : sources("engine") + sources("ui") + kWindowOfApp) {
            if (exempt.contains(path)) continue;
            const QString text = textOf(path);
            for (auto it = literal.globalMatch(text); it.hasNext();) {
                const QRegularExpressionMatch match = it.next();
                if (match.captured(1).contains(sentence)) wrong << QString("%1:%2 %3").arg(path).arg(text.left(match.capturedStart()).count('\n') + 1).arg(match.captured(1));
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }
    /// Qt's own tool finds them, each with the class that asks for it.
    void lupdateFindsTheTexts() {
        const QString lupdate = QStandardPaths::findExecutable("lupdate", {"/usr/lib/qt6/bin"});
        if (lupdate.isEmpty()) QSKIP("lupdate (qt6-l10n-tools) is not installed");
        QTemporaryDir folder;
        QProcess process;
        process.start(lupdate, {"-I", kRoot, kRoot + "/ui", kRoot + "/app", "-no-obsolete", "-locations", "none", "-ts", folder.filePath("strata_de.ts")});
        QVERIFY(process.waitForFinished(60'000));
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 0, said);
        QVERIFY2(!said.contains("cannot be called without context") && !said.contains("unknown namespace"), said);
        QFile file(folder.filePath("strata_de.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().count("<source>") > 400);
    }
    /// Each text with a number has its two forms in English.
    void numbersHaveTheirWords() {
        const QString lupdate = QStandardPaths::findExecutable("lupdate", {"/usr/lib/qt6/bin"});
        if (lupdate.isEmpty()) QSKIP("lupdate (qt6-l10n-tools) is not installed");
        QTemporaryDir folder;
        const QString copy = folder.filePath("strata_en.ts");
        QVERIFY(QFile::copy(kRoot + "/resources/translations/strata_en.ts", copy));
        QProcess process;
        process.start(lupdate, {"-I", kRoot, kRoot + "/ui", kRoot + "/app", "-pluralonly", "-no-obsolete", "-locations", "none", "-ts", copy});
        QVERIFY(process.waitForFinished(60'000));
        QFile file(copy);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray words = file.readAll();
        QVERIFY(words.count("<message numerus=\"yes\">") >= 10);
        QVERIFY2(!words.contains("unfinished") && !words.contains("<numerusform></numerusform>"), words);
        for (const QString& path : sources("ui")) {
            static const QRegularExpression byHand("== 1 \\?\\s*(?:\\w+::)?tr\\(\"[^\"]*\\b(?:1|one|a)\\b [^\"]*\"\\) : (?:\\w+::)?tr\\(");
            QVERIFY2(!textOf(path).contains(byHand), qPrintable(path + " chooses between one and many by itself"));
        }
    }
    void headersAreGuarded() {
        for (const QString& path : sources("engine") + sources("ui") + sources("app")) {
            if (path.endsWith(".h")) QVERIFY2(textOf(path).contains("#pragma once"), qPrintable(path));
        }
    }
};

QTEST_APPLESS_MAIN(HouseTest)
#include "house_test.moc"
