// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer.h"
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <cmath>
#include <QTest>
#include <vector>

using namespace strata;
using namespace strata::test;

namespace {

/// What Keras 3.15 (torch) makes of picture() with the amounts of motionOf(), filled with 0.5 where the filling is constant.
struct Moved {
    const char* layer;
    const char* fillMode;
    const char* interpolation;
    std::vector<float> output;
};
const std::vector<Moved> kMoved = {
    {"RandomRotation", "constant", "bilinear",
     {0.19411, 0.86607, -0.40671, 1.1402, 0.019452, 0.23566, -0.46236, 0.29668, -1.7105, 0.039484, -1.5493, 0.20066,
      0.049339, 1.7993, 0.21052, -1.4853, 0.1776, 0.93664, 0.014342, 0.23055, -0.80322, 0.74373, -0.15405, -0.14233}},
    {"RandomRotation", "nearest", "bilinear",
     {-0.29663, 1.4534, -0.52572, 1.2243, 0.019452, 0.23566, -0.87292, 0.20994, -1.7105, 0.039484, -1.5493, 0.20066,
      0.049339, 1.7993, 0.21052, -1.4853, 0.040064, 1.1229, 0.014342, 0.23055, -0.97428, 0.77572, -1.2034, -1.1728}},
    {"RandomRotation", "reflect", "bilinear",
     {-0.29663, 1.4534, -0.52572, 1.2243, 0.019452, 0.23566, -0.87292, 0.20994, -1.7105, 0.039484, -1.5493, 0.20066,
      0.049339, 1.7993, 0.21052, -1.4853, 0.040064, 1.1229, 0.014342, 0.23055, -0.97428, 0.77572, -1.2034, -1.1728}},
    {"RandomRotation", "reflect", "nearest",
     {0.75, 2.5, -1.5, 0.25, -1.5, 0.25, -1.25, 0.5, -2.75, -1, -2.5, -0.75, 1, 2.75, 1.25, -2.75, -0.25, 1.5, 0,
      1.75, 0, 1.75, -2.25, -0.5}},
    {"RandomRotation", "wrap", "bilinear",
     {0.30058, 0.99135, -0.61274, 1.1373, 0.019452, 0.23566, -0.77338, 0.50897, -1.7105, 0.039484, -1.5493, 0.20066,
      0.049339, 1.7993, 0.21052, -1.4853, -0.25897, 0.82388, 0.014342, 0.23055, -0.88726, 0.86274, -0.74135, -0.71082}},
    {"RandomZoom", "constant", "bilinear",
     {-0.0625, 0.375, -0.85, 0.9, -0.2, 0.6875, 0.55, 0.125, 0.3125, 0.75, -1.9375, -0.1875, 0.4375, 2.1875, 0.0625,
      0.5, 0.6875, 0.2625, -0.4375, 0.45, -0.65, 0.2375, 0.4375, 0.0125}},
    {"RandomZoom", "nearest", "bilinear",
     {-1.75, 0, -0.85, 0.9, -0.2, 0.6875, 0.7, -1, -0.25, 1.5, -1.9375, -0.1875, 0.4375, 2.1875, -1.25, 0.5, 1.25,
      -0.45, -0.4375, 0.45, -0.65, 0.2375, 0.25, -1.45}},
    {"RandomZoom", "reflect", "bilinear",
     {-1.75, 0, -0.85, 0.9, -0.2, 0.6875, 0.7, -1, -0.25, 1.5, -1.9375, -0.1875, 0.4375, 2.1875, -1.25, 0.5, 1.25,
      -0.45, -0.4375, 0.45, -0.65, 0.2375, 0.25, -1.45}},
    {"RandomZoom", "reflect", "nearest",
     {-2.75, -1, 0.75, 2.5, -1.5, 0.25, 2, -2, -0.25, 1.5, -2.5, -0.75, 1, 2.75, -1.25, 0.5, 2.25, -1.75, 0, 1.75,
      -2.25, -0.5, 1.25, -2.75}},
    {"RandomZoom", "wrap", "bilinear",
     {0.0875, -0.75, -0.85, 0.9, -0.2, 0.6875, -1.1375, -0.25, -1, 0.75, -1.9375, -0.1875, 0.4375, 2.1875, -0.5,
      1.25, 0.5, -1.2, -0.4375, 0.45, -0.65, 0.2375, 1, -0.7}},
    {"RandomTranslation", "constant", "bilinear",
     {0.5, 0.5, 1.1562, -0.34375, 0.53125, 0.6875, -0.59375, 0.28125, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
      0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}},
    {"RandomTranslation", "nearest", "bilinear",
     {2.25, -1.75, 2.25, -1.75, 0.5625, 0.875, -1.6875, 0.0625, 2.25, -1.75, 2.25, -1.75, 0.5625, 0.875, -1.6875,
      0.0625, 2.25, -1.75, 2.25, -1.75, 0.5625, 0.875, -1.6875, 0.0625}},
    {"RandomTranslation", "reflect", "bilinear",
     {1.6875, -0.875, 2.25, -1.75, 0.5625, 0.875, -1.6875, 0.0625, 0.4375, 0.03125, 1, -0.125, -0.6875, 0.34375,
      -0.78125, 0.96875, -1.3438, 0.40625, -1.5, 0.25, -1.0312, 0.71875, -0.40625, 1.3438}},
    {"RandomTranslation", "reflect", "nearest",
     {2.25, -1.75, 2.25, -1.75, 0, 1.75, -2.25, -0.5, -0.25, 1.5, -0.25, 1.5, -2.5, -0.75, 1, 2.75, -0.25, 1.5,
      -0.25, 1.5, -2.5, -0.75, 1, 2.75}},
    {"RandomTranslation", "wrap", "bilinear",
     {0.75, -1.8125, 0.21875, -1.625, 0.21875, 1.25, -1.3125, 0.4375, 0.21875, -0.1875, -1.0312, 0, -1.0312, 0.71875,
      -0.40625, 1.3438, -0.15625, -0.5625, 0.75, -0.375, -0.6875, 0.34375, -0.78125, 0.96875}},
};

struct Resized {
    std::int64_t height, width;
    const char* interpolation;
    bool crop;
    std::vector<float> output;
};
const std::vector<Resized> kResized = {
    {2, 3, "bilinear", false,
     {-1.7812, -0.03125, -0.46875, 1.2812, 0.84375, -1, 1.25, -0.59375, -1.0312, 0.71875, 0.28125, -1.5625}},
    {5, 7, "bilinear", false,
     {-2.75, -1, -1.5, 0.25, 0.5, 2.25, -0.375, 1.375, -1.25, 0.089285, 0.75, -1.1964, 2, -2, -1.75, 0, -1.3214,
      0.42857, -0.63571, 1.1143, -0.525, 1.225, -0.41429, 1.0893, 0.27143, -0.19643, 0.7, -1, -0.25, 1.5, -1.0536,
      0.69643, -2.3393, -0.58929, -0.75, 1, 0.83929, 2.5893, -0.44643, 1.3036, -1.25, 0.5, 1.25, -0.45, 0.44643,
      -0.021429, -0.83929, 0.66429, -0.975, 0.775, -0.86429, 0.63928, -0.17857, -0.64643, 0.25, -1.45, 2.25, -1.75,
      1.4464, -0.5, 0.16071, 1.5, -1.125, 0.625, -2, -0.66071, 0, -1.9464, 1.25, -2.75}},
    {2, 7, "nearest", false,
     {-2.75, -1, -2.75, -1, 0.75, 2.5, -1.5, 0.25, -1.5, 0.25, 2, -2, 2, -2, 2.25, -1.75, 2.25, -1.75, 0, 1.75,
      -2.25, -0.5, -2.25, -0.5, 1.25, -2.75, 1.25, -2.75}},
    {5, 3, "nearest", false,
     {-2.75, -1, -1.5, 0.25, 2, -2, -2.75, -1, -1.5, 0.25, 2, -2, -0.25, 1.5, 1, 2.75, -1.25, 0.5, 2.25, -1.75,
      -2.25, -0.5, 1.25, -2.75, 2.25, -1.75, -2.25, -0.5, 1.25, -2.75}},
    {2, 2, "bilinear", true,
     {-1.6094, 0.14062, -0.67188, 1.0781, 1.0625, -0.42188, -1.2344, 0.51562}},
    {4, 2, "bilinear", true,
     {0.75, 2.5, 0.75, 2.5, -1.2812, 0.46875, -1.2812, 0.46875, -1.5625, 0.1875, -1.5625, 0.1875, 0, 1.75, 0, 1.75}},
};

const Shape kPicture{3, 4, 2};

void fillPicture(const GuardedFloats& to) {
    for (std::int64_t i = 0; i < to.size(); ++i)
        to[i] = static_cast<float>((i % kPicture.count()) * 7 % 23 - 11) / 4;
}

ParamValue always(double amount) {
    return ParamValue::RealList{amount, amount};
}

/// A twelfth of a turn; 1.5 times the columns and 0.6 times the rows to be seen; 1.25 to the right and 2.5 up.
ParamMap motionOf(const std::string& layer) {
    if (layer == "RandomRotation") return {{"factor", always(1.0 / 12)}};
    if (layer == "RandomZoom") return {{"height_factor", always(-0.4)}, {"width_factor", always(0.5)}};
    return {{"height_factor", always(-2.5 / 3)}, {"width_factor", always(1.25 / 4)}};
}

std::vector<float> trained(const std::string& layer, const ParamMap& params, std::int64_t batch = 1, bool training = true) {
    LayerRig rig(*findLayerType(layer), params, {kPicture}, batch);
    fillPicture(rig.inputs[0]);
    rig.training = training;
    rig.forward();
    return {rig.output.span().begin(), rig.output.span().end()};
}

void compare(const std::vector<float>& got, const std::vector<float>& expected) {
    QCOMPARE(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        QVERIFY2(std::abs(got[i] - expected[i]) < 2e-4F, qPrintable(QString("%1: %2, not %3").arg(i).arg(got[i]).arg(expected[i])));
}

} // namespace

/// The layers that change pictures, against Keras's numbers. (That they do nothing outside training, and their gradients:
/// layer_check_test.)
class AugmentationTest : public QObject {
    Q_OBJECT
private slots:
    void movesAsKeras_data() {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < kMoved.size(); ++i)
            QTest::addRow("%s %s %s", kMoved[i].layer, kMoved[i].fillMode, kMoved[i].interpolation) << static_cast<int>(i);
    }
    void movesAsKeras() {
        QFETCH(int, at);
        const Moved& c = kMoved[static_cast<std::size_t>(at)];
        ParamMap params = motionOf(c.layer);
        params["fill_mode"] = c.fillMode;
        params["interpolation"] = c.interpolation;
        params["fill_value"] = 0.5;
        compare(trained(c.layer, params), c.output);
    }

