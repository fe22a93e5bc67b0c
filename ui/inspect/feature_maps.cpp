// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/feature_maps.h"

#include "engine/layers/layer.h"
#include "ui/document/number_text.h"
#include "ui/editor/editor_scene.h"
#include "ui/look/colormap.h"

#include <algorithm>
#include <utility>

namespace strata::ui {
namespace {

constexpr int kTiles = 12;
constexpr int kTilesCompact = 11; // so that the strips end where those of the wider window do at its first zoom

QStringList namesOf(const std::vector<std::string>& names) {
    QStringList list;
    for (const std::string& name : names) list << QString::fromStdString(name);
    return list;
}

} // namespace

FeatureMaps::FeatureMaps(TrainingSession& session, EditorScene& scene, QObject* parent) : QObject(parent), m_session(session), m_scene(scene) {
    m_later.setSingleShot(true);
    m_later.setInterval(60);
    connect(&m_later, &QTimer::timeout, this, &FeatureMaps::refresh);
    connect(&m_looker, &Looker::answered, this, &FeatureMaps::show);
    const auto later = [this] { m_later.start(); };
    GraphDocument& document = session.document();
    connect(&session.data(), &ChosenData::changed, this, &FeatureMaps::reload);
    connect(&document, &GraphDocument::analysed, this, later);
    connect(&document, &GraphDocument::replaced, this, [this] {
        m_shown.clear();
        m_looker.forget();
        m_index = 0;
        m_later.start();
        QMetaObject::invokeMethod(this, &FeatureMaps::reload, Qt::QueuedConnection);
    });
    connect(&document, &GraphDocument::stateChanged, this, [later](const StateDiff& diff) {
        if (diff.trained) later();
    });
    connect(&session, &TrainingSession::stateChanged, this, later);
    connect(&session, &TrainingSession::weightsArrived, this, &FeatureMaps::refresh);
    session.setPreviewsWanted(true);
    reload();
}

void FeatureMaps::pinTest(std::int64_t index) {
    m_index = index;
    reload();
}

void FeatureMaps::pinPicture(std::vector<float> values, const Shape& shape, const QString& title) {
    m_index = -1;
    m_image = std::move(values);
    m_shape = shape;
    m_title = title;
    m_detail.clear();
    showInput();
    refresh();
    Q_EMIT pinnedChanged(-1);
}

void FeatureMaps::setDetail(NodeId node) {
    if (m_wanted == node) return;
    m_wanted = node;
    m_later.start();
}

void FeatureMaps::setDensity(Density density) {
    m_density = density;
    lookChanged();
}

void FeatureMaps::setPixelRatio(qreal ratio) {
    if (m_ratio == ratio) return;
    m_ratio = ratio;
    lookChanged();
}

void FeatureMaps::lookChanged() {
    showInput();
    refresh();
}

void FeatureMaps::reload() {
    const std::shared_ptr<const Dataset> data = m_session.data().testPart();
    if (m_index < 0 && data && data->sampleShape() == m_shape) return; // a picture of one's own still fits
    m_index = std::max<std::int64_t>(m_index, 0);
    if (!data || data->size() == 0) {
        m_image.clear();
        clear();
        return;
    }
    m_index = std::min(m_index, data->size() - 1);
    m_shape = data->sampleShape();
    m_image.assign(static_cast<std::size_t>(m_shape.count()), 0);
    data->read(m_index, m_image);
    m_title = m_session.data().hasTestPart() ? tr("Pinned: test image %1").arg(countText(m_index)) : tr("Pinned: image %1").arg(countText(m_index));
    const std::vector<std::string> names = data->classNames();
    const int label = data->label(m_index);
    m_detail = tr("true class %1").arg(QString::fromStdString(names[static_cast<std::size_t>(label)]));
    showInput();
    refresh();
    Q_EMIT pinnedChanged(m_index);
}

NodeId FeatureMaps::inputCard() const {
    const GraphReport& report = m_session.document().report();
    return report.inputs.empty() ? 0 : report.inputs.front();
}

StripStyle FeatureMaps::style() const {
    const auto& card = Metrics::of(m_density).card;
    StripStyle style;
    style.theme = currentTheme();
    style.tile = card.stripTile;
    style.gap = card.stripGap;
    style.tiles = m_density == Density::Compact ? kTilesCompact : kTiles;
    style.ratio = m_ratio;
    return style;
}

void FeatureMaps::showInput() {
    const NodeId input = inputCard();
    if (input == 0 || m_image.empty() || m_shape.rank() != 3) return;
    const auto at = [this](int axis) { return static_cast<int>(m_shape[axis]); };
    const int side = qRound(style().tile * m_ratio);
    Strip strip;
    strip.image = pictureImage(m_image, at(0), at(1), at(2), 0, 255).scaled(side, side, Qt::KeepAspectRatio, Qt::FastTransformation);
    strip.image.setDevicePixelRatio(m_ratio);
    strip.title = m_title;
    strip.detail = !m_older           ? m_detail
                   : m_detail.isEmpty() ? tr("weights from before the last edit")
                                        : tr("%1; weights from before the last edit").arg(m_detail);
    strip.pinned = true;
    m_scene.setStrip(input, strip);
    if (std::ranges::find(m_shown, input) == m_shown.end()) m_shown.push_back(input);
}

/// Maps of an edited drawing look as if they had been trained like that.
void FeatureMaps::tellAge() {
    const bool older = m_session.weights() != nullptr && m_session.weightsAreOlder();
    if (std::exchange(m_older, older) != older) showInput();
}

void FeatureMaps::clear() {
    m_looker.forget();
    for (const NodeId id : m_shown) {
        if (m_scene.card(id) != nullptr) m_scene.setStrip(id, {});
    }
    m_shown.clear();
    Q_EMIT answered({});
}

void FeatureMaps::refresh() {
    if (m_image.empty()) return;
    tellAge();
    const std::shared_ptr<const Weights> weights = m_session.weights();
    if (!weights || (!m_session.isBusy() && m_session.document().report().hasErrors())) {
        // Maps of an untrained or a broken network would only look like news.
        if (m_session.isBusy()) return;
        clear();
        showInput();
        return;
    }
    if (m_shown.empty()) showInput();
    LookJob job;
    job.graph = m_session.weightsGraph();
    job.weights = weights;
    job.image = m_image;
    job.imageShape = m_shape;
    applyScaling(m_session.weightsScaling(), job.image);
    job.classNames = namesOf(m_session.data().classNames());
    job.strips = style();
    job.detail = m_wanted;
    m_looker.ask(std::move(job));
}

void FeatureMaps::show(const LookAnswer& answer) {
    if (!answer.problem.isEmpty()) {
        clear();
        showInput();
        return;
    }
    std::vector<NodeId> shown{inputCard()};
    for (auto [id, strip] : answer.strips) {
        if (m_scene.card(id) == nullptr) continue;
        if (m_older) strip.hint = tr("What this card gives with the weights from before the last edit of the network.");
        m_scene.setStrip(id, strip);
        shown.push_back(id);
    }
    for (const NodeId id : m_shown) {
        if (std::ranges::find(shown, id) == shown.end() && m_scene.card(id) != nullptr) m_scene.setStrip(id, {});
    }
    m_shown = std::move(shown);
    Q_EMIT answered(answer);
}

} // namespace strata::ui
