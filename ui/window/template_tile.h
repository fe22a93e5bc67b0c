// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/templates.h"

#include <QAbstractButton>
#include <QImage>

namespace strata::ui {

/// A template as a tile: its silhouette in the categories' colours, title, layers and parameters. Null: the blank one.
class TemplateTile : public QAbstractButton {
    Q_OBJECT
public:
    explicit TemplateTile(const Template* shown, QWidget* parent = nullptr);
    /// Three pictures of its data set, right of the silhouette.
    void setSamples(const QList<QImage>& samples);
    /// Says that its data set is not on this computer.
    void setMissing(const QString& data);
    QString id() const { return m_id; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void paintSilhouette(QPainter& painter, const QRectF& room) const;

    QString m_id, m_title, m_first, m_second, m_missing;
    struct Bar {
        QString category;
        double width = 0;
    };
    QList<Bar> m_bars;
    QList<QImage> m_samples;
};

} // namespace strata::ui
