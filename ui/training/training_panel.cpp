// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/training_panel.h"

#include "engine/graph/flatten.h"
#include "engine/interop/run_record.h"
#include "ui/document/number_text.h"
#include "ui/look/message.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"
#include "ui/training/corner_row.h"
#include "ui/training/metric_chart.h"
#include "ui/training/run_text.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kSmoothing = 50;
constexpr int kHeadGap = 6;
constexpr int kFigures = 228; // width of the left column, regular
constexpr int kFiguresCompact = 188;

QString unknown() {
    return QStringLiteral("–");
}

/// Of the last update that the curve or the optimizer's state tells of; negative: not known.
double lastRate(const TrainedState& trained) {
    if (!trained.history.empty() && trained.history.back().learningRate >= 0) return trained.history.back().learningRate;
    return trained.optimizer ? trained.optimizer->learningRate : -1;
}

void tellUnwritten(QWidget* parent, const QString& path, const QString& why) {
    tell(parent, Telling::Warning, TrainingPanel::tr("%1 was not written.").arg(path), TrainingPanel::tr("%1. Choose another place.").arg(why));
}

} // namespace

TrainingPanel::TrainingPanel(TrainingSession& session, QWidget* parent) : QWidget(parent), m_session(session) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 10, 14, 10);
    row->setSpacing(12);
    m_left = new QWidget;
    auto* column = new QVBoxLayout(m_left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    buildFigures(*column);
    row->addWidget(m_left);
    m_loss = new CurveChart({tr("Loss"), NumberStyle::Plain});
    m_loss->setObjectName(QStringLiteral("lossChart"));
    m_accuracy = new CurveChart({tr("Accuracy"), NumberStyle::Percent});
    m_accuracy->setObjectName(QStringLiteral("accuracyChart"));
    m_metric = new MetricChart;
    m_second = new QStackedWidget;
    m_second->addWidget(m_accuracy);
    m_second->addWidget(m_metric);
    row->addWidget(m_loss, 1);
    row->addWidget(m_second, 1);
    buildCorner();
    connect(m_metric, &MetricChart::namesChanged, this, &TrainingPanel::fillFigures);
    fillFigures();
    chooseSmoothing(kSmoothing);

    GraphDocument& document = session.document();
    connect(&session, &TrainingSession::stateChanged, this, &TrainingPanel::showState);
    connect(&session, &TrainingSession::started, this, &TrainingPanel::begin);
    connect(&session, &TrainingSession::progressed, this, &TrainingPanel::showProgress);
    connect(&session, &TrainingSession::ended, this, &TrainingPanel::showResult);
    connect(&session, &TrainingSession::batches, this, [this](const QList<BatchPoint>& points) {
        for (const BatchPoint& point : points) {
            m_loss->appendBatch(point.epochs, point.loss);
            m_accuracy->appendBatch(point.epochs, point.accuracy);
        }
    });
    connect(&session, &TrainingSession::epochDone, this, [this](const EpochDone& done) {
        const int epoch = static_cast<int>(done.epoch) + 1;
        m_loss->appendEpoch(epoch, done.loss, done.validationLoss);
        m_accuracy->appendEpoch(epoch, done.accuracy, done.validationAccuracy);
        m_metric->append(historyPoint(done));
        if (!done.best || !done.validationLoss) return;
        m_loss->setBestEpoch(epoch);
        m_accuracy->setBestEpoch(epoch);
    });
    connect(&session, &TrainingSession::applied, this, [this] {
        for (CurveChart* chart : {m_loss, m_accuracy}) chart->setBestEpoch({});
    });
    connect(&session, &TrainingSession::remarked, this, [this](const QString& text) {
        m_notice->setKind(Notice::Kind::Warning);
        m_notice->setText(text);
        m_notice->show();
    });
    connect(&document, &GraphDocument::stateChanged, this, [this](const StateDiff& diff) {
        if (m_session.isBusy()) return;
        if (diff.trained || diff.training) showHistory();
    });
    const auto testAgain = [this] {
        if (!m_session.isBusy()) showTest();
    };
    connect(&session, &TrainingSession::testedChanged, this, testAgain);
    connect(&document, &GraphDocument::analysed, this, testAgain);
    connect(&document, &GraphDocument::replaced, this, [this] {
        m_notice->hide();
        m_outcome.reset();
    });
    connect(&document, &GraphDocument::replaced, this, &TrainingPanel::showHistory, Qt::QueuedConnection);
    setDensity(Density::Regular);
    showHistory();
}

