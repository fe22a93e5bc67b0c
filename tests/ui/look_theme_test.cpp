// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/icons.h"
#include "ui/look/resources.h"
#include "ui/look/theme.h"
#include "ui/look/theme_fields.h"
#include "ui/look/tokens.h"

#include <QApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QtTest>

#include <cmath>

using namespace strata::ui;

namespace {

/// WCAG 2.1, relative luminance and contrast ratio.
double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor colorNamed(const Theme& theme, const QString& name) {
    QColor found;
    visitColors(theme, [&](const char* id, const QColor& color) {
        if (name == QLatin1String(id)) found = color;
    });
    return found;
}

int paintedPixels(const QImage& image) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += qAlpha(image.pixel(x, y)) > 40;
    return count;
}

} // namespace

class LookThemeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTokenIsThere() {
        QCOMPARE(Tokens::shipped().missing, QStringList());
        for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
            visitColors(*theme,
                        [](const char* name, const QColor& color) { QVERIFY2(color.isValid(), name); });
            visitCategories(*theme, [](const char* id, const CategoryLook& look) {
                QVERIFY2(look.color.isValid() && look.tint.isValid(), id);
                QVERIFY2(iconNames().contains(look.icon), id);
            });
        }
        QVERIFY(Theme::dark().isDark && !Theme::light().isDark);
        QCOMPARE(Theme::light().accent.base, QColor("#1F5FD0"));
        QCOMPARE(Metrics::regular().card.width, 316);
        QCOMPARE(Metrics::compact().card.height, 40);
        QCOMPARE(Metrics::compact().port.radius, 4.0);
        QCOMPARE(Metrics::compact().chartMargins.bottom, 22);
    }

    void missingTokenIsNamed() {
        QJsonObject root = QJsonDocument::fromJson(resourceBytes("themes/tokens.json")).object();
        QJsonObject card = root["card"].toObject();
        card.remove("pileOffset");
        root["card"] = card;
        QCOMPARE(Tokens::parse(QJsonDocument(root).toJson()).missing, QStringList("card.pileOffset"));
        QVERIFY(Tokens::parse("not JSON").missing.size() > 150);
    }

    void contrastHolds_data() {
        QTest::addColumn<QString>("front");
        QTest::addColumn<QString>("back");
        QTest::addColumn<double>("least");
        const auto rows = [](const QStringList& fronts, const QStringList& backs, double least) {
            for (const QString& front : fronts)
                for (const QString& back : backs)
                    QTest::newRow(qPrintable(front + " on " + back)) << front << back << least;
        };
        rows({"text.primary"},
             {"surface.window", "surface.panel", "surface.raised", "surface.field", "surface.canvas",
              "surface.card", "surface.cardBlocked", "surface.badge", "surface.hover", "surface.pressed",
              "surface.plot", "accent.soft", "selection.fill", "status.errorSoft", "status.warningSoft",
              "status.hintSoft", "status.runningSoft"},
             4.5);
        rows({"text.secondary"},
             {"surface.window", "surface.panel", "surface.raised", "surface.canvas", "surface.card",
              "surface.cardBlocked", "surface.badge", "surface.hover", "surface.plot"},
             4.5);
        rows({"text.onAccent"}, {"accent.base", "accent.hover"}, 4.5);
        rows({"text.onTooltip"}, {"surface.tooltip"}, 4.5);
        rows({"text.link"}, {"surface.window", "surface.panel", "surface.card", "accent.soft"}, 4.5);
        rows({"status.error", "status.warning", "status.hint", "status.running"},
             {"surface.panel", "surface.card", "surface.window"}, 4.5);
        rows({"series.train", "series.validation"}, {"surface.plot"}, 4.5);
        rows({"text.disabled"}, {"surface.panel", "surface.card", "surface.cardBlocked", "surface.window"},
             3.0);
        rows({"selection.outline", "wire.portRim"}, {"surface.canvas", "surface.card"}, 3.0);
        rows({"wire.wire", "wire.wireHover"}, {"surface.canvas"}, 3.0);
        rows({"line.lineStrong", "selection.focus"}, {"surface.field", "surface.panel"}, 3.0);
    }

    void contrastHolds() {
        QFETCH(QString, front);
        QFETCH(QString, back);
        QFETCH(double, least);
        for (const Theme* theme : {&Theme::light(), &Theme::dark()})
            QVERIFY(contrast(colorNamed(*theme, front), colorNamed(*theme, back)) >= least);
    }

    void categoriesStandOut() {
        for (const Theme* theme : {&Theme::light(), &Theme::dark()})
            visitCategories(*theme, [&](const char* id, const CategoryLook& look) {
                QVERIFY2(contrast(look.color, theme->surface.card) >= 3.0, id);
                QVERIFY2(contrast(look.color, look.tint) >= 2.995, id);
            });
        QCOMPARE(categoryIds().size(), 9);
        QCOMPARE(Theme::light().category(u"merging").icon, QString("merge"));
        QCOMPARE(Theme::light().category(u"unheard of").icon, QString("input"));
    }

    void styleSheetIsFilled() {
        for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
            const QString sheet = theme->styleSheet();
            QVERIFY(sheet.size() > 1000);
            QVERIFY2(!sheet.contains('@'), qPrintable(sheet.mid(sheet.indexOf('@'), 40)));
            static const QRegularExpression url("url\\((:[^)]*)\\)");
            for (auto it = url.globalMatch(sheet); it.hasNext();) {
                const QString path = it.next().captured(1);
                QVERIFY2(QFile::exists(path), qPrintable(path));
            }
        }
    }

    /// The pictures a style sheet can show are files, so they repeat colours; none may be another than the
    /// theme's.
    void indicatorsHaveTheThemesColours() {
        for (const Theme* theme : {&Theme::light(), &Theme::dark()}) {
            QSet<QString> allowed;
            visitColors(*theme, [&](const char*, const QColor& color) { allowed << color.name().toUpper(); });
            const QDir dir(QString(":/strata/themes/") + (theme->isDark ? "dark" : "light"));
            QVERIFY(!dir.isEmpty());
            for (const QString& file : dir.entryList(QDir::Files)) {
                const QString svg = resourceBytes(dir.path().mid(9) + '/' + file);
                static const QRegularExpression color("#[0-9A-Fa-f]{6}");
                for (auto it = color.globalMatch(svg); it.hasNext();)
                    QVERIFY2(allowed.contains(it.next().captured().toUpper()), qPrintable(file));
            }
        }
    }

    void themeIsApplied() {
        QLabel label("Conv2D");
        setTextRole(&label, TextRole::PageTitle, QFont::DemiBold);
        QCOMPARE(label.font().pixelSize(), 22);
        Theme theme = Theme::dark();
        theme.fontScale = 1.5;
        applyTheme(*qApp, theme);
        QVERIFY(currentTheme().isDark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), theme.surface.window);
        QCOMPARE(QApplication::palette().color(QPalette::Disabled, QPalette::Text), theme.text.disabled);
        QCOMPARE(QApplication::font().pixelSize(), 20);
        QCOMPARE(label.font().pixelSize(), 33);
        QCOMPARE(label.font().weight(), QFont::DemiBold);
        applyTheme(*qApp, Theme::light());
        QCOMPARE(label.font().pixelSize(), 22);
    }

    void iconsAreDrawn() {
        QVERIFY(iconNames().size() >= 55);
        for (const QString& name : iconNames())
            for (int size : {16, 18, 24})
                for (qreal dpr : {1.0, 1.5, 2.0}) {
                    const QPixmap pixmap = iconPixmap(name, size, Qt::red, dpr);
                    QCOMPARE(pixmap.width(), qRound(size * dpr));
                    const QImage image = pixmap.toImage();
                    QVERIFY2(paintedPixels(image) > size / 2, qPrintable(name));
                    QVERIFY2(paintedPixels(image) < image.width() * image.height() * 3 / 4, qPrintable(name));
                }
    }

    void iconsKeepToTheGrid_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : iconNames())
            QTest::newRow(qPrintable(name)) << name;
    }

    /// The live area is 3..21 of 24, the stroke may stand half its width over it.
    void iconsKeepToTheGrid() {
        QFETCH(QString, name);
        const QImage image = iconPixmap(name, 240, Qt::black).toImage();
        QRect painted;
        for (int y = 0; y < 240; ++y)
            for (int x = 0; x < 240; ++x)
                if (qAlpha(image.pixel(x, y)) > 0) painted |= QRect(x, y, 1, 1);
        QVERIFY2(QRect(18, 18, 204, 204).contains(painted), qPrintable(QString("%1,%2 %3x%4")
                                                                           .arg(painted.x())
                                                                           .arg(painted.y())
                                                                           .arg(painted.width())
                                                                           .arg(painted.height())));
        QVERIFY2(resourceBytes("icons/" + name + ".svg").contains("stroke-width=\"1.75\""),
                 "the shared stroke");
    }

    void iconsFollowTheTheme() {
        const QIcon follows = icon("save");
        const QIcon fixed = icon("save", QColor(Qt::magenta));
        const auto darkest = [](const QIcon& of, QIcon::Mode mode) {
            const QImage image = of.pixmap(QSize(24, 24), 1.0, mode).toImage();
            QColor strongest(Qt::transparent);
            for (int y = 0; y < 24; ++y)
                for (int x = 0; x < 24; ++x)
                    if (image.pixelColor(x, y).alpha() > strongest.alpha())
                        strongest = image.pixelColor(x, y);
            return strongest.name();
        };
        applyTheme(*qApp, Theme::light());
        QCOMPARE(darkest(follows, QIcon::Normal), Theme::light().text.primary.name());
        QCOMPARE(darkest(follows, QIcon::Disabled), Theme::light().text.disabled.name());
        applyTheme(*qApp, Theme::dark());
        QCOMPARE(darkest(follows, QIcon::Normal), Theme::dark().text.primary.name());
        QCOMPARE(darkest(fixed, QIcon::Normal), QColor(Qt::magenta).name());
        QVERIFY(!applicationIcon().pixmap(64, 64).isNull());
        applyTheme(*qApp, Theme::light());
    }

    void densityFollowsTheWindow() {
        QCOMPARE(densityFor({1366, 800}), Density::Regular);
        QCOMPARE(densityFor({1365, 800}), Density::Compact);
        QCOMPARE(densityFor({1600, 799}), Density::Compact);
    }
};

QTEST_MAIN(LookThemeTest)
#include "look_theme_test.moc"
