// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspect/looker.h"
#include "ui/look/metrics.h"
#include "ui/training/training_session.h"

#include <QTimer>

namespace strata::ui {

class EditorScene;

/// Shows the pinned image on its way through the network: a strip of maps beside each card, while training (at most
/// five times a second) and after it.
class FeatureMaps : public QObject {
    Q_OBJECT
public:
    FeatureMaps(TrainingSession& session, EditorScene& scene, QObject* parent = nullptr);

    /// An image of the test part.
    void pinTest(std::int64_t index);
    /// Any other image: raw values 0..255 of the input's shape, and what it is.
    void pinPicture(std::vector<float> values, const Shape& shape, const QString& title);
    /// The pinned test image; -1: another picture is pinned.
    std::int64_t pinned() const { return m_index; }
    /// All maps of this card are wanted too; 0: of none.
    void setDetail(NodeId node);
    void setDensity(Density density);
    void setPixelRatio(qreal ratio);
    /// After a change of theme.
    void lookChanged();

Q_SIGNALS:
    void answered(const strata::ui::LookAnswer& answer);
    void pinnedChanged(std::int64_t index);

private:
    void reload();
    void refresh();
    void show(const LookAnswer& answer);
    void showInput();
    void tellAge();
    void clear();
    NodeId inputCard() const;
    StripStyle style() const;

    TrainingSession& m_session;
    EditorScene& m_scene;
    Looker m_looker;
    QTimer m_later;
    std::int64_t m_index = 0;
    std::vector<float> m_image; ///< raw, (H, W, C)
    Shape m_shape;
    QString m_title, m_detail;
    NodeId m_wanted = 0;
    Density m_density = Density::Regular;
    qreal m_ratio = 1;
    std::vector<NodeId> m_shown;
    bool m_older = false; ///< the strips are of weights from before an edit, and the input's says so
};

} // namespace strata::ui
