// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/weights.h"

#include <QImage>
#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QSpinBox;
class QThreadPool;

namespace strata::ui {

class FigureList;
class TileGrid;

/// One array of weights: its shape, least, mean and largest value, and a picture; kernels by input channel. An array may
/// be large: it is shared and never copied, and looked through on a thread of the pool.
class WeightArrayView : public QWidget {
    Q_OBJECT
public:
    WeightArrayView(std::shared_ptr<const WeightArray> array, QThreadPool& pool, QWidget* parent = nullptr);
    /// Whether `array` is what this view was made for, with other values perhaps.
    bool fits(const WeightArray& array) const { return array.name == m_array->name && array.dims == m_array->dims; }
    /// requires: fits(*array)
    void show(std::shared_ptr<const WeightArray> array);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Seen {
        float least = 0, largest = 0;
        double mean = 0;
        std::vector<QImage> tiles;
    };
    bool isKernel() const { return m_array->dims.size() == 4; }
    bool hasChannels() const { return isKernel() && m_array->dims[2] > 1 && m_array->dims[3] > 1; }
    /// Of what is asked for while an answer is under way, only the last is answered.
    void ask();
    void draw(const Seen& seen);

    std::shared_ptr<const WeightArray> m_array;
    QThreadPool& m_pool;
    bool m_asked = false, m_again = false;
    FigureList* m_figures;
    TileGrid* m_grid;
    QSpinBox* m_channel = nullptr; ///< where there are several
};

} // namespace strata::ui
