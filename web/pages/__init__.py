"""One module per subject. A module that answers addresses defines `routes`; one that is listed in a menu, `menu`."""