    void resizesAsKeras_data() {
        QTest::addColumn<int>("at");
        for (std::size_t i = 0; i < kResized.size(); ++i) {
            QTest::addRow("%d x %d %s%s", static_cast<int>(kResized[i].height), static_cast<int>(kResized[i].width),
                          kResized[i].interpolation, kResized[i].crop ? " cropped" : "")
                << static_cast<int>(i);
        }
    }
    void resizesAsKeras() {
        QFETCH(int, at);
        const Resized& c = kResized[static_cast<std::size_t>(at)];
        compare(trained("Resizing", {{"height", c.height}, {"width", c.width}, {"interpolation", c.interpolation}, {"crop_to_aspect_ratio", c.crop}}),
                c.output);
    }

    /// About one picture in two, the whole of it; none when the network is used.
    void flipsSomePictures() {
        constexpr std::int64_t pictures = 64;
        const auto size = static_cast<std::size_t>(kPicture.count());
        const std::vector<float> as = trained("RandomFlip", {}, pictures, false);
        const std::vector<float> out = trained("RandomFlip", {{"mode", "horizontal"}}, pictures);
        int flipped = 0;
        for (std::size_t n = 0; n < static_cast<std::size_t>(pictures); ++n) {
            const auto cell = [&](const std::vector<float>& v, std::size_t row, std::size_t column) { return v[n * size + (row * 4 + column) * 2]; };
            const bool turned = cell(out, 0, 0) != cell(as, 0, 0);
            flipped += turned ? 1 : 0;
            for (std::size_t row = 0; row < 3; ++row) {
                for (std::size_t column = 0; column < 4; ++column)
                    QCOMPARE(cell(out, row, column), cell(as, row, turned ? 3 - column : column));
            }
        }
        QVERIFY(flipped > pictures / 4 && flipped < pictures * 3 / 4);
    }

