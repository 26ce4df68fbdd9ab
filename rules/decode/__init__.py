"""Plain data to values of the law: definitions, ledger files, registers; every fault is named with its place."""
