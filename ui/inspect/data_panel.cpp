// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/data_panel.h"

#include "engine/data/split.h"
#include "ui/document/background.h"
#include "ui/document/number_text.h"
#include "ui/forms/flow_layout.h"
#include "ui/inspect/class_counts.h"
#include "ui/inspect/data_facts.h"
#include "ui/inspect/no_data.h"
#include "ui/inspect/test_images.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kFacts = 290, kLeastFacts = 200, kClasses = 250; ///< widths
constexpr int kLaidOutAtOnce = 50'000; ///< rows of the list; more go to the next round of events
constexpr double kUneven = 1.5;        ///< the largest class to the smallest

/// The first thing about the data that the drawing has against it.
const Problem* misfit(const GraphReport& report) {
    const auto ofData = [](const Problem& p) { return p.id == "input.data_mismatch" || p.id == "output.units" || p.id == "output.rank"; };
    const auto found = std::ranges::find_if(report.problems, ofData);
    return found == report.problems.end() ? nullptr : &*found;
}

} // namespace

DataPanel::DataPanel(GraphDocument& document, ChosenData& data, QWidget* parent)
    : QWidget(parent), m_document(document), m_data(data), m_menu(new QMenu(this)), m_counts(new ClassCounts(this)), m_images(new DataImages(this)),
      m_delegate(new TestImageDelegate(this)) {
    m_pool.setMaxThreadCount(1);
    m_menu->setObjectName(QStringLiteral("dataPanelMenu"));
    m_pages = new QStackedLayout(this);
    m_pages->addWidget(buildContent());
    m_pages->addWidget(new NoData(data, *m_menu));
    connect(&data, &ChosenData::changed, this, &DataPanel::refresh);
    connect(&document, &GraphDocument::analysed, this, [this] {
        refreshNotice();
        m_facts->refresh(); // the network may want other values now
    });
    measure();
    refresh();
}

QWidget* DataPanel::buildContent() {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 8, 14, 8);
    column->setSpacing(6);
    m_notice = new Notice(Notice::Kind::Warning, {});
    m_notice->setObjectName(QStringLiteral("dataNotice"));
    m_act = m_notice->addButton({});
    m_act->setObjectName(QStringLiteral("dataNoticeAct"));
    m_notice->hide();
    connect(m_act, &QPushButton::clicked, this, &DataPanel::act);
    column->addWidget(m_notice);
    auto* row = new QHBoxLayout;
    row->setSpacing(20);
    m_facts = new DataFacts(m_data, *m_menu);
    connect(m_facts, &DataFacts::settingsWanted, this, &DataPanel::settingsWanted);
    QScrollArea* area = scrollingColumn(m_facts);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_factsArea = area;
    m_classColumn = buildClasses();
    row->addWidget(m_factsArea, 4);
    row->addWidget(m_classColumn, 3);
    row->addWidget(buildImages(), 7);
    column->addLayout(row, 1);
    return page;
}

QWidget* DataPanel::buildClasses() {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_classHead = label({}, TextRole::Body, QFont::DemiBold);
    m_classes = new ClassCountsView(*m_counts);
    m_balance = secondaryLabel({});
    m_balance->setObjectName(QStringLiteral("dataBalance"));
    m_balance->setWordWrap(true);
    column->addWidget(m_classHead);
    column->addWidget(m_classes, 1);
    column->addWidget(m_balance);
    connect(m_classes, &ClassCountsView::chosenChanged, this, &DataPanel::showClass);
    return box;
}

QWidget* DataPanel::buildImages() {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_head = new ElidedLabel;
    setTextRole(m_head, TextRole::Body, QFont::DemiBold);
    m_head->setObjectName(QStringLiteral("dataHead"));
    m_all = linkButton(tr("Show all"));
    m_all->setObjectName(QStringLiteral("dataShowAll"));
    m_all->setToolTip(tr("Forgets the chosen class: the images of all classes"));
    m_part = new QComboBox;
    m_part->setObjectName(QStringLiteral("dataPart"));
    m_part->setAccessibleName(tr("Part of the data"));
    m_part->setToolTip(tr("The images that a run learns from, those that it is measured on while it goes on, or those that it never sees"));
    auto* head = new QWidget;
    auto* flow = new FlowLayout(12, 4);
    head->setLayout(flow);
    for (QWidget* part : {static_cast<QWidget*>(m_head), static_cast<QWidget*>(m_all), static_cast<QWidget*>(m_part)}) {
        flow->addWidget(part);
        flow->setAlignment(part, Qt::AlignVCenter);
    }
    // A list in lines is laid out much faster than one of icons: there may be a million rows.
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("dataImages"));
    m_list->setAccessibleName(tr("Images of the data"));
    m_list->setFlow(QListView::LeftToRight);
    m_list->setWrapping(true);
    m_list->setUniformItemSizes(true);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setLayoutMode(QListView::Batched);
    m_list->setBatchSize(kLaidOutAtOnce);
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setModel(m_images);
    m_list->setItemDelegate(m_delegate);
    column->addWidget(head);
    column->addWidget(m_list, 1);
    connect(m_all, &QPushButton::clicked, m_classes, &QAbstractItemView::clearSelection);
    connect(m_part, &QComboBox::currentIndexChanged, this, &DataPanel::load);
    connect(m_images, &DataImages::pictured, m_list->viewport(), qOverload<>(&QWidget::update));
    connect(m_list, &QListView::clicked, this, &DataPanel::pin);
    connect(m_list, &QListView::activated, this, &DataPanel::pin);
    return box;
}

