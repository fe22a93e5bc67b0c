// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeWidget>
#include <QWidget>

class QLineEdit;

namespace strata::ui {

/// The layers by category: a double click or Enter adds after the selected card, a drag puts one anywhere.
class PalettePanel : public QWidget {
    Q_OBJECT
public:
    explicit PalettePanel(QWidget* parent = nullptr);
    QLineEdit* field() const { return m_field; }
    QTreeWidget* tree() const { return m_tree; }
    void setRowHeight(int height);

Q_SIGNALS:
    void layerChosen(const QString& type);
    /// A key that has a meaning on the canvas was pressed over the list.
    void canvasKeyPressed(QKeyCombination key);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    static bool isCanvasKey(const QKeyEvent& event);
    void choose(QTreeWidgetItem* item);

    QLineEdit* m_field;
    QTreeWidget* m_tree;
    int m_rowHeight = 26;
};

} // namespace strata::ui
