"""Write the study's configuration beside its results."""

import yaml

from gaussianity.io.files import replacing


def main(*, config, config_path):
    with replacing(config_path) as temporary:
        temporary.write_text(yaml.safe_dump(config, sort_keys=False))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(config=snakemake.params.config, config_path=snakemake.output.config)