QSize TrainingPanel::sizeHint() const {
    return {1000, metricsFor(m_density, currentTheme()).window.trainingHeight - 40};
}

void TrainingPanel::buildFigures(QVBoxLayout& column) {
    auto* head = new QHBoxLayout;
    head->setSpacing(kHeadGap);
    m_dot = new IconLabel(14);
    m_dot->setFixedWidth(16);
    m_title = label({}, TextRole::Body, QFont::DemiBold);
    m_title->setObjectName(QStringLiteral("trainingState"));
    m_detail = secondaryLabel({});
    m_detail->setObjectName(QStringLiteral("trainingDetail"));
    head->addWidget(m_dot);
    head->addWidget(m_title);
    head->addWidget(m_detail, 1);
    column.addLayout(head);
    auto* grid = new QGridLayout;
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(0, 1);
    const std::pair<QString, QString> names[FigureCount] = {
        {tr("Elapsed"), QStringLiteral("00:00:00")}, {tr("Left"), QStringLiteral("00:00:00")},
        {tr("Images/s"), QStringLiteral("000,000")}, {tr("Learning rate"), QStringLiteral("0.00e-00")},
        {tr("Best validation loss"), QStringLiteral("0.0000")}, {tr("Test accuracy"), QStringLiteral("100.0 %")}};
    for (int i = 0; i < FigureCount; ++i) {
        Row& row = m_rows[static_cast<std::size_t>(i)];
        row.name = secondaryLabel(names[i].first);
        row.value = new TickLabel(names[i].second);
        setTextRole(row.value, TextRole::Small, QFont::Medium);
        grid->addWidget(row.name, i, 0);
        grid->addWidget(row.value, i, 1, Qt::AlignRight);
    }
    m_rows[Test].value->setObjectName(QStringLiteral("testAccuracy"));
    m_rows[Elapsed].value->setObjectName(QStringLiteral("elapsed"));
    m_rows[Rate].value->setObjectName(QStringLiteral("learningRate"));
    column.addLayout(grid);
    m_notice = new Notice(Notice::Kind::Warning, {});
    m_notice->hide();
    column.addWidget(m_notice);
    column.addStretch(1);
}

void TrainingPanel::buildCorner() {
    m_corner = new CornerRow(this); // until somebody takes it into a corner
    m_logarithmic = new QCheckBox(tr("Logarithmic"));
    m_logarithmic->setObjectName(QStringLiteral("logarithmic"));
    m_logarithmic->setToolTip(tr("The loss by powers of ten: from the least to the largest, and spikes too"));
    setTextRole(m_logarithmic, TextRole::Small);
    connect(m_logarithmic, &QCheckBox::toggled, m_loss, &CurveChart::setLogarithmic);
    m_smoothing = linkButton({});
    m_smoothing->setObjectName(QStringLiteral("smoothing"));
    m_smoothing->setToolTip(tr("Over how many batches the curves of training are averaged"));
    m_smoothing->setProperty("link", false);
    m_smoothing->setFlat(true);
    setTextRole(m_smoothing, TextRole::Small);
    auto* menu = new QMenu(m_smoothing);
    for (const int batches : {1, 10, 50, 200}) {
        connect(menu->addAction(batches == 1 ? tr("None") : tr("%n batches", nullptr, batches)), &QAction::triggered, this,
                [this, batches] { chooseSmoothing(batches); });
    }
    m_smoothing->setMenu(menu);
    m_figure = linkButton({});
    m_figure->setObjectName(QStringLiteral("figure"));
    m_figure->setProperty("link", false);
    m_figure->setFlat(true);
    m_figure->setToolTip(tr("What the second curve shows"));
    setTextRole(m_figure, TextRole::Small);
    m_figure->setMenu(new QMenu(m_figure));
    auto* exporting = iconButton(QStringLiteral("export"), tr("Export the curves"));
    exporting->setObjectName(QStringLiteral("exportCurves"));
    auto* choices = new QMenu(exporting);
    connect(choices, &QMenu::aboutToShow, this, [this, choices] { fillChoices(*choices); });
    exporting->setMenu(choices);
    exporting->setPopupMode(QToolButton::InstantPopup);
    for (QWidget* control : {static_cast<QWidget*>(m_figure), static_cast<QWidget*>(m_logarithmic), static_cast<QWidget*>(m_smoothing),
                             static_cast<QWidget*>(exporting)})
        m_corner->add(control);
}

