// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/templates.h"

#include "engine/graph/template_networks.h"

#include <algorithm>
#include <array>

namespace strata {

std::span<const Template> templates() {
    static const std::array<Template, 11> all{{
        {.id = "lenet",
         .title = "LeNet on digits",
         .doc = "Two convolutions, each followed by pooling, and two dense layers: a small relative of "
                "LeNet-5 that learns the "
                "built-in handwritten digits within seconds.",
         .data = "digits",
         .parameters = 24'202,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 32,
         .epochs = 20,
         .make = networks::lenet},
        {.id = "lenet5",
         .title = "LeNet-5",
         .doc = "The network of LeCun, Bottou, Bengio and Haffner (1998, \"Gradient-based learning applied "
                "to document "
                "recognition\"), with tanh, average pooling and a softmax at its end.",
         .data = "mnist",
         .parameters = 61'706,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 64,
         .epochs = 10,
         .make = networks::lenet5},
        {.id = "mnist_small",
         .title = "One convolution on MNIST",
         .doc = "One convolution, one pooling, two dense layers: the tutorial network that reaches more than "
                "98.5 % on MNIST.",
         .data = "mnist",
         .parameters = 542'230,
         .optimizer = "SGD",
         .learningRate = 0.01,
         .momentum = 0.9,
         .batchSize = 32,
         .epochs = 10,
         .make = networks::mnistSmall},
        {.id = "lenet_wide",
         .title = "Two wide convolutions on MNIST",
         .doc = "Two 5×5 convolutions with 32 and 64 filters and a dense layer of 1,000 units, trained by "
                "plain gradient descent: "
                "the example of the Conv2D tutorials.",
         .data = "mnist",
         .parameters = 1'087'106,
         .optimizer = "SGD",
         .learningRate = 0.01,
         .momentum = 0,
         .batchSize = 128,
         .epochs = 10,
         .make = networks::lenetWide},
        {.id = "cifar",
         .title = "CIFAR-10 tutorial",
         .doc = "Three 3×3 convolutions with 32, 64 and 128 filters, each with 2×2 pooling: the network of "
                "the Keras tutorial. Its "
                "last layer gives logits, so the loss applies the softmax.",
         .data = "cifar-10",
         .parameters = 356'810,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 32,
         .epochs = 10,
         .make = networks::cifar},
        {.id = "vgg_small",
         .title = "Small VGG",
         .doc = "Pairs of 3×3 convolutions with batch normalization, pooling after each pair, and dropout "
                "before the end: the plan "
                "of Simonyan and Zisserman (2014) at the size of CIFAR-10.",
         .data = "cifar-10",
         .parameters = 2'198'602,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 64,
         .epochs = 20,
         .make = networks::vggSmall},
        {.id = "resnet_small",
         .title = "Small residual network",
         .doc = "Two residual blocks: what a block computes is added to what came in. The shortest way to "
                "see why Add is there.",
         .data = "mnist",
         .parameters = 19'706,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 64,
         .epochs = 5,
         .make = networks::resnetSmall},
        {.id = "resnet20",
         .title = "ResNet-20",
         .doc = "Nine residual blocks of two convolutions: the CIFAR-10 network of He, Zhang, Ren and Sun "
                "(2015, \"Deep Residual "
                "Learning for Image Recognition\"), with 1×1 projections where the size changes.",
         .data = "cifar-10",
         .parameters = 272'474,
         .optimizer = "SGD",
         .learningRate = 0.1,
         .momentum = 0.9,
         .batchSize = 128,
         .epochs = 50,
         .make = networks::resnet20},
        {.id = "mobilenet_small",
         .title = "Small MobileNet",
         .doc = "Depthwise separable convolutions: each channel is filtered alone, then a 1×1 convolution "
                "mixes them. The plan of "
                "Howard and others (2017, \"MobileNets\") at the size of CIFAR-10, with about an eighth of the work of plain convolutions.",
         .data = "cifar-10",
         .parameters = 136'778,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 64,
         .epochs = 20,
         .make = networks::mobilenetSmall},
        {.id = "inception_small",
         .title = "Small Inception",
         .doc = "Three blocks in which filters of 1×1, 3×3 and 5×5 and a pooling look at the same picture side "
                "by side: the idea of "
                "Szegedy and others (2014, \"Going deeper with convolutions\"), for pictures of clothes.",
         .data = "fashion-mnist",
         .parameters = 65'622,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 64,
         .epochs = 10,
         .make = networks::inceptionSmall},
        {.id = "blank",
         .title = "Blank",
         .doc = "Only an Input for the built-in digits. Everything else is up to you.",
         .data = "digits",
         .parameters = 0,
         .optimizer = "Adam",
         .learningRate = 1e-3,
         .momentum = 0,
         .batchSize = 32,
         .epochs = 10,
         .make = networks::blank},
    }};
    return all;
}

const Template* findTemplate(std::string_view id) {
    const std::span<const Template> all = templates();
    const auto it = std::ranges::find(all, id, &Template::id);
    return it == all.end() ? nullptr : &*it;
}

} // namespace strata
