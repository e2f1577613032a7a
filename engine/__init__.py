"""Money: figures, dependency graph, plan, exact rounding, evaluation, ledger, comparison."""
