"""For whoever installs and keeps the bot: the app's manifest, and what is wrong."""
