// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"

#include <QTest>

namespace {

std::string theAnswer;
int asked = 0;

std::string answer(std::string_view) {
    ++asked;
    return theAnswer;
}

} // namespace

class SaidTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { strata::setPatternTranslator(nullptr); }
    void englishWhereNobodyTranslates() {
        QCOMPARE(strata::said("{} of {}", 2, "three"), std::string("2 of three"));
        QCOMPARE(strata::said("{{a}}"), std::string("{a}"));
        QCOMPARE(strata::saidWord("height"), std::string("height"));
        QCOMPARE(strata::saidWord("{"), std::string("{"));
    }
    void patternsAreTranslated_data() {
        QTest::addColumn<QString>("other");
        QTest::addColumn<QString>("sentence");
        const QString english = "its 5 x 5 window needs 12.5";
        QTest::newRow("in order") << "sein {}-Fenster braucht {:.1f}" << "sein 5 x 5-Fenster braucht 12.5";
        QTest::newRow("by number") << "{1:.1f} braucht das {0}-Fenster" << "12.5 braucht das 5 x 5-Fenster";
        QTest::newRow("twice") << "{0}: {0}, {1:.2f}" << "5 x 5: 5 x 5, 12.50";
        QTest::newRow("braces") << "{{{}}} {:.1f}" << "{5 x 5} 12.5";
        QTest::newRow("none") << "" << english;
        QTest::newRow("one left out") << "das Fenster braucht {:.1f}" << english;
        QTest::newRow("all left out") << "das Fenster" << english;
        QTest::newRow("one too many") << "{} {} {}" << english;
        QTest::newRow("of another kind") << "{:.1f} {:.1f}" << english;
        QTest::newRow("by name") << "{a} {b}" << english;
        QTest::newRow("both ways") << "{0} {}" << english;
        QTest::newRow("a far number") << "{0} {99999999999999}" << english;
        QTest::newRow("width of another") << "{:{}}" << english;
        QTest::newRow("open") << "{} {:.1f} {" << english;
        QTest::newRow("closed") << "{} {:.1f} }" << english;
    }
    void patternsAreTranslated() {
        QFETCH(QString, other);
        QFETCH(QString, sentence);
        theAnswer = other.toStdString();
        strata::setPatternTranslator(answer);
        QCOMPARE(QString::fromStdString(strata::said("its {} window needs {:.1f}", "5 x 5", 12.5)), sentence);
    }
    void everyPatternIsAskedFor() {
        theAnswer = "andere";
        strata::setPatternTranslator(answer);
        asked = 0;
        QCOMPARE(strata::said("others"), std::string("andere"));
        QCOMPARE(strata::saidWord("others"), std::string("andere"));
        QCOMPARE(asked, 2);
    }
};

QTEST_GUILESS_MAIN(SaidTest)
#include "said_test.moc"