    /// A number added to all, a factor around each channel's mean; neither beyond the range of values.
    void changesLightAsKeras() {
        const std::vector<float> as = trained("RandomBrightness", {}, 1, false);
        const std::vector<float> light =
            trained("RandomBrightness", {{"factor", always(0.25)}, {"value_range", ParamValue::RealList{-2, 2}}});
        const std::vector<float> sharp =
            trained("RandomContrast", {{"factor", ParamValue::RealList{0, 0.5}}, {"value_range", ParamValue::RealList{-100, 100}}});
        for (std::size_t i = 0; i < as.size(); ++i)
            QCOMPARE(light[i], std::clamp(as[i] + 1, -2.0F, 2.0F));
        for (std::size_t channel = 0; channel < 2; ++channel) {
            float before = 0, after = 0;
            for (std::size_t i = channel; i < as.size(); i += 2) {
                before += as[i] / 12;
                after += sharp[i] / 12;
            }
            QVERIFY(std::abs(before - after) < 1e-5F);
            const float factor = (sharp[channel] - after) / (as[channel] - before);
            QVERIFY(factor >= 1 && factor <= 1.5F);
            for (std::size_t i = channel; i < as.size(); i += 2)
                QVERIFY(std::abs(sharp[i] - ((as[i] - before) * factor + before)) < 1e-4F);
        }
    }
};

QTEST_APPLESS_MAIN(AugmentationTest)
#include "augmentation_test.moc"
