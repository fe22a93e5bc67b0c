// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/test_answers.h"

#include "ui/document/background.h"
#include "ui/document/number_text.h"
#include "ui/forms/flow_layout.h"
#include "ui/inspect/confusion_model.h"
#include "ui/inspect/confusion_view.h"
#include "ui/inspect/test_images.h"
#include "ui/look/widgets.h"
#include "ui/training/run_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr const char* kMatrixWanted = "test/matrix";
constexpr int kHeadGap = 12; ///< between the parts of the head
constexpr int kTickMs = 200; ///< also: so long a test needs no words

} // namespace

TestAnswers::TestAnswers(TrainingSession& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_images(new TestImages(this)), m_delegate(new TestImageDelegate(this)), m_counts(new ConfusionModel(this)) {
    m_pool.setMaxThreadCount(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(14);
    m_matrix = new ConfusionView(*m_counts);
    m_matrix->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    m_axes = new ElidedLabel(tr("Rows: true class. Columns: answer."));
    m_axes->setObjectName(QStringLiteral("matrixAxes"));
    m_axes->setElideMode(Qt::ElideRight);
    m_axes->setTone(IconTone::Secondary);
    setTextRole(m_axes, TextRole::Caption);
    auto* left = new QVBoxLayout;
    left->setSpacing(2);
    left->addWidget(m_axes);
    left->addWidget(m_matrix, 1);
    row->addLayout(left, 2);
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    column->addWidget(buildHead());
    column->addWidget(buildList(), 1);
    row->addLayout(column, 3);
    showMatrix();

    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &TestAnswers::refreshHead);
    connect(m_matrix, &ConfusionView::chosenChanged, this, &TestAnswers::showCell);
    connect(&session, &TrainingSession::testedChanged, this, &TestAnswers::refresh);
    connect(&session.data(), &ChosenData::changed, this, &TestAnswers::refresh);
    connect(&session, &TrainingSession::stateChanged, this, &TestAnswers::refreshHead);
    connect(&session, &TrainingSession::testingChanged, this, [this] {
        if (!m_session.testing()) m_tick.stop();
        else if (!m_tick.isActive()) m_tick.start();
        if (!m_session.testing() || !m_act->isHidden()) refreshHead(); // else with the first tick
    });
    refresh();
}

QWidget* TestAnswers::buildHead() {
    auto* head = m_headBox = new QWidget;
    m_head = new ElidedLabel;
    setTextRole(m_head, TextRole::Body, QFont::DemiBold);
    m_head->setObjectName(QStringLiteral("testHead"));
    m_act = linkButton({});
    m_act->setObjectName(QStringLiteral("testAct"));
    m_matrixWanted = new QCheckBox(tr("Confusion matrix"));
    m_matrixWanted->setObjectName(QStringLiteral("matrixWanted"));
    m_matrixWanted->setToolTip(tr("Which classes were taken for which: a row a true class, a column what the network answered"));
    m_matrixWanted->setChecked(QSettings().value(QLatin1String(kMatrixWanted), true).toBool());
    m_mistakes = new QCheckBox(tr("Mistakes only"));
    m_mistakes->setObjectName(QStringLiteral("mistakesOnly"));
    m_mistakes->setToolTip(tr("Only the images that the network gets wrong"));
    m_order = new QComboBox;
    m_order->setObjectName(QStringLiteral("testOrder"));
    m_order->setAccessibleName(tr("Order of the images"));
    m_order->setToolTip(tr("By how sure the network is of its answer"));
    m_order->addItems({tr("In their order"), tr("Least sure first"), tr("Most sure first")});
    m_choices = iconButton(QStringLiteral("more"), tr("Which images, and in which order"));
    m_choices->setObjectName(QStringLiteral("testChoices"));
    m_choices->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_choices);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillChoices(*menu); });
    m_choices->setMenu(menu);
    m_choices->hide();
    auto* flow = new FlowLayout(kHeadGap, 4);
    head->setLayout(flow);
    for (QWidget* part : {static_cast<QWidget*>(m_head), static_cast<QWidget*>(m_act), static_cast<QWidget*>(m_matrixWanted),
                          static_cast<QWidget*>(m_mistakes), static_cast<QWidget*>(m_order), static_cast<QWidget*>(m_choices)}) {
        flow->addWidget(part);
        flow->setAlignment(part, Qt::AlignVCenter);
    }
    head->installEventFilter(this);
    connectHead();
    return head;
}

