// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/drawing_picture.h"

#include "engine/layers/layer_order.h"
#include "ui/document/graph_document.h"
#include "ui/document/number_text.h"
#include "ui/document/words.h"
#include "ui/editor/editor_scene.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"

#include <QBuffer>
#include <QFileInfo>
#include <QObject>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kMargin = 24, kTitleHeight = 52, kLegendGap = 20, kEntryHeight = 26, kEntryGap = 22;
constexpr int kFine = 4; ///< points a logical pixel for what stays a picture among vectors (icons, feature maps)
constexpr double kLongestSide = 32000, kLargestArea = 64e6; ///< points: what QImage has, and 256 MB of it

/// A device of vectors that asks icons for more points than it has itself: its own unit stays one logical pixel.
template <class Device>
class FineDevice : public Device {
public:
    using Device::Device;

protected:
    int metric(QPaintDevice::PaintDeviceMetric metric) const override {
        if (metric == QPaintDevice::PdmDevicePixelRatio) return kFine;
        if (metric == QPaintDevice::PdmDevicePixelRatioScaled) return static_cast<int>(kFine * QPaintDevice::devicePixelRatioFScale());
        return Device::metric(metric);
    }
};

/// The picture as it will be: a scene of its own, so that what is selected or under the pointer is not in it.
class Picture {
public:
    Picture(const DocumentState& state, const QString& title, const PictureOptions& options)
        : m_options(options), m_title(title), m_theme(options.dark ? Theme::dark() : Theme::light()) {
        m_theme.fontFamily = preferredFontFamily();
        m_document.reset(state);
        m_scene.setTheme(m_theme);
        m_scene.setLeftToRight(options.leftToRight);
        for (const auto& [id, strip] : options.strips) {
            Strip here = strip;
            if (here.repaint) here.image = here.repaint(m_theme);
            m_scene.setStrip(id, here);
        }
        if (isEmpty()) return;
        m_cards = m_scene.itemsBoundingRect();
        m_cards = QRectF(std::floor(m_cards.left()), std::floor(m_cards.top()), std::ceil(m_cards.width()), std::ceil(m_cards.height()));
        if (options.legend) layLegend();
    }

    bool isEmpty() const { return m_document.graph().empty(); }

    QSizeF size() const {
        const double width = std::max(m_cards.width(), m_options.legend ? std::max(m_legendWidth, titleWidth()) : 0.0);
        const double extra = m_options.legend ? kTitleHeight + kLegendGap + m_legendHeight : 0;
        return QSizeF(std::ceil(width) + 2 * kMargin, std::ceil(m_cards.height() + extra) + 2 * kMargin);
    }

    void paint(QPainter& painter) {
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform);
        painter.fillRect(QRectF(QPointF(), size()), m_options.dark ? m_theme.surface.canvas : QColor(Qt::white));
        double top = kMargin;
        if (m_options.legend) {
            paintTitle(painter, top);
            top += kTitleHeight;
        }
        const QRectF place(QPointF(std::round((size().width() - m_cards.width()) / 2), top), m_cards.size());
        painter.save();
        m_scene.render(&painter, place, m_cards, Qt::IgnoreAspectRatio);
        painter.restore();
        if (m_options.legend) paintLegend(painter, top + m_cards.height() + kLegendGap);
    }

private:
    struct Entry {
        QString id, words;
        QPointF place;
    };

    QString totals() const {
        const GraphTotals& t = m_document.report().totals;
        return QObject::tr("%1, %2, %3 MACs per image").arg(layersText(t.layers), parametersText(t.parameters), countText(t.macs));
    }
    double titleWidth() const {
        return std::max(QFontMetricsF(m_theme.font(TextRole::DialogTitle, QFont::DemiBold)).horizontalAdvance(m_title),
                        QFontMetricsF(m_theme.font(TextRole::Small)).horizontalAdvance(totals()));
    }

    /// The categories of the cards, in rows as wide as the drawing.
    void layLegend() {
        QStringList used;
        for (const auto& node : m_document.graph().nodes()) {
            if (const LayerType* type = findLayerType(node->type)) used << QString::fromStdString(type->schema.category);
        }
        const QFontMetricsF metrics(m_theme.font(TextRole::Small));
        const double room = std::max({m_cards.width(), titleWidth(), 320.0});
        QPointF at(0, 0);
        for (const LayerCategory& category : layerCategories()) {
            const QString id = QString::fromUtf8(category.id.data(), static_cast<qsizetype>(category.id.size()));
            if (!used.contains(id)) continue;
            const QString words = translated(category.title);
            const double width = 28 + metrics.horizontalAdvance(words);
            if (at.x() > 0 && at.x() + width > room) at = QPointF(0, at.y() + kEntryHeight);
            m_entries.push_back({id, words, at});
            at.rx() += width + kEntryGap;
            m_legendWidth = std::max(m_legendWidth, at.x() - kEntryGap);
        }
        m_legendHeight = m_entries.empty() ? 0 : at.y() + kEntryHeight;
    }

    void paintTitle(QPainter& painter, double top) const {
        painter.setPen(m_theme.text.primary);
        painter.setFont(m_theme.font(TextRole::DialogTitle, QFont::DemiBold));
        painter.drawText(QPointF(kMargin, top + 16), m_title);
        painter.setPen(m_theme.text.secondary);
        painter.setFont(m_theme.font(TextRole::Small));
        painter.drawText(QPointF(kMargin, top + 35), totals());
    }

    void paintLegend(QPainter& painter, double top) const {
        painter.setFont(m_theme.font(TextRole::Small));
        for (const Entry& entry : m_entries) {
            const CategoryLook& look = m_theme.category(entry.id);
            const QPointF at = entry.place + QPointF(kMargin, top);
            painter.setPen(Qt::NoPen);
            painter.setBrush(look.tint);
            painter.drawRoundedRect(QRectF(at, QSizeF(20, 20)), 5, 5);
            painter.drawPixmap(QRectF(at + QPointF(3, 3), QSizeF(14, 14)), iconPixmap(look.icon, 14, look.color, kFine), QRectF(0, 0, 14 * kFine, 14 * kFine));
            painter.setPen(m_theme.text.primary);
            painter.drawText(at + QPointF(28, 14.5), entry.words);
        }
    }

    const PictureOptions& m_options;
    QString m_title;
    Theme m_theme;
    GraphDocument m_document;
    EditorScene m_scene{m_document};
    QRectF m_cards;
    std::vector<Entry> m_entries;
    double m_legendWidth = 0, m_legendHeight = 0;
};

