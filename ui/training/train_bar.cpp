// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/train_bar.h"

#include "ui/look/icons.h"
#include "ui/look/widgets.h"

#include <QHBoxLayout>
#include <QMenu>

namespace strata::ui {

TrainBar::TrainBar(TrainingSession& session, QWidget* parent) : QWidget(parent), m_session(session) {
    m_train = addCommand(QStringLiteral("train"), tr("&Train"), QStringLiteral("play"), {QKeySequence(Qt::Key_F5), QKeySequence(tr("Ctrl+Return")), QKeySequence(tr("Ctrl+Enter"))});
    m_continue = addCommand(QStringLiteral("trainContinue"), tr("&Continue training"), QStringLiteral("play"), {}, tr("Goes on with the weights as they are"));
    m_anew = addCommand(QStringLiteral("trainAnew"), tr("&Begin anew"), QStringLiteral("reset"), {}, tr("Forgets what was learned and trains from fresh weights"));
    m_pause = addCommand(QStringLiteral("pause"), tr("&Pause"), QStringLiteral("pause"), {QKeySequence(Qt::Key_F6)}, tr("Stands still after this batch, or goes on"));
    m_stop = addCommand(QStringLiteral("stop"), tr("&Stop"), QStringLiteral("stop"), {QKeySequence(tr("Shift+F5"))}, tr("Ends the training; what was learned is kept"));
    m_step = addCommand(QStringLiteral("step"), tr("St&ep, one batch"), QStringLiteral("step"), {}, tr("Trains one batch, then stands still"));
    m_reset = addCommand(QStringLiteral("resetWeights"), tr("&Reset weights"), QStringLiteral("reset"), {}, tr("Gives the network fresh weights, as before any training"));
    connect(m_train, &QAction::triggered, this, &TrainBar::train);
    connect(m_continue, &QAction::triggered, this, [this] { m_session.start(false); });
    connect(m_anew, &QAction::triggered, this, [this] { m_session.start(true); });
    connect(m_pause, &QAction::triggered, this, [this] {
        if (m_session.state() == TrainingSession::State::Paused) m_session.resume();
        else m_session.pause();
    });
    connect(m_stop, &QAction::triggered, &session, &TrainingSession::stop);
    connect(m_step, &QAction::triggered, &session, &TrainingSession::step);
    connect(m_reset, &QAction::triggered, &session, &TrainingSession::resetWeights);
    m_choice = new QMenu(this);
    m_choice->setObjectName(QStringLiteral("trainChoice"));
    m_choice->addActions({m_continue, m_anew});

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    const auto button = [&](QAction* action, const QString& words, const QString& iconName) {
        QPushButton* made = plainButton(words, iconName);
        made->setObjectName(action->objectName() + QStringLiteral("Button"));
        made->setAccessibleName(words);
        made->setFocusPolicy(Qt::TabFocus);
        made->ensurePolished(); // its height is the style sheet's from the start
        connect(made, &QPushButton::clicked, action, &QAction::trigger);
        row->addWidget(made);
        return made;
    };
    m_trainButton = button(m_train, tr("Train"), QStringLiteral("play"));
    m_pauseButton = button(m_pause, tr("Resume"), QStringLiteral("pause"));
    m_stopButton = button(m_stop, tr("Stop"), QStringLiteral("stop"));
    m_stepButton = button(m_step, tr("Step"), QStringLiteral("step"));
    connect(&session, &TrainingSession::readinessChanged, this, &TrainBar::refresh);
    refresh();
}

QAction* TrainBar::addCommand(const QString& name, const QString& text, const QString& iconName, const QList<QKeySequence>& keys,
                              const QString& tip) {
    auto* made = new QAction(icon(iconName), text, this);
    made->setObjectName(name);
    if (!tip.isEmpty()) made->setToolTip(tip);
    made->setShortcuts(keys);
    return made;
}

QList<QAction*> TrainBar::actions() const {
    return {m_train, m_pause, m_stop, m_step, m_continue, m_anew, m_reset};
}

void TrainBar::train() {
    if (!m_session.whyNot().isEmpty()) return;
    if (m_session.document().state().trained == nullptr) {
        m_session.start(true);
        return;
    }
    m_choice->setActiveAction(m_continue);
    m_choice->popup(m_trainButton->mapToGlobal(QPoint(0, m_trainButton->height() + 2)));
}

void TrainBar::setDensity(Density density) {
    layout()->setSpacing(density == Density::Compact ? 3 : 4);
}

void TrainBar::setTight(bool tight) {
    m_tight = tight;
    m_stopButton->setText(tight ? QString() : tr("Stop"));
    m_stepButton->setText(tight ? QString() : tr("Step"));
    m_pauseButton->setMinimumWidth(0);
    m_pauseButton->setMaximumWidth(QWIDGETSIZE_MAX);
    m_pauseButton->setText(tight ? QString() : tr("Resume"));
    refresh();
}

void TrainBar::refresh() {
    using State = TrainingSession::State;
    const State state = m_session.state();
    const QString why = m_session.whyNot();
    const bool may = why.isEmpty();
    const bool running = state == State::Running;
    const bool paused = state == State::Paused;
    const bool trained = m_session.document().state().trained != nullptr;
    m_train->setEnabled(may);
    m_continue->setEnabled(may && trained);
    m_anew->setEnabled(may && trained);
    const std::optional<RunPlace> place = m_session.isBusy() ? std::nullopt : m_session.stoppedAt();
    m_continue->setText(place ? tr("&Go on where it was stopped (epoch %1, after batch %2)").arg(place->epoch).arg(place->batch)
                              : tr("&Continue training"));
    m_pause->setEnabled(running || paused);
    m_pause->setText(paused ? tr("&Resume") : tr("&Pause"));
    m_stop->setEnabled(running || paused || state == State::Testing || state == State::Starting);
    m_step->setEnabled(may || running || paused);
    m_reset->setEnabled(trained && !m_session.isBusy());

    const std::pair<QPushButton*, QAction*> pairs[] = {{m_trainButton, m_train}, {m_pauseButton, m_pause}, {m_stopButton, m_stop}, {m_stepButton, m_step}};
    for (const auto& [button, action] : pairs) {
        if (button->isEnabled() != action->isEnabled()) button->setEnabled(action->isEnabled());
    }
    setPrimary(m_trainButton, !m_session.isBusy() && may, QStringLiteral("play"));
    setPrimary(m_pauseButton, running || paused, paused ? QStringLiteral("play") : QStringLiteral("pause"));
    m_pauseButton->setFixedWidth(std::max(m_pauseButton->sizeHint().width(), m_pauseButton->minimumWidth()));
    if (!m_tight) m_pauseButton->setText(paused ? tr("Resume") : tr("Pause"));
    m_pauseButton->setAccessibleName(paused ? tr("Resume") : tr("Pause"));
    // The tool bar of a narrow window would make the bar lower than its buttons are.
    setMinimumHeight(m_trainButton->sizeHint().height());
    m_trainButton->setToolTip(may ? tr("Train the network (F5)") : why);
    m_train->setToolTip(m_trainButton->toolTip());
    m_pauseButton->setToolTip(paused ? tr("Go on (F6)") : tr("Stand still after this batch (F6)"));
    m_stopButton->setToolTip(tr("End the training; what was learned is kept (Shift+F5)"));
    m_stepButton->setToolTip(may || m_session.isBusy() ? tr("Train one batch, then stand still") : why);
}

} // namespace strata::ui
