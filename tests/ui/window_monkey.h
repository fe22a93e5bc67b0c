// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/palette_panel.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/problems_panel.h"
#include "ui/forms/schema_form.h"
#include "ui/outline/outline_panel.h"
#include "ui/window/main_window.h"
#include "monkey.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTreeWidget>

#include <array>
#include <memory>

namespace strata::ui::test {

/// The same somebody at what stands around the canvas: fields, repairs, the palette, the outline.
class WindowMonkey {
public:
    WindowMonkey(MainWindow& window, Hands& hands, quint32 seed) : m_window(window), m_hands(hands), m_random(seed) {}

    QString act() {
        struct Trick {
            int weight;
            const char* name;
            void (WindowMonkey::*play)();
        };
        static constexpr Trick tricks[] = {{6, "edit a field", &WindowMonkey::editField},
                                           {4, "repair on a card", &WindowMonkey::repairOnCard},
                                           {3, "repair in the list", &WindowMonkey::repairInList},
                                           {5, "drag from the palette", &WindowMonkey::dragFromPalette},
                                           {3, "double click in the palette", &WindowMonkey::chooseInPalette},
                                           {3, "delete in the outline", &WindowMonkey::deleteInOutline},
                                           {3, "rename in the outline", &WindowMonkey::renameInOutline}};
        const Trick& chosen = choose(tricks, m_random);
        (this->*chosen.play)();
        return QLatin1String(chosen.name);
    }

    /// Closes what popped up and goes back to the canvas: here is no window manager that makes the window active again.
    void comeBack() {
        for (int popups = 4; popups > 0 && QApplication::activePopupWidget() != nullptr; --popups) QApplication::activePopupWidget()->close();
        QCoreApplication::processEvents();
        m_window.activateWindow();
        (void)QTest::qWaitForWindowActive(&m_window, test::kPatience);
        m_hands.view.setFocus();
    }

    /// Cards that came from the palette by a drag.
    int dragged() const { return m_dragged; }

private:
    int dice(int sides) { return m_random.bounded(sides); }
    template <class T>
    T* any(const QList<T*>& all) {
        return all.isEmpty() ? nullptr : all[dice(static_cast<int>(all.size()))];
    }
    const ModelGraph& graph() const { return m_hands.document.graph(); }
    NodeId anyCard() {
        const auto& nodes = graph().nodes();
        return nodes.empty() ? 0 : nodes[static_cast<std::size_t>(dice(static_cast<int>(nodes.size())))]->id;
    }

    void editField() {
        const NodeId card = anyCard();
        if (m_hands.scene.card(card) == nullptr) return;
        m_hands.scene.selectOnly(std::array{card});
        auto* form = m_window.inspector().findChild<SchemaForm*>();
        if (form == nullptr) return;
        QList<QWidget*> fields;
        for (QWidget* w : form->findChildren<QWidget*>()) {
            const bool line = qobject_cast<QLineEdit*>(w) != nullptr && qobject_cast<QAbstractSpinBox*>(w->parentWidget()) == nullptr;
            const bool field = line || qobject_cast<QAbstractSpinBox*>(w) != nullptr || qobject_cast<QComboBox*>(w) != nullptr || qobject_cast<QCheckBox*>(w) != nullptr;
            if (field && w->isVisibleTo(form) && w->isEnabled()) fields << w;
        }
        if (QWidget* field = any(fields)) edit(field);
    }
    void edit(QWidget* field) {
        field->setFocus();
        if (qobject_cast<QCheckBox*>(field) != nullptr) return QTest::keyClick(field, Qt::Key_Space);
        auto* line = qobject_cast<QLineEdit*>(field);
        if (line == nullptr && dice(4) != 0) {
            for (int i = dice(3); i >= 0; --i) QTest::keyClick(field, dice(3) == 0 ? Qt::Key_Down : Qt::Key_Up);
            return;
        }
        static constexpr const char* words[] = {"3", "7", "0.5", "28, 28, 1", "8, 8", "-1", "None", "99999999999999999999", "relu", "x,,", "inf, 1"};
        if (qobject_cast<QComboBox*>(field) == nullptr) QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, QLatin1String(words[dice(11)]));
        QTest::keyClick(field, dice(4) == 0 ? Qt::Key_Escape : Qt::Key_Return);
    }

