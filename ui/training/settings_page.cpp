// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/settings_page.h"

#include "engine/data/class_weights.h"
#include "engine/data/split.h"
#include "engine/training/callback.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"
#include "ui/forms/flow_layout.h"
#include "ui/look/text_scale.h"
#include "ui/look/undo_keys.h"
#include "ui/look/widgets.h"
#include "ui/training/family_form.h"
#include "ui/training/family_list.h"
#include "ui/training/training_session.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QThread>
#include <QVBoxLayout>

#include <limits>

namespace strata::ui {
namespace {

/// What the new member has of the old one's parameters (the learning rate) stays as it was set.
TypedParams changedTo(const QString& id, const SchemaFamily& family, const ParamMap& before) {
    const Schema* schema = family.find(id.toStdString());
    TypedParams next{id.toStdString(), {}};
    for (const auto& [key, value] : before) {
        if (schema != nullptr && schema->find(key) != nullptr) next.params[key] = value;
    }
    return next;
}

/// The same schedule with the length of the run.
TypedParams wholeRun(TypedParams schedule, std::int64_t steps) {
    for (const char* key : kScheduleLengths) schedule.params.erase(key);
    return overSteps(std::move(schedule), steps);
}

ParamMap lengthsOf(const TypedParams& schedule) {
    ParamMap out;
    for (const char* key : kScheduleLengths) {
        if (const auto length = schedule.params.find(key); length != schedule.params.end()) out.insert(*length);
    }
    return out;
}

/// Parts of the settings one below the other, at least so wide.
QWidget* column(std::initializer_list<QWidget*> parts, int width) {
    auto* box = new QWidget;
    auto* whole = new QVBoxLayout(box);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(6);
    for (QWidget* part : parts) whole->addWidget(part);
    box->setFixedWidth(std::max(width, box->minimumSizeHint().width()));
    return box;
}

} // namespace

SettingsPage::SettingsPage(GraphDocument& document, QWidget* parent) : QWidget(parent), m_document(document) {
    auto* content = m_content = new QWidget;
    // Side by side where there is room, else in lines: a narrow window scrolls one way only.
    auto* outer = new QVBoxLayout(content);
    outer->setContentsMargins(12, 8, 12, 4);
    auto* row = new FlowLayout(14, 12);
    outer->addLayout(row);
    outer->addStretch(1);
    m_optimizer = new FamilyForm(tr("Optimizer"), optimizerFamily());
    m_loss = new FamilyForm(tr("Loss"), lossFamily());
    row->addWidget(column({buildRun()}, 350));
    m_schedule = new FamilyForm(tr("Schedule"), scheduleFamily(), tr("The rate stays"));
    m_schedule->setToolTip(tr("How the learning rate changes from update to update."));
    m_metrics = new FamilyList(tr("Metrics"), tr("Measure one more figure"), metricFamily());
    m_callbacks = new FamilyList(tr("Callbacks"), tr("Add a callback"), callbackFamily());
    row->addWidget(column({m_optimizer, m_schedule}, 255));
    row->addWidget(column({m_loss, m_metrics}, 365));
    row->addWidget(column({m_callbacks}, 196));
    auto* area = m_area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(area);
    m_ofRun = new Notice(Notice::Kind::Running, {});
    m_ofRun->setObjectName(QStringLiteral("ofRun"));
    m_ofRun->hide();
    whole->addWidget(m_ofRun); // below: a run that begins moves no field away from the hand

    connect(m_optimizer, &FamilyForm::chosen, this, [this](const QString& id) {
        edit(tr("Choose the optimizer"), "optimizer",
             [&](TrainingSettings& s) { s.optimizer = changedTo(id, optimizerFamily(), s.optimizer.params); });
    });
    connect(m_optimizer, &FamilyForm::edited, this, [this](const QString& key, const ParamValue& value) {
        edit(tr("Set the optimizer"), qPrintable(QStringLiteral("optimizer.") + key),
             [&](TrainingSettings& s) { s.optimizer.params[key.toStdString()] = value; });
    });
    connect(m_loss, &FamilyForm::chosen, this, [this](const QString& id) {
        edit(tr("Choose the loss"), "loss", [&](TrainingSettings& s) { s.loss = changedTo(id, lossFamily(), s.loss.params); });
    });
    connect(m_loss, &FamilyForm::edited, this, [this](const QString& key, const ParamValue& value) {
        edit(tr("Set the loss"), qPrintable(QStringLiteral("loss.") + key),
             [&](TrainingSettings& s) { s.loss.params[key.toStdString()] = value; });
    });
    connectSchedule();
    connectList(*m_metrics, "metrics", &TrainingSettings::metrics, tr("Measure one more figure"), tr("Measure one figure less"), tr("Set a figure"));
    connectList(*m_callbacks, "callbacks", &TrainingSettings::callbacks, tr("Add a callback"), tr("Take a callback away"), tr("Set a callback"));
    for (FamilyForm* form : {m_optimizer, m_loss, m_schedule}) connect(form, &FamilyForm::settled, &document, &GraphDocument::closeSeries);
    for (FamilyList* list : {m_metrics, m_callbacks}) connect(list, &FamilyList::settled, &document, &GraphDocument::closeSeries);
    connect(&document, &GraphDocument::stateChanged, this, [this](const StateDiff& diff) {
        if (diff.training) refresh();
    });
    refresh();
}

/// Room for the scroll bar is kept while there is none, so that no field moves to another line when it comes.
void SettingsPage::resizeEvent(QResizeEvent* event) {
    m_content->setMaximumWidth(std::max(1, event->size().width() - m_area->verticalScrollBar()->sizeHint().width()));
    QWidget::resizeEvent(event);
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
    field->setMaximumWidth(wordLength(96));
    grid.addWidget(words, at, column);
    grid.addWidget(field, at, column + 1);
}

QWidget* SettingsPage::buildRun() {
    auto* box = new QWidget;
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(5);
    grid->setColumnMinimumWidth(0, 100);
    grid->setColumnMinimumWidth(2, 10);
    grid->setColumnMinimumWidth(3, 60);
    const auto number = [this](const char* name, int least, int most) {
        auto* field = new QSpinBox;
        field->setObjectName(QString::fromLatin1(name));
        field->setRange(least, most);
        field->setGroupSeparatorShown(true);
        connect(field, &QSpinBox::editingFinished, &m_document, &GraphDocument::closeSeries);
        leaveUndoToWindow(field);
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
    leaveUndoToWindow(m_validation);
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
    m_balance = new QCheckBox(tr("Balance the classes"));
    m_balance->setObjectName(QStringLiteral("balanceClasses"));
    m_balance->setToolTip(tr("Every class counts the same in the loss, however many images it has (class weights)."));
    connect(m_balance, &QCheckBox::clicked, this, [this](bool on) {
        edit(tr("Set the class weights"), "classWeights", [&](TrainingSettings& s) {
            s.classWeights.clear();
            s.balanceClasses = on;
        });
    });
    grid->addWidget(m_balance, 2, 3, 1, 2);
    grid->addWidget(m_shuffle, 3, 0, 1, 2);
    grid->addWidget(m_keepBest, 3, 3, 1, 2);
    return box;
}

void SettingsPage::connectSchedule() {
    connect(m_schedule, &FamilyForm::chosen, this, [this](const QString& id) {
        edit(tr("Choose the schedule"), "schedule", [&](TrainingSettings& s) {
            if (id.isEmpty()) {
                s.schedule.reset();
                return;
            }
            ParamMap before;
            if (const auto rate = s.optimizer.params.find("learning_rate"); rate != s.optimizer.params.end()) before[kInitialRate] = rate->second;
            s.schedule = overSteps(changedTo(id, scheduleFamily(), before), steps(s));
        });
    });
    connect(m_schedule, &FamilyForm::edited, this, [this](const QString& key, const ParamValue& value) {
        edit(tr("Set the schedule"), qPrintable(QStringLiteral("schedule.") + key), [&](TrainingSettings& s) {
            if (s.schedule) s.schedule->params[key.toStdString()] = value;
        });
    });
}

void SettingsPage::connectList(FamilyList& list, const char* field, std::vector<TypedParams> TrainingSettings::*member, const QString& add,
                               const QString& remove, const QString& set) {
    connect(&list, &FamilyList::added, this, [=, this](const QString& id) {
        edit(add, field, [&](TrainingSettings& s) { (s.*member).push_back({id.toStdString(), {}}); });
        m_document.closeSeries();
    });
    connect(&list, &FamilyList::removed, this, [=, this](int index) {
        edit(remove, field, [&](TrainingSettings& s) {
            if (index < static_cast<int>((s.*member).size())) (s.*member).erase((s.*member).begin() + index);
        });
        m_document.closeSeries();
    });
    connect(&list, &FamilyList::edited, this, [=, this](int index, const QString& key, const ParamValue& value) {
        edit(set, qPrintable(QStringLiteral("%1.%2.%3").arg(QLatin1String(field)).arg(index).arg(key)), [&](TrainingSettings& s) {
            if (index < static_cast<int>((s.*member).size())) (s.*member)[static_cast<std::size_t>(index)].params[key.toStdString()] = value;
        });
    });
}

void SettingsPage::setData(std::shared_ptr<const Dataset> train) {
    m_data = std::move(train);
}

void SettingsPage::follow(const TrainingSession& session) {
    const auto tell = [this, &session] { tellOfRun(session); };
    connect(&session, &TrainingSession::stateChanged, this, tell);
    connect(&m_document, &GraphDocument::stateChanged, this, tell);
    tell();
}

void SettingsPage::tellOfRun(const TrainingSession& session) {
    m_ofRun->setVisible(session.isBusy());
    m_ofRun->setText(session.takesRate() ? tr("A run is going on: the learning rate reaches it at once, all else that is changed here counts from the next run on.")
                                         : tr("A run is going on: what is changed here counts from the next run on."));
}

std::int64_t SettingsPage::steps(const TrainingSettings& settings) const {
    if (m_data == nullptr) return 1000; // Keras's examples; nothing is known of the data
    const Result<ValidationSplit> split = validationSplit(m_data, settings.validationSplit);
    return runSteps(settings, split ? split->train->size() : m_data->size());
}

void SettingsPage::edit(const QString& text, const char* field, const std::function<void(TrainingSettings&)>& change) {
    const auto key = QStringLiteral("training.") + QString::fromLatin1(field);
    m_document.edit(text, [&](DocumentState& state) {
        TrainingSettings& s = state.training;
        // A schedule that goes over the whole run goes over the whole run also when the run gets another length.
        const bool whole = s.schedule && *s.schedule == wholeRun(*s.schedule, steps(s));
        const ParamMap lengths = whole ? lengthsOf(*s.schedule) : ParamMap();
        change(s);
        if (whole && s.schedule && lengthsOf(*s.schedule) == lengths) s.schedule = wholeRun(*s.schedule, steps(s));
    }, key);
}

void SettingsPage::refresh() {
    const TrainingSettings& settings = m_document.state().training;
    const QSignalBlocker blockers[] = {QSignalBlocker(m_epochs), QSignalBlocker(m_batch), QSignalBlocker(m_seed), QSignalBlocker(m_threads),
                                       QSignalBlocker(m_validation), QSignalBlocker(m_shuffle), QSignalBlocker(m_keepBest), QSignalBlocker(m_balance)};
    m_epochs->setValue(static_cast<int>(settings.epochs));
    m_batch->setValue(static_cast<int>(settings.batchSize));
    m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(settings.seed, std::numeric_limits<int>::max())));
    m_threads->setValue(settings.threads);
    m_validation->setValue(settings.validationSplit * 100);
    m_shuffle->setChecked(settings.shuffle);
    m_keepBest->setChecked(settings.keepBest);
    m_optimizer->show(settings.optimizer);
    m_loss->show(settings.loss);
    if (settings.schedule) m_schedule->show(*settings.schedule);
    else m_schedule->showNone();
    m_metrics->show(settings.metrics);
    m_callbacks->show(settings.callbacks);
    const bool own = !settings.balanceClasses && !settings.classWeights.empty(); // numbers that a file or the terminal gave
    m_balance->setCheckState(settings.balanceClasses ? Qt::Checked : own ? Qt::PartiallyChecked : Qt::Unchecked);
}

} // namespace strata::ui