/// Undoes on the way to the device what its finer points would enlarge; the cards' own zoom stays one.
void paintFine(Picture& picture, QPaintDevice& device) {
    const QSize size = picture.size().toSize();
    QPainter painter(&device);
    painter.setWindow(0, 0, size.width() * kFine, size.height() * kFine);
    painter.setViewport(0, 0, size.width(), size.height());
    picture.paint(painter);
}

QByteArray svgOf(Picture& picture, const QString& title) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    FineDevice<QSvgGenerator> device;
    device.setOutputDevice(&buffer);
    device.setResolution(96);
    device.setSize(picture.size().toSize());
    device.setViewBox(QRectF(QPointF(), picture.size()));
    device.setTitle(title);
    device.setDescription(QObject::tr("A network drawn with Strata"));
    paintFine(picture, device);
    return bytes;
}

QByteArray pdfOf(Picture& picture, const QString& title) {
    constexpr int kDotsPerInch = 96, kPointsPerInch = 72;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    FineDevice<QPdfWriter> device(&buffer);
    device.setResolution(kDotsPerInch);
    device.setTitle(title);
    device.setCreator(QStringLiteral("Strata"));
    device.setPageMargins(QMarginsF());
    device.setPageSize(QPageSize(picture.size() * kPointsPerInch / kDotsPerInch, QPageSize::Point, {}, QPageSize::ExactMatch));
    paintFine(picture, device);
    return bytes;
}

QImage imageOf(Picture& picture, double scale) {
    const QSizeF size = picture.size();
    // A drawing of a thousand cards is a picture, too, with as many points as there is room for.
    scale = std::min({scale, kLongestSide / std::max(size.width(), size.height()), std::sqrt(kLargestArea / (size.width() * size.height()))});
    QImage image((size * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull()) return image;
    image.setDevicePixelRatio(scale);
    image.fill(Qt::white);
    QPainter painter(&image);
    picture.paint(painter);
    return image;
}

QByteArray pngOf(Picture& picture) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    constexpr double kScale = 3;
    imageOf(picture, kScale).save(&buffer, "PNG");
    return bytes;
}

Error failureOf(const char* id, const QString& sentence) {
    return failure(id, sentence.toStdString());
}

} // namespace

Result<> exportDrawing(const DocumentState& state, const QString& title, const QString& path, const PictureOptions& options) {
    const QString ending = QFileInfo(path).suffix().toLower();
    if (ending != QLatin1String("svg") && ending != QLatin1String("pdf") && ending != QLatin1String("png"))
        return failureOf("draw.format", QObject::tr("%1: the name must end in .svg, .pdf or .png.").arg(path));
    Picture picture(state, title, options);
    if (picture.isEmpty()) return failureOf("draw.empty", QObject::tr("The drawing has no cards; add one before it is exported."));
    const QByteArray bytes = ending == QLatin1String("svg")   ? svgOf(picture, title)
                             : ending == QLatin1String("pdf") ? pdfOf(picture, title)
                                                              : pngOf(picture);
    QSaveFile file(path);
    if (bytes.isEmpty() || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return failureOf("draw.write", QObject::tr("%1 cannot be written (%2); is the folder there and writable?").arg(path, file.errorString()));
    return {};
}

QImage drawingImage(const DocumentState& state, const QString& title, const PictureOptions& options, double scale) {
    Picture picture(state, title, options);
    return picture.isEmpty() ? QImage() : imageOf(picture, scale);
}

} // namespace strata::ui
