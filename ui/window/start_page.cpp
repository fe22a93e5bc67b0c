// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/start_page.h"

#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"
#include "ui/window/recent_files.h"
#include "ui/window/sample_pictures.h"
#include "ui/window/template_tile.h"

#include <QCheckBox>
#include <QDateTime>
#include <QEvent>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kSide = 300, kScrollBar = 8;
constexpr const char* kWanted = "startPage";

QString dayOf(const QDateTime& when) {
    const qint64 days = when.date().daysTo(QDate::currentDate());
    if (days == 0) return StartPage::tr("today");
    if (days == 1) return StartPage::tr("yesterday");
    return QLocale(QLocale::English).toString(when.date(), QStringLiteral("d MMMM"));
}

/// A recent file: its name, when, and where.
class RecentRow : public QPushButton {
public:
    RecentRow(const QString& path, QWidget* parent) : QPushButton(parent) {
        const QFileInfo info(path);
        setProperty("flat", true);
        setFlat(true);
        setMinimumHeight(48);
        setToolTip(path);
        setAccessibleName(info.fileName());
        auto* grid = new QGridLayout(this);
        grid->setContentsMargins(12, 4, 10, 4);
        grid->setVerticalSpacing(0);
        auto* name = new ElidedLabel(info.fileName());
        name->setAttribute(Qt::WA_TransparentForMouseEvents);
        auto* folder = new ElidedLabel(info.absolutePath());
        folder->setTone(IconTone::Secondary);
        setTextRole(folder, TextRole::Small);
        grid->addWidget(name, 0, 0);
        grid->addWidget(secondaryLabel(dayOf(info.lastModified())), 0, 1, Qt::AlignRight);
        grid->addWidget(folder, 1, 0, 1, 2);
        grid->setColumnStretch(0, 1);
    }
    QSize sizeHint() const override { return {240, 52}; }
};

QLayout* brand() {
    auto* row = new QHBoxLayout;
    auto* mark = new QLabel;
    mark->setPixmap(applicationIcon().pixmap(40, 40));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(label(StartPage::tr("Strata"), TextRole::PageTitle, QFont::DemiBold));
    words->addWidget(secondaryLabel(StartPage::tr("Draw, train and look inside")));
    row->addWidget(mark);
    row->addSpacing(8);
    row->addLayout(words, 1);
    return row;
}

} // namespace

bool StartPage::wantedAtStart() {
    return QSettings().value(QLatin1String(kWanted), true).toBool();
}

StartPage::StartPage(RecentFiles& recent, QWidget* parent) : QWidget(parent), m_recent(recent), m_samples(new SamplePictures(this)) {
    setProperty("surface", "window");
    setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(buildSide());
    auto* line = new QFrame;
    line->setFixedWidth(1);
    line->setStyleSheet(QStringLiteral("background: palette(midlight);"));
    row->addWidget(line);
    row->addWidget(buildTemplates(), 1);
    connect(&recent, &RecentFiles::changed, this, &StartPage::refreshRecent);
    refreshRecent();
}

QWidget* StartPage::buildSide() {
    m_side = new QWidget;
    m_side->setProperty("surface", "panel");
    m_side->setAttribute(Qt::WA_StyledBackground);
    m_side->setFixedWidth(wordLength(kSide));
    auto* column = new QVBoxLayout(m_side);
    column->setContentsMargins(24, 34, 24, 24);
    column->addLayout(brand());
    column->addSpacing(22);
    column->addLayout(buildButtons());
    column->addSpacing(22);
    column->addWidget(label(tr("Recent files"), TextRole::Body, QFont::DemiBold));
    m_recentRows = new QVBoxLayout;
    m_recentRows->setSpacing(0);
    column->addLayout(m_recentRows);
    column->addStretch(1);
    auto* again = new QCheckBox(tr("Show this page at the start"));
    again->setToolTip(tr("Without it Strata begins with an empty canvas"));
    again->setChecked(wantedAtStart());
    connect(again, &QCheckBox::toggled, this, [](bool on) { QSettings().setValue(QLatin1String(kWanted), on); });
    column->addWidget(again);
    return m_side;
}

