// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/graph/explain.h"
#include "engine/graph/repairs.h"
#include "engine/graph/templates.h"
#include "file_main.h"
#include "resources/translations/engine_texts.h"
#include "tests/support/graph_dsl.h"
#include "ui/document/words.h"
#include "ui/inspector/inspector.h"
#include "ui/forms/param_editor.h"
#include "ui/inspector/problems_panel.h"
#include "ui/inspector/why_card.h"
#include "ui/window/main_window.h"
#include "ui_support.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QMutex>
#include <QRegularExpression>
#include <QTranslator>
#include <QTreeWidget>

namespace strata::ui {
namespace {

/// "its {} kernel" is "ïts {} kërnël": what comes from the engine and is translated can be seen, places and ids stay.
QString marked(const QString& english) {
    static const QString plain = QStringLiteral("aeiou"), marks = QStringLiteral("äëïöü");
    QString out = english;
    bool place = false;
    for (QChar& c : out) {
        place = c == QLatin1Char('{') || (place && c != QLatin1Char('}'));
        if (const qsizetype at = plain.indexOf(c); at >= 0 && !place) c = marks[at];
    }
    return out;
}

class Marker : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* text, const char*, int) const override {
        if (qstrcmp(context, "engine") != 0) return {};
        const QMutexLocker lock(&m_mutex);
        m_asked.insert(text);
        return marked(QString::fromUtf8(text));
    }
    std::set<std::string> asked() const {
        const QMutexLocker lock(&m_mutex);
        return m_asked;
    }

private:
    mutable QMutex m_mutex;
    mutable std::set<std::string> m_asked;
};

/// Names that are the same in every language: Keras's ids, keys and values, and those of the drawing.
class Names {
public:
    explicit Names(const ModelGraph& graph) {
        for (const auto& node : graph.nodes()) {
            add(node->name);
            add(node->type);
        }
        for (const LayerType& type : layerTypes()) {
            add(type.schema.id);
            for (const Param& param : type.schema.params) {
                add(param.key);
                for (const std::string& choice : param.choices) add(choice);
            }
        }
        for (const char* name : {"bias", "gamma", "beta", "alpha", "kernel", "mean", "variance", "None", "True", "False", "red", "colour"}) add(name);
    }
    /// The English words of a text, which nobody has translated.
    QStringList english(const QString& text) const {
        static const QRegularExpression word(QStringLiteral("[\\p{L}\\p{N}_]+"), QRegularExpression::UseUnicodePropertiesOption);
        static const QRegularExpression plain(QStringLiteral("^[A-Za-z]?[a-z]{2,}$")), vowel(QStringLiteral("[aeiou]"));
        QStringList out;
        for (auto it = word.globalMatch(text); it.hasNext();) {
            const QString found = it.next().captured();
            if (found.contains(plain) && found.contains(vowel) && !m_names.contains(found, Qt::CaseInsensitive)) out << found;
        }
        return out;
    }

private:
    void add(std::string_view name) { m_names << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())); }
    QStringList m_names;
};

/// Kept by every test that speaks; English comes back with its end.
struct Language {
    Marker marker;
    Language() {
        QCoreApplication::installTranslator(&marker);
        sayInWindowsLanguage();
    }
    ~Language() {
        setPatternTranslator(nullptr);
        QCoreApplication::removeTranslator(&marker);
    }
};

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

} // namespace

class WordsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_texts = engineTexts(STRATA_SOURCE_DIR); }

    void allTextsAreListed() {
        for (const char* each : {"Kernel size", "Convolution", "valid", "its shape is {}, but the data are {}; set shape to that of the data, or bring the data to this size",
                                 "LeNet-5", "height", "Initial rate"})
            QVERIFY2(m_texts.contains(each), each);
        QVERIFY(m_texts.size() > 900);
        const QByteArray source = QByteArray::fromStdString(sourceForLupdate({"a \"b\"\\x", "two\nlines"}));
        QVERIFY(source.contains("QT_TRANSLATE_NOOP(\"engine\", \"a \\\"b\\\"\\\\x\")"));
        QVERIFY(source.contains("two\\nlines"));
    }

    void drawingsSpeak_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<int>("logits"); // -1: unknown
        QTest::addColumn<int>("batch");
        const auto row = [](const char* name, const char* graph, int logits = -1, int batch = 32) { QTest::newRow(name) << graph << logits << batch; };
        row("window", "Input 20x20x1 > Conv2D kernel_size=25 > Flatten > Dense units=10");
        row("spread window", "Input 20x20x1 > Conv2D kernel_size=15 dilation_rate=2 > Flatten > Dense units=10");
        row("vanished", "Input 20x20x1 > MaxPooling2D > MaxPooling2D > MaxPooling2D > MaxPooling2D > Conv2D > Flatten > Dense units=10");
        row("even kernel", "Input 20x20x1 > Conv2D kernel_size=4 > Flatten > Dense units=10");
        row("units", "Input 20x20x1 > Flatten > Dense units=3");
        row("one unit", "Input 20x20x1 > Flatten > Dense units=1");
        row("many units", "Input 20x20x1 > Flatten > Dense units=30");
        row("no row", "Input 20x20x1 > Conv2D filters=4");
        row("cut chain", "Input 20x20x1 > Conv2D; Flatten > Dense units=10");
        row("softmax missing", "Input 20x20x1 > Flatten > Dense units=10", 0);
        row("softmax twice", "Input 20x20x1 > Flatten > Dense units=10 activation=softmax", 1);
        row("two softmaxes", "Input 20x20x1 > Flatten > Dense units=10 activation=softmax > Activation activation=softmax", 0);
        row("softmax inside", "Input 20x20x1 > Flatten > Dense units=8 activation=softmax > Dense units=10", 1);
        row("input", "Input 28x28x3 > Flatten > Dense units=10");
        row("no channels", "Input 20x20 > Conv2D > Flatten > Dense units=10");
        row("too early", "Input 20x20x1 > Flatten > Conv2D > Flatten > Dense units=10");
        row("no input", "Conv2D > Flatten > Dense units=10");
        row("only an input", "Input 20x20x1");
        row("unconnected", "Input 20x20x1 > Flatten > Dense units=10; Activation");
        row("two outputs", "Input 20x20x1 > Flatten name=f > Dense units=10; f > Dense units=10");
        row("range", "Input 20x20x1 > Flatten > Dropout rate=1.5 > Dense units=10");
        row("unknown layer", "Input 20x20x1 > Flatten > Foo > Dense units=10");
        row("unknown parameter", "Input 20x20x1 > Flatten > Dense units=10 colour=red");
        row("groups", "Input 20x20x4 > Conv2D filters=6 groups=4 activation=relu > Flatten > Dense units=10");
        row("dead end", "Input 20x20x1 name=in > Flatten > Dense units=10; in > Conv2D");
        row("stride and dilation", "Input 20x20x1 > Conv2D strides=2 dilation_rate=2 > Flatten > Dense units=10");
        row("channels differ", "Input 20x20x4 name=in > Conv2D filters=8 padding=same > Add name=sum > Flatten > Dense units=10; in > sum");
        row("sizes differ", "Input 20x20x4 name=in > Conv2D filters=8 > Add name=sum > Flatten > Dense units=10; in > sum");
        row("rows differ", "Input 20x20x4 > Flatten name=f > Dense units=8 > Add name=sum > Dense units=10; f > Dense units=6 > sum");
        row("cannot be joined", "Input 20x20x4 name=in > Conv2D filters=8 strides=2 > Concatenate name=cat > Flatten > Dense units=10; in > cat");
        row("one for add", "Input 20x20x1 > Add > Flatten > Dense units=10");
        row("picture in dense", "Input 20x20x1 > Dense units=4 > Flatten > Dense units=10");
        row("slash", "Input 20x20x1 > Flatten name=a/b > Dense units=10");
        row("many parameters", "Input 20x20x1 > Flatten > Dense units=4000 > Dense units=10");
        row("batch of one", "Input 20x20x1 > BatchNormalization > Conv2D > BatchNormalization > Flatten > Dense units=10", -1, 1);
        row("leaps and ends", "Input 20x21x1 > MaxPooling2D pool_size=2 strides=3 > Conv2D kernel_size=1 strides=2 > Flatten > Dense units=10");
        row("sequence", "Input 21x3 > Conv1D kernel_size=4 strides=2 > MaxPooling1D > Flatten > Dense units=10");
        row("transposed", "Input 7x7x3 > Conv2DTranspose kernel_size=5 strides=2 > Cropping2D > ZeroPadding2D > UpSampling2D > Flatten > Dense units=10");
        row("depthwise", "Input 8x8x3 > DepthwiseConv2D depth_multiplier=2 > SeparableConv2D filters=4 > GlobalAveragePooling2D > Dense units=10");
        row("other axes", "Input 4x6x3 > Permute dims=2x1x3 > Reshape target_shape=8x9 > Flatten > Dense units=10");
    }
    void drawingsSpeak() {
        QFETCH(QString, graph);
        QFETCH(int, logits);
        QFETCH(int, batch);
        const Language language;
        const ModelGraph drawn = graphFrom(graph.toStdString());
        const Names names(drawn);
        AnalysisContext context{.sampleShape = Shape{20, 20, 1}, .classes = 10, .batchSize = batch};
        if (logits >= 0) context.lossFromLogits = logits == 1;
        const GraphReport report = analyse(drawn, context);
        QStringList said;
        for (const Problem& problem : report.problems) {
            said << text(problem.text) << text(problem.shortText);
            for (const Repair& repair : repairsFor(drawn, context, problem)) said << text(repair.label) << text(repair.consequence);
        }
        for (const auto& node : drawn.nodes()) {
            const NodeReport& told = report.nodes.at(node->id);
            if (told.state != NodeState::Ready || !told.plan.output.isKnown()) continue;
            const Explanation why = explain(drawn, report, node->id);
            said << text(why.lost) << text(why.receptive);
            if (why.keepAll) said << text(why.keepAll->label);
            std::vector<Formula> formulas{why.parameters, why.work};
            for (const ShapeFormula& shape : why.shape) formulas.push_back(shape.formula);
            for (const Formula& formula : formulas) {
                said << text(formula.heading) << text(formula.sentence) << text(formula.resultLabel);
                for (const FormulaTerm& term : formula.terms()) said << text(term.label);
            }
            const LayerType* type = findLayerType(node->type);
            if (type->summary) said << text(type->summary(*type->schema.check(node->params)));
        }
        for (const QString& each : said) {
            const QStringList left = names.english(each);
            QVERIFY2(left.isEmpty(), qPrintable(left.join(QStringLiteral(", ")) + QStringLiteral(" in: ") + each));
        }
        const std::set<std::string> asked = language.marker.asked();
        QVERIFY(!asked.empty());
        for (const std::string& each : asked) QVERIFY2(m_texts.contains(each), ("lupdate does not find: " + each).c_str());
    }

    void theWindowShowsThem() {
        const Language language;
        GraphDocument document;
        MainWindow window(document);
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
        document.edit(QStringLiteral("Build"), [](DocumentState& state) {
            state.graph = test::smallNet();
            test::setParam(state.graph, 2, "kernel_size", ParamValue::IntList{31, 31});
        });
        const Names names(document.graph());

        auto* palette = window.findChild<QTreeWidget*>(QStringLiteral("paletteTree"));
        QVERIFY(palette != nullptr && palette->topLevelItemCount() > 4);
        QCOMPARE(palette->topLevelItem(1)->text(0), marked(QStringLiteral("Convolution")));
        for (int i = 0; i < palette->topLevelItemCount(); ++i) {
            const QTreeWidgetItem* group = palette->topLevelItem(i);
            QVERIFY2(names.english(group->text(0)).isEmpty(), qPrintable(group->text(0)));
            for (int k = 0; k < group->childCount(); ++k) QVERIFY(group->child(k)->toolTip(0).contains(QRegularExpression(QStringLiteral("[äëïöü]"))));
        }

        QTRY_VERIFY_WITH_TIMEOUT(!window.problems().findChildren<QAbstractButton*>(QRegularExpression(QStringLiteral("^repair:"))).isEmpty(), test::kPatience);
        const QString told = text(document.report().problems.front().text);
        QVERIFY2(names.english(told).isEmpty(), qPrintable(told));
        bool listed = false;
        for (const QLabel* label : window.problems().findChildren<QLabel*>()) listed = listed || label->text().contains(told);
        QVERIFY(listed);
        for (const QAbstractButton* repair : window.problems().findChildren<QAbstractButton*>(QRegularExpression(QStringLiteral("^repair:"))))
            QVERIFY2(names.english(repair->text()).isEmpty(), qPrintable(repair->text()));

        Q_EMIT window.problems().nodeActivated(2);
        const auto* kernel = window.inspector().findChild<ParamEditor*>(QStringLiteral("kernel_size"));
        QVERIFY(kernel != nullptr);
        QCOMPARE(kernel->toolTip(), marked(QStringLiteral("The size of each filter in cells. 3 is the usual choice.")));
        bool named = false;
        for (const QLabel* label : window.inspector().findChildren<QLabel*>()) named = named || label->text() == marked(QStringLiteral("Kernel size"));
        QVERIFY(named);
        const auto* padding = window.inspector().findChild<ParamEditor*>(QStringLiteral("padding"));
        QVERIFY(padding != nullptr);
        const auto* choices = padding->findChild<QComboBox*>();
        QVERIFY(choices != nullptr);
        QCOMPARE(choices->itemText(0), marked(QStringLiteral("valid")));
        QCOMPARE(choices->itemData(0).toString(), QStringLiteral("valid"));
        for (const std::string& each : language.marker.asked()) QVERIFY2(m_texts.contains(each), ("lupdate does not find: " + each).c_str());
    }

private:
    std::set<std::string> m_texts;
};

} // namespace strata::ui

STRATA_FILE_TEST_MAIN(strata::ui::WordsTest)
#include "words_test.moc"
