# SPDX-License-Identifier: Apache-2.0
"""Trains one generator of the `sdv` package from PyPI on a table and writes rows of its own.

Called by run-quality.py, in a process of its own so that its memory and time are its own:

  peer_generator.py --data TRAIN.csv[.gz] --kind ctgan|tvae|copula --rows N -o OUT.csv
                    [--epochs E] [--seed S] [--threads T]

The package (version 2) is used as its documentation shows: the metadata is what it detects itself,
but that numbers it takes for personal data by their names (coordinates), and would not model, are
declared numerical. Everything else but the number of epochs is its default. Prints one line of JSON with the seconds of fitting.
"""

import argparse
import json
import random
import time
import warnings


TABLE = "table"


def synthesizer(kind, metadata, epochs):
    from sdv import single_table

    if kind == "copula":
        return single_table.GaussianCopulaSynthesizer(metadata)
    chosen = {"ctgan": single_table.CTGANSynthesizer, "tvae": single_table.TVAESynthesizer}[kind]
    return chosen(metadata, epochs=epochs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--kind", choices=["ctgan", "tvae", "copula"], required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()

    warnings.filterwarnings("ignore")
    import numpy
    import pandas
    import sdv
    import torch
    from sdv.metadata import Metadata

    torch.set_num_threads(options.threads)
    random.seed(options.seed)
    numpy.random.seed(options.seed)
    torch.manual_seed(options.seed)

    table = pandas.read_csv(options.data, low_memory=False)
    metadata = Metadata.detect_from_dataframes({TABLE: table})
    modeled = {"numerical", "categorical", "boolean", "datetime", "id"}
    detected = metadata.to_dict()["tables"][TABLE]["columns"]
    hidden = [name for name, column in detected.items()
              if column["sdtype"] not in modeled and table[name].dtype.kind in "iuf"]
    if hidden:
        metadata.update_columns(hidden, table_name=TABLE, sdtype="numerical")
    model = synthesizer(options.kind, metadata, options.epochs)
    start = time.perf_counter()
    model.fit({TABLE: table})
    seconds = time.perf_counter() - start
    model.sample(options.rows)[TABLE].to_csv(options.output, index=False)
    print(json.dumps({"seconds": seconds, "versions": {
        "sdv": sdv.__version__, "torch": torch.__version__, "pandas": pandas.__version__}}))


if __name__ == "__main__":
    main()