void TestAnswers::connectHead() {
    connect(m_matrixWanted, &QCheckBox::toggled, this, [this](bool on) {
        QSettings().setValue(QLatin1String(kMatrixWanted), on);
        if (!on) m_matrix->clearSelection();
        showMatrix();
    });
    connect(m_mistakes, &QCheckBox::toggled, this, [this](bool on) {
        m_images->setMistakesOnly(on);
        showList();
    });
    connect(m_order, &QComboBox::activated, this, [this](int index) { m_images->setOrder(static_cast<TestImages::Order>(index)); });
    connect(m_act, &QPushButton::clicked, this, [this] {
        if (m_session.testing()) m_session.stopTesting();
        else if (m_matrix->chosen()) m_matrix->clearSelection();
        else m_session.testAgain();
    });
}

bool TestAnswers::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_headBox && event->type() == QEvent::Resize) fitHead();
    return QWidget::eventFilter(watched, event);
}

void TestAnswers::fitHead() {
    int needed = m_head->sizeHint().width() + (m_act->isHidden() ? 0 : kHeadGap + m_act->sizeHint().width());
    for (const QWidget* choice : {static_cast<QWidget*>(m_matrixWanted), static_cast<QWidget*>(m_mistakes), static_cast<QWidget*>(m_order)})
        needed += kHeadGap + choice->sizeHint().width();
    const bool narrow = needed > 2 * m_headBox->width();
    for (QWidget* choice : {static_cast<QWidget*>(m_matrixWanted), static_cast<QWidget*>(m_mistakes), static_cast<QWidget*>(m_order)})
        choice->setVisible(!narrow);
    m_choices->setVisible(narrow);
}

void TestAnswers::fillChoices(QMenu& menu) {
    menu.clear();
    for (QCheckBox* box : {m_matrixWanted, m_mistakes}) {
        QAction* action = menu.addAction(box->text());
        action->setCheckable(true);
        action->setChecked(box->isChecked());
        action->setEnabled(box->isEnabled());
        connect(action, &QAction::triggered, box, &QCheckBox::setChecked);
    }
    menu.addSeparator();
    for (int i = 0; i < m_order->count(); ++i) {
        QAction* action = menu.addAction(m_order->itemText(i));
        action->setCheckable(true);
        action->setChecked(i == m_order->currentIndex());
        action->setEnabled(m_order->isEnabled());
        connect(action, &QAction::triggered, this, [this, i] {
            m_order->setCurrentIndex(i);
            m_images->setOrder(static_cast<TestImages::Order>(i));
        });
    }
}

QWidget* TestAnswers::buildList() {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("testImages"));
    m_list->setAccessibleName(tr("Test images"));
    m_list->setViewMode(QListView::IconMode);
    m_list->setUniformItemSizes(true);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setMovement(QListView::Static);
    m_list->setLayoutMode(QListView::Batched);
    m_list->setBatchSize(400);
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setModel(m_images);
    m_list->setItemDelegate(m_delegate);
    m_empty = secondaryLabel({});
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    column->addWidget(m_list, 1);
    column->addWidget(m_empty, 1);
    const auto pin = [this](const QModelIndex& index) { Q_EMIT pinTest(index.data(TestImages::IndexRole).toLongLong()); };
    connect(m_list, &QListView::clicked, this, pin);
    connect(m_list, &QListView::activated, this, pin);
    return box;
}

void TestAnswers::setPinned(std::int64_t index) {
    m_delegate->setPinned(index);
    m_list->viewport()->update();
}

void TestAnswers::refresh() {
    const std::shared_ptr<const Dataset> data = m_session.data().testPart();
    m_images->setData(data, m_session.tested());
    const bool answers = m_images->hasAnswers();
    m_order->setEnabled(answers);
    m_matrixWanted->setEnabled(answers);
    countAgain();
    showCell();
}

