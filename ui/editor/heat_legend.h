// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace strata::ui {

class EditorScene;

/// What the bars on the cards mean, above the drawing while heat is on.
class HeatLegend : public QWidget {
    Q_OBJECT
public:
    HeatLegend(EditorScene& scene, QWidget* host);

protected:
    void paintEvent(QPaintEvent*) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void place();

    EditorScene& m_scene;
    QWidget* m_zoom; ///< the legend stands left of it
    QString m_name, m_most;
    int m_ramp = 0, m_zeroWidth = 0, m_mostWidth = 0;
};

} // namespace strata::ui
