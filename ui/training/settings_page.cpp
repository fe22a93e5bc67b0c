// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/settings_page.h"

#include "engine/training/loss.h"
#include "engine/training/optimizer.h"
#include "ui/inspector/schema_form.h"
#include "ui/look/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QThread>
#include <QVBoxLayout>

#include <limits>

namespace strata::ui {
namespace {

QString nameOf(const Schema& schema) {
    return QString::fromStdString(schema.label.empty() ? schema.id : schema.label);
}

QWidget* column(QWidget* content, int width) {
    content->setMinimumWidth(width);
    content->setMaximumWidth(width + 40);
    return content;
}

} // namespace

FamilyForm::FamilyForm(const QString& title, const SchemaFamily& family, QWidget* parent)
    : QWidget(parent), m_family(family), m_column(new QVBoxLayout(this)), m_choice(new QComboBox) {
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    auto* head = new QHBoxLayout;
    auto* name = label(title, TextRole::Body, QFont::DemiBold);
    name->setMinimumWidth(122);
    name->setBuddy(m_choice);
    m_choice->setAccessibleName(title);
    m_choice->setObjectName(QString::fromStdString(family.name));
    for (const Schema* member : family.members) {
        m_choice->addItem(nameOf(*member), QString::fromStdString(member->id));
        m_choice->setItemData(m_choice->count() - 1, QString::fromStdString(member->doc), Qt::ToolTipRole);
    }
    head->addWidget(name);
    head->addWidget(m_choice, 1);
    m_column->addLayout(head);
    m_column->addStretch(1);
    connect(m_choice, &QComboBox::activated, this, [this](int index) { Q_EMIT chosen(m_choice->itemData(index).toString()); });
}

void FamilyForm::show(const TypedParams& value) {
    const Schema* schema = m_family.find(value.id);
    if (schema == nullptr) return;
    const QSignalBlocker blocker(m_choice);
    m_choice->setCurrentIndex(m_choice->findData(QString::fromStdString(schema->id)));
    m_choice->setToolTip(QString::fromStdString(schema->doc));
    if (m_form == nullptr || &m_form->schema() != schema) {
        delete m_form;
        m_form = new SchemaForm(*schema);
        m_column->insertWidget(1, m_form);
        connect(m_form, &SchemaForm::edited, this, &FamilyForm::edited);
        connect(m_form, &SchemaForm::settled, this, &FamilyForm::settled);
    }
    m_form->setValues(value.params);
}

SettingsPage::SettingsPage(GraphDocument& document, QWidget* parent) : QWidget(parent), m_document(document) {
    auto* content = new QWidget;
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(12, 10, 14, 10);
    row->setSpacing(28);
    m_optimizer = new FamilyForm(tr("Optimiser"), optimizerFamily());
    m_loss = new FamilyForm(tr("Loss"), lossFamily());
    row->addWidget(column(buildRun(), 370), 0, Qt::AlignTop);
    row->addWidget(column(m_optimizer, 290), 0, Qt::AlignTop);
    row->addWidget(column(m_loss, 335), 0, Qt::AlignTop);
    row->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(area);

    connect(m_optimizer, &FamilyForm::chosen, this, [this](const QString& id) {
        edit(tr("Choose the optimiser"), "optimizer", [&](TrainingSettings& s) {
            // What the new one has of the old one's parameters (the learning rate) stays as it was set.
            const Schema* schema = optimizerFamily().find(id.toStdString());
            TypedParams next{id.toStdString(), {}};
            for (const auto& [key, value] : s.optimizer.params) {
                if (schema != nullptr && schema->find(key) != nullptr) next.params[key] = value;
            }
            s.optimizer = std::move(next);
        });
    });
    connect(m_optimizer, &FamilyForm::edited, this, [this](const QString& key, const ParamValue& value) {
        edit(tr("Set the optimiser"), qPrintable(QStringLiteral("optimizer.") + key),
             [&](TrainingSettings& s) { s.optimizer.params[key.toStdString()] = value; });
    });
    connect(m_loss, &FamilyForm::chosen, this, [this](const QString& id) {
        edit(tr("Choose the loss"), "loss", [&](TrainingSettings& s) {
            const Schema* schema = lossFamily().find(id.toStdString());
            TypedParams next{id.toStdString(), {}};
            for (const auto& [key, value] : s.loss.params) {
                if (schema != nullptr && schema->find(key) != nullptr) next.params[key] = value;
            }
            s.loss = std::move(next);
        });
    });
    connect(m_loss, &FamilyForm::edited, this, [this](const QString& key, const ParamValue& value) {
        edit(tr("Set the loss"), qPrintable(QStringLiteral("loss.") + key),
             [&](TrainingSettings& s) { s.loss.params[key.toStdString()] = value; });
    });
    for (FamilyForm* form : {m_optimizer, m_loss}) connect(form, &FamilyForm::settled, &document, &GraphDocument::closeSeries);
    connect(&document, &GraphDocument::stateChanged, this, [this](const StateDiff& diff) {
        if (diff.training) refresh();
    });
    refresh();
}

void SettingsPage::addRow(QGridLayout& grid, const QString& name, QWidget* field, const QString& help) {
    // Two columns of fields, so that a low window shows them all.
    constexpr int kRows = 3;
    const int count = grid.property("fields").toInt();
    grid.setProperty("fields", count + 1);
    const int at = count % kRows, column = count / kRows * 3;
    auto* words = label(name);
    words->setToolTip(help);
    words->setBuddy(field);
    field->setToolTip(help);
    field->setAccessibleName(name);
    grid.addWidget(words, at, column);
    grid.addWidget(field, at, column + 1);
}

QWidget* SettingsPage::buildRun() {
    auto* box = new QWidget;
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(6);
    grid->setColumnMinimumWidth(0, 110);
    grid->setColumnMinimumWidth(2, 16);
    grid->setColumnMinimumWidth(3, 70);
    const auto number = [this](const char* name, int least, int most) {
        auto* field = new QSpinBox;
        field->setObjectName(QString::fromLatin1(name));
        field->setRange(least, most);
        field->setGroupSeparatorShown(true);
        connect(field, &QSpinBox::editingFinished, &m_document, &GraphDocument::closeSeries);
        return field;
    };
    m_epochs = number("epochs", 1, 100'000);
    connect(m_epochs, &QSpinBox::valueChanged, this, [this](int value) { edit(tr("Set the epochs"), "epochs", [&](TrainingSettings& s) { s.epochs = value; }); });
    addRow(*grid, tr("Epochs"), m_epochs, tr("How often the network sees all training images."));
    m_batch = number("batchSize", 1, 65'536);
    connect(m_batch, &QSpinBox::valueChanged, this, [this](int value) { edit(tr("Set the batch size"), "batch", [&](TrainingSettings& s) { s.batchSize = value; }); });
    addRow(*grid, tr("Batch size"), m_batch, tr("After so many images the weights are changed once. Larger is faster and smoother, and takes more memory."));
    m_validation = new QDoubleSpinBox;
    m_validation->setObjectName(QStringLiteral("validationShare"));
    m_validation->setRange(0, 90);
    m_validation->setDecimals(1);
    m_validation->setSuffix(tr(" %"));
    connect(m_validation, &QDoubleSpinBox::editingFinished, &m_document, &GraphDocument::closeSeries);
    connect(m_validation, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        edit(tr("Set the validation share"), "validation", [&](TrainingSettings& s) { s.validationSplit = value / 100; });
    });
    addRow(*grid, tr("Validation share"), m_validation, tr("The last part of the training images is kept back, to measure how well the network does on images it does not learn from."));
    m_seed = number("seed", 0, std::numeric_limits<int>::max());
    m_seed->setGroupSeparatorShown(false);
    connect(m_seed, &QSpinBox::valueChanged, this, [this](int value) { edit(tr("Set the seed"), "seed", [&](TrainingSettings& s) { s.seed = static_cast<std::uint64_t>(value); }); });
    addRow(*grid, tr("Seed"), m_seed, tr("The same seed gives the same run to the last bit: first weights, order of the images, dropout."));
    m_threads = number("threads", 0, 256);
    m_threads->setSpecialValueText(tr("all (%1)").arg(QThread::idealThreadCount()));
    connect(m_threads, &QSpinBox::valueChanged, this, [this](int value) { edit(tr("Set the threads"), "threads", [&](TrainingSettings& s) { s.threads = value; }); });
    addRow(*grid, tr("Threads"), m_threads, tr("How many processors work on a batch. The result does not depend on it."));
    m_shuffle = new QCheckBox(tr("Shuffle the images"));
    m_shuffle->setObjectName(QStringLiteral("shuffle"));
    m_shuffle->setToolTip(tr("Every epoch sees the images in another order."));
    connect(m_shuffle, &QCheckBox::toggled, this, [this](bool on) { edit(tr("Set the shuffling"), "shuffle", [&](TrainingSettings& s) { s.shuffle = on; }); });
    m_keepBest = new QCheckBox(tr("Keep best weights"));
    m_keepBest->setObjectName(QStringLiteral("keepBest"));
    m_keepBest->setToolTip(tr("At the end the network has the weights of the epoch with the smallest validation loss, not those of the last one."));
    connect(m_keepBest, &QCheckBox::toggled, this, [this](bool on) { edit(tr("Set keeping the best"), "best", [&](TrainingSettings& s) { s.keepBest = on; }); });
    grid->addWidget(m_shuffle, 3, 0, 1, 2);
    grid->addWidget(m_keepBest, 3, 3, 1, 2);
    return box;
}

void SettingsPage::edit(const QString& text, const char* field, const std::function<void(TrainingSettings&)>& change) {
    m_document.edit(text, [&](DocumentState& state) { change(state.training); }, QStringLiteral("training.") + QString::fromLatin1(field));
}

void SettingsPage::refresh() {
    const TrainingSettings& settings = m_document.state().training;
    const QSignalBlocker blockers[] = {QSignalBlocker(m_epochs), QSignalBlocker(m_batch), QSignalBlocker(m_seed), QSignalBlocker(m_threads),
                                       QSignalBlocker(m_validation), QSignalBlocker(m_shuffle), QSignalBlocker(m_keepBest)};
    m_epochs->setValue(static_cast<int>(settings.epochs));
    m_batch->setValue(static_cast<int>(settings.batchSize));
    m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(settings.seed, std::numeric_limits<int>::max())));
    m_threads->setValue(settings.threads);
    m_validation->setValue(settings.validationSplit * 100);
    m_shuffle->setChecked(settings.shuffle);
    m_keepBest->setChecked(settings.keepBest);
    m_optimizer->show(settings.optimizer);
    m_loss->show(settings.loss);
}

} // namespace strata::ui
