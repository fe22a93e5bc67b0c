// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/python_data.h"

#include "engine/data/known_data.h"
#include "engine/interop/python_text.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

namespace strata::python {
namespace {

constexpr const char* kDigits = R"py(def read_data():
    """The 5,000 digits of OpenCV's sample sheet, 20 x 20, 500 a class: 400 for training, 100 for the test."""
    path = keras.utils.get_file(
        "digits.png", "https://raw.githubusercontent.com/opencv/opencv/4.x/samples/data/digits.png"
    )
    sheet = keras.utils.img_to_array(keras.utils.load_img(path, color_mode="grayscale"), dtype="uint8")
    cells = sheet.reshape(50, 20, 100, 20, 1).swapaxes(1, 2).reshape(10, 500, 20, 20, 1)
    cells = np.stack([digit[np.random.default_rng(0).permutation(500)] for digit in cells], axis=1)
    labels = np.tile(np.arange(10), 500)
    x = cells.reshape(5000, 20, 20, 1)
    return (x[:4000], labels[:4000]), (x[4000:], labels[4000:])
)py";

constexpr const char* kIdx = R"py(def read_idx(path):
    """One IDX file, plain or .gz: its sizes as big-endian numbers, then bytes."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        content = file.read()
    sizes = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(sizes)


def read_data():
    folder = pathlib.Path(DATA)

    def part(*names):
        for name in names:
            images, labels = sorted(folder.glob(f"{name}*images*")), sorted(folder.glob(f"{name}*labels*"))
            if images and labels:
                x = read_idx(images[0])
                return (x if x.ndim == 4 else x[..., np.newaxis]), read_idx(labels[0]).astype("int32")
        return None, None

    return part("train"), part("t10k", "test")
)py";

constexpr const char* kCifar = R"py(def read_batches(paths):
    """CIFAR-10's binary records: a label, then 32 x 32 red, green, blue."""
    if not paths:
        return None, None
    records = []
    for path in paths:
        opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
        with opener(path, "rb") as file:
            records.append(np.frombuffer(file.read(), np.uint8).reshape(-1, 3073))
    records = np.concatenate(records)
    return records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), records[:, 0].astype("int32")


def read_data():
    folder = pathlib.Path(DATA)
    if folder.is_file():
        return read_batches([folder]), read_batches(sorted(folder.parent.glob("test_batch*")))
    return read_batches(sorted(folder.glob("data_batch_*"))), read_batches(sorted(folder.glob("test_batch*")))
)py";

constexpr const char* kFolder = R"py(def read_images(folder, classes):
    """One folder of images a class, the classes in alphabetical order."""
    x, y = [], []
    for label, name in enumerate(classes):
        for path in sorted((folder / name).rglob("*")):
            if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"):
                image = keras.utils.load_img(path, color_mode=COLOUR, target_size=SIZE)
                x.append(keras.utils.img_to_array(image, dtype="uint8"))
                y.append(label)
    # The last images are for validation: each part of the data has to have all classes.
    order = np.random.default_rng(0).permutation(len(x))
    return np.stack(x)[order], np.array(y, "int32")[order]


def read_data():
    folder = pathlib.Path(DATA)
    if folder.is_file():
        unpacked = tempfile.mkdtemp()
        shutil.unpack_archive(folder, unpacked)
        folder = pathlib.Path(unpacked)
    inner = lambda folder: sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] not in "._")
    while len(inner(folder)) == 1:
        folder = inner(folder)[0]
    parts = {p.name.lower(): p for p in inner(folder)}
    train = next((parts[n] for n in ("train", "training") if n in parts), folder)
    test = next((parts[n] for n in ("test", "testing") if n in parts), None)
    classes = [p.name for p in inner(train)]
    return read_images(train, classes), read_images(test, classes) if test else (None, None)
)py";

constexpr const char* kUnknown = R"py(def read_data():
    """Your data: an .npz file with x_train, y_train and, if you like, x_test, y_test. Images have values 0 to 255."""
    with np.load(DATA) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays.get("x_test"), arrays.get("y_test"))
)py";

