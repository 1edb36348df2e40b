"""Figure of images edited along singular vectors and of the edits' effects, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_artifact, read_tables
from gaussianity.molrg.edits.edit_summary import edit_summary
from gaussianity.molrg.edits.semantic_directions import both_signs
from gaussianity.molrg.figures import semantic_directions


def main(*, effects_paths, pictures_paths, denoisers, strengths, has_given, figure_paths):
    """has_given - whether given images were inverted."""
    summary = edit_summary(read_tables(effects_paths))
    names = ("images", "inverted") if has_given else ("images",)
    held = {
        name: read_artifact(path, *names)
        for name, path in zip(denoisers, pictures_paths, strict=True)
    }
    shown = {name: pictures["images"] for name, pictures in held.items()}
    given = {name: pictures["inverted"] for name, pictures in held.items() if has_given}
    rising = sorted([*both_signs(strengths), 0])
    style.save(semantic_directions.draw(summary, shown, given, rising), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            effects_paths=snakemake.input.effects,
            pictures_paths=snakemake.input.pictures,
            denoisers=snakemake.params.denoisers,
            strengths=snakemake.params.strengths,
            has_given=snakemake.params.has_given,
            figure_paths=figure_outputs(snakemake),
        )
