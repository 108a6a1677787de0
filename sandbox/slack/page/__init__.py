"""The page in the browser, and the JSON controls behind it."""