    void repairOnCard() {
        for (const auto& node : graph().nodes()) {
            const CardItem* card = m_hands.scene.card(node->id);
            if (card == nullptr || !card->isVisible() || card->face().repairs.isEmpty()) continue;
            const QPointF place = card->pos() + card->repairRect(dice(static_cast<int>(card->face().repairs.size()))).center();
            m_hands.view.setZoom(1, {});
            m_hands.view.centerOn(place);
            m_hands.moveTo(m_hands.at(place), Qt::NoButton);
            m_hands.click(m_hands.at(place));
            return;
        }
        editField();
    }

    void repairInList() {
        m_window.showBottomTab(&m_window.problems());
        QCoreApplication::processEvents();
        QList<QPushButton*> repairs;
        for (QPushButton* button : m_window.problems().findChildren<QPushButton*>()) {
            if (button->objectName().startsWith(QLatin1String("repair:")) && button->isVisible()) repairs << button;
        }
        if (QPushButton* button = any(repairs)) QTest::mouseClick(button, Qt::LeftButton);
        else dragFromPalette();
    }

    QTreeWidgetItem* anyLayer(QTreeWidget& tree) {
        QList<QTreeWidgetItem*> groups;
        for (int i = 0; i < tree.topLevelItemCount(); ++i) groups << tree.topLevelItem(i);
        QTreeWidgetItem* group = any(groups);
        if (group == nullptr || group->childCount() == 0) return nullptr;
        group->setExpanded(true);
        QTreeWidgetItem* layer = group->child(dice(group->childCount()));
        tree.scrollToItem(layer);
        return layer;
    }

    /// What the palette gives to a drag, over the canvas and let go there; the way out of the palette belongs to the desktop.
    void dragFromPalette() {
        QTreeWidget& tree = *m_window.findChild<PalettePanel*>()->tree();
        QTreeWidgetItem* layer = anyLayer(tree);
        if (layer == nullptr) return;
        const std::unique_ptr<QMimeData> data(tree.model()->mimeData({tree.indexFromItem(layer)}));
        const QPoint to(60 + dice(m_hands.view.width() - 120), 40 + dice(m_hands.view.height() - 80));
        const std::size_t before = graph().nodes().size();
        m_hands.drop(*data, to, dice(3) == 0 ? Qt::ShiftModifier : Qt::NoModifier);
        if (graph().nodes().size() > before) ++m_dragged;
    }

    void chooseInPalette() {
        QTreeWidget& tree = *m_window.findChild<PalettePanel*>()->tree();
        QTreeWidgetItem* layer = anyLayer(tree);
        if (layer == nullptr) return;
        m_hands.scene.selectOnly(std::array{anyCard()});
        tree.setFocus();
        tree.setCurrentItem(layer);
        QTest::keyClick(&tree, Qt::Key_Return);
    }

    QTreeWidget* outlineAt(NodeId card) {
        QTreeWidget* tree = m_window.outline().tree();
        QTreeWidgetItem* row = m_window.outline().row(card);
        if (row == nullptr) return nullptr;
        for (QTreeWidgetItem* above = row->parent(); above != nullptr; above = above->parent()) above->setExpanded(true);
        tree->setFocus();
        tree->setCurrentItem(row);
        return tree;
    }
    void deleteInOutline() {
        if (QTreeWidget* tree = outlineAt(anyCard())) QTest::keyClick(tree, Qt::Key_Delete);
    }
    void renameInOutline() {
        QTreeWidget* tree = outlineAt(anyCard());
        if (tree == nullptr) return;
        QTest::keyClick(tree, Qt::Key_F2);
        auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        if (field == nullptr || !tree->isAncestorOf(field)) return;
        field->selectAll();
        QTest::keyClicks(field, dice(5) == 0 ? QStringLiteral("a/b") : QStringLiteral("card_%1").arg(dice(10'000)));
        QTest::keyClick(field, Qt::Key_Return);
    }

    MainWindow& m_window;
    Hands& m_hands;
    QRandomGenerator m_random;
    int m_dragged = 0;
};

} // namespace strata::ui::test
