"""Links by which one person can do one thing without an account, and the page behind them."""