/// Data sets that Keras can fetch by itself, by our name.
std::string fetchedByKeras(const std::string& name) {
    constexpr std::array<std::array<const char*, 2>, 3> sets = {
        {{"mnist", "mnist"}, {"fashion-mnist", "fashion_mnist"}, {"cifar-10", "cifar10"}}};
    for (const auto& [ours, keras] : sets) {
        if (name == ours) return keras;
    }
    return {};
}

/// `DATA = "path"` and the functions that read it.
std::string readerOf(const DataChoice& choice, std::int64_t channels, std::set<std::string>& modules) {
    if (choice.source == "digits") return kDigits;
    if (const std::string set = fetchedByKeras(choice.source); !set.empty())
        return fmt::format("def read_data():\n    return keras.datasets.{}.load_data()\n", set);
    std::string path = choice.source;
    std::error_code ignored;
    if (!path.empty() && !std::filesystem::exists(path, ignored)) {
        if (const Result<std::string> found = findNamedData(path)) path = *found;
    }
    const Result<RecognisedData> data = path.empty() ? failure("data.none", "") : recogniseData(path);
    if (!data) return fmt::format("DATA = {}\n\n\n{}", quoted(path.empty() ? "data.npz" : path), kUnknown);
    modules.insert("pathlib");
    std::string text = fmt::format("DATA = {}\n", quoted(data->path));
    switch (data->format) {
    case DataFormat::Idx:
        modules.insert("gzip");
        return text + "\n\n" + kIdx;
    case DataFormat::Cifar:
        modules.insert({"gzip", "lzma"});
        return text + "\n\n" + kCifar;
    case DataFormat::ImageFolder:
    case DataFormat::ImageArchive:
        break;
    }
    modules.insert({"shutil", "tempfile"});
    const bool grey = choice.colour.empty() ? channels == 1 : choice.colour == "grey"; // as Strata: pictures keep the channels that the network takes
    text += fmt::format("COLOUR = \"{}\"\n", grey ? "grayscale" : "rgb");
    text += choice.resizeHeight > 0 ? fmt::format("SIZE = ({}, {})\n", choice.resizeHeight, choice.resizeWidth) : "SIZE = None\n";
    return text + "\n\n" + kFolder;
}

bool readsAnySize(const std::string& reader) {
    return reader.find("SIZE = ") != std::string::npos;
}

} // namespace

std::string dataLoader(const DataChoice& choice, std::int64_t channels, Scaling scaling, std::set<std::string>& modules) {
    const std::string reader = readerOf(choice, channels, modules);
    std::string prepare = "    def prepare(x):\n        x = np.asarray(x, \"float32\")\n        x = x if x.ndim == 4 else x[..., np.newaxis]\n";
    if (!readsAnySize(reader)) {
        if (choice.colour == "grey")
            prepare += "        if x.shape[-1] == 3:\n            x = (x @ np.array([0.299, 0.587, 0.114], \"float32\"))[..., np.newaxis]\n";
        if (choice.colour == "rgb") prepare += "        if x.shape[-1] == 1:\n            x = np.repeat(x, 3, axis=-1)\n";
        if (choice.resizeHeight > 0) {
            prepare += fmt::format("        x = keras.ops.convert_to_numpy(keras.ops.image.resize(x, ({}, {}), antialias=True))\n",
                                   choice.resizeHeight, choice.resizeWidth);
        }
    }
    prepare += scaling == Scaling::UnitRange ? "        return x / 255\n" : "        return x  # the network scales by itself\n";
    return reader + "\n\ndef load_data():\n    (x_train, y_train), (x_test, y_test) = read_data()\n\n" + prepare +
           "\n    train = prepare(x_train), np.ravel(y_train)\n"
           "    return train, ((None, None) if x_test is None else (prepare(x_test), np.ravel(y_test)))\n";
}

} // namespace strata::python
