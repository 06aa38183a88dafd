"""Who may solve, how much at once and how often; and what need not be solved again."""
