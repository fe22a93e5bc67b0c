// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/graph_json.h"
#include "engine/graph/templates.h"
#include "tests/support/graph_dsl.h"

#include <nlohmann/json.hpp>
#include <QTest>
#include <random>

using namespace strata;
using Json = nlohmann::json;

namespace {

Json sample() {
    return toJson(graphFrom("Input 8x8x4 name=in > Conv2D filters=4 kernel_initializer=HeNormal name=a "
                            "trainable=False > Add name=sum; in > sum"));
}

} // namespace

class GraphJsonTest : public QObject {
    Q_OBJECT
private slots:
    void roundTrips() {
        for (const Template& t : templates()) {
            const ModelGraph g = t.make();
            const Result<ModelGraph> back = graphFromJson(Json::parse(toJson(g).dump()));
            QVERIFY2(back.ok(), t.id.c_str());
            QVERIFY2(*back == g, t.id.c_str());
        }
        const ModelGraph unfinished = graphFrom("Conv2D filters=0 name=a/b > Foo colour=red; Input ?x?x3");
        QVERIFY(*graphFromJson(toJson(unfinished)) == unfinished);
        QVERIFY(*graphFromJson(toJson(ModelGraph())) == ModelGraph());
    }

    void refusals_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("word");
        const auto row = [](const char* pointer, const char* value, const char* word) {
            QTest::addRow("%s = %s", pointer, value) << pointer << value << word;
        };
        row("", "[]", "graph: must be a JSON object");
        row("/nodes", "3", "\"nodes\" must be a list");
        row("/edges", "null", "\"edges\" must be a list");
        row("/more", "1", "unknown member \"more\"");
        row("/nodes/0", "7", "nodes[0]: must be a JSON object");
        row("/nodes/1/id", "1.5", "nodes[1].id: must be a whole number");
        row("/nodes/1/id", "18446744073709551615", "whole number");
        row("/nodes/1/id", "9223372036854775807", "no valid id");
        row("/nodes/1/id", "-1", "no valid id");
        row("/nodes/1/id", "1", "taken");
        row("/nodes/1/name", "\"\"", "1 to 200 bytes");
        row("/nodes/1/name", "\"in\"", "names are unique");
        row("/nodes/1/type", "null", "\"type\" must be a text");
        row("/nodes/1/trainable", "1", "true or false");
        row("/nodes/1/x", "1e300", "between");
        row("/nodes/1/y", "\"far\"", "between");
        row("/nodes/1/params", "[1]", "nodes[1].params");
        row("/nodes/1/colour", "1", "unknown member");
        row("/edges/0", "[1, 2]", "[from, to, slot]");
        row("/edges/0", "[1, 2, 1]", "without a gap");
        row("/edges/0", "[1, 2, -1]", "no input");
        row("/edges/0", "[1, 2, 99999999999]", "no input");
        row("/edges/0", "[1, 9, 0]", "does not exist");
        row("/edges/0", "[3, 2, 0]", "loop");
        row("/edges/0", "[2, 2, 0]", "loop");
    }
    void refusals() {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, word);
        Json json = sample();
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        const Result<ModelGraph> g = graphFromJson(json);
        QVERIFY(!g.ok());
        QVERIFY2(QString::fromStdString(g.error().message).contains(word), g.error().message.c_str());
    }

    void sizesAreBounded() {
        Json json = sample();
        json["nodes"] = Json(std::vector<int>(20'000, 1));
        const Result<ModelGraph> g = graphFromJson(json);
        QVERIFY(!g.ok());
        QVERIFY2(g.error().message.find("at most") != std::string::npos, g.error().message.c_str());
    }

    /// Anything in any place gives a graph or a sentence.
    void anything() {
        std::mt19937 random(7);
        const std::vector<Json> odd{nullptr,
                                    true,
                                    -1,
                                    0,
                                    1,
                                    3,
                                    1e308,
                                    "",
                                    "in",
                                    Json::array(),
                                    Json::array({1, 2, 0}),
                                    Json::object(),
                                    Json::object({{"id", "X"}, {"params", nullptr}}),
                                    UINT64_MAX,
                                    INT64_MIN};
        int accepted = 0;
        for (int round = 0; round < 3000; ++round) {
            Json json = sample();
            for (int changes = 0; changes < 1 + round % 3; ++changes) {
                const Json places = json.flatten();
                auto place = places.begin();
                std::advance(place, random() % places.size());
                Json::json_pointer pointer(place.key());
                for (std::size_t up = random() % 3; up > 0 && !pointer.empty(); --up)
                    pointer.pop_back();
                json[pointer] = odd[random() % odd.size()];
                if (!json.is_structured() || json.empty()) break;
            }
            const Result<ModelGraph> g = graphFromJson(json);
            if (g)
                ++accepted;
            else
                QVERIFY(!g.error().message.empty());
        }
        QVERIFY(accepted > 0);
    }
};

QTEST_APPLESS_MAIN(GraphJsonTest)
#include "graph_json_test.moc"
