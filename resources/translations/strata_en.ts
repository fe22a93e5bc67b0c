<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>QObject</name>
    <message numerus="yes">
        <source>%1 layers</source>
        <translation>
            <numerusform>%1 layer</numerusform>
            <numerusform>%1 layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 parameters</source>
        <translation>
            <numerusform>%1 parameter</numerusform>
            <numerusform>%1 parameters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cut %n wires</source>
        <translation>
            <numerusform>Cut a wire</numerusform>
            <numerusform>Cut %n wires</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n notes</source>
        <translation>
            <numerusform>Move a note</numerusform>
            <numerusform>Move %n notes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n cards</source>
        <translation>
            <numerusform>Move a card</numerusform>
            <numerusform>Move %n cards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::ClassCounts</name>
    <message numerus="yes">
        <source>%1 images of class %2</source>
        <translation>
            <numerusform>%1 image of class %2</numerusform>
            <numerusform>%1 images of class %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::ConfusionModel</name>
    <message numerus="yes">
        <source>%1 images</source>
        <translation>
            <numerusform>%1 image</numerusform>
            <numerusform>%1 images</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::DataFacts</name>
    <message numerus="yes">
        <source>%n channels</source>
        <translation>
            <numerusform>%n channel</numerusform>
            <numerusform>%n channels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::DataPanel</name>
    <message numerus="yes">
        <source>%1 classes</source>
        <translation>
            <numerusform>%1 class</numerusform>
            <numerusform>%1 classes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 images of class %2</source>
        <translation>
            <numerusform>%1 image of class %2</numerusform>
            <numerusform>%1 images of class %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 images</source>
        <translation>
            <numerusform>%1 image</numerusform>
            <numerusform>%1 images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Even: %1 images a class</source>
        <translation>
            <numerusform>Even: %1 image a class</numerusform>
            <numerusform>Even: %1 images a class</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Uneven: %1 images of class %2, %3 of class %4</source>
        <translation>
            <numerusform>Uneven: %1 image of class %2, %3 of class %4</numerusform>
            <numerusform>Uneven: %1 images of class %2, %3 of class %4</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::EditorScene</name>
    <message numerus="yes">
        <source>%n layers, folded</source>
        <translation>
            <numerusform>one layer, folded</numerusform>
            <numerusform>%n layers, folded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::ProblemsPanel</name>
    <message numerus="yes">
        <source>%n hints are hidden.</source>
        <translation>
            <numerusform>1 hint is hidden.</numerusform>
            <numerusform>%n hints are hidden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more are not shown.</source>
        <translation>
            <numerusform>1 more is not shown.</numerusform>
            <numerusform>%n more are not shown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::ProjectPage</name>
    <message numerus="yes">
        <source>Without %n unconnected layers</source>
        <translation>
            <numerusform>Without %n unconnected layer</numerusform>
            <numerusform>Without %n unconnected layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::RunBanner</name>
    <message numerus="yes">
        <source>%n layers added</source>
        <translation>
            <numerusform>1 layer added</numerusform>
            <numerusform>%n layers added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layers removed</source>
        <translation>
            <numerusform>1 layer removed</numerusform>
            <numerusform>%n layers removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layers changed</source>
        <translation>
            <numerusform>1 layer changed</numerusform>
            <numerusform>%n layers changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layers kept</source>
        <translation>
            <numerusform>1 layer kept</numerusform>
            <numerusform>%n layers kept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cut</source>
        <translation>
            <numerusform>%n cut</numerusform>
            <numerusform>%n cut</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n begun anew</source>
        <translation>
            <numerusform>%n begun anew</numerusform>
            <numerusform>%n begun anew</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::TestAnswers</name>
    <message numerus="yes">
        <source>%1 images of class %2, answered right</source>
        <translation>
            <numerusform>%1 image of class %2, answered right</numerusform>
            <numerusform>%1 images of class %2, answered right</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 images of class %2, answered %3</source>
        <translation>
            <numerusform>%1 image of class %2, answered %3</numerusform>
            <numerusform>%1 images of class %2, answered %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::TrainingPanel</name>
    <message numerus="yes">
        <source>%n batches</source>
        <translation>
            <numerusform>%n batch</numerusform>
            <numerusform>%n batches</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Smoothing %n batches</source>
        <translation>
            <numerusform>Smoothing %n batch</numerusform>
            <numerusform>Smoothing %n batches</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 epochs</source>
        <translation>
            <numerusform>%1 epoch</numerusform>
            <numerusform>%1 epochs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::TrainingSession</name>
    <message numerus="yes">
        <source>The drawing ends in %n places, %1 is one of them: join them with Add or Concatenate, or remove what is left over.</source>
        <translation>
            <numerusform>The drawing ends in one place, %1.</numerusform>
            <numerusform>The drawing ends in %n places, %1 is one of them: join them with Add or Concatenate, or remove what is left over.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problems are in the way; the list below names them.</source>
        <translation>
            <numerusform>One problem is in the way; the list below names it.</numerusform>
            <numerusform>%n problems are in the way; the list below names them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::TotalsBar</name>
    <message numerus="yes">
        <source>Without %n unconnected:</source>
        <translation>
            <numerusform>Without %n unconnected:</numerusform>
            <numerusform>Without %n unconnected:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::WhyContent</name>
    <message numerus="yes">
        <source>The %1 window has %2 places</source>
        <translation>
            <numerusform>The %1 window has %2 place</numerusform>
            <numerusform>The %1 window has %2 places</numerusform>
        </translation>
    </message>
</context>
</TS>
