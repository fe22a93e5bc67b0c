// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/own_picture.h"

#include "engine/data/image_file.h"
#include "ui/document/number_text.h"
#include "ui/look/colormap.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace strata::ui {

Result<OwnPicture> ownPicture(const QString& path, const Shape& input) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("strata::ui", text); };
    if (input.rank() != 3 || !input.isKnown() || (input[2] != 1 && input[2] != 3)) {
        return failure("picture.input", tr("The network takes %1; a picture is shown to one that takes height × width × 1 or 3.").arg(shapeText(input)).toStdString());
    }
    Result<Image> read = readImageFile(path.toStdString(), input[2] == 1 ? ColourMode::Grey : ColourMode::Colour);
    if (!read) return read.error();
    const Shape before{read->height, read->width, static_cast<std::int64_t>(read->channels)};
    const ImageSize wanted{input[0], input[1]};
    const Image fitted = read->size() == wanted ? std::move(*read) : resized(*read, wanted);
    OwnPicture own;
    own.values = imageValues(fitted);
    own.picture = pictureImage(own.values, static_cast<int>(input[0]), static_cast<int>(input[1]), static_cast<int>(input[2]), 0, 255);
    const QString name = QFileInfo(path).fileName();
    own.sentence = before == input ? tr("%1: %2, as the network takes it").arg(name, shapeText(input))
                                   : tr("%1: %2 × %3, shown to the network as %4").arg(name).arg(before[0]).arg(before[1]).arg(shapeText(input));
    return own;
}

} // namespace strata::ui
