// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace strata::ui {

class EditorScene;

/// What the bars on the cards mean, in the canvas's lower left corner while heat is on.
class HeatLegend : public QWidget {
    Q_OBJECT
public:
    HeatLegend(EditorScene& scene, QWidget* host);

protected:
    void paintEvent(QPaintEvent*) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();

    EditorScene& m_scene;
    QString m_name, m_most;
};

} // namespace strata::ui
