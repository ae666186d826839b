"""Names of the formats, for whoever only lists them: the command line opens without the libraries that write them."""

FORMAT_NAMES = ("tokens", "tokens-parquet", "matrix", "quanteda", "iramuteq", "txm", "conllu", "text", "jsonl")