QWidget* TrainingPanel::corner() const {
    return m_corner;
}

/// The export, and what there is no room for beside it.
void TrainingPanel::fillChoices(QMenu& menu) {
    menu.clear();
    if (!m_corner->isShown(m_figure)) menu.addMenu(m_figure->menu())->setText(tr("Second curve"));
    if (!m_corner->isShown(m_smoothing)) menu.addMenu(m_smoothing->menu())->setText(tr("Smoothing"));
    if (!m_corner->isShown(m_logarithmic)) {
        QAction* logarithmic = menu.addAction(m_logarithmic->text());
        logarithmic->setCheckable(true);
        logarithmic->setChecked(m_logarithmic->isChecked());
        connect(logarithmic, &QAction::triggered, m_logarithmic, &QCheckBox::setChecked);
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Picture (PNG)…")), &QAction::triggered, this, &TrainingPanel::exportPicture);
    connect(menu.addAction(tr("Values (CSV)…")), &QAction::triggered, this, &TrainingPanel::exportValues);
}

void TrainingPanel::chooseSmoothing(int batches) {
    m_loss->setSmoothing(batches);
    m_accuracy->setSmoothing(batches);
    m_smoothing->setText(batches == 1 ? tr("No smoothing") : m_density == Density::Compact ? tr("Smoothing %1").arg(batches)
                                                                                          : tr("Smoothing %n batches", nullptr, batches));
}

void TrainingPanel::fillFigures() {
    QMenu* menu = m_figure->menu();
    menu->clear();
    connect(menu->addAction(tr("Accuracy")), &QAction::triggered, this, [this] { chooseFigure({}); });
    for (const QString& name : m_metric->names())
        connect(menu->addAction(figureTitle(name)), &QAction::triggered, this, [this, name] { chooseFigure(name); });
    const bool shown = m_second->currentWidget() == m_metric;
    chooseFigure(shown && m_metric->names().contains(m_metric->name()) ? m_metric->name() : QString());
}

void TrainingPanel::chooseFigure(const QString& name) {
    if (!name.isEmpty() && name != m_metric->name()) m_metric->choose(name);
    m_second->setCurrentWidget(name.isEmpty() ? static_cast<QWidget*>(m_accuracy) : m_metric);
    m_figure->setText(name.isEmpty() ? tr("Accuracy") : figureTitle(name));
}

void TrainingPanel::setDensity(Density density) {
    m_density = density;
    const bool compact = density == Density::Compact;
    m_left->setFixedWidth(wordLength(compact ? kFiguresCompact : kFigures));
    m_rows[Best].name->setText(compact ? tr("Best val. loss") : tr("Best validation loss"));
    layout()->setContentsMargins(12, compact ? 6 : 10, 14, compact ? 6 : 10);
    m_loss->setCompact(compact);
    m_accuracy->setCompact(compact);
    m_metric->chart().setCompact(compact);
    chooseSmoothing(m_loss->data().smoothing());
    showRows();
}

/// What nobody knows of a run that is over (a file does not keep how long it took) has no row; a run that goes on has them all.
void TrainingPanel::showRows() {
    const bool idle = m_session.state() == TrainingSession::State::Idle;
    for (int i = 0; i < FigureCount; ++i) {
        const Row& row = m_rows[static_cast<std::size_t>(i)];
        bool on = idle ? row.value->text() != unknown() : true;
        if (i == Speed) on = on && m_density == Density::Regular;
        // What is left to wait for, and what came of it, are never wanted at the same time.
        if (i == Left) on = !idle;
        if (i == Test) on = on && idle;
        row.name->setVisible(on);
        row.value->setVisible(on);
    }
}

void TrainingPanel::set(Figure figure, const QString& value) {
    TickLabel* shown = m_rows[figure].value;
    if (shown->text() != value) shown->setText(value);
}

void TrainingPanel::showState() {
    using State = TrainingSession::State;
    const State state = m_session.state();
    const bool trained = m_session.document().state().trained != nullptr;
    const bool wentWrong = state == State::Idle && m_outcome && m_outcomeOf == m_session.document().state().trained &&
                           (m_outcome == RunOutcome::Diverged || m_outcome == RunOutcome::Failed);
    QString title;
    switch (state) {
    case State::Starting: title = tr("Starting"); break;
    case State::Running: title = tr("Training"); break;
    case State::Paused: title = tr("Paused"); break;
    case State::Stopping: title = tr("Stopping"); break;
    case State::Testing: title = tr("Testing"); break;
    case State::Idle: title = !trained ? tr("Not trained yet") : m_session.document().state().trained->stopped ? tr("Stopped") : tr("Trained"); break;
    }
    if (wentWrong) title = m_outcome == RunOutcome::Diverged ? tr("Diverged") : tr("Failed");
    m_title->setText(title);
    showRows();
    const char* name = state == State::Running || state == State::Testing ? "running" : state == State::Paused ? "pause" : trained ? "done" : "waiting";
    if (wentWrong) m_dot->setIcon(QStringLiteral("warning"), IconTone::Warning);
    else m_dot->setIcon(QString::fromLatin1(name), state == State::Idle && !trained ? IconTone::Secondary : IconTone::Running);
    if (state != State::Idle) {
        m_notice->hide();
        return;
    }
    const auto& history = m_session.document().state().trained;
    const std::int64_t epochs = history && !history->history.empty() ? history->history.back().epoch : 0;
    m_detail->setText(epochs == 0 ? QString() : tr("%1 epochs", nullptr, pluralOf(epochs)).arg(countText(epochs)));
}

void TrainingPanel::showProgress(const RunProgress& progress) {
    writeDetail();
    set(Elapsed, clockText(progress.seconds));
    set(Left, progress.secondsLeft < 0 ? unknown() : clockText(progress.secondsLeft + 0.5));
    set(Speed, progress.imagesPerSecond > 0 ? countText(static_cast<std::int64_t>(progress.imagesPerSecond)) : unknown());
    set(Rate, rateText(progress.learningRate));
    set(Best, progress.bestValidationLoss ? QString::number(*progress.bestValidationLoss, 'f', 3) : unknown());
}

void TrainingPanel::writeDetail() {
    if (m_session.state() == TrainingSession::State::Idle) return;
    const RunProgress& progress = m_session.progress();
    const QString done = countText(progress.batch), all = countText(progress.batches);
    const int room = m_left->width() - m_dot->width() - m_title->sizeHint().width() - 2 * kHeadGap;
    const QString words = tr("batch %1 of %2");
    // By the longest that will come, so that the form stays while the number grows.
    const auto fits = [&](const QString& form) { return QFontMetrics(m_detail->font()).horizontalAdvance(form.arg(all, all)) < room; };
    const QString shorter = tr("%1 of %2");
    m_detail->setText(fits(words) ? words.arg(done, all) : fits(shorter) ? shorter.arg(done, all) : QString());
    m_detail->setToolTip(words.arg(done, all));
}

void TrainingPanel::addCurve(const TrainedState& trained) {
    m_metric->setPoints(trained.history);
    for (const BatchPoint& point : trained.batches) {
        m_loss->appendBatch(point.epochs, point.loss);
        m_accuracy->appendBatch(point.epochs, point.accuracy);
    }
    for (const HistoryPoint& point : trained.history) {
        m_loss->appendEpoch(static_cast<int>(point.epoch), point.loss, point.validationLoss);
        m_accuracy->appendEpoch(static_cast<int>(point.epoch), point.accuracy, point.validationAccuracy);
    }
}

void TrainingPanel::begin(std::int64_t firstEpoch, std::int64_t epochs) {
    m_notice->hide();
    m_outcome.reset();
    const auto& trained = m_session.document().state().trained;
    const bool goesOn = m_session.goesOn();
    // Of a run that goes on, the curve with its batches is still there when it is this session's.
    const bool kept = goesOn && trained == m_curvesOf && !m_loss->data().batches().empty();
    m_curvesOf.reset();
    m_before = trained;
    for (CurveChart* chart : {m_loss, m_accuracy}) {
        if (!kept) chart->clear();
        chart->setPlannedEpochs(static_cast<int>(firstEpoch + epochs));
        if (!kept || m_session.progress().bestEpoch == 0) chart->setBestEpoch({});
    }
    if (!goesOn) m_metric->setPoints({});
    if (goesOn && !kept) addCurve(*trained);
    set(Test, unknown());
}

void TrainingPanel::showHistory() {
    const DocumentState& state = m_session.document().state();
    if (m_session.isBusy()) return;
    if (state.trained == nullptr || state.trained != m_curvesOf) {
        m_curvesOf = state.trained;
        for (CurveChart* chart : {m_loss, m_accuracy}) {
            chart->clear();
            chart->setPlannedEpochs(static_cast<int>(state.training.epochs));
        }
        m_metric->setPoints({});
        for (const Figure figure : {Elapsed, Left, Speed, Rate, Best}) set(figure, unknown());
        if (state.trained) {
            addCurve(*state.trained);
            if (const double rate = lastRate(*state.trained); rate >= 0) set(Rate, rateText(rate));
            for (const HistoryPoint& point : state.trained->history) {
                if (point.epoch == state.trained->bestEpoch && point.validationLoss) set(Best, QString::number(*point.validationLoss, 'f', 3));
            }
        }
    }
    const std::int64_t best = state.trained ? state.trained->bestEpoch : 0;
    for (CurveChart* chart : {m_loss, m_accuracy}) chart->setBestEpoch(best > 0 ? std::optional<int>(static_cast<int>(best)) : std::nullopt);
    showTest();
    showState();
}

/// What was measured at the end of the run, while the drawing is what was trained then; else what its weights give now.
void TrainingPanel::showTest() {
    const DocumentState& state = m_session.document().state();
    double accuracy = -1;
    if (state.trained && sameNetwork(state.trained->trainedGraph, state.graph)) accuracy = state.trained->testAccuracy;
    else if (state.trained && m_session.tested()) accuracy = m_session.tested()->accuracy;
    set(Test, accuracy >= 0 ? percentText(accuracy) : unknown());
    showRows();
}

void TrainingPanel::showResult(RunOutcome outcome, const QString& message) {
    // A run that was written into the document has its curves here already, batches and all.
    const auto& trained = m_session.document().state().trained;
    if (trained != m_before) m_curvesOf = trained;
    m_outcome = outcome;
    m_outcomeOf = trained;
    showHistory();
    m_notice->setKind(outcome == RunOutcome::Failed ? Notice::Kind::Error : Notice::Kind::Warning);
    m_notice->setText(message);
    m_notice->setVisible(!message.isEmpty());
}

void TrainingPanel::exportPicture() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the curves"), QStringLiteral("curves.png"), tr("Pictures (*.png)"));
    if (path.isEmpty()) return;
    const auto picture = [](const CurveChart& chart, CurveStyle style) {
        CurvePicture made;
        made.style = std::move(style);
        made.data = chart.data();
        return made;
    };
    std::vector<CurvePicture> curves{picture(*m_loss, {tr("Loss"), NumberStyle::Plain}), picture(*m_accuracy, {tr("Accuracy"), NumberStyle::Percent})};
    if (const auto& trained = m_session.document().state().trained; trained && trained->bestEpoch > 0) {
        for (CurvePicture& curve : curves) curve.bestEpoch = static_cast<int>(trained->bestEpoch);
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !renderCurves(curves, currentTheme()).save(&file, "PNG") || !file.commit()) {
        tellUnwritten(this, path, file.errorString());
    }
}

void TrainingPanel::exportValues() {
    const auto& trained = m_session.document().state().trained;
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the curves"), QStringLiteral("curves.csv"), tr("Tables (*.csv)"));
    if (path.isEmpty()) return;
    QSaveFile file(path);
    const QByteArray bytes = QByteArray::fromStdString(curveCsv(trained ? trained->history : std::vector<HistoryPoint>()));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        tellUnwritten(this, path, file.errorString());
    }
}

} // namespace strata::ui
