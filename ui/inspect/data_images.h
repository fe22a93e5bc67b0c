// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspect/class_index.h"

#include <QAbstractListModel>
#include <QCache>
#include <QImage>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>

#include <memory>
#include <optional>

namespace strata::ui {

/// What a run does with an image.
enum class DataPart { Training, Validation, Test };

/// The images of one part of the data as the network gets them, all or those of one class. Rows cost nothing, however many
/// there are; a picture is made on another thread when it is first shown.
class DataImages : public QAbstractListModel {
    Q_OBJECT
public:
    explicit DataImages(QObject* parent = nullptr);

    /// Null: none.
    void show(DataPart part, std::shared_ptr<const Dataset> images, std::shared_ptr<const ClassIndex> index);
    /// Only the images of this class.
    void setClass(std::optional<int> label);
    DataPart part() const { return m_part; }
    const std::shared_ptr<const Dataset>& images() const { return m_images; }
    QString className(int label) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    /// TestImages::IndexRole: where the image stands in its part. A picture that is not made yet is a null one.
    QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    /// Some of the pictures that were asked for are there now.
    void pictured();

private:
    using Pictures = std::vector<std::pair<std::int64_t, QImage>>;
    std::int64_t imageAt(int row) const;
    QString words(std::int64_t image) const;
    void makePictures();

    DataPart m_part = DataPart::Training;
    std::shared_ptr<const Dataset> m_images;
    std::shared_ptr<const ClassIndex> m_index;
    QStringList m_names;
    std::optional<int> m_class;
    mutable QCache<qint64, QImage> m_pictures;
    mutable std::vector<std::int64_t> m_wanted; ///< that were asked for; the latest are seen
    mutable QTimer m_soon;
    bool m_making = false;
    QThreadPool m_pool; // last: its thread ends before anything else goes
};

} // namespace strata::ui
