"""The scopes that the bot asks Slack for, each with its reason."""

from __future__ import annotations

SCOPES = {
    "app_mentions:read": "hear who mentions the bot (threads have no slash commands)",
    "channels:history": "find a reminder that was posted when its sender died",
    "channels:join": "join a public channel that it is to remind, so as to look there",
    "channels:read": "tell a public channel's name and incident",
    "chat:write": "answer, post changes and reminders, edit its own messages",
    "chat:write.public": "post in public channels without being invited",
    "commands": "have a slash command and shortcuts",
    "dnd:read": "keep messages until a person wants to be disturbed",
    "groups:history": "as channels:history, in private channels it was invited to",
    "groups:read": "tell a private channel's name and incident",
    "im:history": "hear what is said to it in direct messages",
    "im:write": "tell a person something that is for them alone",
    "links:read": "hear of links to incident.io that people post",
    "links:write": "show the incident or follow-up of such a link below it",
    "pins:write": "pin the card of an incident in its channel",
    "usergroups:read": "know the user groups that the settings or people name",
    "users:read": "know people's names and time zones, and who has left",
    "users:read.email": "find a person in incident.io by their e-mail address",
}
"""Bot token scopes, each with its purpose."""

OPTIONAL = {"channels:join", "links:read", "links:write", "pins:write"}
"""Those that whoever installs the app may leave out: the bot says what it cannot do."""

METHODS = {
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write", "chat:write.public", "im:write"),
    "chat.unfurl": ("links:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.join": ("channels:join",),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "dnd.teamInfo": ("dnd:read",),
    "pins.add": ("pins:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read", "users:read.email"),
    "users.list": ("users:read", "users:read.email"),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
"""The scopes that each method of the Web API needs."""

EVENTS = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "link_shared": ("links:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.im": ("im:history",),
}
"""The events that the bot subscribes to, with the scopes that each needs."""
