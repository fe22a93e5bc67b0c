// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/icons.h"

#include "ui/look/metrics.h"
#include "ui/look/resources.h"
#include "ui/look/theme.h"

#include <QDir>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace strata::ui {
namespace {

constexpr int kGrid = 24; // the icons' view box

QByteArray svgOf(const QString& name) {
    static QHash<QString, QByteArray> read;
    auto found = read.constFind(name);
    if (found == read.constEnd()) found = read.insert(name, resourceBytes("icons/" + name + ".svg"));
    return *found;
}

/// Strokes are drawn for 24 px; at 16 they would be thinner than a text's stems, so the tokens ask for more
/// there.
QByteArray strokeFor(int size) {
    const auto& line = Metrics::regular().line;
    if (size > 16) return QByteArray::number(line.icon24);
    return QByteArray::number(line.icon16 * kGrid / 16.0, 'f', 2);
}

class ThemedIconEngine : public QIconEngine {
public:
    using ColorOf = QColor (*)(const Theme&, const QVariant&);
    ThemedIconEngine(QString name, ColorOf colorOf, QVariant argument)
        : m_name(std::move(name))
        , m_colorOf(colorOf)
        , m_argument(std::move(argument)) {}

    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override {
        // size is in device pixels here; the stroke is chosen by the logical size.
        const int logical = qRound(qMin(size.width(), size.height()) / scale);
        const Theme& theme = currentTheme();
        const QColor color = mode == QIcon::Disabled ? theme.text.disabled : m_colorOf(theme, m_argument);
        return iconPixmap(m_name, logical, color, scale);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return scaledPixmap(size, mode, state, 1.0);
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const qreal ratio =
            painter->device() ? painter->device()->devicePixelRatioF() : qGuiApp->devicePixelRatio();
        const int side = qMin(rect.width(), rect.height());
        const QPixmap drawn = scaledPixmap(QSize(side, side) * ratio, mode, state, ratio);
        painter->drawPixmap(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2,
                            drawn);
    }

private:
    QString m_name;
    ColorOf m_colorOf;
    QVariant m_argument;
};

QColor toneColor(const Theme& theme, const QVariant& tone) {
    switch (static_cast<IconTone>(tone.toInt())) {
    case IconTone::Primary:
        return theme.text.primary;
    case IconTone::Secondary:
        return theme.text.secondary;
    case IconTone::Accent:
        return theme.accent.base;
    case IconTone::OnAccent:
        return theme.text.onAccent;
    case IconTone::Error:
        return theme.status.error;
    case IconTone::Warning:
        return theme.status.warning;
    case IconTone::Hint:
        return theme.status.hint;
    case IconTone::Running:
        return theme.status.running;
    }
    return theme.text.primary;
}

} // namespace

QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal dpr) {
    const QString key =
        QStringLiteral("strata/%1/%2/%3/%4").arg(name).arg(size).arg(color.name(QColor::HexArgb)).arg(dpr);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;

    QByteArray svg = svgOf(name);
    Q_ASSERT_X(!svg.isEmpty(), "iconPixmap", qPrintable(name));
    if (svg.isEmpty() || size <= 0) return {};
    svg.replace("currentColor", color.name().toLatin1());
    svg.replace("stroke-width=\"1.75\"", "stroke-width=\"" + strokeFor(size) + '"');
    QSvgRenderer renderer(svg);
    pixmap = QPixmap(QSize(size, size) * dpr);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setOpacity(color.alphaF());
    renderer.render(&painter, QRectF(pixmap.rect()));
    painter.end();
    pixmap.setDevicePixelRatio(dpr);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIcon icon(const QString& name, IconTone tone) {
    Q_ASSERT_X(!svgOf(name).isEmpty(), "icon", qPrintable(name));
    if (svgOf(name).isEmpty()) return {};
    return QIcon(new ThemedIconEngine(name, toneColor, static_cast<int>(tone)));
}

QIcon icon(const QString& name, const QColor& color) {
    if (svgOf(name).isEmpty()) return {};
    const auto fixed = [](const Theme&, const QVariant& value) { return value.value<QColor>(); };
    return QIcon(new ThemedIconEngine(name, fixed, color));
}

QIcon categoryIcon(const QString& category) {
    const auto ofCategory = [](const Theme& theme, const QVariant& id) {
        return theme.category(id.toString()).color;
    };
    return QIcon(new ThemedIconEngine(Theme::light().category(category).icon, ofCategory, category));
}

QIcon applicationIcon() {
    initResources();
    return QIcon(QStringLiteral(":/strata/icons/strata.svg"));
}

QStringList iconNames() {
    initResources();
    QStringList names;
    for (const QString& file :
         QDir(QStringLiteral(":/strata/icons")).entryList({"*.svg"}, QDir::Files, QDir::Name))
        if (!file.startsWith(QLatin1String("strata"))) names << file.chopped(4);
    return names;
}

} // namespace strata::ui
