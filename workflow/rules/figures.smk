# <name>_figure: figures/<name>.pdf, .png and .csv (the numbers drawn)
#     workflow/report/<topic>/<name>.rst is the caption. The rule of a figure is in workflow/rules/<topic>/, often in the file of the
#     stage whose results it draws. This file has the functions that the rules of all figures share.
CATEGORIES = categories(study)


def figure_files(name, shows=None, own=False):
    """Outputs of a figure's rule: pdf, png and csv; `own` - below a folder of each source.

    `shows` describes the figure in a few words, for figures of the page report only. With it, png
    and csv are in Snakemake's own report, under the heading that the figure has on that page.
    """
    folder = "results/{study}/{own}figures" if own else "results/{study}/figures"
    files = {kind: f"{folder}/{name}.{kind}" for kind in ("pdf", "png", "csv")}
    if shows is None:
        return files
    (caption,) = ROOT.glob(f"workflow/report/*/{name}.rst")

    def reported(file, kind):
        labels = {"shows": shows, "as": kind}
        return report(file, caption=str(caption), category=CATEGORIES[name], labels=labels)

    return files | dict(png=reported(files["png"], "figure"), csv=reported(files["csv"], "table"))


def figure_resources(name, limit=30):
    """Memory and run time of a figure's rule; limit - of the run time, in minutes."""
    return dict(mem_mb=memory(f"{name}_figure"), runtime=minutes(limit))
