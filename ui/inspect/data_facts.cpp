// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/data_facts.h"

#include "ui/document/number_text.h"
#include "ui/document/words.h"
#include "ui/forms/flow_layout.h"
#include "ui/look/widgets.h"
#include "ui/training/chosen_data.h"

#include <QMenu>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

/// "28 × 28 × 1, grey, 0 to 1": as the network gets them.
QString imagesText(const Shape& shape, bool fitted, Scaling scaling) {
    const auto channels = static_cast<int>(shape[2]);
    QStringList parts{shapeText(shape)};
    parts << (channels == 1 ? DataFacts::tr("grey") : channels == 3 ? DataFacts::tr("colour") : DataFacts::tr("%n channels", nullptr, channels));
    if (fitted) parts << DataFacts::tr("fitted");
    parts << (scaling == Scaling::UnitRange ? DataFacts::tr("0 to 1") : DataFacts::tr("0 to 255"));
    return parts.join(QStringLiteral(", "));
}

QString imagesTip(bool fitted, Scaling scaling) {
    const QString size = fitted ? DataFacts::tr("The images are brought to the size and the channels of the network's input.")
                                : DataFacts::tr("The images go to the network in the size that they have.");
    const QString values = scaling == Scaling::UnitRange ? DataFacts::tr("Their values are divided by 255.")
                                                         : DataFacts::tr("Their values stay as they are, since the network scales them itself or was told so.");
    return size + QLatin1Char('\n') + values;
}

} // namespace

DataFacts::DataFacts(ChosenData& data, QMenu& menu, QWidget* parent) : QWidget(parent), m_data(data), m_name(new ElidedLabel), m_place(new ElidedLabel), m_figures(new FigureList) {
    setTextRole(m_name, TextRole::Body, QFont::DemiBold);
    m_name->setObjectName(QStringLiteral("dataName"));
    setTextRole(m_place, TextRole::Small);
    m_place->setObjectName(QStringLiteral("dataPlace"));
    m_place->setTone(IconTone::Secondary);
    m_figures->setObjectName(QStringLiteral("dataFigures"));
    m_training = m_figures->addRow(tr("Training"));
    m_validation = m_figures->addRow(tr("Validation"));
    m_test = m_figures->addRow(tr("Test"));
    m_images = m_figures->addRow(tr("Images"));
    auto* settings = linkButton(tr("Settings"));
    settings->setObjectName(QStringLiteral("dataSettings"));
    settings->setToolTip(tr("The share of the images that validates, and the weights of the classes, are set there"));
    connect(settings, &QPushButton::clicked, this, &DataFacts::settingsWanted);
    auto* other = plainButton(tr("Other data…"), QStringLiteral("data"));
    other->setObjectName(QStringLiteral("otherData"));
    other->setToolTip(tr("Data sets by their name, a folder, a file; and whether the images are fitted to the input"));
    connect(other, &QPushButton::clicked, this, [other, &menu] { menu.popup(other->mapToGlobal(QPoint(0, other->height() + 2))); });

    auto* head = new FlowLayout(10, 2);
    for (QWidget* part : {static_cast<QWidget*>(m_name), static_cast<QWidget*>(settings), static_cast<QWidget*>(other)}) {
        head->addWidget(part);
        head->setAlignment(part, Qt::AlignVCenter);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 8, 0); // beside a scroll bar
    column->setSpacing(3);
    column->addLayout(head);
    column->addWidget(m_place);
    column->addWidget(m_figures);
    column->addStretch(1);
    connect(&data, &ChosenData::changed, this, &DataFacts::refresh);
    refresh();
}

void DataFacts::refresh() {
    const DataSource* source = m_data.source();
    if (source == nullptr) return; // the page says why
    m_name->setText(m_data.name());
    m_place->setText(source->path.empty() ? tr("Comes with Strata") : QString::fromStdString(source->path));
    setToolTip(translated(source->description)); // also of the names in it, which have one only where they are cut
    m_figures->setValue(m_training, countText(m_data.trainCount()));
    m_figures->setValue(m_validation, m_data.validationCount() > 0 ? countText(m_data.validationCount()) : tr("none"));
    m_figures->setValue(m_test, source->test ? countText(source->test->size()) : tr("none"));
    m_figures->setValue(m_images, imagesText(source->train->sampleShape(), m_data.isFitted(), m_data.scaling()));
    m_figures->setToolTip(imagesTip(m_data.isFitted(), m_data.scaling()));
}

} // namespace strata::ui
