// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/test_panel.h"

#include "ui/document/background.h"
#include "ui/inspect/class_bars.h"
#include "ui/inspect/draw_pad.h"
#include "ui/inspect/own_picture.h"
#include "ui/inspect/test_answers.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QToolButton>
#include <QVBoxLayout>

namespace strata::ui {

namespace {

constexpr int kRoomy = 900;

} // namespace

TestPanel::TestPanel(TrainingSession& session, QWidget* parent) : QWidget(parent), m_session(session) {
    m_pool.setMaxThreadCount(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 14, 8);
    row->setSpacing(28);
    m_answers = new TestAnswers(session);
    row->addWidget(m_answers, 3);
    row->addWidget(buildOwn(), 2);

    connect(m_answers, &TestAnswers::pinTest, this, &TestPanel::pinTest);
    connect(&session.data(), &ChosenData::changed, this, [this] {
        measureFrame();
        ask();
    });
    connect(&session, &TrainingSession::weightsArrived, this, &TestPanel::ask);
    connect(&session.document(), &GraphDocument::analysed, this, &TestPanel::ask);
    connect(&session.document(), &GraphDocument::stateChanged, this, [this](const StateDiff& diff) {
        if (diff.trained) ask();
    });
    connect(&m_looker, &Looker::answered, this, [this](const LookAnswer& answer) {
        if (!answer.problem.isEmpty()) {
            m_bars->clear(answer.problem);
            return;
        }
        QStringList names;
        for (const std::string& name : m_session.data().classNames()) names << QString::fromStdString(name);
        m_bars->show(answer.probabilities, names);
    });
    measureFrame();
    ask();
}

QWidget* TestPanel::buildOwn() {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_pad = new DrawPad;
    row->addWidget(m_pad);
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    auto* head = new QHBoxLayout;
    head->setSpacing(4);
    m_title = label(tr("Your own"), TextRole::Body, QFont::DemiBold);
    m_title->setObjectName(QStringLiteral("ownTitle"));
    QPushButton* clear = plainButton(tr("Clear"));
    clear->setObjectName(QStringLiteral("clearPad"));
    clear->setToolTip(tr("An empty sheet to draw on"));
    QPushButton* open = plainButton(tr("Picture…"), QStringLiteral("picture"));
    open->setObjectName(QStringLiteral("ownPicture"));
    open->setToolTip(tr("Shows a picture file to the network"));
    QToolButton* follow = iconButton(QStringLiteral("pin"), tr("Follow it through the network: pins it for the maps, until the document is closed"));
    follow->setObjectName(QStringLiteral("pinOwn"));
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(follow);
    head->addWidget(clear);
    head->addWidget(open);
    column->addLayout(head);
    m_bars = new ClassBars;
    column->addWidget(m_bars, 1);
    m_sentence = secondaryLabel({});
    m_sentence->setWordWrap(true);
    m_sentence->hide();
    column->addWidget(m_sentence);
    row->addLayout(column, 1);
    connect(m_pad, &DrawPad::drawn, this, [this] {
        m_picture.clear();
        m_path.clear();
        m_sentence->hide();
        ask();
    });
    connect(clear, &QPushButton::clicked, m_pad, &DrawPad::clear);
    connect(open, &QPushButton::clicked, this, &TestPanel::choosePicture);
    connect(follow, &QToolButton::clicked, this, [this] {
        const std::optional<Shape> shape = inputShape();
        if (!shape) return;
        if (!m_picture.empty()) Q_EMIT pinPicture(m_picture, m_pictureShape, tr("Pinned: %1").arg(QFileInfo(m_path).fileName()));
        else if (!m_pad->isEmpty()) Q_EMIT pinPicture(framed(m_pad->drawing(), m_frame.value_or(DigitFrame()), *shape), *shape, tr("Pinned: your drawing"));
    });
    return box;
}

void TestPanel::setDensity(Density density) {
    layout()->setContentsMargins(12, density == Density::Compact ? 6 : 8, 14, density == Density::Compact ? 6 : 8);
}

/// In a narrow window the images have more of it, and the sheet says by itself what it is for.
void TestPanel::resizeEvent(QResizeEvent* event) {
    m_title->setVisible(event->size().width() >= wordLength(kRoomy));
    QWidget::resizeEvent(event);
}

void TestPanel::setPinned(std::int64_t index) {
    m_answers->setPinned(index);
}

TestImages& TestPanel::images() const {
    return m_answers->images();
}

std::optional<Shape> TestPanel::inputShape() const {
    if (const std::optional<Shape> known = m_session.data().inputShape()) return known;
    // An input of unknown size takes what the data is like.
    if (const auto data = m_session.data().testPart(); data && data->sampleShape().rank() == 3) return data->sampleShape();
    return {};
}

/// Hundreds of images are read for it.
void TestPanel::measureFrame() {
    const std::shared_ptr<const Dataset> data = m_session.data().testPart();
    if (m_frame && (!data || data == m_framed)) return;
    if (m_framed && data == m_framed) return; // under way
    m_framed = data;
    m_frame.reset();
    if (!data) {
        m_frame.emplace();
        return;
    }
    inBackground(m_pool, this, [data] { return frameOf(*data); }, [this, data](DigitFrame frame) {
        if (data != m_framed) return;
        m_frame = frame;
        ask();
    });
}

void TestPanel::ask() {
    const std::shared_ptr<const Weights> weights = m_session.weights();
    const std::optional<Shape> shape = inputShape();
    if (!weights || !shape) {
        m_looker.forget();
        m_bars->clear(tr("Train the network, then draw: it says what it sees while you draw."));
        return;
    }
    if (!m_path.isEmpty() && !(m_pictureShape == *shape)) {
        showPicture(m_path); // the input has another size now
        return;
    }
    if (m_picture.empty() && m_pad->isEmpty()) {
        m_looker.forget();
        m_bars->clear(tr("Draw at the left, or drop a picture."));
        return;
    }
    if (m_picture.empty() && !m_frame) return; // asked again when it is known
    LookJob job;
    job.graph = m_session.weightsGraph();
    job.weights = weights;
    job.image = m_picture.empty() ? framed(m_pad->drawing(), *m_frame, *shape) : m_picture;
    job.imageShape = *shape;
    applyScaling(m_session.weightsScaling(), job.image);
    m_looker.ask(std::move(job));
}

void TestPanel::choosePicture() {
    const QString path = QFileDialog::getOpenFileName(this, tr("A picture to show to the network"), {},
                                                      tr("Pictures (*.png *.jpg *.jpeg *.bmp *.webp *.pgm *.ppm)"));
    if (!path.isEmpty()) showPicture(path);
}

void TestPanel::showPicture(const QString& path) {
    const std::optional<Shape> shape = inputShape();
    m_sentence->show();
    if (!shape) {
        m_sentence->setText(tr("There is no network to show it to yet."));
        return;
    }
    m_path = path;
    m_pictureShape = *shape;
    inBackground(m_pool, this, [path, shape = *shape] { return ownPicture(path, shape); }, [this, path](Result<OwnPicture> own) {
        if (path != m_path) return; // drawn, or another picture since
        m_sentence->setText(own ? own->sentence : QString::fromStdString(own.error().message));
        if (!own) {
            m_path.clear();
            return;
        }
        m_picture = std::move(own->values);
        m_pad->showPicture(own->picture);
        ask();
    });
}

} // namespace strata::ui
