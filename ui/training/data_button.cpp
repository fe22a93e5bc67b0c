// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/background.h"
#include "ui/document/number_text.h"
#include "ui/document/words.h"
#include "ui/look/icons.h"
#include "ui/look/widgets.h"
#include "ui/training/train_bar.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>

namespace strata::ui {

DataButton::DataButton(ChosenData& data, QWidget* parent)
    : QPushButton(parent), m_data(data), m_icon(new IconLabel(18)), m_name(label({}, TextRole::Body, QFont::Medium)),
      m_counts(secondaryLabel({}, TextRole::Body)), m_arrow(new IconLabel(14, QStringLiteral("chevron-down"), IconTone::Secondary)), m_menu(new QMenu(this)) {
    setObjectName(QStringLiteral("dataButton"));
    setFocusPolicy(Qt::TabFocus);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(11, 0, 10, 0);
    row->setSpacing(7);
    for (QLabel* part : {static_cast<QLabel*>(m_icon), m_name, m_counts, static_cast<QLabel*>(m_arrow)}) {
        part->setAttribute(Qt::WA_TransparentForMouseEvents);
        row->addWidget(part);
    }
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_menu, &QMenu::aboutToShow, this, [this] { fill(*m_menu); });
    connect(this, &QPushButton::clicked, this, [this] { m_menu->popup(mapToGlobal(QPoint(0, height() + 2))); });
    connect(&data, &ChosenData::changed, this, &DataButton::refresh);
    m_pool.setMaxThreadCount(1);
    refresh();
    look();
}

QSize DataButton::sizeHint() const {
    return {layout()->sizeHint().width(), QPushButton::sizeHint().height()};
}

void DataButton::setDensity(Density density) {
    m_density = density;
    refresh();
}

void DataButton::refresh() {
    const bool problem = !m_data.problem().isEmpty();
    m_icon->setIcon(problem ? QStringLiteral("warning") : QStringLiteral("data"), problem ? IconTone::Warning : IconTone::Primary);
    QString name = m_data.name();
    if (name.size() > 28) name = name.left(13) + QStringLiteral("…") + name.right(13);
    m_name->setText(name);
    QString counts;
    if (m_data.source() != nullptr) {
        counts = m_data.validationCount() > 0 ? tr("%1 train, %2 validation").arg(countText(m_data.trainCount()), countText(m_data.validationCount()))
                                              : tr("%1 train").arg(countText(m_data.trainCount()));
    }
    m_counts->setText(problem ? tr("not open") : m_data.isOpening() ? tr("opening") : counts);
    m_counts->setVisible(m_density == Density::Regular || problem);
    setToolTip(problem ? m_data.problem() : m_data.source() != nullptr ? translated(m_data.source()->description) + QStringLiteral("\n") + counts : tr("The data that the network learns from"));
    setAccessibleName(tr("Data: %1, %2").arg(m_data.name(), m_counts->text()));
    updateGeometry();
}

void DataButton::fill(QMenu& menu) {
    menu.clear();
    menu.setToolTipsVisible(true);
    m_filled = &menu;
    look(); // for what has come or gone since
    QAction* rest = menu.addSeparator();
    addKnown(menu, rest);
    connect(menu.addAction(ui::icon(QStringLiteral("open")), tr("Open a folder…")), &QAction::triggered, this, &DataButton::chooseFolder);
    connect(menu.addAction(ui::icon(QStringLiteral("picture")), tr("Open a file…")), &QAction::triggered, this, &DataButton::chooseFile);
    menu.addSeparator();
    const std::optional<Shape> wanted = m_data.inputShape();
    QAction* fit = menu.addAction(wanted ? tr("Fit the images to the input, %1").arg(shapeText(*wanted)) : tr("Fit the images to the input"));
    fit->setCheckable(true);
    fit->setChecked(m_data.isFitted());
    fit->setEnabled(wanted.has_value() || m_data.isFitted());
    connect(fit, &QAction::triggered, this, [this](bool on) { m_data.fitToInput(on); });
    if (!m_data.problem().isEmpty()) {
        connect(menu.addAction(ui::icon(QStringLiteral("reset")), tr("Try again")), &QAction::triggered, &m_data, &ChosenData::open);
    }
}

void DataButton::addKnown(QMenu& menu, QAction* before) {
    if (!m_looked) {
        auto* looking = new QAction(tr("Looking for data sets…"), &menu);
        looking->setObjectName(QStringLiteral("known"));
        looking->setEnabled(false);
        menu.insertAction(before, looking);
    }
    for (const KnownData& known : m_known) {
        const QString name = QString::fromStdString(known.name), title = QString::fromStdString(known.title);
        const QString why = tr("%1: its files are not on this computer; they are at %2").arg(title, QString::fromStdString(known.origin));
        const QString where = known.path.empty() ? QString() : QStringLiteral("\n") + QString::fromStdString(known.path);
        auto* entry = new QAction(known.available ? title : why, &menu);
        entry->setObjectName(QStringLiteral("known"));
        entry->setToolTip(known.available ? translated(known.description) + where : QString::fromStdString(known.remedy));
        entry->setEnabled(known.available);
        entry->setCheckable(true);
        entry->setChecked(m_data.choice() == name);
        connect(entry, &QAction::triggered, this, [this, name] { m_data.choose(name); });
        menu.insertAction(before, entry);
    }
}

void DataButton::look() {
    if (m_looking) return;
    m_looking = true;
    inBackground(m_pool, this, [] { return listDatasets(); }, [this](std::vector<KnownData> known) {
        m_looking = false;
        if (std::exchange(m_looked, true) && known == m_known) return;
        m_known = std::move(known);
        if (!m_filled || !m_filled->isVisible()) return;
        for (QAction* entry : m_filled->findChildren<QAction*>(QStringLiteral("known"))) delete entry;
        addKnown(*m_filled, m_filled->actions().front());
    });
}

void DataButton::chooseFolder() {
    const QString path = QFileDialog::getExistingDirectory(this, tr("A folder of images, one folder a class; or of IDX or CIFAR files"));
    if (!path.isEmpty()) m_data.choose(path);
}

void DataButton::chooseFile() {
    const QString path = QFileDialog::getOpenFileName(this, tr("An IDX or CIFAR file, or an archive of images"));
    if (!path.isEmpty()) m_data.choose(path);
}

} // namespace strata::ui
