"""The first screen of the report: a headline, and a line with a small plot for each subset."""

import math
import re

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.errors import InputError
from gaussianity.io.seals import AGAIN
from gaussianity.report.headline import without_subset
from gaussianity.report.interval_plot import axis_of, plot
from gaussianity.report.tables import EMPTY, NO_BREAK, between, read_columns, shown
from gaussianity.report.verdict_table import confidence

WHOLE = "all"  # in place of a subset: the row of the whole study
COLUMNS = ("subset", "sentence", "outcome", "source", "loss", "train_size")
COLUMNS += ("excess", "low", "high", "margin", "level")
# The classes of outcomes in words, since colours alone do not speak to everyone.
WORDS = {
    "none": "no difference",
    "within": "within the margin",
    "beyond": "beyond the margin",
    "at_margin": "at the margin",
    "open": "cannot tell yet",
    "too_easy": "too easy to tell",
}
# What a reader asks, in this order. An answer that a study does not have is not asked for.
QUESTIONS = {
    "classifier": "For a linear classifier?",
    "distribution": "As a distribution?",
    "denoiser": "In the denoiser that made them?",
    "comparison": "Which source is closer to its Gaussian data?",
}
TWO_LAYERS = "For a classifier of two layers?"
ONE_CLASS = (
    "Left out: the study has one class, and a classifier tells classes apart. With it go the "
    "verdict, the accuracies, the theorem's assumptions and the controls."
)
UNTESTED = "Cannot tell whether these images are Gaussian: no source has enough of them for a test."


def read_summary(path):
    """Content of the first screen.

    Args:    path - of a table with a row of the whole study, then a row per subset: see COLUMNS.
    Returns: dict: headline; question; basis, what all intervals are of, empty where they differ;
             subsets, a list of dicts with subset, sentence, outcome, word, basis, and plot (see
             `interval_plot.plot`, with the numbers as `text`); axis, common to all plots;
             interval_name; margin, as text.
    Raises:  InputError - the table is missing, lacks a column, does not begin with the row of the
             whole study, has no row of a subset, or has an unknown outcome.
    """
    frame = read_columns(path, COLUMNS)
    names = [str(name) for name in frame["subset"]]
    if names[:1] != [WHOLE] or len(names) < 2:
        raise InputError(
            f"{path}: expected a row {WHOLE!r}, then a row for each subset, found the rows "
            f"{', '.join(names) or 'none'}; {AGAIN}"
        )
    unknown = sorted(set(map(str, frame["outcome"][1:])) - set(WORDS))
    if unknown:
        raise InputError(
            f"{path}: expected outcomes from {', '.join(WORDS)}, found {unknown[0]}; {AGAIN}"
        )
    rows = list(frame[1:].itertuples())
    bases = {_basis(row) for row in rows}
    axis = axis_of([(row.excess, row.low, row.high, row.margin) for row in rows])
    return dict(
        headline=typeset(frame["sentence"][0]),
        question=_question({row.loss for row in rows}),
        basis=bases.pop() if len(bases) == 1 else "",
        subsets=[_subset(row, axis) for row in rows],
        axis=axis,
        interval_name=confidence(row.level for row in rows),
        margin=_margin(rows[0].margin),
    )


def summary_of_one_class(paths):
    """Content of the first screen of a study without classifiers: see `read_summary`.

    Args:    paths - of the table of sentences on the distribution; none where nothing was tested.
    Returns: dict: asked, the question that the headline answers; headline; link, to the section
             that shows it, empty where nothing was tested; subsets, empty.
    Raises:  InputError - see `read_answer`.
    """
    (said,) = [read_answer(path) for path in paths] or [UNTESTED]
    link = "#as-a-distribution" if paths else ""
    return dict(asked=QUESTIONS["distribution"], headline=said, link=link, subsets=[])


