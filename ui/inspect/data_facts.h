// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QMenu;

namespace strata::ui {

class ChosenData;
class ElidedLabel;
class FigureList;

/// What the network learns from: name and place of the data, how a run divides them, what the images are like.
class DataFacts : public QWidget {
    Q_OBJECT
public:
    /// `menu`: leads to other data.
    DataFacts(ChosenData& data, QMenu& menu, QWidget* parent = nullptr);
    void refresh();

Q_SIGNALS:
    void settingsWanted();

private:
    ChosenData& m_data;
    ElidedLabel *m_name, *m_place;
    FigureList* m_figures;
    int m_training, m_validation, m_test, m_images; ///< rows of the figures
};

} // namespace strata::ui
