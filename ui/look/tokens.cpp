// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/tokens.h"

#include "ui/look/resources.h"
#include "ui/look/theme_fields.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace strata::ui {
namespace {

/// Looks values up by path ("card.regular.width") and remembers those that are not there.
class TokenReader {
public:
    TokenReader(QJsonObject root, QStringList& missing)
        : m_root(std::move(root))
        , m_missing(missing) {}

    void read(const QString& path, QColor& color) {
        const QColor found(value(path).toString());
        if (found.isValid())
            color = found;
        else
            m_missing << path;
    }

    void read(const QString& path, QString& text) {
        text = value(path).toString();
        if (text.isEmpty()) m_missing << path;
    }

    void read(const QString& path, double& number) {
        const QJsonValue found = value(path);
        if (found.isDouble())
            number = found.toDouble();
        else
            m_missing << path;
    }

    void read(const QString& path, int& number) {
        double value = 0;
        read(path, value);
        number = qRound(value);
    }

private:
    QJsonValue value(const QString& path) const {
        QJsonValue at = m_root;
        for (const QString& step : path.split('.'))
            at = at.toObject().value(step);
        return at;
    }

    QJsonObject m_root;
    QStringList& m_missing;
};

void readTheme(TokenReader& reader, Theme& theme) {
    const QString prefix = theme.isDark ? QStringLiteral("theme.dark.") : QStringLiteral("theme.light.");
    visitColors(theme, [&](const char* name, QColor& color) { reader.read(prefix + name, color); });
    visitCategories(theme, [&](const char* id, CategoryLook& look) {
        reader.read(prefix + "category." + id + ".color", look.color);
        reader.read(prefix + "category." + id + ".tint", look.tint);
        reader.read(QStringLiteral("categoryIcon.") + id, look.icon);
    });
}

void readShared(TokenReader& reader, Metrics& m) {
    reader.read("card.errorPanelHeight", m.card.errorPanelHeight);
    reader.read("card.pileOffset", m.card.pileOffset);
    reader.read("card.chip.height", m.chip.height);
    reader.read("card.chip.radius", m.chip.radius);
    reader.read("card.chip.top", m.chip.top);
    reader.read("card.chip.right", m.chip.right);
    reader.read("card.chip.font", m.chip.font);
    reader.read("card.badge.padX", m.badge.padX);
    reader.read("card.levelOfDetail.belowZoom", m.levelOfDetail.belowZoom);
    reader.read("card.levelOfDetail.minScreenFont", m.levelOfDetail.minScreenFont);
    reader.read("port.hoverRadius", m.port.hoverRadius);
    reader.read("port.targetRadius", m.port.targetRadius);
    reader.read("port.rim", m.port.rim);
    reader.read("port.hitRadius", m.port.hitRadius);
    reader.read("chart.margins.left", m.chartMargins.left);
    reader.read("chart.margins.right", m.chartMargins.right);
    reader.read("chart.margins.top", m.chartMargins.top);
    reader.read("chart.frameRadius", m.chart.frameRadius);
    reader.read("chart.rawOpacity", m.chart.rawOpacity);
    reader.read("chart.trainPen", m.chart.trainPen);
    reader.read("chart.rawPen", m.chart.rawPen);
    reader.read("chart.validationPen", m.chart.validationPen);
    reader.read("chart.markerRadius", m.chart.markerRadius);
    reader.read("chart.markerPen", m.chart.markerPen);
    reader.read("chart.referencePen", m.chart.referencePen);
    reader.read("space.xxs", m.space.xxs);
    reader.read("space.xs", m.space.xs);
    reader.read("space.s", m.space.s);
    reader.read("space.m", m.space.m);
    reader.read("space.l", m.space.l);
    reader.read("space.xl", m.space.xl);
    reader.read("space.xxl", m.space.xxl);
    reader.read("space.page", m.space.page);
    reader.read("radius.tile", m.radius.tile);
    reader.read("radius.badge", m.radius.badge);
    reader.read("radius.field", m.radius.field);
    reader.read("radius.button", m.radius.button);
    reader.read("radius.card", m.radius.card);
    reader.read("radius.popover", m.radius.popover);
    reader.read("line.hairline", m.line.hairline);
    reader.read("line.cardBorder", m.line.cardBorder);
    reader.read("line.selectedOutline", m.line.selectedOutline);
    reader.read("line.errorOutline", m.line.errorOutline);
    reader.read("line.focus", m.line.focus);
    reader.read("line.wire", m.line.wire);
    reader.read("line.wireHover", m.line.wireHover);
    reader.read("line.icon16", m.line.icon16);
    reader.read("line.icon24", m.line.icon24);
    reader.read("font.pixelSizeAt100.caption", m.font.caption);
    reader.read("font.pixelSizeAt100.small", m.font.small);
    reader.read("font.pixelSizeAt100.body", m.font.body);
    reader.read("font.pixelSizeAt100.cardTitle", m.font.cardTitle);
    reader.read("font.pixelSizeAt100.value", m.font.value);
    reader.read("font.pixelSizeAt100.dialogTitle", m.font.dialogTitle);
    reader.read("font.pixelSizeAt100.pageTitle", m.font.pageTitle);
}

void readMetrics(TokenReader& reader, Density density, Metrics& m) {
    readShared(reader, m);
    const bool compact = density == Density::Compact;
    const QString card = compact ? QStringLiteral("card.compact.") : QStringLiteral("card.regular.");
    reader.read(card + "width", m.card.width);
    reader.read(card + "height", m.card.height);
    reader.read(card + "gap", m.card.gap);
    reader.read(card + "stripe", m.card.stripe);
    reader.read(card + "iconTile", m.card.iconTile);
    reader.read(card + "icon", m.card.icon);
    reader.read(card + "padLeft", m.card.padLeft);
    reader.read(card + "padRight", m.card.padRight);
    reader.read(card + "stripTile", m.card.stripTile);
    reader.read(card + "stripGap", m.card.stripGap);
    reader.read(card + "stripOffset", m.card.stripOffset);
    reader.read(card + "laneLeft", m.card.laneLeft);
    reader.read(compact ? "card.badge.compactHeight" : "card.badge.height", m.badge.height);
    reader.read(compact ? "port.compactRadius" : "port.radius", m.port.radius);
    reader.read(compact ? "chart.margins.bottomCompact" : "chart.margins.bottom", m.chartMargins.bottom);
    const QString window = compact ? QStringLiteral("window.compact.") : QStringLiteral("window.regular.");
    reader.read(window + "toolBar", m.window.toolBar);
    reader.read(window + "statusBar", m.window.statusBar);
    reader.read(window + "paletteWidth", m.window.paletteWidth);
    reader.read(window + "inspectorWidth", m.window.inspectorWidth);
    reader.read(window + "trainingHeight", m.window.trainingHeight);
    reader.read(window + "formRow", m.window.formRow);
    reader.read(window + "paletteRow", m.window.paletteRow);
}

} // namespace

Tokens Tokens::parse(const QByteArray& json) {
    Tokens tokens{};
    tokens.dark.isDark = true;
    TokenReader reader(QJsonDocument::fromJson(json).object(), tokens.missing);
    readTheme(reader, tokens.light);
    readTheme(reader, tokens.dark);
    readMetrics(reader, Density::Regular, tokens.regular);
    readMetrics(reader, Density::Compact, tokens.compact);
    tokens.missing.removeDuplicates();
    return tokens;
}

const Tokens& Tokens::shipped() {
    static const Tokens tokens = [] {
        Tokens parsed = parse(resourceBytes(QStringLiteral("themes/tokens.json")));
        Q_ASSERT(parsed.missing.isEmpty());
        return parsed;
    }();
    return tokens;
}

const Metrics& Metrics::regular() {
    return Tokens::shipped().regular;
}
const Metrics& Metrics::compact() {
    return Tokens::shipped().compact;
}

Density densityFor(QSize window) {
    return window.width() < 1366 || window.height() < 800 ? Density::Compact : Density::Regular;
}

} // namespace strata::ui
