// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/weights.h"

#include <QWidget>

class QLabel;
class QSpinBox;

namespace strata::ui {

class FigureList;
class TileGrid;

/// One array of weights: its shape, least, mean and largest value, and a picture; kernels by input channel.
class WeightArrayView : public QWidget {
    Q_OBJECT
public:
    explicit WeightArrayView(const WeightArray& array, QWidget* parent = nullptr);
    /// Whether `array` is what this view was made for, with other values perhaps.
    bool fits(const WeightArray& array) const { return array.name == m_array.name && array.dims == m_array.dims; }
    /// requires: fits(array)
    void show(const WeightArray& array);

protected:
    void changeEvent(QEvent* event) override;

private:
    bool isKernel() const { return m_array.dims.size() == 4; }
    bool hasChannels() const { return isKernel() && m_array.dims[2] > 1 && m_array.dims[3] > 1; }
    void draw();

    WeightArray m_array;
    float m_largest = 0; ///< magnitude: the full colour
    FigureList* m_figures;
    TileGrid* m_grid;
    QSpinBox* m_channel = nullptr; ///< where there are several
};

} // namespace strata::ui
