// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/search_palette.h"
#include "ui/editor/text_overlay.h"
#include "ui_support.h"

#include <QLineEdit>

namespace strata::ui::test {

/// One of the tricks, the heavier the more often.
template <class Trick, std::size_t count>
const Trick& choose(const Trick (&tricks)[count], QRandomGenerator& random) {
    int all = 0;
    for (const Trick& trick : tricks) all += trick.weight;
    int at = random.bounded(all);
    const Trick* chosen = tricks;
    while (at >= chosen->weight) at -= (chosen++)->weight;
    return *chosen;
}

/// Somebody who knows no rules: real presses, drags and keys at cards, ports, wires and empty places
/// of the window's canvas.
class Monkey {
public:
    static constexpr int kTooMany = 40; ///< cards: then it clears up
    static constexpr int kTooFew = 6;   ///< then it adds some

    Monkey(Hands& canvas, quint32 seed) : m_canvas(canvas), m_random(seed) {}

    /// One action; its name, for the message of a failure.
    QString act() {
        struct Trick {
            int weight;
            const char* name;
            void (Monkey::*play)();
        };
        static constexpr Trick tricks[] = {
            {10, "move a card", &Monkey::moveCard},       {8, "draw a wire", &Monkey::drawWire},    {4, "take a wire off", &Monkey::takeWireOff},
            {4, "bend a wire", &Monkey::bendWire},       {2, "cut", &Monkey::cut},                 {7, "search and add", &Monkey::searchAndAdd},
            {4, "copy and paste", &Monkey::copyPaste},   {4, "duplicate", &Monkey::duplicate},     {4, "delete", &Monkey::remove},
            {3, "dissolve", &Monkey::dissolve},          {5, "undo", &Monkey::undo},               {3, "redo", &Monkey::redo},
            {3, "bypass", &Monkey::bypass},              {3, "frame", &Monkey::frame},             {3, "block", &Monkey::block},
            {3, "fold", &Monkey::fold},                  {2, "dissolve a frame", &Monkey::ungroup}, {3, "note", &Monkey::note},
            {2, "lay out", &Monkey::layOut},             {3, "nudge", &Monkey::nudge},             {2, "connect by key", &Monkey::connectByKey},
            {1, "double click", &Monkey::doubleClick},   {1, "rubber band", &Monkey::band},        {1, "look around", &Monkey::lookAround},
            {2, "all wires of an output", &Monkey::bundle}};
        const Trick* chosen = &choose(tricks, m_random);
        if (static_cast<int>(graph().nodes().size()) > kTooMany) {
            clearUp();
            return QStringLiteral("clear up");
        }
        aimAt(anyCard());
        if (static_cast<int>(graph().nodes().size()) < kTooFew) chosen = tricks + 5; // there must be something to play with
        (this->*chosen->play)();
        m_canvas.view.textOverlay().finish();
        if (m_canvas.view.search().isVisible()) QTest::keyClick(m_canvas.view.search().field(), Qt::Key_Escape);
        return QLatin1String(chosen->name);
    }

private:
    const ModelGraph& graph() const { return m_canvas.document.graph(); }
    int dice(int sides) { return m_random.bounded(sides); }

    NodeId anyCard() {
        const std::vector<NodeId> ids = m_canvas.scene.cardIds();
        return ids.empty() ? 0 : ids[static_cast<std::size_t>(dice(static_cast<int>(ids.size())))];
    }
    /// Brings a card before the eyes, near enough for its ports.
    void aimAt(NodeId id) {
        if (dice(4) == 0) m_canvas.view.setZoom(0.5 + 0.25 * dice(4), {});
        if (const CardItem* card = m_canvas.scene.shownCard(id)) m_canvas.view.centerOn(card->pos() + QPointF(0, 30));
    }
    QPoint on(NodeId id) const {
        const CardItem* card = m_canvas.scene.shownCard(id);
        return card == nullptr ? m_canvas.empty() : m_canvas.at(card->pos() + QPointF(-60, 26));
    }
    QPoint port(NodeId id, bool output) {
        const CardItem* card = m_canvas.scene.shownCard(id);
        if (card == nullptr) return m_canvas.empty();
        QPoint place = on(id);
        for (const Port& port : card->ports()) {
            if ((port.slot < 0) == output && !port.spare) place = m_canvas.at(card->pos() + port.place);
        }
        return place;
    }
    QPoint near() { return QPoint(100 + dice(m_canvas.view.width() - 200), 80 + dice(m_canvas.view.height() - 160)); }
    Edge anyWire() {
        const std::vector<Edge> edges = m_canvas.scene.wireEdges();
        return edges.empty() ? Edge() : edges[static_cast<std::size_t>(dice(static_cast<int>(edges.size())))];
    }
    void select() {
        m_canvas.click(on(anyCard()));
        for (int more = dice(3); more > 0; --more) m_canvas.click(on(anyCard()), Qt::ControlModifier);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers keys = {}) { m_canvas.key(key, keys); }