def answers(**given):
    """The answers to QUESTIONS beside that of the classifiers, in the order of the questions.

    Args:    given - key of a question to a dict of text, the answer, and link, where it is shown.
    Returns: list of dicts of question, text and link, without the questions that have no answer.

    >>> [each["question"] for each in answers(distribution=dict(text="Yes.", link="#normality"))]
    ['As a distribution?']
    """
    asked = [(key, question) for key, question in QUESTIONS.items() if given.get(key)]
    return [dict(given[key], question=question) for key, question in asked]


def read_answer(path):
    """The first sentence of a table of sentences, which answers a question of the first screen.

    Raises:  InputError - the table is missing, empty, or has no column of sentences.
    """
    sentences = list(read_columns(path, ["sentence"])["sentence"])
    if not sentences:
        raise InputError(f"{path}: expected a sentence, found an empty table; {AGAIN}")
    return typeset(sentences[0])


def read_comparison(path, subset):
    """The sentences of one subset in a table of comparisons, in one text that begins with its name.

    Raises:  InputError - the table is missing or lacks a column.
    """
    frame = read_columns(path, ["subset", "sentence"])
    said = frame.loc[frame["subset"].astype(str) == subset, "sentence"]
    return f"{subset}: " + " ".join(typeset(without_subset(str(s), subset)) for s in said)


def read_denoisers(paths):
    """The answers of several denoisers in one text; the name of its source is before each of them
    where there is more than one.

    Args:    paths - of tables with the columns source and sentence; the first row answers.
    Raises:  InputError - a table is missing, empty or lacks a column.
    """
    found = {path: read_answer(path) for path in paths}
    if len(found) == 1:
        return next(iter(found.values()))
    names = {path: str(read_columns(path, ["source"])["source"].iloc[0]) for path in paths}
    return " ".join(f"{names[path]}: {said}" for path, said in found.items())


def read_statements(path):
    """The sentences of a table by source: that of the source, then those of its classes.

    Args:    path - of a table with the columns source, image_class ("all" for the source) and
             sentence.
    Returns: list of dicts: source; sentence; classes, a list of the classes' sentences.
    Raises:  InputError - the table is missing or lacks a column.
    """
    frame = read_columns(path, ["source", "image_class", "sentence"])
    whole = frame["image_class"].astype(str) == WHOLE
    said = frame["sentence"].map(typeset)
    return [
        dict(
            source=str(source),
            sentence=" ".join(said[whole & (frame["source"] == source)]),
            classes=list(said[~whole & (frame["source"] == source)]),
        )
        for source in frame["source"].unique()
    ]


def typeset(sentence):
    """A sentence with minus signs, and without a line break before %.

    >>> typeset("No two-sided difference, -0.01.")
    'No two-sided difference, −0.01.'
    """
    return re.sub(r"(?<!\w)-(?=\d)", "−", str(sentence)).replace(" %", NO_BREAK + "%")


def _subset(row, axis):
    drawn = plot(axis, row.excess, row.low, row.high, row.margin)
    return dict(
        subset=str(row.subset),
        sentence=typeset(without_subset(str(row.sentence), str(row.subset))),
        outcome=row.outcome,
        word=WORDS[row.outcome],
        basis=_basis(row),
        plot=dict(drawn, text=f"{row.subset}: {_numbers(row)}"),
    )


def _basis(row):
    """What the interval of a subset is of."""
    size = shown(row.train_size, "{:.0f}")
    return f"{row.source}, {LOSS_NAMES.get(row.loss, row.loss)}, {size} training images per class"


def _numbers(row):
    """The numbers of a plot in words."""
    reach = between(row.low, row.high)
    interval = "no interval" if reach == EMPTY else f"{confidence([row.level])} {reach}"
    return f"excess {shown(row.excess)}, {interval}; margin {_margin(row.margin)}"


def _margin(margin):
    return f"±{margin:g}" if math.isfinite(margin) else EMPTY


def _question(losses):
    return TWO_LAYERS if losses == {"two_layer"} else QUESTIONS["classifier"]
