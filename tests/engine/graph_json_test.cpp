// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/drawing_limits.h"
#include "engine/graph/graph_json.h"
#include "engine/graph/names.h"
#include "engine/graph/templates.h"
#include "engine/schema/param_json.h"
#include "tests/support/graph_dsl.h"

#include <limits>
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

    void listsOfNumbersRoundTrip_data() {
        QTest::addColumn<std::vector<double>>("mean");
        const double infinity = std::numeric_limits<double>::infinity();
        QTest::newRow("none") << std::vector<double>{};
        QTest::newRow("whole") << std::vector{1.0, -2.0};
        QTest::newRow("infinite") << std::vector{infinity, 1.5, -infinity};
    }

    void listsOfNumbersRoundTrip() {
        QFETCH(std::vector<double>, mean);
        ModelGraph graph = graphFrom("Input 8x8x3 > Normalization name=n");
        Node node = *graph.findByName("n");
        node.params["mean"] = mean;
        graph.replace(std::move(node));
        const Result<ModelGraph> back = graphFromJson(Json::parse(toJson(graph).dump()));
        QVERIFY2(back, back ? "" : back.error().message.c_str());
        QVERIFY(*back == graph);
    }

    /// Else 2^64 - 1 would be -1, which stands for "not known".
    void numbersBeyondTheirBits() {
        QVERIFY(paramFromJson(Json::parse("9223372036854775807")).ok());
        for (const char* text : {"18446744073709551615", "9223372036854775808", "[3, 18446744073709551615]"}) {
            const Result<ParamValue> value = paramFromJson(Json::parse(text));
            QVERIFY2(!value.ok() && value.error().id == "json.whole", text);
        }
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
        row("/nodes/1/name", "\"\"", "must not be empty");
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

    /// What the drawing may hold is what its file has room for, by whichever door it came.
    void longTextsAreShortened() {
        const std::string letters = [] {
            std::string s = "n"; // an odd byte, so that the limit falls into a letter
            for (int i = 0; i < 150; ++i)
                s += "ä";
            return s;
        }();
        ModelGraph g;
        const NodeId a = g.add({.type = "Input", .name = letters});
        const NodeId b = g.add({.type = "Flatten", .name = letters});
        const NodeId c = g.add({.type = "Flatten", .name = "short"});
        Node renamed = *g.find(c);
        renamed.name = letters;
        g.replace(renamed);
        const GroupId frame = g.addGroup({.title = letters}, std::array{a, b});
        (void)g.addNote({.text = std::string(30'000, 'x')});
        for (const auto& n : g.nodes()) {
            QVERIFY(n->name.size() <= kLongestName);
            QVERIFY(QString::fromStdString(n->name).toStdString() == n->name); // whole letters
        }
        QVERIFY(g.find(a)->name != g.find(b)->name && g.find(a)->name != g.find(c)->name);
        QVERIFY(letters.starts_with(g.findGroup(frame)->title));
        QCOMPARE(g.findGroup(frame)->title.size(), std::size_t{199});
        const Result<ModelGraph> back = graphFromJson(Json::parse(toJson(g).dump()));
        QVERIFY2(back.ok(), back ? "" : back.error().message.c_str());
        QVERIFY(*back == g);

        // A file of another hand.
        Json json = toJson(g);
        json["nodes"][0]["name"] = std::string(300, 'a');
        json["nodes"][1]["name"] = std::string(250, 'a');
        json["groups"][0]["title"] = std::string(1000, 't');
        json["notes"][0]["text"] = std::string(50'000, 'w');
        const Result<ModelGraph> read = graphFromJson(json);
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QVERIFY(read->nodes()[0]->name.starts_with("aaaa") && read->nodes()[1]->name.starts_with("aaaa"));
        QVERIFY(read->nodes()[0]->name != read->nodes()[1]->name);
        QCOMPARE(read->groups()[0].title, std::string(200, 't'));
        QCOMPARE(read->notes()[0].text.size(), kLongestNote);
        QVERIFY(graphFromJson(toJson(*read)).ok());
    }

    void placesStayOnTheCanvas() {
        ModelGraph g = graphFrom("Input 8x8x1 name=in > Flatten name=f");
        Node far = *g.findByName("f");
        far.position = {3e6, -1e300};
        g.replace(far);
        (void)g.add({.type = "Add", .position = {std::nan(""), -2e6}});
        const NoteId note = g.addNote({.text = "x", .position = {0, 5e6}});
        Note moved = *g.findNote(note);
        moved.position.x = -5e6;
        g.replaceNote(moved);
        g.setBends(g.findByName("in")->id, far.id, std::vector<Point>(kMostBends + 1, {9e9, 0}));
        QVERIFY((g.find(far.id)->position == Point{kFarthest, -kFarthest}));
        QVERIFY((g.findByName("add")->position == Point{0, -kFarthest}));
        const Result<ModelGraph> back = graphFromJson(Json::parse(toJson(g).dump()));
        QVERIFY2(back.ok(), back ? "" : back.error().message.c_str());
        QVERIFY(*back == g);
    }

    /// A file of another hand loses no card for its place.
    void straysAreBroughtBack() {
        ModelGraph g = graphFrom("Input 8x8x1 name=in > Flatten name=f");
        (void)g.addNote({.text = "x"});
        Json json = toJson(g);
        json["nodes"][1]["x"] = 1'000'001;
        json["nodes"][1]["y"] = 70;
        json["nodes"][0]["y"] = "far";
        json["notes"][0]["y"] = -1e300;
        QVERIFY(!graphFromJson(json).ok());
        DrawingMends mends;
        const Result<ModelGraph> read = graphFromJson(json, mends);
        QVERIFY2(read.ok(), read ? "" : read.error().message.c_str());
        QVERIFY((read->findByName("f")->position == Point{kFarthest, 70}));
        QVERIFY((read->findByName("in")->position == Point{0, 0}));
        QCOMPARE(read->notes().front().position.y, -kFarthest);
        QCOMPARE(mends.remarks.size(), std::size_t{1});
        const std::string& told = mends.remarks.front();
        QVERIFY2(told.starts_with("Some cards or notes (3)") && told.find("\"in\"") != std::string::npos, told.c_str());
        QVERIFY(graphFromJson(toJson(*read)).ok());
    }

    /// What comes at once leaves room for single cards, wires and notes.
    void roomIsChecked() {
        const auto with = [](std::size_t cards, std::size_t notes) {
            Json json{{"nodes", Json::array()}, {"edges", Json::array()}};
            for (std::size_t i = 1; i <= cards; ++i) json["nodes"].push_back({{"id", i}, {"type", "Flatten"}, {"name", "n" + std::to_string(i)}});
            for (std::size_t i = 1; i <= notes; ++i) json["notes"].push_back({{"id", i}, {"text", "x"}});
            return *graphFromJson(json);
        };
        const ModelGraph some = with(8999, 8999);
        QVERIFY(checkRoom(some, with(1, 1)).ok() && checkRoom(with(9500, 0), with(0, 1)).ok());
        const Result<> cards = checkRoom(some, with(2, 0)), notes = checkRoom(some, with(0, 2));
        QVERIFY(!cards && !notes);
        QVERIFY2(cards.error().message.starts_with("The drawing has 8,999 cards and would get 2 more"), cards.error().message.c_str());
        QVERIFY2(notes.error().message.find("9,000 notes") != std::string::npos, notes.error().message.c_str());
    }

    /// A single card, wire or note: up to the last that the file has room for. What is too large already may shrink.
    void growthEndsWhereTheFileDoes() {
        const auto with = [](std::size_t cards, std::size_t inputs, std::size_t notes = 0) {
            std::vector<Node> nodes;
            std::vector<Edge> edges;
            for (std::size_t i = 1; i <= cards; ++i) nodes.push_back({.id = static_cast<NodeId>(i), .type = "Add", .name = "n" + std::to_string(i)});
            for (std::size_t to = 6; to <= cards && edges.size() < inputs; ++to) {
                for (std::size_t slot = 0; slot < 5 && edges.size() < inputs; ++slot)
                    edges.push_back({static_cast<NodeId>(slot + 1), static_cast<NodeId>(to), static_cast<int>(slot)});
            }
            ModelGraph graph = *ModelGraph::build(std::move(nodes), std::move(edges));
            for (std::size_t i = 0; i < notes; ++i) (void)graph.addNote({.text = "x"});
            return graph;
        };
        QVERIFY(checkGrowth(with(9999, 0), with(10'000, 0)).ok());
        const Result<> cards = checkGrowth(with(10'000, 0), with(10'001, 0));
        QVERIFY(!cards);
        QVERIFY2(cards.error().message.starts_with("The drawing would get 10,001 cards; its file has room for 10,000."), cards.error().message.c_str());
        QVERIFY(checkGrowth(with(10'002, 0), with(10'001, 0)).ok() && checkGrowth(with(10'001, 0), with(10'001, 5)).ok());
        const ModelGraph full = with(9000, 40'000);
        QVERIFY(checkGrowth(with(9000, 39'999), full).ok() && !checkGrowth(full, with(9000, 40'001)));
        QVERIFY(checkGrowth(with(1, 0, 9), with(1, 0, 10)).ok() && !checkGrowth(with(1, 0, 10'000), with(1, 0, 10'001)));
        // What a paste connects outside itself counts, too.
        const ModelGraph some = with(9000 - 1, 35'999);
        QVERIFY(checkRoom(some, with(1, 0), 1).ok() && !checkRoom(some, with(1, 0), 2));
    }

    void namesAreChecked() {
        const ModelGraph g = graphFrom("Input 8x8x4 name=in > Conv2D filters=4 name=a");
        const NodeId a = g.findByName("a")->id;
        QVERIFY(checkName(g, a, "a").ok() && checkName(g, a, std::string(200, 'x')).ok());
        QCOMPARE(checkName(g, a, "").error().id, std::string("name.empty"));
        QCOMPARE(checkName(g, a, "in").error().id, std::string("name.taken"));
        QCOMPARE(checkName(g, a, "x/y").error().id, std::string("name.slash"));
        QCOMPARE(checkName(g, a, std::string(201, 'x')).error().id, std::string("name.too_long"));
        QVERIFY(checkTitle("").ok() && !checkTitle(std::string(201, 'x')).ok());
    }

    void sizesAreBounded() {
        Json json = sample();
        json["nodes"] = Json(std::vector<int>(20'000, 1));
        const Result<ModelGraph> g = graphFromJson(json);
        QVERIFY(!g.ok());
        QVERIFY2(g.error().message.find("at most") != std::string::npos, g.error().message.c_str());
    }

    /// As many bends, groups and notes as a file may have: with a search for each of them this would take hours.
    void fullDrawingsAreRead() {
        Json json{{"nodes", Json::array()}, {"edges", Json::array()}};
        constexpr int cards = 10'000;
        for (int i = 1; i <= cards; ++i) {
            json["nodes"].push_back({{"id", i}, {"type", "Add"}, {"name", "n" + std::to_string(i)}, {"params", Json::object()}, {"group", i}});
            json["groups"].push_back({{"id", i}, {"title", ""}});
            json["notes"].push_back({{"id", i}, {"text", "x"}});
        }
        for (int i = 1; i <= cards; ++i) {
            for (int from = std::max(1, i - 4); from < i; ++from) {
                json["edges"].push_back({from, i, from - std::max(1, i - 4)});
                json["bends"].push_back({from, i, {{1, 2}}});
            }
        }
        const Result<ModelGraph> graph = graphFromJson(json);
        QVERIFY2(graph.ok(), graph.ok() ? "" : graph.error().message.c_str());
        QCOMPARE(graph->groups().size(), std::size_t{cards});
        QCOMPARE(graph->allBends().size(), graph->edges().size());
        QVERIFY(*graphFromJson(toJson(*graph)) == *graph);
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
            DrawingMends mends;
            const Result<ModelGraph> mended = graphFromJson(json, mends);
            QVERIFY(!g || (mended && mends.remarks.empty())); // what is whole needs no mending
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