    void moveCard() {
        const QPoint from = on(anyCard());
        m_canvas.drag(from, from + QPoint(dice(300) - 150, dice(240) - 120));
    }
    void drawWire() {
        const NodeId from = anyCard();
        aimAt(from);
        m_canvas.drag(port(from, true), dice(5) == 0 ? near() : on(anyCard()));
    }
    void takeWireOff() {
        const NodeId to = anyCard();
        aimAt(to);
        m_canvas.drag(port(to, false), dice(2) == 0 ? near() : on(anyCard()));
    }
    void bundle() {
        const NodeId from = anyCard();
        aimAt(from);
        m_canvas.drag(port(from, true), on(anyCard()), Qt::LeftButton, Qt::ControlModifier);
    }
    void bendWire() {
        const WireItem* wire = m_canvas.scene.wire(anyWire());
        if (wire == nullptr) return;
        m_canvas.view.centerOn(wire->path().pointAtPercent(0.5));
        const QPoint from = m_canvas.at(wire->path().pointAtPercent(0.5));
        if (dice(4) == 0) QTest::mouseDClick(m_canvas.view.viewport(), Qt::LeftButton, {}, from);
        else m_canvas.drag(from, from + QPoint(dice(160) - 80, dice(80) - 40));
    }
    void cut() { m_canvas.drag(near(), near(), Qt::RightButton, Qt::ControlModifier); }
    void searchAndAdd() {
        static constexpr const char* words[] = {"conv", "max", "dropout", "add", "flatten", "dense", "batch", "relu", "concat", "input"};
        QTest::mouseDClick(m_canvas.view.viewport(), Qt::LeftButton, {}, near());
        if (!m_canvas.view.search().isVisible()) key(Qt::Key_A, Qt::ShiftModifier);
        QLineEdit* field = m_canvas.view.search().field();
        QTest::keyClicks(field, QLatin1String(words[dice(10)]));
        QTest::keyClick(field, Qt::Key_Return);
    }
    void copyPaste() {
        select();
        key(dice(4) == 0 ? Qt::Key_X : Qt::Key_C, Qt::ControlModifier);
        m_canvas.moveTo(near(), Qt::NoButton);
        key(Qt::Key_V, dice(2) == 0 ? Qt::ControlModifier : Qt::ControlModifier | Qt::ShiftModifier);
    }
    void duplicate() {
        select();
        key(Qt::Key_D, Qt::ControlModifier);
    }
    void remove() {
        select();
        key(Qt::Key_Delete);
    }
    void dissolve() {
        select();
        key(Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
    }
    void undo() {
        for (int i = dice(4); i >= 0; --i) key(Qt::Key_Z, Qt::ControlModifier);
    }
    void redo() {
        if (!m_canvas.document.undoStack().canRedo()) return nudge();
        if (dice(2) == 0) key(Qt::Key_Y, Qt::ControlModifier);
        else key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    }
    void bypass() {
        select();
        key(Qt::Key_B, Qt::ControlModifier);
    }
    void frame() {
        select();
        key(Qt::Key_G, Qt::ControlModifier);
        title();
    }
    void block() {
        select();
        key(Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
        title();
    }
    void title() {
        if (!m_canvas.view.textOverlay().isVisible()) return;
        QTest::keyClicks(&m_canvas.view.textOverlay(), QStringLiteral("Some words"));
        QTest::keyClick(&m_canvas.view.textOverlay(), dice(3) == 0 ? Qt::Key_Escape : Qt::Key_Return);
    }
    void fold() {
        if (graph().groups().empty()) return frame();
        const auto which = static_cast<std::size_t>(dice(static_cast<int>(graph().groups().size())));
        m_canvas.scene.selectOnly(graph().membersOf(graph().groups()[which].id));
        key(Qt::Key_E, Qt::ControlModifier);
    }
    void ungroup() {
        select();
        key(Qt::Key_U, Qt::ControlModifier);
    }
    void note() {
        m_canvas.moveTo(near(), Qt::NoButton);
        key(Qt::Key_N, Qt::ShiftModifier);
        QTest::keyClicks(&m_canvas.view.textOverlay(), QStringLiteral("# A note"));
        QTest::keyClick(&m_canvas.view.textOverlay(), Qt::Key_Return, Qt::ControlModifier);
    }
    void layOut() {
        m_canvas.click(m_canvas.empty());
        key(Qt::Key_L, Qt::ControlModifier);
    }
    void nudge() {
        select();
        static constexpr Qt::Key arrows[] = {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down};
        for (int i = dice(3); i >= 0; --i) key(arrows[dice(4)], Qt::ShiftModifier);
    }
    void connectByKey() {
        m_canvas.click(on(anyCard()));
        key(dice(2) == 0 ? Qt::Key_Down : Qt::Key_Up, Qt::ControlModifier);
    }
    void doubleClick() { QTest::mouseDClick(m_canvas.view.viewport(), Qt::LeftButton, {}, dice(2) == 0 ? on(anyCard()) : near()); }
    void band() { m_canvas.drag(near(), near(), Qt::LeftButton, dice(2) == 0 ? Qt::NoModifier : Qt::ShiftModifier); }
    void lookAround() {
        static constexpr Qt::Key keys[] = {Qt::Key_F, Qt::Key_Home, Qt::Key_M, Qt::Key_Up, Qt::Key_Down, Qt::Key_Escape};
        key(keys[dice(6)]);
        m_canvas.drag(near(), near(), Qt::MiddleButton);
    }
    void clearUp() {
        m_canvas.click(m_canvas.empty());
        key(Qt::Key_A, Qt::ControlModifier);
        for (int spared = 12; spared > 0; --spared) {
            if (CardItem* card = m_canvas.scene.card(anyCard())) card->setSelected(false); // a folded block goes with all it holds
        }
        key(Qt::Key_Delete);
    }

    Hands& m_canvas;
    QRandomGenerator m_random;
};

} // namespace strata::ui::test
