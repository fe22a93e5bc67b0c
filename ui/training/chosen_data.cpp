// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/chosen_data.h"

#include "engine/core/said.h"
#include "engine/data/data_places.h"
#include "engine/data/split.h"
#include "ui/document/background.h"

#include <QFileInfo>

#include <cmath>

namespace strata::ui {
ChosenData::ChosenData(GraphDocument& document, QObject* parent) : QObject(parent), m_document(document) {
    m_pool.setMaxThreadCount(1);
    m_tick.setInterval(100);
    connect(&m_tick, &QTimer::timeout, this, [this] { Q_EMIT progressed(share()); });
    connect(&document, &GraphDocument::stateChanged, this, [this](const StateDiff& diff) {
        if (diff.data) follow();
        else if (diff.training) Q_EMIT changed(); // the validation share counts differently
    });
    // The new state comes right after this signal.
    connect(&document, &GraphDocument::replaced, this, &ChosenData::follow, Qt::QueuedConnection);
    QMetaObject::invokeMethod(this, &ChosenData::follow, Qt::QueuedConnection);
}

ChosenData::~ChosenData() {
    m_stop.request_stop();
}

double ChosenData::share() const {
    const std::int64_t total = m_progress ? m_progress->total.load() : 0;
    return total > 0 ? static_cast<double>(m_progress->done.load()) / static_cast<double>(total) : -1;
}

QString ChosenData::name() const {
    if (m_source) return QString::fromStdString(m_source->name);
    const QString source = QString::fromStdString(m_document.state().data.source);
    return source.contains(QLatin1Char('/')) ? QFileInfo(source).fileName() : source;
}

std::int64_t ChosenData::trainCount() const {
    if (!m_source) return 0;
    const std::int64_t all = m_source->train->size();
    const double share = m_document.state().training.validationSplit;
    return static_cast<std::int64_t>(std::floor(static_cast<double>(all) * (1 - share)));
}

std::int64_t ChosenData::validationCount() const {
    return m_source ? m_source->train->size() - trainCount() : 0;
}

std::shared_ptr<const Dataset> ChosenData::testPart() const {
    if (!m_source) return nullptr;
    return m_source->test ? m_source->test : m_source->train;
}

std::vector<std::string> ChosenData::classNames() const {
    return m_source ? m_source->train->classNames() : std::vector<std::string>();
}

Scaling ChosenData::scaling() const {
    return scalingOf(m_document.state().data, m_document.graph());
}

void ChosenData::choose(const QString& source) {
    m_document.edit(tr("Choose the data"), [&](DocumentState& state) {
        state.data = {};
        state.data.source = source.toStdString();
    });
}

std::optional<Shape> ChosenData::inputShape() const {
    const GraphReport& report = m_document.report();
    if (report.inputs.size() != 1) return {};
    const NodeReport* input = report.find(report.inputs.front());
    if (input == nullptr || input->plan.output.rank() != 3 || !input->plan.output.isKnown()) return {};
    return input->plan.output;
}

bool ChosenData::isFitted() const {
    return m_document.state().data.resizeHeight > 0;
}

void ChosenData::fitToInput(bool on) {
    const std::optional<Shape> wanted = inputShape();
    if (on && !wanted) return;
    m_document.edit(on ? tr("Fit the images to the input") : tr("Leave the images as they are"), [&](DocumentState& state) {
        state.data.resizeHeight = on ? (*wanted)[0] : 0;
        state.data.resizeWidth = on ? (*wanted)[1] : 0;
        state.data.colour = !on ? "" : (*wanted)[2] == 1 ? "grey" : (*wanted)[2] == 3 ? "rgb" : "";
    });
}

void ChosenData::follow() {
    if (m_choice && *m_choice == m_document.state().data && m_problem.isEmpty()) return;
    open();
}

void ChosenData::open() {
    m_stop.request_stop();
    m_stop = {};
    const DataChoice choice = m_document.state().data;
    m_choice = choice;
    m_source.reset();
    m_problem.clear();
    m_opening = true;
    m_progress = std::make_shared<Progress>();
    m_tick.start();
    m_document.setDataInfo({}, {});
    Q_EMIT changed();
    const auto work = [choice, stop = m_stop.get_token(), progress = m_progress]() -> Result<DataSource> {
        DataOptions options;
        options.stop = stop;
        options.progress = [progress](std::int64_t done, std::int64_t total) {
            progress->total = total;
            progress->done = done;
        };
        return guarded("data.fault", toSay("The data could not be read: {}."), [&] {
            Result<DataSource> source = openChoice(choice, options);
            const std::filesystem::path place(choice.source); // else it goes by its name already
            if (source && place.is_absolute()) rememberDataPlace(place.lexically_normal().string());
            return source;
        });
    };
    inBackground(m_pool, this, work, [this, choice](Result<DataSource> result) { opened(choice, std::move(result)); });
}

void ChosenData::opened(const DataChoice& choice, Result<DataSource> result) {
    if (!m_choice || !(*m_choice == choice) || !m_opening) return; // another was chosen meanwhile
    // A choice that was stopped and chosen again delivers twice: the first word is the stopped one's.
    if (!result && result.error().id == "data.stopped" && !m_stop.stop_requested()) return;
    m_opening = false;
    m_tick.stop();
    if (result) {
        m_source = std::move(*result);
        m_document.setDataInfo(m_source->train->sampleShape(), static_cast<int>(m_source->train->classNames().size()));
    } else {
        m_problem = result.error().id == "data.stopped" ? tr("The opening was stopped. Choose the data again to open it.")
                                                        : QString::fromStdString(result.error().message);
    }
    Q_EMIT changed();
}

void ChosenData::cancel() {
    m_stop.request_stop();
}

} // namespace strata::ui
