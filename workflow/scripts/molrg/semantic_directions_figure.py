"""Figure of images edited along singular vectors and of the edits' effects, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_artifact, read_tables
from gaussianity.molrg.edit_summary import edit_summary
from gaussianity.molrg.figures import semantic_directions
from gaussianity.molrg.semantic_directions import both_signs


def main(*, effects_paths, pictures_paths, denoisers, strengths, figure_paths):
    summary = edit_summary(read_tables(effects_paths))
    shown = {
        name: read_artifact(path, "images")["images"]
        for name, path in zip(denoisers, pictures_paths, strict=True)
    }
    rising = sorted([*both_signs(strengths), 0])
    style.save(semantic_directions.draw(summary, shown, rising), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            effects_paths=snakemake.input.effects,
            pictures_paths=snakemake.input.pictures,
            denoisers=snakemake.params.denoisers,
            strengths=snakemake.params.strengths,
            figure_paths=figure_outputs(snakemake),
        )
