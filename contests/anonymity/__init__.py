"""Who stands behind a number: coding in layers, each held by its own person, and opening them."""