/// Every image is looked at, and there may be a million. The cell that was chosen stays so among other answers to the same
/// classes.
void TestAnswers::countAgain() {
    const std::shared_ptr<const Evaluation> tested = m_images->hasAnswers() ? m_session.tested() : nullptr;
    if (tested == m_counted) return;
    m_counted = tested;
    if (!tested) { // they may just be tested anew: the matrix stays away, what was chosen in it does not
        showMatrix();
        return;
    }
    const std::shared_ptr<const Dataset> data = m_session.data().testPart();
    inBackground(m_pool, this, [data, tested] { return confusionMatrix(*data, tested->predicted); },
                 [this, data, tested](std::vector<std::int64_t> counts) {
                     if (tested != m_counted) return;
                     QStringList names;
                     for (const std::string& name : data->classNames()) names << QString::fromStdString(name);
                     const std::optional<ConfusionView::Cell> chosen = m_matrix->chosen();
                     m_counts->setCounts(std::move(counts), names);
                     if (chosen && chosen->first < m_counts->rowCount() && chosen->second < m_counts->columnCount())
                         m_matrix->setCurrentIndex(m_counts->index(chosen->first, chosen->second));
                     showMatrix();
                     showCell();
                 });
}

void TestAnswers::showMatrix() {
    const bool shown = m_matrixWanted->isChecked() && m_counted && m_counts->rowCount() > 1;
    m_axes->setVisible(shown);
    m_matrix->setVisible(shown);
}

void TestAnswers::showCell() {
    const bool answers = m_images->hasAnswers();
    m_images->setCell(answers ? m_matrix->chosen() : std::nullopt);
    m_mistakes->setEnabled(answers && !m_matrix->chosen());
    showList();
    refreshHead();
}

void TestAnswers::showList() {
    const bool none = m_images->rowCount() == 0;
    m_list->setVisible(!none);
    m_empty->setVisible(none);
    m_empty->setText(!m_session.data().testPart() ? tr("Choose the data in the tool bar, and its test images appear here.")
                     : m_matrix->chosen()         ? cellSentence()
                                                  : tr("No mistakes: every image was answered right."));
}

QString TestAnswers::cellSentence() const {
    const auto [trueClass, answer] = m_matrix->chosen().value_or(ConfusionView::Cell());
    const std::int64_t count = m_counts->count(trueClass, answer);
    const QString of = m_counts->className(trueClass), as = m_counts->className(answer);
    if (trueClass == answer)
        return count == 0 ? tr("No image of class %1 was answered right.").arg(of)
                          : tr("%1 images of class %2, answered right", nullptr, pluralOf(count)).arg(countText(count), of);
    return count == 0 ? tr("No image of class %1 was answered %2.").arg(of, as)
                      : tr("%1 images of class %2, answered %3", nullptr, pluralOf(count)).arg(countText(count), of, as);
}

bool TestAnswers::canBeTested() const {
    return !m_session.tested() && !m_session.isBusy() && !m_session.testIsDue() && m_session.weights() && m_session.data().testPart() &&
           !m_session.document().report().hasErrors();
}

QString TestAnswers::summary() const {
    const std::shared_ptr<const Dataset> data = m_session.data().testPart();
    if (!data) return tr("Test images");
    const QString part = m_session.data().hasTestPart() ? tr("test images") : tr("training images (this data has no test part)");
    return m_images->hasAnswers() ? tr("%1 of %2 %3 right").arg(percentText(m_session.tested()->accuracy), countText(data->size()), part)
                                  : tr("%1 %2").arg(countText(data->size()), part);
}

void TestAnswers::refreshHead() {
    QString words = summary();
    bool offers = true;
    const auto offer = [this](const QString& act, const QString& tip) {
        m_act->setText(act);
        m_act->setAccessibleName(act);
        m_act->setToolTip(tip);
    };
    if (const std::optional<double> share = m_session.testing()) {
        words = tr("The images are being tested: %1").arg(percentText(*share));
        offer(tr("Stop"), tr("Leaves them untested"));
    } else if (m_images->hasAnswers() && m_matrix->chosen()) {
        words = cellSentence();
        offer(tr("Show all"), tr("Forgets the chosen cell: the images of all cells"));
    } else {
        offers = canBeTested();
        if (offers) words = m_session.testProblem().isEmpty() ? tr("%1, not tested").arg(words) : m_session.testProblem();
        offer(tr("Test them"), tr("Shows each of them to the network and counts the right answers"));
    }
    m_head->setText(words);
    m_act->setVisible(offers);
    fitHead();
}

} // namespace strata::ui