DataPart DataPanel::part() const {
    return static_cast<DataPart>(m_part->currentData().toInt());
}

void DataPanel::refresh() {
    m_pages->setCurrentIndex(m_data.source() != nullptr ? 0 : 1);
    refreshParts();
    load();
    refreshNotice();
    tellBalance(); // what the loss makes of it may be another
}

/// Those that there are.
void DataPanel::refreshParts() {
    if (m_data.source() == nullptr) return;
    std::vector<std::pair<QString, DataPart>> parts{{tr("Training images"), DataPart::Training}};
    if (m_data.validationCount() > 0) parts.emplace_back(tr("Validation images"), DataPart::Validation);
    if (m_data.hasTestPart()) parts.emplace_back(tr("Test images"), DataPart::Test);
    const DataPart before = m_part->count() == 0 ? DataPart::Training : part();
    const QSignalBlocker quiet(m_part); // load() comes next anyway
    m_part->clear();
    for (const auto& [words, part] : parts) m_part->addItem(words, static_cast<int>(part));
    m_part->setCurrentIndex(std::max(0, m_part->findData(static_cast<int>(before))));
}

DataPanel::Part DataPanel::partOf(const Wanted& wanted) {
    Part part;
    const Result<ValidationSplit> split = validationSplit(wanted.train, wanted.share);
    if (!split) part.problem = QString::fromStdString(split.error().message);
    part.images = wanted.part == DataPart::Test ? wanted.test : !split ? wanted.train : wanted.part == DataPart::Validation ? split->validation : split->train;
    if (split && wanted.part == DataPart::Validation) part.first = split->train->size();
    if (part.images) part.index = std::make_shared<const ClassIndex>(*part.images);
    return part;
}

void DataPanel::load() {
    const DataSource* source = m_data.source();
    Wanted wanted;
    if (source != nullptr) wanted = {source->train, source->test, m_document.state().training.validationSplit, part()};
    if (wanted == m_shown) return;
    const bool otherData = wanted.train != m_shown.train;
    m_shown = wanted;
    if (otherData) show({});
    m_stale = true;
    if (isVisible()) count();
}

/// Every image is looked at, and there may be a million.
void DataPanel::count() {
    m_stale = false;
    if (!m_shown.train) return;
    inBackground(m_pool, this, [wanted = m_shown] { return partOf(wanted); }, [this, wanted = m_shown](const Part& part) {
        if (wanted == m_shown) show(part);
    });
}

void DataPanel::show(const Part& part) {
    const std::optional<int> chosen = m_classes->chosen();
    m_splitProblem = part.problem;
    m_first = part.first;
    m_images->show(m_shown.part, part.images, part.index);
    QStringList names;
    for (const std::string& name : m_data.classNames()) names << QString::fromStdString(name);
    m_counts->show(part.index, names);
    if (chosen && *chosen < m_counts->rowCount()) m_classes->setCurrentIndex(m_counts->index(*chosen));
    m_classHead->setText(tr("%1 classes", nullptr, pluralOf(m_counts->rowCount())).arg(countText(m_counts->rowCount())));
    showClass();
    showPinned();
    tellBalance();
    refreshNotice();
}

void DataPanel::showClass() {
    m_images->setClass(m_classes->chosen());
    refreshHead();
}

void DataPanel::refreshHead() {
    const std::optional<int> chosen = m_classes->chosen();
    const std::int64_t count = m_images->rowCount();
    m_head->setText(!m_images->images() ? tr("The images are being counted")
                    : chosen            ? tr("%1 images of class %2", nullptr, pluralOf(count)).arg(countText(count), m_images->className(*chosen))
                                        : tr("%1 images", nullptr, pluralOf(count)).arg(countText(count)));
    m_list->setAccessibleDescription(m_head->text());
    m_all->setVisible(chosen.has_value());
}

