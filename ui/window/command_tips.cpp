// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_tips.h"

#include "ui/editor/heat.h"

#include <QObject>

#include <map>

namespace strata::ui {
namespace {

const std::map<QString, QString>& tips() {
    static const std::map<QString, QString> all = [] {
        std::map<QString, QString> t;
        const auto add = [&](const char* id, const QString& words) { t.emplace(QLatin1String(id), words); };
        // File
        add("new", QObject::tr("Begins an empty drawing; asks first where something is not saved"));
        add("open", QObject::tr("Opens a .keras, .h5 or model .json file"));
        add("save", QObject::tr("Writes drawing, settings and weights to the file"));
        add("saveAs", QObject::tr("Writes to another file, which is the document's from then on"));
        add("startPage", QObject::tr("Shows templates and recent files"));
        add("quit", QObject::tr("Closes the window; asks first where something is not saved"));
        add("exportDrawing", QObject::tr("Writes a picture of the drawing: SVG, PDF or PNG"));
        add("exportCode", QObject::tr("Writes a Python script that builds the network in Keras"));
        add("pictureLegend", QObject::tr("Title, totals and what the colours mean stand in pictures, too"));
        add("pictureMaps", QObject::tr("The feature maps that stand beside the cards are in pictures, too"));
        add("copyPicture", QObject::tr("A picture of the drawing goes to the clipboard"));
        add("copyCode", QObject::tr("The Python script goes to the clipboard"));
        // Edit
        add("cut", QObject::tr("Takes the selected cards and notes out, to paste them elsewhere"));
        add("copy", QObject::tr("The selected cards, their wires and notes go to the clipboard"));
        add("paste", QObject::tr("Puts what is in the clipboard under the pointer"));
        add("pasteKeeping", QObject::tr("Pastes cards that read from the same layers as the ones that were copied"));
        add("duplicate", QObject::tr("Puts a copy of the selection beside it"));
        add("remove", QObject::tr("Takes the selected cards and wires away"));
        add("dissolve", QObject::tr("Takes the selected cards away and connects what was before them with what follows"));
        add("disconnect", QObject::tr("Takes the wires of the selected cards away, or the selected wires"));
        add("freeze", QObject::tr("Training leaves the weights of the selected cards as they are"));
        add("bypass", QObject::tr("Data pass through the selected cards unchanged, as if they were not there"));
        add("frame", QObject::tr("Draws a frame with a title around the selected cards"));
        add("block", QObject::tr("Makes the selected cards a block, which can be folded and repeated"));
        add("ungroup", QObject::tr("The frame or block goes, its cards stay"));
        add("takeOut", QObject::tr("The selected cards leave their frame or block"));
        add("fold", QObject::tr("Shows the block as one card, or its cards again"));
        add("repeat", QObject::tr("Builds the block several times in a row, each with weights of its own"));
        add("renameGroup", QObject::tr("Writes another title on the frame or block"));
        add("addNote", QObject::tr("Puts words on the canvas"));
        add("straighten", QObject::tr("Takes the bends out of the selected wires"));
        add("selectAll", QObject::tr("Selects every card and every note"));
        add("addLayer", QObject::tr("Searches for a layer and adds it where the pointer is"));
        add("layOut", QObject::tr("Orders the cards in rows along the flow of the data"));
        add("search", QObject::tr("Finds cards, parameters, problems and commands"));
        add("commands", QObject::tr("Finds a command by its words and does it"));
        // View
        add("zoomIn", QObject::tr("Makes the canvas larger"));
        add("zoomOut", QObject::tr("Makes the canvas smaller"));
        add("zoomReset", QObject::tr("Shows the canvas in its usual size"));
        add("fitSelection", QObject::tr("Shows the selected cards and notes as large as they fit"));
        add("fitAll", QObject::tr("Shows the whole drawing"));
        add("overview", QObject::tr("Shows the whole drawing small in a corner; a click goes there"));
        add("leftToRight", QObject::tr("Draws the network from left to right, not from top to bottom"));
        add("leftDragPans", QObject::tr("The left button moves the canvas; with Shift it selects"));
        add("tabAdds", QObject::tr("Tab on the canvas opens the search for a layer, not the next control"));
        add("snaps", QObject::tr("A card in the hand snaps to the columns and rows of the others; holding Shift suspends it"));
        add("mapsBeside", QObject::tr("Shows beside each card what the pinned image becomes there, and the answers beside the last"));
        add("allChips", QObject::tr("In training every card says how large its last step was, not only the one under the pointer"));
        add("whyShape", QObject::tr("Shows how the selected card's shape and costs follow from its numbers"));
        for (const HeatKind kind : kHeatKinds) t[heatCommand(kind)] = heatTip(kind);
        add("toggle:paletteDock", QObject::tr("Shows or hides the list of all layers"));
        add("toggle:outlineDock", QObject::tr("Shows or hides the drawing as a tree, for keys and screen readers"));
        add("toggle:historyDock", QObject::tr("Shows or hides the steps that can be undone"));
        add("toggle:inspectorDock", QObject::tr("Shows or hides the fields of the selected card"));
        add("toggle:bottomDock", QObject::tr("Shows or hides training, problems and what stands beside them"));
        add("page:TrainingPanel", QObject::tr("Figures and curves of the run, below the canvas"));
        add("page:SettingsPage", QObject::tr("Optimizer, loss, epochs and what else a run is told, below the canvas"));
        add("page:TestPanel", QObject::tr("How the test images were answered, and a sheet to draw on, below the canvas"));
        add("page:DataPanel", QObject::tr("What the network learns from: its images, how many each class has, how a run divides them; below the canvas"));
        add("page:ProblemsPanel", QObject::tr("All mistakes and hints with their repairs, below the canvas"));
        add("restoreDocks", QObject::tr("Puts all docks back to where they were in the beginning"));
        add("theme:system", QObject::tr("Light or dark, as the desktop says"));
        add("theme:light", QObject::tr("Dark words on a light ground"));
        add("theme:dark", QObject::tr("Light words on a dark ground"));
        // Canvas
        for (const char* way : {"Up", "Down", "Left", "Right"}) {
            t.emplace(QLatin1String("walk") + QLatin1String(way), QObject::tr("Selects the next card that way, along the wires where they lead there"));
            t.emplace(QLatin1String("nudge") + QLatin1String(way), QObject::tr("Moves the selected cards and notes a little"));
            t.emplace(QLatin1String("connect") + QLatin1String(way), QObject::tr("Draws a wire between the selected card and the next one that way that fits"));
        }
        add("fields", QObject::tr("Opens the selected card's fields and goes to the first"));
        // Help
        add("layerHelp", QObject::tr("Opens the help page of the selected card's layer; with none, shows all keys"));
        add("keys", QObject::tr("Shows all keys; they can be changed there"));
        add("about", QObject::tr("Version, licence and what Strata stands on"));
        return t;
    }();
    return all;
}

struct Words {
    const char* id; ///< or its beginning, up to the colon
    const char* words;
};

constexpr Words kWords[] = {
    {"heat:", QT_TRANSLATE_NOOP("QObject", "heat map heatmap cost costs expensive profile colour color")},
    {"textSize:", QT_TRANSLATE_NOOP("QObject", "zoom text larger bigger smaller font scale interface")},
    {"theme:", QT_TRANSLATE_NOOP("QObject", "look appearance colours colors night mode")},
    {"toggle:", QT_TRANSLATE_NOOP("QObject", "show hide panel dock window")},
    {"page:TestPanel", QT_TRANSLATE_NOOP("QObject", "confusion matrix mistakes wrong answers predictions test images tab page")},
    {"page:TrainingPanel", QT_TRANSLATE_NOOP("QObject", "curves loss accuracy chart history progress tab page")},
    {"page:SettingsPage", QT_TRANSLATE_NOOP("QObject", "hyperparameters optimizer epochs batch size callbacks tab page")},
    {"page:DataPanel", QT_TRANSLATE_NOOP("QObject", "dataset data set images samples classes labels split balance browse tab page")},
    {"page:ProblemsPanel", QT_TRANSLATE_NOOP("QObject", "errors warnings hints repairs tab page")},
    {"zoomIn", QT_TRANSLATE_NOOP("QObject", "larger bigger magnify enlarge")},
    {"zoomOut", QT_TRANSLATE_NOOP("QObject", "smaller reduce shrink")},
    {"zoomReset", QT_TRANSLATE_NOOP("QObject", "100 % actual size")},
    {"fitAll", QT_TRANSLATE_NOOP("QObject", "zoom to fit show everything")},
    {"overview", QT_TRANSLATE_NOOP("QObject", "minimap mini map")},
    {"layOut", QT_TRANSLATE_NOOP("QObject", "arrange align tidy auto layout order clean")},
    {"remove", QT_TRANSLATE_NOOP("QObject", "erase")},
    {"dissolve", QT_TRANSLATE_NOOP("QObject", "delete remove keep chain")},
    {"bypass", QT_TRANSLATE_NOOP("QObject", "mute disable skip ablation")},
    {"freeze", QT_TRANSLATE_NOOP("QObject", "trainable lock weights")},
    {"frame", QT_TRANSLATE_NOOP("QObject", "group")},
    {"block", QT_TRANSLATE_NOOP("QObject", "group module subnetwork")},
    {"fold", QT_TRANSLATE_NOOP("QObject", "collapse expand")},
    {"ungroup", QT_TRANSLATE_NOOP("QObject", "ungroup")},
    {"addNote", QT_TRANSLATE_NOOP("QObject", "comment text annotation")},
    {"keys", QT_TRANSLATE_NOOP("QObject", "shortcuts hotkeys bindings")},
    {"exportDrawing", QT_TRANSLATE_NOOP("QObject", "svg pdf png image screenshot")},
    {"copyPicture", QT_TRANSLATE_NOOP("QObject", "image screenshot png")},
    {"exportCode", QT_TRANSLATE_NOOP("QObject", "python script")},
    {"copyCode", QT_TRANSLATE_NOOP("QObject", "python script")},
    {"startPage", QT_TRANSLATE_NOOP("QObject", "templates examples welcome recent")},
    {"train", QT_TRANSLATE_NOOP("QObject", "fit run start learn")},
    {"resetWeights", QT_TRANSLATE_NOOP("QObject", "initialize reinitialize forget random")},
};

} // namespace

QString commandWords(const QString& id) {
    for (const Words& each : kWords) {
        const QLatin1String name(each.id);
        if (name.endsWith(QLatin1Char(':')) ? id.startsWith(name) : id == name) return QObject::tr(each.words);
    }
    return {};
}

QString commandTip(const QString& id) {
    if (id.startsWith(QLatin1String("textSize:"))) return QObject::tr("How large the words of the window are");
    const auto it = tips().find(id);
    return it == tips().end() ? QString() : it->second;
}

} // namespace strata::ui