QLayout* StartPage::buildButtons() {
    auto* buttons = new QHBoxLayout;
    auto* fresh = primaryButton(tr("New"), QStringLiteral("new"));
    fresh->setToolTip(tr("An empty canvas"));
    fresh->setObjectName(QStringLiteral("startNew"));
    auto* open = plainButton(tr("Open…"), QStringLiteral("open"));
    open->setToolTip(tr("Opens a .keras or .h5 file"));
    open->setObjectName(QStringLiteral("startOpen"));
    buttons->addWidget(fresh, 1);
    buttons->addWidget(open, 1);
    connect(fresh, &QPushButton::clicked, this, &StartPage::newRequested);
    connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
    return buttons;
}

QWidget* StartPage::buildTemplates() {
    auto* page = new QWidget;
    page->setProperty("surface", "window");
    page->setAttribute(Qt::WA_StyledBackground);
    auto* main = new QVBoxLayout(page);
    main->setContentsMargins(44, 34, 44, 24);
    main->setSpacing(4);
    main->addWidget(label(tr("Start from a network that works"), TextRole::PageTitle, QFont::DemiBold));
    main->addWidget(secondaryLabel(tr("Opens with its data set and its settings. Change anything."), TextRole::Body));
    main->addSpacing(14);
    m_grid = new QGridLayout;
    m_grid->setSpacing(20);
    main->addLayout(m_grid);
    main->addSpacing(18);
    main->addWidget(secondaryLabel(tr("Or drop a .keras file or a folder of images anywhere in the window.")));
    main->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(page);
    for (const Template& each : templates()) addTile(&each);
    if (findTemplate("blank") == nullptr) addTile(nullptr);
    placeTiles(3);
    return area;
}

/// Null: an empty canvas.
void StartPage::addTile(const Template* shown) {
    auto* tile = new TemplateTile(shown);
    tile->setObjectName(QStringLiteral("template:") + tile->id());
    connect(tile, &QAbstractButton::clicked, this, [this, tile] {
        if (tile->id().isEmpty()) Q_EMIT newRequested();
        else Q_EMIT templateChosen(tile->id());
    });
    if (shown != nullptr && !shown->make().edges().empty()) {
        connect(m_samples, &SamplePictures::found, tile, [tile, source = QString::fromStdString(shown->data)](const QString& of, const QList<QImage>& pictures) {
            if (of == source) tile->setSamples(pictures);
        });
        connect(m_samples, &SamplePictures::missing, tile, [tile, source = QString::fromStdString(shown->data)](const QString& which) {
            if (which == source) tile->setMissing(source);
        });
    }
    m_tiles << tile;
}

void StartPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refreshRecent();
    for (const Template& each : templates()) m_samples->ask(each.data);
}

void StartPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitWidth();
}

void StartPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) fitWidth();
}

/// As many columns as these words have room for.
void StartPage::fitWidth() {
    if (m_tiles.isEmpty()) return;
    m_side->setFixedWidth(wordLength(kSide));
    for (QWidget* tile : m_tiles) tile->updateGeometry();
    const int least = m_tiles.front()->minimumSizeHint().width() + m_grid->spacing();
    const int columns = std::clamp((width() - m_side->width() - 88 - kScrollBar + m_grid->spacing()) / least, 1, 4);
    // Not while the page is being laid out: the scroll area would keep the size of the old rows.
    if (columns != m_columns) QMetaObject::invokeMethod(this, [this, columns] { placeTiles(columns); }, Qt::QueuedConnection);
}

void StartPage::placeTiles(int columns) {
    if (columns == m_columns) return;
    m_columns = columns;
    for (int i = 0; i < m_tiles.size(); ++i) m_grid->addWidget(m_tiles[i], i / columns, i % columns);
    for (int c = 0; c < 4; ++c) m_grid->setColumnStretch(c, c < columns ? 1 : 0);
}

void StartPage::refreshRecent() {
    while (QLayoutItem* item = m_recentRows->takeAt(0)) {
        if (item->widget() != nullptr) item->widget()->deleteLater();
        delete item;
    }
    const QStringList paths = m_recent.paths();
    if (paths.isEmpty()) m_recentRows->addWidget(secondaryLabel(tr("What you save is listed here.")));
    for (const QString& path : paths.mid(0, 6)) {
        auto* row = new RecentRow(path, nullptr);
        connect(row, &QPushButton::clicked, this, [this, path] { Q_EMIT fileChosen(path); });
        m_recentRows->addWidget(row);
    }
}

} // namespace strata::ui
