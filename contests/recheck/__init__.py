"""抽检: a drawn share of the sheets looked at again before a result goes out. Nobody here learns a name."""
