// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/theme.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace strata::ui {

/// A bar a class over its name; the likeliest in the colour of the training curve, with its percentage. Works on any
/// thread. requires: names.size() >= probabilities.size() or names empty (then numbers)
void paintClassBars(QPainter& painter, const QRectF& rect, const std::vector<float>& probabilities, const QStringList& names, const Theme& theme);

/// The same as a strip beside a card.
QImage classBarsImage(QSize size, const std::vector<float>& probabilities, const QStringList& names, const Theme& theme, qreal ratio);

/// The same as a widget; without values it says what to do.
class ClassBars : public QWidget {
    Q_OBJECT
public:
    explicit ClassBars(QWidget* parent = nullptr);
    void show(std::vector<float> probabilities, QStringList names);
    /// No values, and why.
    void clear(const QString& hint);
    const std::vector<float>& probabilities() const { return m_probabilities; }
    QSize sizeHint() const override { return {420, 96}; }
    QSize minimumSizeHint() const override { return {200, 60}; }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    std::vector<float> m_probabilities;
    QStringList m_names;
    QString m_hint;
};

} // namespace strata::ui
