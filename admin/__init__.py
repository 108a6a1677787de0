"""Tools for operators: manifest, doctor, exports and previews."""