void DataPanel::tellBalance() {
    m_balance->setVisible(m_counts->rowCount() > 0);
    if (m_counts->rowCount() == 0) return;
    const int few = m_counts->smallest(), many = m_counts->largest();
    const std::int64_t least = m_counts->count(few), most = m_counts->count(many);
    if (static_cast<double>(most) <= kUneven * static_cast<double>(least)) {
        m_balance->setText(least == most ? tr("Even: %1 images a class", nullptr, pluralOf(most)).arg(countText(most))
                                         : tr("Even: %1 to %2 images a class").arg(countText(least), countText(most)));
        return;
    }
    const QString counts = tr("Uneven: %1 images of class %2, %3 of class %4", nullptr, pluralOf(most)).arg(countText(most), m_counts->className(many), countText(least), m_counts->className(few));
    const bool learned = m_shown.part == DataPart::Training; // the others weigh nothing
    m_balance->setText(!learned                                        ? counts
                       : m_document.state().training.balanceClasses ? tr("%1. Every class counts the same in the loss, as Settings say.").arg(counts)
                                                                  : tr("%1. Add images of the rarer classes, or balance the classes under Settings.").arg(counts));
}

void DataPanel::refreshNotice() {
    const Problem* problem = misfit(m_document.report());
    const bool shape = problem != nullptr && problem->id == "input.data_mismatch";
    m_notice->setVisible(!m_splitProblem.isEmpty() || problem != nullptr);
    m_notice->setKind(m_splitProblem.isEmpty() && problem != nullptr && problem->severity == Severity::Error ? Notice::Kind::Error : Notice::Kind::Warning);
    m_notice->setText(!m_splitProblem.isEmpty() ? m_splitProblem : problem != nullptr ? unbroken(QString::fromStdString(problem->text)) : QString());
    m_act->setVisible(!m_splitProblem.isEmpty() || (shape && m_data.inputShape()));
    m_act->setText(m_splitProblem.isEmpty() ? tr("Fit the images to the input") : tr("Settings"));
    m_act->setToolTip(m_splitProblem.isEmpty() ? tr("Brings the images to the size and the channels that the network's input wants") : tr("The validation share is set there"));
}

/// The one thing to do about what the notice says.
void DataPanel::act() {
    if (m_splitProblem.isEmpty()) m_data.fitToInput(true);
    else Q_EMIT settingsWanted();
}

void DataPanel::pin(const QModelIndex& row) {
    const std::int64_t index = row.data(TestImages::IndexRole).toLongLong();
    const bool ofTest = m_images->part() == DataPart::Test;
    const std::int64_t at = m_first + index;
    if (ofTest || !m_data.hasTestPart()) {
        Q_EMIT pinTest(at);
    } else {
        const std::shared_ptr<const Dataset>& images = m_images->images();
        std::vector<float> values(static_cast<std::size_t>(images->sampleShape().count()));
        images->read(index, values);
        const QString title = m_images->part() == DataPart::Validation ? tr("Pinned: validation image %1, class %2") : tr("Pinned: training image %1, class %2");
        Q_EMIT pinPicture(values, images->sampleShape(), title.arg(countText(index), m_images->className(images->label(index))));
    }
    m_pinned = Pinned{ofTest ? DataPart::Test : DataPart::Training, at};
    showPinned();
}

void DataPanel::setPinned(std::int64_t index) {
    m_pinned.reset();
    if (index >= 0) m_pinned = Pinned{m_data.hasTestPart() ? DataPart::Test : DataPart::Training, index};
    showPinned();
}

void DataPanel::showPinned() {
    std::int64_t at = -1;
    if (m_pinned && (m_pinned->part == DataPart::Test) == (m_images->part() == DataPart::Test)) at = m_pinned->index;
    at = std::max<std::int64_t>(-1, at - m_first);
    m_delegate->setPinned(at);
    m_list->viewport()->update();
}

void DataPanel::setDensity(Density density) {
    const int around = density == Density::Compact ? 6 : 8;
    for (int page = 0; page < m_pages->count(); ++page) m_pages->widget(page)->layout()->setContentsMargins(12, around, 14, around);
}

void DataPanel::measure() {
    m_factsArea->setMinimumWidth(wordLength(kLeastFacts));
    m_factsArea->setMaximumWidth(wordLength(kFacts));
    m_classColumn->setMaximumWidth(wordLength(kClasses));
}

void DataPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) count();
}

void DataPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange) measure();
}

} // namespace strata::ui
